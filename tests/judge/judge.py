#!/usr/bin/env python3
"""strace as the judge: the same program's calls on the files below one folder, as strace saw them and as syscap did.

    judge.py strace LOG FOLDER              counts from a log of strace -f -y -xx -s 10000000
    judge.py capture JSON FORMATTED FOLDER  counts from syscap-analyze's two outputs
    judge.py compare A B                    the two, as JSON from the above; exit status 1 and the differences if any

Both give, for each file and each call, the list of what the single calls did, in their order: [result, zero]. Nothing of
syscap's own strace reader is used here.
"""
import json
import os
import re
import sys

CALLS = {
    "write": "write", "pwrite64": "write", "writev": "write", "read": "read", "pread64": "read", "readv": "read",
    "lseek": "lseek", "open": "open", "openat": "open", "creat": "open", "close": "close", "fsync": "fsync",
    "fdatasync": "fsync", "fcntl": "fcntl", "truncate": "truncate", "ftruncate": "truncate", "rename": "rename",
    "unlink": "unlink",
}


def unhex(text):
    return bytes(int(pair, 16) for pair in re.findall(r"\\x([0-9a-f]{2})", text))


def joined(path):
    """Lines of a log without pids, with calls that were interrupted by another process's line made whole again."""
    waiting = {}
    for line in open(path, errors="surrogateescape"):
        pid, _, rest = line.rstrip("\n").partition(" ")
        rest = rest.lstrip()
        if rest.endswith("<unfinished ...>"):
            waiting[pid] = rest[: -len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", rest)
        if resumed:
            rest = waiting.pop(pid) + rest[resumed.end():]
        yield rest


def follow_renames(out, renames):
    """What was done to a file is told under the last name it had, as the report does."""
    for old, new in renames:
        for call, entries in out.pop(old, {}).items() if old != new else ():
            out.setdefault(new, {}).setdefault(call, []).extend(entries)
    return out


def from_strace(log, folder):
    folder = os.path.realpath(folder).encode()
    cwd = None
    out, renames = {}, []
    for line in joined(log):
        match = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", line)
        if not match or match.group(1) not in CALLS:
            continue
        call, arguments, result = match.group(1), match.group(2), int(match.group(3))
        # -y: the descriptor with its path; in openat the first is the folder that the name is relative to
        fd = re.match(r"(?:\d+|AT_FDCWD)<([^>]*)>", arguments)
        strings = [unhex(s) for s in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
        if call in ("open", "openat", "creat", "truncate", "rename", "unlink"):
            path = strings[0]
            base = unhex(fd.group(1)) if fd else cwd
            if not path.startswith(b"/"):
                if base is None: # creat and rename have no folder in the log: the program never changes it
                    base = os.getcwd().encode()
                path = base + b"/" + path
            path = os.path.normpath(path)
        elif fd:
            path = unhex(fd.group(1))
        else:
            continue
        if not path.startswith(folder + b"/"):
            continue
        zero = None
        if CALLS[call] == "write" and result > 0:
            taken = b"".join(strings)[:result]
            assert len(taken) == result, "a string in the log was cut"
            zero = not any(taken)
        name = path[len(folder) + 1:].decode()
        out.setdefault(name, {}).setdefault(CALLS[call], []).append([result, zero])
        if call == "rename" and result == 0:
            to = os.path.normpath(os.path.join(cwd or os.getcwd().encode(), strings[1]))
            renames.append((name, to[len(folder) + 1:].decode()))
    return follow_renames(out, renames)


def from_capture(report, formatted, folder):
    folder = os.path.realpath(folder)
    run = json.load(open(report))["runs"][0]
    files = {f["path"][len(folder) + 1:]: f for f in run["files"] if f["path"].startswith(folder + "/")}
    names = set(files) | {f["first_path"][len(folder) + 1:] for f in files.values() if f["first_path"]}
    out, renames = {}, []
    in_section = False
    for line in open(formatted, errors="surrogateescape"):
        if line.startswith("## "):
            in_section = not line.startswith("## TIMELINE")
        match = re.match(r"(?:\[\S+\] )?(\w+)\((.*)\) = (-?\d+|<)", line)
        if not in_section or not match or match.group(1) not in CALLS:
            continue
        call, arguments, result = match.groups()
        named = re.match(r"<([^>]*)>", arguments)
        if call in ("open", "openat", "creat", "truncate", "rename", "unlink") or not named:
            quoted = re.search(r'"([^"]*)"', arguments)
            named = quoted and quoted.group(1)
        else:
            named = named.group(1)
        if not named:
            continue
        name = [f for f in names if named == f or named.endswith("/" + f)]
        if not name:
            continue
        zero = None
        if CALLS[call] == "write" and result not in ("0", "<") and int(result) > 0:
            zero = "zeros[" in arguments
        # an open's result is shown as the file; here only that it succeeded counts
        out.setdefault(name[0], {}).setdefault(CALLS[call], []).append([0 if result == "<" else int(result), zero])
        if call == "rename" and result == "0":
            to = re.findall(r'"([^"]*)"', arguments)[1]
            renames.append((name[0], next((f for f in files if to == f or to.endswith("/" + f)), to)))
    follow_renames(out, renames)
    # The counts of the report's own table have to be these too.
    for name, f in files.items():
        calls = out.get(name, {})
        sums = {
            "writes": len(calls.get("write", [])), "reads": len(calls.get("read", [])),
            "seeks": len(calls.get("lseek", [])),
            "opens": sum(r >= 0 for r, _ in calls.get("open", [])),
            "zero_writes": sum(z is True for _, z in calls.get("write", [])),
            "bytes_written": sum(max(r, 0) for r, _ in calls.get("write", [])),
            "bytes_read": sum(max(r, 0) for r, _ in calls.get("read", [])),
            "zero_bytes": sum(r for r, z in calls.get("write", []) if z),
        }
        for key, value in sums.items():
            if f[key] != value:
                print("files[%s].%s is %d, the formatted log has %d" % (name, key, f[key], value), file=sys.stderr)
                sys.exit(1)
    return out


def simple(entries, call):
    """Descriptors and folded results are not compared: whether an open succeeded, what a fcntl answered if no descriptor."""
    if call in ("open", "fcntl"):
        return [min(result, 0) for result, _ in entries]
    return entries


def compare(a, b):
    differences = []
    # A name that was only asked for (unlink, a failed open) may be missing in the capture's table of files.
    for name in sorted(set(a) | set(b)):
        for call in sorted(set(CALLS.values()) - {"rename", "unlink"}):
            left = simple(a.get(name, {}).get(call, []), call)
            right = simple(b.get(name, {}).get(call, []), call)
            if left != right:
                where = next((i for i, (x, y) in enumerate(zip(left, right)) if x != y), min(len(left), len(right)))
                differences.append("%s %s: %d and %d calls, first difference at %d: %s and %s" % (
                    name, call, len(left), len(right), where, left[where:where + 1], right[where:where + 1]))
    return differences


def main(arguments):
    if arguments[0] == "strace":
        print(json.dumps(from_strace(*arguments[1:])))
    elif arguments[0] == "capture":
        print(json.dumps(from_capture(*arguments[1:])))
    elif arguments[0] == "compare":
        a, b = (json.load(open(path)) for path in arguments[1:])
        differences = compare(a, b)
        for difference in differences:
            print("    " + difference)
        if not a or not any("write" in calls for calls in a.values()):
            differences.append("nothing to compare")
        return 1 if differences else 0
    return 0


sys.exit(main(sys.argv[1:]))
