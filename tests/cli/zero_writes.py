#!/usr/bin/env python3
"""zero_writes.py RUST.strace CPP.strace SUMMARY.json [PLACE]

What complete strace logs (-y -xx, long strings) say of zero writes, against the zero-fill rows of the cause list: file,
calls, bytes and range; with PLACE also that each of them comes from functions whose names begin so. Shares no code with the analyzer. Prints what it compared; exits with 1 where they disagree.
"""
import json
import re
import sys

CALL = re.compile(r'^(?:\d+ +)?(?:[\d.]+ )?(\w+)\((.*)\) += +(-?\d+)(<[^>]*>)?')
FD = re.compile(r'^(\d+)<([^>]*)>')


def plain(path):
    """-xx escapes the names of files too."""
    return bytes.fromhex(path.replace('\\x', '')).decode() if path.startswith('\\x') else path


def zero_writes(log):
    """By file below the table's folder: number, bytes, first and last byte of the writes of zeros that fill."""
    offsets, sizes, mapped, found = {}, {}, set(), {}
    for line in open(log):
        match = CALL.match(line)
        if not match:
            continue
        name, args, result, opened = match.groups()
        result = int(result)
        if result < 0:
            continue
        if name in ('openat', 'creat', 'open'):
            offsets[result] = 0
            path = plain(opened[1:-1]) if opened else ''
            if 'O_TRUNC' in args or name == 'creat':
                sizes[path] = 0
            continue
        if name == 'mmap':
            for part in args.split(', '):
                if FD.match(part):
                    mapped.add(plain(FD.match(part).group(2)))
            continue
        match = FD.match(args)
        if not match:
            continue
        fd, path = int(match.group(1)), plain(match.group(2))
        at = offsets.get(fd, 0)
        if name == 'lseek':
            offsets[fd] = result
        elif name == 'read':
            offsets[fd] = at + result
        elif name in ('write', 'pwrite64'):
            data = re.search(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?', args)
            assert not data.group(2), 'the log is not complete: ' + line[:80]
            if name == 'pwrite64':
                at = int(args.rsplit(', ', 1)[1])
            else:
                offsets[fd] = at + result
            size = sizes.get(path, 0)
            sizes[path] = max(size, at + result)
            zero = result > 0 and not data.group(1)[:4 * result].replace('\\x00', '')
            if not zero or (result == 1 and (at > size or path in mapped)):
                continue
            table = re.search(r'(?:rust|cpp)(\.ms/.*)', path)
            if table:
                row = found.setdefault('TABLE' + table.group(1), [0, 0, at, 0])
                row[0] += 1
                row[1] += result
                row[2] = min(row[2], at)
                row[3] = max(row[3], at + result)
    return found


def main():
    logs = [zero_writes(sys.argv[1]), zero_writes(sys.argv[2])]
    causes = json.load(open(sys.argv[3]))['comparison']['causes']
    told = {cause['role']: cause for cause in causes
            if cause['pattern'] == 'zero-fill' and (cause['calls_diff'] or cause['bytes_diff'])}
    none = [0, 0, 0, 0]
    bad = 0
    for role in sorted(set(logs[0]) | set(logs[1]) | set(told)):
        rows = [log.get(role, none) for log in logs]
        differ = rows[0][:2] != rows[1][:2]
        more = rows[rows[1][0] > rows[0][0]]
        cause = told.get(role)
        same = bool(cause) == differ and (not cause or (
            cause['calls'] == [rows[0][0], rows[1][0]] and cause['bytes'] == [rows[0][1], rows[1][1]]
            and cause['range'] == more[2:]))
        if cause and len(sys.argv) > 4:
            same = same and all((site['site'] or '').startswith(sys.argv[4]) for site in cause['sites'])
        print(role, rows, 'as told' if same else 'but told: %s' % cause)
        bad += not same
    zeros = sum(rows[0] for rows in logs[0].values())
    print(zeros, 'zero writes in the first log')
    return bad > 0 or zeros == 0


sys.exit(main())
