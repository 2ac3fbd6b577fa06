#!/bin/bash
# Ways to end: the same to the parent, and told in the report. What can't be known is said to be unknown.
. "$(dirname "$0")/../lib.sh"
ends() { # HOW KIND CODE
    same "$1" "$GUESTS/exits" "$1"
    asks "$1" "all ten writes" 'f("/written")["writes"] == 10'
    asks "$1" "ended: $2 $3" "r['end']['kind'] == '$2' and r['end']['code'] == $3"
    if [ "$2 $3" = "exited 0" ]; then return; fi
    "$ANALYZE" "$WORK/$1.bin" --assert 'A.total > 0' >/dev/null 2>err
    local status=$?
    check "- $1: an assertion on it fails" [ $status -eq 1 ]
    "$ANALYZE" "$WORK/$1.bin" "$WORK/return.bin" --format json >pair.json 2>/dev/null
    check "- $1: not comparable, and why" python3 -c '
import json
c = json.load(open("pair.json"))["comparison"]
assert c["comparable"] is False and c["why_not"]'
}
ends return exited 0
asks return "destructors after ours are captured" 'True if lines(r"write\(.*data\[11\]") else False'
ends exit exited 5
ends one exited 1
ends large exited 52
ends _exit exited 6
ends _Exit exited 7
ends quick_exit exited 8
ends syscall exited 9
ends abort signaled None
ends pthread_exit exited 0
asks abort "by SIGABRT" 'r["end"]["signal"] == 6'
for how in segv kill term; do
    ends $how unknown None
done
"$ANALYZE" "$WORK/kill.bin" >out 2>/dev/null
check "- kill: Run Health says unknown" grep -q '^kill: *unknown' out
"$ANALYZE" "$WORK/kill.bin" "$WORK/return.bin" >out 2>/dev/null
check "- kill: a pair has a warning" grep -q '^WARNING: .*kill' out
"$ANALYZE" "$WORK/kill.bin" --assert 'A.total > 0' --allow-incomplete >/dev/null 2>&1
check "- kill: allowed, the assertion passes" [ $? -eq 0 ]
# A child's end is known from its parent.
for how in segv kill abort one; do
    case $how in segv) signal=11 ;; kill) signal=9 ;; abort) signal=6 ;; *) signal=None ;; esac
    prepare() { printf '#!/bin/sh\n"%s/exits" %s\nexit 0\n' "$GUESTS" $how >script; chmod +x script; }
    same child_$how sh -c ". ./script" 2>/dev/null
    asks child_$how "in the list of failed children" \
        "[x['end']['signal'] for x in r['failed_children']] == [$signal] and r['end']['code'] == 0"
done
finish
