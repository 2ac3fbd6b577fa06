#!/bin/sh
# The loader's calls: a strace log has them for each program that a run becomes, a capture for none.
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-$HERE/../../build}
if ! strace -o /dev/null true 2>/dev/null; then
    echo "skip 10 - a log beside a capture, with children (strace can't trace here)"
    exit 0
fi
echo text >in.dat
tree='/bin/cat in.dat; /bin/cat in.dat; exec /bin/cat in.dat'
strace -f -o log.strace /bin/sh -c "$tree" >/dev/null 2>&1
for mode in full interpose; do
    SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o capture.bin -- /bin/sh -c "$tree" >/dev/null
    run 0 "$mode: a log beside a capture, with children" capture.bin log.strace
    sed -n '/^## Calls/,/^## Files/p' out >calls
    check "$mode: none of the loader's own" [ "$(grep -cE '^(arch_prctl|set_tid_address|mprotect) ' calls)" = 0 ]
    if [ $mode = full ]; then # which sees all but the return from a signal's handler
        other=$(awk 'NF == 4 && $4 ~ /^[-+][1-9]/ { print $1 }' calls | grep -cv '^rt_sigreturn$')
        check "$mode: as many of each" [ "$other" = 0 ]
        has "$mode: and those that made the children" "execve" calls
    fi
done
run 0 "asked for" capture.bin log.strace --startup include
check "they are there" [ "$(awk '$1 == "mprotect" && $3 > 6' out)" ]

# Two programs in one process, asked for: the loader's calls are all that differs, and what it mapped is known to neither.
strace -f -o twice.strace /usr/bin/env cat in.dat >/dev/null 2>&1
SYSCAP_MODE=full "$BUILD/syscap-record" -o twice.bin -- /usr/bin/env cat in.dat >/dev/null
run 0 "with the loader's" twice.bin twice.strace --startup include --output-dir o --format json
check "that is all there is" python3 -c '
import json
report = json.load(open("out"))
causes = report["comparison"]["causes"]
assert causes and all(cause["pattern"].startswith("start-up, ") and cause["calls"][0] == 0 for cause in causes), causes
assert report["comparison"]["parting"] is None, report["comparison"]["parting"]
capture, log = report["runs"]
assert log["startup_calls"] == log["total"] - capture["total"] > 40, (log["total"], capture["total"])'
finish
