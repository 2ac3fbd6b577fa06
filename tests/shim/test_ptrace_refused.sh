#!/bin/bash
# Where a seccomp filter refuses ptrace, strace fails and an unprivileged user gets the same capture by plain LD_PRELOAD.
. "$(dirname "$0")/../lib.sh"
REFUSE=$GUESTS/refuse_ptrace
if ! "$REFUSE" true 2>/dev/null; then
    skip 10 "capture where ptrace is refused" "no seccomp filter to be had here"
    finish
fi
if [ "$(id -u)" -eq 0 ]; then
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all -- "$@"; }
else
    as_user() { "$@"; }
fi
place=$(mktemp -d /tmp/syscap-test-XXXXXX) || exit 1
chmod 777 "$place"
cp "$LIB" "$GUESTS/writers" "$GUESTS/threads" "$REFUSE" "$place/"
chmod 755 "$place"/*
cd "$place" || exit 1

if command -v strace >/dev/null; then
    as_user strace -o "$place/log" ./writers direct 2>"$WORK/err"
    check "- strace works without the filter" [ -s log -a "$(stat -c %s written)" -eq 2000 ]
    rm -f log written
    as_user ./refuse_ptrace strace -o "$place/log" ./writers direct 2>"$WORK/err"
    check "- strace fails under the filter" [ $? -ne 0 ]
    check "- for the reason that is meant" grep -qi "ptrace.*not permitted" "$WORK/err"
    check "- and records nothing" [ ! -s log -o "$(grep -c write log)" -eq 0 ]
else
    skip 4 "strace fails under the filter" "no strace"
fi
rm -f log written
for guest in writers threads; do
    as_user env LD_PRELOAD="$place/libsyscap.so" SYSCAP_OUTPUT="$place/free.bin" ./$guest >"$WORK/out" 2>"$WORK/err"
    cp free.bin "$WORK/free_$guest.bin"
    rm -f written thread[0-9]
    as_user ./refuse_ptrace env LD_PRELOAD="$place/libsyscap.so" SYSCAP_OUTPUT="$place/under.bin" ./$guest \
        >"$WORK/out2" 2>"$WORK/err2"
    check "- $guest: a capture, by somebody without privileges" [ -s under.bin -a "$(stat -c %U under.bin)" = "$(as_user id -un)" ]
    check "- $guest: no complaint" [ ! -s "$WORK/err2" ]
    cp under.bin "$WORK/under_$guest.bin"
    rm -f written thread[0-9]
    json free_$guest
    json under_$guest
    check "- $guest: the same counts" python3 - "$WORK/free_$guest.json" "$WORK/under_$guest.json" <<'PYTHON'
import json, sys
a, b = (json.load(open(name))["runs"][0] for name in sys.argv[1:])
for run in a, b:
    for file in run["files"]:
        del file["time_ns"]
    run["files"].sort(key=lambda file: file["path"]) # threads open theirs in any order
    for call in "futex", "madvise", "mmap", "munmap", "mprotect", "brk": # what libc does for threads varies with their timing
        run["calls"].pop(call, None)
for key in ("calls", "writes", "files", "end", "threads", "processes", "coverage"):
    assert a[key] == b[key], key
assert a["total"] > 200
PYTHON
done
cd "$WORK" || exit 1
rm -rf "$place"
finish
