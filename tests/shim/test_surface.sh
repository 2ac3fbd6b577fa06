#!/bin/bash
# The surface of libc: no twin of a wrapped name is forgotten, and every wrapped symbol leaves the record that it should.
. "$(dirname "$0")/../lib.sh"

LIBC=$(ldd "$LIB" | awk '$1 == "libc.so.6" { print $3 }')
readelf -W --dyn-syms "$LIBC" | awk '$7 != "UND" && ($4 == "FUNC" || $4 == "IFUNC" || $4 == "NOTYPE") { print $2, $8 }' >libc
readelf -W --dyn-syms "$LIB" | awk '$7 != "UND" && $5 == "GLOBAL" { print $8 }' | sed 's/@.*//' | sort -u >wrapped

# Twins that are left alone, and why:
#   fread, fwrite and the like never come up: their base is not wrapped, libc's stdio calls the kernel from inside itself.
#   __libc_* and what else is GLIBC_PRIVATE: libc's own libraries use them, programs can't be linked with them.
EXCEPTIONS="_IO_popen __wait"
# Names with several versions that are different functions: we answer for all of them with the newest. posix_spawn@GLIBC_2.2.5
# falls back to the shell, quick_exit@GLIBC_2.10 runs destructors of threads; programs older than 2012 have them.
VERSIONS="posix_spawn posix_spawnp quick_exit __libc_start_main"

python3 - "$EXCEPTIONS" "$VERSIONS" >twins <<'PYTHON'
import re, sys
exceptions, versions = (set(a.split()) for a in sys.argv[1:3])
wrapped = set(open("wrapped").read().split())
def base(name):
    name = re.sub(r"^(_IO_|_+x?(?=(stat|fstat|lstat|fstatat|mknod|mknodat)(64)?$)|_+)", "", name)
    name = re.sub(r"_(chk|2)$", "", name)
    return re.sub(r"64(?=v2$|$)|_time64$", "", name)
bases = {base(name) for name in wrapped} | {base(name + "64") for name in wrapped}
bases |= {name[1:] for name in ("xstat", "xfstat") if False}
places = {}
for line in open("libc"):
    address, name = line.split()
    name, _, version = name.partition("@")
    if "PRIVATE" in version:
        continue
    places.setdefault(name, set()).add(address)
forgotten = sorted(n for n in places if base(n) in bases and n not in wrapped and n not in exceptions and n != "exit")
several = sorted(n for n in places if n in wrapped and len(places[n]) > 1 and n not in versions)
print("forgotten:", *forgotten)
print("several:", *several)
print("seen:", len(places) > 1000 and len(wrapped) > 200)
PYTHON
cat twins
check "- 64-bit, fortified and underscored twins are wrapped" grep -qx 'forgotten:' twins
check "- no other versions of wrapped names" grep -qx 'several:' twins
check "- both symbol tables were read" grep -qx 'seen: True' twins

"${CC:-cc}" -std=gnu11 -o print_calls "$LIB_ROOT/docs/calls.c" "$LIB_ROOT/common/calls.c"
check "- docs/CALLS.md is up to date" cmp <(./print_calls) "$LIB_ROOT/docs/CALLS.md"

mkdir run && cd run || exit 1
SYSCAP_MODE=interpose traced "$WORK/every.bin" "$GUESTS/every_symbol" >"$WORK/list" 2>"$WORK/err" </dev/null
check "- the guest runs to its end" test $? -eq 0
cd "$WORK" || exit 1
"$ANALYZE" every.bin -o every.txt >/dev/null 2>>err
python3 - >verdicts <<'PYTHON'
import re
want = {}
for line in open("list"):
    number, symbol, what = line.split()
    want[int(number)] = symbol, what
got, current, timeline = {}, {}, False
for line in open("every.txt", errors="replace"):
    if line.startswith("## "):
        timeline = line.startswith("## TIMELINE")
    found = re.match(r"\[(P\d+)\.T\d+\] (\w+)\((.*)", line)
    if not timeline or not found:
        continue
    process, call, rest = found.groups()
    mark = re.match(r"-(1\d\d\d)\)", rest)
    if call == "close" and mark:
        current[process] = int(mark[1]) - 1000
    else:
        got.setdefault(current.get(process), []).append(call)
for number, (symbol, what) in want.items():
    calls = got.get(number, [])
    if what in ("-", "absent"):
        print("ok - %s (%s)" % (symbol, what))
    elif any(calls[: len(way.split("+"))] == way.split("+") for way in what.split("|")):
        print("ok - %s" % symbol)
    else:
        print("    wanted %s, recorded %s" % (what, calls))
        print("not ok - %s" % symbol)
called = {symbol for symbol, _ in want.values()} | {"__libc_start_main"}
left = set(open("wrapped").read().split()) - called
print("    not called:", *sorted(left)) if left else None
print("%s - every wrapped symbol was called" % ("not ok" if left or len(want) < 200 else "ok"))
PYTHON
cat verdicts
grep -q '^not ok' verdicts && FAILED=1
grep -q '^ok' verdicts || not_ok "- symbols were judged"
finish
