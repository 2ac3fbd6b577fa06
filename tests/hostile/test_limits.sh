#!/bin/bash
# A program that gives up rights, moves away, limits or sandboxes itself: it runs as without us to its end, and where
# recording stops the capture says how many calls are missing and why.
. "$(dirname "$0")/lib_hostile.sh"
L=$GUESTS/hostile_limits
if [ "$(id -u)" -ne 0 ]; then
    skip 87 "limits" "not root" # so many in each mode as root
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
for how in none caps unshare dumpable nofile; do
    whole $how
done
# By a relative name, which means something else in the folder that it goes to.
CAPTURE=../chdir.bin run_one chdir
asks chdir "all after" 'f("/after")["writes"] == 200000 and r["coverage"]["dropped_records"] == 0'
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
# Its file is gone by name, but not by another name that the guest gives it.
export HOSTILE_OUTPUT=$WORK/deleted.bin HOSTILE_KEPT=$WORK/kept.bin
CAPTURE=$WORK/deleted.bin same kept "$L" deleted
did kept "deleted done"
check "- kept: it did delete it" [ ! -e deleted.bin ]
# The folder is read-only from then on, in a mount namespace of the guest's own.
mkdir folder
export HOSTILE_FOLDER=$WORK/folder
ln -s folder/readonly.bin readonly.bin
CAPTURE=$WORK/folder/readonly.bin same readonly "$L" readonly
if cannot readonly; then
    skip 3 "$SYSCAP_MODE readonly" "no mount here"
else
    did readonly "readonly done"
fi
for how in kept readonly; do
    [ $how = readonly ] && cannot readonly && continue
    asks $how "recorded and lost make up the whole" 'f("/before")["writes"] == 100 and c["write"] > 5000 and
        200101 <= c["write"] + r["coverage"]["dropped_records"] <= 200101 + 9'
    asks $how "where something is missing it is not called complete" \
        'r["coverage"]["dropped_records"] == 0 or (r["coverage"]["complete"] is False and r["problems"] + r["warnings"])'
done

# A filter that allows what a program and ld.so need and kills what only we would call, then an exec.
same filter_exec "$L" filter_exec "$GUESTS/writers"
check "- filter_exec: the program ran" grep -q '^written f' filter_exec.native
asks filter_exec "all before" 'f("/before")["writes"] == 100'
finish
