#!/usr/bin/env python3
"""Counts the calls of a strace log in another, simpler way than the analyzer does: line by line, by pattern.

Prints "name calls errors zero" per call, sorted, as dump_events prints its first four columns. For logs of whole lines
with or without pids, and with calls broken in two; not for all shapes that the analyzer reads.
"""
import re
import sys

PREFIX = re.compile(rb'^(?:\[pid +\d+\] |\d+ +)?(?:\d\d:\d\d:\d\d(?:\.\d+)? )?')
BEGIN = re.compile(rb'^([a-z_][a-z0-9_]*)\(')
RESUME = re.compile(rb'^<\.\.\. ([a-z0-9_]+) resumed>')
RESULT = re.compile(rb'\)\s+= (-?\d+|\?|0x[0-9a-f]+)(?: (E[A-Z]+))?')
ESCAPED_ZEROS = re.compile(rb'^(?:\\0{1,3}|\\x00)*$')


def is_zero(name, text, result):
    if result <= 0:
        return False
    if name in ('write', 'pwrite64'):
        strings = re.findall(rb'^[^"]*"((?:[^"\\]|\\.)*)"', text)
    elif name in ('writev', 'pwritev', 'pwritev2'):
        strings = [s for s, n in re.findall(rb'iov_base="((?:[^"\\]|\\.)*)"(?:\.\.\.)?, iov_len=(\d+)', text) if int(n)]
    else:
        return False
    return any(strings) and all(ESCAPED_ZEROS.match(s) for s in strings)


def main():
    counts = {}
    pending = {}

    def add(name, text):
        row = counts.setdefault(name, [0, 0, 0])
        row[0] += 1
        found = list(RESULT.finditer(text))
        if not found:
            return
        number, error = found[-1].groups()
        row[1] += error is not None
        if number[:1].isdigit():
            row[2] += is_zero(name, text, int(number, 0))

    for line in open(sys.argv[1], 'rb').read().split(b'\n'):
        line = line.rstrip(b'\r')
        prefix = PREFIX.match(line).group(0)
        pid = re.search(rb'\d+(?=\]| )', prefix)
        pid = pid.group(0) if pid else b''
        body = line[len(prefix):]
        begin, resume = BEGIN.match(body), RESUME.match(body)
        if begin or resume:
            name = (begin or resume).group(1).decode()
            old = pending.pop(pid, None)
            if resume and old and old[0] == name:
                add(name, old[1] + body[resume.end():])
                continue
            if old:
                add(*old)
            if begin and body.endswith(b' <unfinished ...>'):
                pending[pid] = (name, body[:-len(b' <unfinished ...>')])
            else:
                add(name, body)
    for old in pending.values():
        add(*old)
    for name in sorted(counts):
        print(name, *counts[name])
    print('# total', sum(row[0] for row in counts.values()))


main()
