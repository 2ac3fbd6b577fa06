"""beside_strace.py COMMAND REPORT DIFF: what a capture and a strace log of one command differ in, but for what is known."""
import json
import re
import sys

# By command why two runs of it differ by themselves: causes ("pattern of role") and lines of the diff, and the reason.
KNOWN = {
    # Which of its threads has to wait for another is chance, and so is what malloc does for a thread's heap. On a machine under
    # load a log had an exit_group of its second thread as well, once in some 300 runs; why is not known. landlock_create_ruleset
    # gives a descriptor or a version number, as its flags say: which is not told here, and strace names it.
    "xz": (r"(futex|mmap|munmap|mprotect|madvise|exit_group) of None|(close|landlock_\w+) of (anon_inode|fd \d+)",
           r"\[P0\.T1\] exit_group\(0\) = \?|landlock_|close\(<(\?|anon_inode)>\)"),
    # How often it draws a name for its temporary file depends on the numbers that it draws, and one in twenty looks like a word.
    "msgfmt": (r"getrandom of None", r"getrandom\(0xADDR, 8, 0\)|a\.mo\.\w{4}"),
    # How many reads a pipe's bytes take is up to who runs first.
    "groff": (r"read of pipe", r"read\(<pipe>"),
}
COUNT = r"# syscap formatted log: \d+ calls"  # a line that follows from the others


def among(pattern, text):
    return pattern is not None and re.search(pattern, text) is not None


def main():
    command, report, diff = sys.argv[1:]
    comparison = json.load(open(report))["comparison"]
    causes, lines = KNOWN.get(command, (None, None))
    told = ["%s of %s" % (cause["pattern"], cause["role"]) for cause in comparison["causes"]]
    bad = ["cause: " + cause for cause in told if not among(causes, cause)]
    parting = comparison["parting"]
    if parting and not any(among(lines, call or "") for call in parting["next"]):
        bad.append("parting: %s" % parting)
    changed = [text.rstrip() for text in open(diff) if re.match(r"[-+](?![-+]{2} )", text)]
    bad += ["diff: " + text for text in changed if not among(lines, text) and not (lines and among(COUNT, text))]
    if not comparison["comparable"]:
        bad.append("not comparable: %s" % comparison["why_not"])
    print("\n".join(bad))
    return bool(bad)


sys.exit(main())
