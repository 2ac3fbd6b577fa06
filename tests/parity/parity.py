#!/usr/bin/env python3
"""Does a capture hold what strace sees, call by call?

Runs each program of programs.list under strace (complete, all children and threads) and under the preloaded library, aligns
the two runs per process and thread from main's first call on, and prints every difference: missing, extra, other arguments
or result, other order within a thread.

    parity.py [--mode full|interpose|both] [--table FILE] [--keep DIR] [-v] NAME...   these programs; or quick, all
    parity.py --root DIR NAME...                                                      in another system's root folder
    parity.py --self-test                                                            planted omissions are found

Environment: BUILD (the build folder), PARITY (the folder with marker.so, dump_capture and the guests).

Both sides are read by dump_capture, which uses the analyzer's readers. That its strace reader loses nothing is checked
against a count of the log's own lines.
"""
import argparse
import collections
import ctypes
import difflib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(ROOT, "build")))
PARITY = os.path.abspath(os.environ.get("PARITY", os.path.join(BUILD, "tests", "parity")))
LIBRARY = os.path.join(BUILD, "libsyscap.so")
ANALYZE = os.path.join(BUILD, "syscap-analyze")
DUMP = os.path.join(PARITY, "dump_capture")
MARKER = os.path.join(PARITY, "marker.so")
MARK = "FD=-31337"
TIMEOUT = 120

# What strace sees and the comparison leaves out, and why.
EXCLUDED = {
    "rt_sigreturn": "the return from a signal handler: unwinders know its bytes, so they are left alone",
    "getrandom": "how often mkstemp draws a number depends on the numbers that it draws",
    "restart_syscall": "the kernel's second half of an interrupted call; the call itself is one record, with the final result",
}
# Left out where more than one thread runs: whether there is anything to wait for is decided by timing.
TIMING = {
    "futex": "a lock that nobody holds takes no call",
    "sched_yield": "spinning on a lock",
}
WNOHANG = 1
ADDR_NO_RANDOMIZE = 0x40000
CREATORS = ("fork", "vfork", "clone", "clone3")
# Kinds of argument that differ from run to run by nature: addresses and numbers that the kernel picks. Only whether they are
# NULL can be compared, and that where both sides say so.
NOT_COMPARED = {"ADDR", "PID", "TID", "BUF_IN", "BUF_OUT", "IOV_IN", "IOV_OUT", "PTR", "STR_OUT", "IOCTL_ARG", "SOCKADDR_IN",
                "TIMES2", "NONE", "HEX", "DEV", "OPEN_MODE", "FCNTL_ARG", "OFF_PTR", "CLONE_FLAGS", "DENTS", "OPEN_HOW",
                "FD_PAIR", "WAIT_STATUS"}
# Results that are addresses, pids or times.
ANY_RESULT = {"mmap", "mremap", "brk", "getpid", "gettid", "getppid", "fork", "vfork", "clone", "clone3", "wait4", "waitid",
              "set_tid_address", "getpgrp", "setsid", "getpgid", "getsid", "time", "shmat", "getrandom_", "alarm", "times"}
# Names that mkstemp and the like make up, and numbers of processes in names.
RANDOM_NAMES = [
    (re.compile(r"/proc/\d+"), "/proc/PID"),
    (re.compile(r"\b(sort|cc|sed|tmp_obj_|tmp_pack_|tmp_idx_|tmp\.?|GmXXXX|Gm|perlio|rustc)[A-Za-z0-9_]{6,8}\b"), r"\1RANDOM"),
    (re.compile(r"\.git/t[A-Za-z0-9]{6}$"), ".git/tRANDOM"),
]


class Failure(Exception):
    pass


# --- reading -------------------------------------------------------------------------------------------------------------


class Call:
    __slots__ = ("name", "outcome", "result", "errno", "startup", "args", "tid", "key")

    def __init__(self, fields):
        self.tid = int(fields[4])
        self.startup = fields[5] == "1"
        self.name, self.outcome, self.result, self.errno = fields[6], fields[7], int(fields[8]), fields[9]
        self.args = fields[11:]
        self.key = None


