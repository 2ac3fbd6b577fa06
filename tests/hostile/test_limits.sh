#!/bin/bash
# A program that gives up rights, moves away, limits or sandboxes itself: it runs as without us to its end, and where
# recording stops the capture says how many calls are missing and why.
. "$(dirname "$0")/lib_hostile.sh"
L=$GUESTS/hostile_limits
if [ "$(id -u)" -ne 0 ]; then
    skip 1 "limits" "not root"
    finish
fi
# One that is left without rights must still be able to reach the programs and its folder: WORK is its owner's alone.
chmod 711 "$WORK"

# whole HOW: recorded to the end.  stops HOW REASON: recorded until the space that was mapped is used up, then counted.
run_one() {
    same "$1" "$L" "$@"
    did "$1" "$1 done"
    check "- $1: its own status" grep -qx 'status 5' "$1.native"
    asks "$1" "all before" 'f("/before")["writes"] == 100'
}
whole() {
    run_one "$@"
    asks "$1" "all after" 'f("/after")["writes"] == 20000 and r["coverage"]["dropped_records"] == 0'
}
stops() {
    run_one "$1"
    asks "$1" "recorded and lost make up the whole" \
        '500 < c["write"] and 20101 <= c["write"] + r["coverage"]["dropped_records"] <= 20101 + 9'
    "$ANALYZE" "$1.bin" >said 2>&1
    check "- $1: why" grep -qiE "$2" said
    "$ANALYZE" "$1.bin" --assert 'A.total > 0' >/dev/null 2>&1
    check "- $1: an assertion on it fails" [ $? -eq 1 ]
}
for how in none caps unshare chdir dumpable nofile; do
    whole $how
done
whole pidns
asks pidns "three processes" 'r["processes"] == 3'
stops filter seccomp
stops as memory
stops fsize 'space|limit'
for how in setuid chroot nproc; do
    run_one $how
    asks $how "all after, or lost and counted" \
        'c["write"] > 5000 and 200101 <= c["write"] + r["coverage"]["dropped_records"] <= 200101 + 9'
    "$ANALYZE" "$how.bin" >said 2>&1
    check "- $how: incomplete, and said to be" grep -qiE 'not captured|lost|dropped|stopped' said
    grep -iE 'not captured|lost|dropped|stopped' said | head -2 | sed 's/^/    /'
done
export HOSTILE_OUTPUT=$WORK/deleted.bin
# Its file is gone: only its own behaviour can be looked at.
mkdir deleted.d
(cd deleted.d && "$L" deleted >../out1 2>../err1; echo "status $?" >>../out1; tree >>../out1)
rm -rf deleted.d && mkdir deleted.d
(cd deleted.d && traced "$WORK/deleted.bin" "$L" deleted >../out2 2>../err2; echo "status $?" >>../out2; tree >>../out2)
check "- deleted: the same with and without" cmp out1 out2
check "- deleted: no complaint" [ ! -s err2 ]
check "- deleted: it did delete it" [ ! -e deleted.bin ]

# A filter that allows what a program and ld.so need and kills what only we would call, then an exec.
same filter_exec "$L" filter_exec "$GUESTS/writers"
check "- filter_exec: the program ran" grep -q '^written f' filter_exec.native
asks filter_exec "all before" 'f("/before")["writes"] == 100'
finish
