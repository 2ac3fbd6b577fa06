#!/usr/bin/env python3
"""report.py BUILD: how many lines of common, shim and analyzer have run, of the programs of `make coverage` (coverage.mk).

A line counts where it has code in one of the programs. Of one line's instructions those behind a noted basic block, up to the
next block of the same function, have run; what stands before a function's first block goes with that. Lines that never ran
are listed in BUILD/unreached.
"""
import collections
import os
import re
import subprocess
import sys

ROOMS = ("common", "shim", "analyzer")
PROGRAMS = {
    "libsyscap": "libsyscap.so",
    "syscap-record": "syscap-record",
    "syscap-analyze": "syscap-analyze",
    "dump_events": "tests/dump_events",
    "unit": "tests/unit",
    "harness": "tests/harness",
}
FUNCTION = re.compile(r"^[0-9a-f]+ <")
PLACE = re.compile(r"^(/[^:]*):(\d+)( \(discriminator \d+\))?$")
INSTRUCTION = re.compile(r"^ *([0-9a-f]+):\s+(.*)")


def first_address(program):
    headers = subprocess.run(["readelf", "-lW", program], capture_output=True, text=True, check=True).stdout
    return min(int(line.split()[2], 16) for line in headers.splitlines() if line.split()[:1] == ["LOAD"])


def lines_of(program, hits, root):
    """Yields ((file, line), whether it ran) for each stretch of instructions of one line."""
    base = first_address(program)
    listing = subprocess.run(["objdump", "-dl", "--no-show-raw-insn", program], capture_output=True, text=True, check=True)
    place, ran, waiting, block_next = None, None, [], False
    for text in listing.stdout.splitlines():
        match = INSTRUCTION.match(text)
        if match:
            if block_next:  # where the noting function returns to is what it has noted
                offset = int(match[1], 16) - base
                ran = offset < len(hits) and hits[offset] != 0
                yield from ((at, ran) for at in waiting)
                waiting = []
            block_next = match[2].startswith("call") and "__sanitizer_cov_trace_pc" in match[2]
            if place and (block_next or ran is None):
                waiting.append(place)
            elif place:
                yield place, ran
        elif FUNCTION.match(text):
            place, ran, waiting, block_next = None, None, [], False
        else:
            match = PLACE.match(text)
            if match:
                name = os.path.relpath(os.path.normpath(match[1]), root)
                place = (name, int(match[2])) if name.split("/")[0] in ROOMS and name.endswith((".c", ".h")) else None


def collect(build, root):
    lines = {}
    for hits_name, program in PROGRAMS.items():
        program = os.path.join(build, program)
        hits = os.path.join(build, "hits", hits_name + ".hits")
        if not os.path.exists(hits):
            continue
        with open(hits, "rb") as file:
            noted = file.read()
        for place, ran in lines_of(program, noted, root):
            lines[place] = lines.get(place, False) or ran
    return lines


def main():
    build = sys.argv[1]
    root = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
    lines = collect(build, root)
    if not any(lines.values()):
        sys.exit("report.py: no line of %s has run" % build)
    folders = collections.defaultdict(lambda: [0, 0])
    for (name, _), ran in lines.items():
        folder = os.path.dirname(name)
        for each in {folder, name.split("/")[0]}:
            folders[each][0] += ran
            folders[each][1] += 1
    print("| folder | lines reached | of | |\n| --- | --- | --- | --- |")
    for folder, (ran, all_lines) in sorted(folders.items()):
        print("| %s | %d | %d | %.1f %% |" % (folder, ran, all_lines, 100 * ran / all_lines))
    with open(os.path.join(build, "unreached"), "w") as file:
        for (name, line), ran in sorted(lines.items()):
            if not ran:
                file.write("%s:%d\n" % (name, line))


main()