def dump_lines(path):
    done = subprocess.run([DUMP, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise Failure("dump_capture: status %d %s" % (done.returncode, done.stderr.decode("utf-8", "replace").strip()))
    return done.stdout.decode("ascii", "replace").split("\n")


def tasks_of(lines):
    """The calls of each task (a process's thread) in order, and the tasks in order of appearance."""
    tasks = collections.OrderedDict()
    for line in lines:
        fields = line.split("\t")
        if fields[0] == "call":
            call = Call(fields)
            tasks.setdefault(call.tid, []).append(call)
        elif fields[0] == "process":
            tasks.setdefault(int(fields[4]), [])
    return tasks


def key_of(call, unvalued):
    """
    The call as text, of what both sides know and what repeats. unvalued: arguments that strace shows by names of which
    the reader knows no number (prlimit64's resource).
    """
    parts = [call.name]
    for place, argument in enumerate(call.args):
        match = re.match(r"([A-Z0-9_]+)(=-?\d+)?(~null)?((?:\+-?\d+)*)(`.*)?$", argument)
        if not match:
            parts.append(argument)
            continue
        kind, value, _null, extra, text = match.groups()
        if text is not None:
            for pattern, by in RANDOM_NAMES:
                text = pattern.sub(by, text)
            parts.append(text[1:])
        elif kind == "SIZE" and call.name in ("clone3", "rt_sigaction", "rt_sigprocmask"):
            continue
        elif kind in ("STAT", "STATX"):
            told = re.findall(r"\+-?\d+", extra)[:2]  # strace tells no device and inode unless it is asked to
            parts.append("".join(told) if told and call.result == 0 else "?")
        elif call.name == "futex" and place > 2:
            continue  # by the operation a time, a number or what the register happened to hold
        elif kind in NOT_COMPARED or (call.name, place) in unvalued:
            continue
        elif value:
            parts.append(value[1:])
    result = str(call.result)
    if call.outcome == "unfinished":
        return call.name + " = unfinished"  # of its arguments only the first are known
    if call.outcome != "done":
        result = call.outcome
    elif call.name in ("execve", "execveat") and call.result == 0:
        result = "noreturn"
    elif call.name in ANY_RESULT and (call.result >= 0 or call.result <= -4096):
        result = "*"
    return " ".join(parts) + " = " + result


def find_unvalued(tasks):
    """The places where strace printed something that is neither a number known to the reader nor NULL."""
    unvalued = set()
    for calls in tasks.values():
        for call in calls:
            for place, argument in enumerate(call.args):
                if "=" not in argument and "~" not in argument and "`" not in argument:
                    unvalued.add((call.name, place))
    return unvalued


def fold_restarts(calls):
    """strace prints an interrupted call that the kernel begins again twice. The capture has it once, with its final result."""
    folded, waiting = [], []
    for call in calls:
        if call.name == "rt_sigreturn":
            if waiting and call.result == -4:
                interrupted = waiting.pop()
                interrupted.result, interrupted.errno, interrupted.outcome = -4, "-", "done"
            continue
        if waiting and (call.name == "restart_syscall" or
                        (call.name == waiting[-1].name and call.args[:1] == waiting[-1].args[:1])):
            interrupted = waiting[-1]
            interrupted.result, interrupted.errno, interrupted.outcome = call.result, call.errno, call.outcome
            interrupted.args = call.args if call.name != "restart_syscall" else interrupted.args
            if not call.errno.startswith("ERESTART"):
                waiting.pop()
            continue
        if call.errno.startswith("ERESTART"):
            waiting.append(call)
        folded.append(call)
    if waiting and folded[-1] is waiting[-1]:
        folded[-1].outcome = "unfinished"  # killed in it
    return folded


def asks_only(call):
    flags = call.args[2] if call.name == "wait4" and len(call.args) > 2 else ""
    return flags.startswith("WAIT_FLAGS=") and bool(int(flags[11:]) & WNOHANG)


def drop_waits(calls):
    """
    Without the wait4 of a program that also asks whether a child has ended (a shell, in its handler of SIGCHLD): which of
    its waits finds the child is decided by timing.
    """
    if not any(asks_only(call) for call in calls):
        return calls, 0
    kept = [call for call in calls if call.name != "wait4"]
    return kept, len(calls) - len(kept)


ARENA = 64 << 20


def drop_arenas(calls):
    """
    Without how glibc's malloc gets an arena for a thread: it maps twice the size and gives back what is not aligned, which
    depends on where the kernel put it.
    """
    kept, ranges, dropped = [], [], 0
    for call in calls:
        if call.name == "mmap" and call.outcome == "done" and call.args[1:3] in (["SIZE=%d" % ARENA, "PROT=0"],
                                                                               ["SIZE=%d" % (2 * ARENA), "PROT=0"]):
            ranges.append((call.result, call.result + int(call.args[1][5:])))
            dropped += 1
            continue
        if call.name == "munmap" and len(call.args) == 2 and call.args[0].startswith("ADDR="):
            at, size = int(call.args[0][5:]), int(call.args[1][5:])
            if any(begin <= at and at + size <= end for begin, end in ranges):
                dropped += 1
                continue
        kept.append(call)
    return kept, dropped


MAPS = re.compile(r"`/proc/(self|\d+)/(task/\d+/)?(s?maps|status|stat|io|numa_maps)$")


def drop_own_maps(calls):
    """Without the reads of the process's own memory map: the recorder's mappings are listed there, strace's are not."""
    kept, fds, dropped = [], set(), 0
    for call in calls:
        fd = call.args[0] if call.args and call.args[0].startswith("FD=") else None
        if call.name in ("open", "openat") and call.result >= 0 and call.outcome == "done":
            name = next((a for a in call.args if a.startswith("PATH`")), "")
            (fds.add if MAPS.search(name) else fds.discard)("FD=%d" % call.result)
        elif call.name == "close":
            fds.discard(fd)
        elif fd in fds and call.name in ("read", "pread64"):
            dropped += 1
            continue
        kept.append(call)
    return kept, dropped


class Image:
    """What a task did from main on, or from its birth, until it replaced its program or ended."""

    def __init__(self):
        self.calls = []
        self.marked = True


def split_images(calls, side, born):
    """A task's calls by program. On strace's side the mark says where main begins, on the other the capture itself."""
    images, image = [], Image()
    started = born  # a task that was forked or cloned begins in its parent's main
    pending = []
    for call in calls:
        if side == "strace":
            if not started:
                if call.name == "close" and call.args and call.args[0] == MARK:
                    started, pending = True, []
                    continue
                pending.append(call)
            else:
                image.calls.append(call)
        elif not call.startup:
            image.calls.append(call)
        else:
            pending.append(call)
        if call.name in ("execve", "execveat") and call.outcome in ("done", "noreturn") and call.result == 0:
            if side == "strace" and not started:
                image.marked = False
                image.calls = after_loading(pending)
            if call is not calls[0]:
                images.append(image)
            image, started, pending = Image(), False, []
    if side == "strace" and not started:
        image.marked = False
        image.calls = after_loading(pending)
    images.append(image)
    return images


def after_loading(calls):
    """Of a program that did not inherit the marker: what follows where ld.so has given its cache back."""
    cache = False
    for i, call in enumerate(calls):
        cache |= call.name == "openat" and any(a.endswith("`/etc/ld.so.cache") for a in call.args)
        if cache and call.name == "munmap":
            return calls[i + 1:]
    return calls


class Run:
    """A run's calls by task, a task being known by its place: the numbers of creation down from the root."""

    def __init__(self, lines, side):
        tasks = tasks_of(lines)
        if not tasks:
            raise Failure("no calls on the side of " + side)
        self.lines = lines
        self.threads = len(tasks)
        self.tasks = collections.OrderedDict()
        self.calls = self.excluded = 0
        self.strays = []
        children = {}
        for tid, calls in tasks.items():
            if side == "strace":
                calls = tasks[tid] = fold_restarts(calls)
            children[tid] = [c.result for c in calls if c.name in CREATORS and c.outcome == "done" and c.result > 0]
        self.unvalued = find_unvalued(tasks) if side == "strace" else set()
        root = next(iter(tasks))
        self.place, todo = {root: ()}, [root]
        while todo:
            tid = todo.pop()
            for i, child in enumerate(children.get(tid, [])):
                if child in tasks and child not in self.place:
                    self.place[child] = self.place[tid] + (i,)
                    todo.append(child)
        for tid, calls in tasks.items():
            if tid not in self.place:
                self.place[tid] = ("stray %d" % (len(self.strays) + 1),)
                self.strays.append((tid, len(calls)))
            self.add(self.place[tid], calls, side)

    def add(self, place, calls, side):
        images = split_images(calls, side, bool(place))
        for image in images:
            kept = []
            for drop in (drop_own_maps, drop_arenas, drop_waits):
                image.calls, dropped = drop(image.calls)
                self.excluded += dropped
            for call in image.calls:
                if call.name in EXCLUDED or (call.name in TIMING and self.threads > 1):
                    self.excluded += 1
                    continue
                kept.append(call)
            image.calls = kept
            self.calls += len(kept)
        self.tasks[place] = images

    def names(self):
        return collections.Counter(c.name for images in self.tasks.values() for i in images for c in i.calls)


def check_log(path, lines):
    """Every line of strace's log that begins a call is a call in what the reader made of it, and nothing else is."""
    begun = collections.Counter()
    with open(path, "rb") as log:
        for line in log:
            match = re.match(rb"(?:\d+ +)?(?:[\d.]+ +)?([a-z_0-9]+)\(", line)
            if match:
                begun[match.group(1).decode()] += 1
    read = collections.Counter(line.split("\t")[6] for line in lines if line.startswith("call\t"))
    read.subtract(begun)
    off = {name: count for name, count in read.items() if count}
    if off:
        raise Failure("the strace reader and the log's lines differ: %s" % off)


# --- comparing -----------------------------------------------------------------------------------------------------------


class Difference:
    KINDS = ("missing", "extra", "other", "order")

    def __init__(self):
        self.count = dict.fromkeys(self.KINDS, 0)
        self.lines = []

    def add(self, kind, place, text):
        self.count[kind] += 1
        self.lines.append("%-7s %s: %s" % (kind, ".".join(map(str, ("root",) + place)), text))

    def total(self):
        return sum(self.count.values())


def compare_keys(place, ours, theirs, into):
    """ours: the capture's calls; theirs: strace's."""
    head = 0
    while head < min(len(ours), len(theirs)) and ours[head].key == theirs[head].key:
        head += 1
    tail = 0
    while tail < min(len(ours), len(theirs)) - head and ours[-1 - tail].key == theirs[-1 - tail].key:
        tail += 1
    a, b = theirs[head:len(theirs) - tail], ours[head:len(ours) - tail]
    if not a and not b:
        return
    missing, extra = [], []
    matcher = difflib.SequenceMatcher(None, [c.key for c in a], [c.key for c in b], autojunk=False)
    for how, a0, a1, b0, b1 in matcher.get_opcodes():
        if how != "equal":
            missing += a[a0:a1]
            extra += b[b0:b1]
    for call in list(missing):  # the same call elsewhere: it is all there but in another order
        same = next((c for c in extra if c.key == call.key), None)
        if same:
            missing.remove(call)
            extra.remove(same)
            into.add("order", place, call.key)
    for call in list(missing):
        same = next((c for c in extra if c.name == call.name), None)
        if same:
            missing.remove(call)
            extra.remove(same)
            into.add("other", place, "strace: %s | capture: %s" % (call.key, same.key))
    for call in missing:
        into.add("missing", place, call.key)
    for call in extra:
        into.add("extra", place, call.key)


def all_calls(images):
    return [call for image in images for call in image.calls]


def align_unmarked(ours, theirs):
    """Where a program did not inherit the marker, its start-up is what strace saw more of, at the front."""
    for mine, image in zip(ours, theirs):
        if not image.marked and mine.calls:
            image.calls = image.calls[max(0, len(image.calls) - len(mine.calls)):]
            image.marked = True


def same_keys(a, b):
    return len(a) == len(b) and all(x.key == y.key for x, y in zip(a, b))


def name_of(key):
    return key.split(" ", 1)[0]


def compare_stable(place, ours, runs, into):
    """
    What is the same in all of strace's runs: calls that all made equally often have to be there as often, in their order
    where that is the same too; of the others, as many of a name as strace's runs made. Returns what varies.
    """
    counts = [collections.Counter(c.key for c in calls) for calls in runs]
    totals = [collections.Counter(c.name for c in calls) for calls in runs]
    mine = collections.Counter(c.key for c in ours)
    keys = set().union(*counts)
    varies = {key for key in keys if len({count[key] for count in counts}) > 1}
    names = {name_of(key) for key in varies}
    varies |= {key for key in keys | set(mine) if name_of(key) in names and mine[key] != counts[0][key]}
    for name in names:
        total = {count[name] for count in totals}
        have = sum(count for key, count in mine.items() if name_of(key) == name)
        for _ in range(min(total) - have):
            into.add("missing", place, name + " (one of those that vary)")
        for _ in range(have - max(total)):
            into.add("extra", place, name + " (one of those that vary)")
    stable = [[c for c in calls if c.key not in varies] for calls in runs]
    flat = [c for c in ours if c.key not in varies]
    if any(same_keys(flat, calls) for calls in stable):
        return varies
    if all(same_keys(stable[0], calls) for calls in stable[1:]):
        compare_keys(place, flat, stable[0], into)
        return varies
    for key in set(mine) | keys:
        if key not in varies and mine[key] != counts[0][key]:
            for _ in range(abs(mine[key] - counts[0][key])):
                into.add("missing" if mine[key] < counts[0][key] else "extra", place, key)
    return varies


def set_keys(runs):
    """Of what is known on all sides."""
    unvalued = set().union(*(run.unvalued for run in runs))
    for run in runs:
        for images in run.tasks.values():
            for call in all_calls(images):
                call.key = key_of(call, unvalued)


def compare(capture, straces):
    """A Difference, and what varies between strace's own runs: place -> keys."""
    set_keys([capture] + straces)
    result, varying = Difference(), {}
    places = list(straces[0].tasks)
    places += [place for place in capture.tasks if place not in straces[0].tasks]
    for place in places:
        theirs = [run.tasks[place] for run in straces if place in run.tasks]
        everywhere = len(theirs) == len(straces)
        ours = capture.tasks.get(place)
        if not theirs:
            if len(straces) == 1 or not any(set(r.tasks) != set(straces[0].tasks) for r in straces):
                for call in all_calls(ours):
                    result.add("extra", place, call.key)
            else:
                varying[place] = ["(the whole task)"]
            continue
        if ours is None:
            if everywhere:
                for call in all_calls(theirs[0]):
                    result.add("missing", place, call.key)
            else:
                varying[place] = ["(the whole task)"]
            continue
        for images in theirs:
            align_unmarked(ours, images)
        flat, their_flat = all_calls(ours), [all_calls(images) for images in theirs]
        if any(same_keys(flat, calls) for calls in their_flat):
            continue
        if all(same_keys(their_flat[0], calls) for calls in their_flat[1:]):
            compare_keys(place, flat, their_flat[0], result)
        else:
            varies = compare_stable(place, flat, their_flat, result)
            varying[place] = sorted(varies)
    return result, varying


# --- running -------------------------------------------------------------------------------------------------------------


class Program:
    def __init__(self, name, words, setup, command):
        self.name, self.words, self.setup, self.command = name, words, setup, command


def read_list(path):
    """Paragraphs: a line NAME [WORD...], then "setup COMMANDS" lines for sh, and one "run COMMAND" line."""
    programs, current = [], None
    with open(path) as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if line.startswith("    "):
                what, rest = line.strip().split(" ", 1)
                if what == "setup":
                    current.setup += rest + "\n"
                elif what == "run":
                    current.command = rest
                else:
                    raise Failure("programs.list: " + line)
            else:
                name, *words = line.split()
                current = Program(name, words, "", "")
                programs.append(current)
    return programs


class Place:
    """Where the programs run: here, or in the root folder of another system (--root), which has strace."""
    root = ""
    guests = None  # there: copies of the guests

    @classmethod
    def enter(cls, root, folder):
        cls.root, cls.guests = root, os.path.join(folder, "guests")
        os.makedirs(root + cls.guests)
        for name in os.listdir(PARITY):
            if name.startswith("guest_"):
                shutil.copy(os.path.join(PARITY, name), root + cls.guests)
        shutil.copy(os.path.join(HERE, "guest_python.py"), root + cls.guests)

    @classmethod
    def find(cls, word):
        """The program's path there, or None."""
        folders = [cls.root + folder for folder in environment()["PATH"].split(":")]
        found = shutil.which(cls.root + word if word.startswith("/") else word, path=":".join(folders))
        return found and found[len(cls.root):]

    @classmethod
    def run(cls, argv, folder, fixed=False, **options):
        def begin():
            if fixed:
                ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE)
            if cls.root:
                os.chroot(cls.root)
            os.chdir(folder)

        return subprocess.run(argv, stdin=subprocess.DEVNULL, preexec_fn=begin, check=False, **options)


def expand(text):
    known = environment()
    return re.sub(r"\$(GUESTS|ROOT|BUILD|HERE)\b", lambda match: known[match.group(1)], text)


def environment():
    kept = {k: v for k, v in os.environ.items() if k in ("HOME", "PATH", "RUSTUP_HOME", "CARGO_HOME", "USER")}
    path = [part for part in kept.get("PATH", "/usr/bin:/bin").split(":") if "shims" not in part and "pyenv" not in part]
    kept["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" if Place.root else ":".join(path)
    kept.update(LC_ALL="C", TZ="UTC", GUESTS=Place.guests or PARITY, HERE=Place.guests or HERE, ROOT=ROOT, BUILD=BUILD, GIT_CONFIG_NOSYSTEM="1",
                PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0", PYTHONMALLOC="malloc",
                GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@b",
                GIT_AUTHOR_DATE="1700000000 +0000", GIT_COMMITTER_DATE="1700000000 +0000", GIT_PAGER="cat")
    return kept


class Workshop:
    """Runs a program, each time in a fresh folder of the same name."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.fixed = False
        self.env = environment()
        self.run_folder = os.path.join(folder, "run")
        self.env["HOME"] = os.path.join(folder, "home")
        os.makedirs(Place.root + self.env["HOME"], exist_ok=True)
        shutil.copy(MARKER, Place.root + os.path.join(folder, "marker.so"))
        shutil.copy(LIBRARY, Place.root + os.path.join(folder, "syscap.so"))
        self.argv = shlex.split(expand(program.command))
        self.argv[0] = Place.find(self.argv[0])

    def prepare(self):
        shutil.rmtree(Place.root + self.run_folder, ignore_errors=True)
        os.makedirs(Place.root + self.run_folder)
        if self.program.setup:
            done = Place.run(["sh", "-e", "-c", self.program.setup], self.run_folder, env=self.env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
            if done.returncode != 0:
                raise Failure("setup: " + done.stdout.decode("utf-8", "replace")[-300:])

    def call(self, argv, env, what):
        self.prepare()
        out, err = (Place.root + os.path.join(self.folder, what + end) for end in (".out", ".err"))
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            try:
                # A fixed place: in the child, the kernel puts everything where it was the last time.
                status = Place.run(argv, self.run_folder, self.fixed, env=env, stdout=stdout, stderr=stderr,
                                   timeout=TIMEOUT).returncode
            except subprocess.TimeoutExpired:
                raise Failure("%s: not done after %d s" % (what, TIMEOUT)) from None
        with open(out, "rb") as stdout, open(err, "rb") as stderr:
            return status, stdout.read(), stderr.read()

    def capture_path(self, mode, number):
        return os.path.join(self.folder, "%s%d.bin" % (mode, number))

    def traced_environment(self, library, mode, output):
        """
        The same on both sides but for the letters of one word: a program's heap holds copies of its environment, and
        whether it grows or shrinks once more depends on some bytes.
        """
        return ["LD_PRELOAD=%s.so" % os.path.join(self.folder, library), "SYSCAP_MODE=" + mode, "SYSCAP_OUTPUT=" + output]

    def strace(self, number):
        log = os.path.join(self.folder, "strace%d.log" % number)
        argv = ["strace", "-f", "-qq", "-ttt", "-s", "4096", "-o", log]
        for variable in self.traced_environment("marker", "full", self.capture_path("full", 0)):
            argv += ["-E", variable]
        argv += self.argv
        status = self.call(argv, self.env, "strace%d" % number)
        lines = dump_lines(Place.root + log)
        check_log(Place.root + log, lines)
        return status, Run(lines, "strace")

    def capture(self, mode, number=0):
        path = self.capture_path(mode, number)
        if os.path.exists(Place.root + path):
            os.remove(Place.root + path)
        env = dict(self.env)
        env.update(variable.split("=", 1) for variable in self.traced_environment("syscap", mode, path))
        status = self.call(self.argv, env, mode + str(number))
        return status, Run(dump_lines(Place.root + path), mode), Place.root + path


def coverage_of(path):
    done = subprocess.run([ANALYZE, path, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        return {"complete": None, "why": done.stderr.decode("utf-8", "replace")}
    return json.loads(done.stdout)["runs"][0]["coverage"]


ATTEMPTS = 3


class Result:
    """What comparing one run of a program in full mode gave."""

    def __init__(self, run, straces, status, path):
        self.run = run
        self.difference, self.varying = compare(run, [s[1] for s in straces])
        self.coverage = coverage_of(path)
        self.problems = []
        if all(s[0] == straces[0][0] for s in straces) and status != straces[0][0]:
            self.problems.append("ends or prints otherwise: %r, under strace %r" % (shorten(status), shorten(straces[0][0])))
        if run.strays:
            self.problems.append("tasks whose creation was not seen: %s" % run.strays)
        if self.coverage.get("complete") is not True:
            self.problems.append("the kernel's counters do not agree: %s" % self.coverage)

    def total(self):
        return self.difference.total() + len(self.problems)


def check_full(shop):
    """
    A Result. What timing alone makes differ (a pipe read in two parts) does not come again, and what addresses make
    differ (Python's sets are ordered by them) not where they are fixed: up to three captures are compared, the later ones
    with fixed addresses, each with one more run of strace, and the best one counts.
    """
    straces = [shop.strace(i) for i in range(2)]
    best = None
    for attempt in range(ATTEMPTS):
        status, run, path = shop.capture("full", attempt)
        result = Result(run, straces, status, path)
        result.attempts = attempt + 1
        if best is None or result.total() < best.total():
            best = result
        if best.total() == 0:
            break
        shop.fixed = True
        if attempt + 1 < ATTEMPTS:
            straces.append(shop.strace(len(straces)))
    shop.fixed = False
    return best


def shorten(status):
    return status[0], status[1][:80], status[2][:200]


class Missed:
    """How much of what strace sees is not in a capture in interpose mode, by name."""

    def __init__(self, shop):
        _status, strace = shop.strace(0)
        _status, run, path = shop.capture("interpose")
        self.coverage = coverage_of(path)
        self.there, have = strace.names(), run.names()
        self.missing = collections.Counter({n: c - have[n] for n, c in self.there.items() if c > have[n]})

    def percent(self, name=None):
        there = self.there[name] if name else sum(self.there.values())
        missing = self.missing[name] if name else sum(self.missing.values())
        return 100.0 * missing / there if there else 0.0

    def worst(self, count=8):
        io = ("write", "pwrite64", "read", "pread64", "openat", "close", "lseek", "mmap", "brk", "getdents64", "newfstatat", "clone3")
        shown = [n for n in io if self.missing[n]]
        return ", ".join("%s %.0f %%" % (n, self.percent(n)) for n in shown[:count])


# --- can it fail? --------------------------------------------------------------------------------------------------------


def planted(lines):
    """(what, lines with one thing wrong in them, the kind of difference that has to be found)"""
    calls = [i for i, line in enumerate(lines) if line.startswith("call\t") and line.split("\t")[5] == "0"
             and name_of(line.split("\t")[6]) in ("read", "write", "openat", "close", "lseek")]

    def altered(i, change):
        fields = lines[i].split("\t")
        change(fields)
        return lines[:i] + ["\t".join(fields)] + lines[i + 1:]

    def set_result(fields):
        fields[8] = str(int(fields[8]) + 1)

    def set_argument(fields):
        fields[11] = re.sub(r"=(-?\d+)", lambda m: "=%d" % (int(m.group(1)) + 1), fields[11])

    def set_path(fields):
        fields[12] += "x"

    middle = calls[len(calls) // 2]
    while "\twrite\t" in lines[middle]:  # of names that vary between strace's runs only the number is compared
        middle = calls[calls.index(middle) + 1]
    opened = [i for i in calls if lines[i].split("\t")[6] == "openat"][0]
    yield "the first call gone", lines[:calls[0]] + lines[calls[0] + 1:], "missing"
    yield "a call in the middle gone", lines[:middle] + lines[middle + 1:], "missing"
    yield "the last call gone", lines[:calls[-1]] + lines[calls[-1] + 1:], "missing"
    yield "every write gone", [line for line in lines if "\twrite\t" not in line], "missing"
    yield "a call twice", lines[:middle] + [lines[middle]] + lines[middle:], "extra"
    yield "another result", altered(middle, set_result), "other"
    yield "another descriptor", altered(middle, set_argument), "other"
    yield "another path", altered(opened, set_path), "other"
    for i, j in zip(calls, calls[1:]):
        a, b = lines[i].split("\t"), lines[j].split("\t")
        if a[4] == b[4] and a[6:] != b[6:]:
            yield "two calls in the other order", lines[:i] + [lines[j]] + lines[i + 1:j] + [lines[i]] + lines[j + 1:], "order"
            break
    last = lines[calls[-1]].split("\t")[4]
    if last != lines[calls[0]].split("\t")[4]:
        yield "a task gone", [line for line in lines if line.split("\t")[4:5] != [last]], "missing"


def self_test(programs, folder, say):
    for name in ("sort", "spawn"):
        program = next(p for p in programs if p.name == name)
        shop = Workshop(program, os.path.join(folder, "self-" + name))
        straces = [shop.strace(i) for i in range(2)]
        _status, run, _path = shop.capture("full", 0)
        runs = [s[1] for s in straces]
        # Two logs that differ in two calls from each other and from the capture: the rest has to be compared all the same.
        writes = root_writes(runs[0].lines)
        varied = [Run([re.sub(r"\tdone\t\d+", "\tdone\t7777", line, count=1) if i == at else line
                       for i, line in enumerate(runs[0].lines)], "strace") for at in (writes[0], writes[-1])]
        for how, logs in (("", runs), (" (a program that varies)", varied)):
            difference, varying = compare(run, logs)
            say(difference.total() == 0 and bool(varying) >= bool(how), "self-test %s: nothing planted, nothing found%s" % (name, how),
                difference.lines)
            for what, lines, kind in planted(run.lines):
                difference, _varying = compare(Run(lines, "full"), logs)
                say(difference.count[kind] > 0, "self-test %s: %s is found%s" % (name, what, how), difference.lines)
        _status, partial, _path = shop.capture("interpose", 0)
        if name == "sort":
            difference, _varying = compare(partial, runs)
            say(difference.count["missing"] > 0, "self-test %s: a capture in interpose mode is not complete" % name, [])


def root_writes(lines):
    """Where the root process's writes stand."""
    root = lines[0].split("\t")[4]
    return [i for i, line in enumerate(lines) if "\twrite\t" in line and line.split("\t")[4] == root]


# --- reporting -----------------------------------------------------------------------------------------------------------


class Report:
    def __init__(self, verbose):
        self.failed, self.verbose = 0, verbose

    def say(self, good, what, lines):
        print(("ok - " if good else "not ok - ") + what, flush=True)
        if not good:
            self.failed += 1
        if self.verbose or not good:
            for line in lines[:40]:
                print("    " + line[:300])


def describe(result):
    d = result.difference.count
    return "%d calls, %d missing, %d extra, %d other, %d order; %d left out, %d that vary%s" % (
        result.run.calls, d["missing"], d["extra"], d["other"], d["order"], result.run.excluded, count_varying(result),
        "; at attempt %d" % result.attempts if result.attempts > 1 else "")


def count_varying(result):
    return sum(len(keys) for keys in result.varying.values())


TABLE_HEAD = """# Parity with strace

Generated by `tests/parity/run.sh all --table`. Each program is run under `strace -f` and under the preloaded library; the calls
of each process and thread from `main` on are compared one by one: name, arguments that repeat (descriptors, paths, sizes,
offsets, flags), result, and order. *Varies* counts distinct calls that differ between strace's own runs (a pipe read in one
part or two); of those only the number is compared. *Coverage* is what the capture says of itself, by the kernel's counters.

"""


def write_full_table(out, fulls):
    out.write("| program | tasks | calls | missing | extra | other | order | left out | varies | coverage |\n"
              "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n")
    for name, r in fulls.items():
        d = r.difference.count
        out.write("| %s | %d | %d | %d | %d | %d | %d | %d | %d | %s |\n" % (
            name, len(r.run.tasks), r.run.calls, d["missing"], d["extra"], d["other"], d["order"], r.run.excluded,
            count_varying(r), "complete" if r.coverage.get("complete") else "not complete"))


def append_table(path, fulls):
    with open(path, "a") as out:
        out.write("\n## Full mode, with %s\n\n" % libc_version())
        write_full_table(out, fulls)


def write_table(path, fulls, missed, programs):
    with open(path, "w") as out:
        out.write(TABLE_HEAD)
        out.write("## Full mode, with %s\n\n" % libc_version())
        write_full_table(out, fulls)
        out.write("\nLeft out of the comparison:\n\n| call | why |\n| --- | --- |\n")
        for name, why in list(EXCLUDED.items()) + [("%s, with several threads" % n, w) for n, w in TIMING.items()]:
            out.write("| %s | %s |\n" % (name, why))
        out.write("| wait4 in a program that uses WNOHANG too | which of its waits finds the child (a shell has one in its handler of SIGCHLD) is "
                  "decided by timing |\n"
                  "| mmap of 64 or 128 MiB without access, munmap within | malloc's arenas for threads: what has to be given back "
                  "for alignment depends on where the kernel put them |\n"
                  "| read of /proc/self/maps | the recorder's own mappings are listed there |\n"
                  "| calls that the vDSO answers | they make no system call; strace does not see them either |\n"
                  "| an interrupted call that the kernel begins again | strace prints it twice; it is one record |\n")
        out.write("\n## Interpose mode: what symbol wrappers miss\n\n| program | calls | missed | of these | coverage |\n"
                  "| --- | ---: | ---: | --- | --- |\n")
        for name, m in missed.items():
            covered = {True: "complete", False: "incomplete"}.get(m.coverage.get("complete"), "unknown")
            out.write("| %s | %d | %.0f %% | %s | %s |\n" % (name, sum(m.there.values()), m.percent(), m.worst() or "-", covered))
        out.write("\n## The commands\n\n")
        for program in programs:
            out.write("- **%s**: `%s`\n" % (program.name, program.command.replace("$GUESTS/", "").replace("$HERE/", "tests/parity/")
                                          .replace("$BUILD/", "build/").replace("`", "'")))


def libc_version():
    done = Place.run(["ldd", "--version"], "/", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode("utf-8", "replace").split("\n", 1)[0].replace("ldd ", "").strip("()").replace(") ", ", glibc ")


# What a capture in interpose mode cannot see whole: it must not say that it has.
PARTIAL = ("sort", "stdio-c++", "gcc", "dlopen")


def check_program(program, modes, folder, report, fulls, missed):
    needed = [word for word in program.words if word != "quick"] + shlex.split(program.command)[:1]
    absent = [word for word in needed if not Place.find(expand(word))]
    if absent:
        print("skip - parity: %s (%s is not there)" % (program.name, ", ".join(absent)))
        return
    shop = Workshop(program, os.path.join(folder, program.name))
    if "full" in modes:
        result = fulls[program.name] = check_full(shop)
        lines = result.problems + result.difference.lines
        for place, keys in result.varying.items():
            lines += ["varies  %s: %s" % (".".join(map(str, ("root",) + place)), key) for key in sorted(keys)]
        report.say(result.total() == 0, "parity full: %s (%s)" % (program.name, describe(result)), lines)
    if "interpose" in modes:
        m = missed[program.name] = Missed(shop)
        complete = m.coverage.get("complete")
        good = not (program.name in PARTIAL and complete is True)
        report.say(good, "parity interpose: %s (misses %.0f %% of %d calls: %s)" % (
            program.name, m.percent(), sum(m.there.values()), m.worst() or "nothing of I/O"),
                   ["%-20s %6d missed of %6d, %3.0f %%" % (n, c, m.there[n], m.percent(n)) for n, c in m.missing.most_common()] +
                   ["coverage: %s" % m.coverage])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="programs of programs.list, or: quick, all")
    parser.add_argument("--mode", choices=("full", "interpose", "both"), default="full")
    parser.add_argument("--table", metavar="FILE", help="writes the tables; with --root adds one")
    parser.add_argument("--keep", metavar="DIR", help="logs and captures stay here")
    parser.add_argument("--root", metavar="DIR", default="", help="the programs of the system in this folder (chroot)")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    programs = read_list(os.path.join(HERE, "programs.list"))
    names = options.names or ([] if options.self_test else ["quick"])
    unknown = set(names) - {p.name for p in programs} - {"quick", "all"}
    if unknown:
        parser.error("no such program: " + ", ".join(unknown))
    chosen = [p for p in programs if p.name in names or "all" in names or ("quick" in names and "quick" in p.words)]
    modes = ("full", "interpose") if options.mode == "both" else (options.mode,)
    folder = options.keep or tempfile.mkdtemp(prefix="parity")
    if options.root:
        os.makedirs(options.root + folder, exist_ok=True)
        Place.enter(options.root, folder)
    report, fulls, missed = Report(options.verbose), {}, {}
    try:
        if options.self_test:
            self_test(programs, folder, report.say)
        for program in chosen:
            try:
                check_program(program, modes, folder, report, fulls, missed)
            except Failure as failure:
                report.say(False, "parity: %s" % program.name, [str(failure)])
        if options.table and options.root:
            append_table(options.table, fulls)
        elif options.table:
            write_table(options.table, fulls, missed, chosen)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
            if options.root:
                shutil.rmtree(options.root + folder, ignore_errors=True)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
