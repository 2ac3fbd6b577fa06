#!/bin/bash
# The store keeps its word where the kernel is older, the file system odd, the memory tight or the disk full.
. "$(dirname "$0")/lib_hostile.sh"
REFUSE=$GUESTS/refuse

# under WHAT NAME COMMAND...: as "same" does, with the filter in force before the library is there.
under() {
    local what=$1 it=$2 side
    shift 2
    for side in native traced; do
        local with=(env)
        [ $side = native ] || with=(env LD_PRELOAD="$LIB" SYSCAP_OUTPUT="$WORK/$it.bin")
        rm -rf run
        mkdir run
        (cd run && exec "$REFUSE" "$what" "${with[@]}" "$@" >"$WORK/$it.$side" 2>&1 </dev/null)
        echo "status $?" >>"$it.$side"
        (cd run && tree) >>"$it.$side"
    done
    check "- $it: the same with and without" cmp "$it.native" "$it.traced"
}
for what in fallocate populate fallocate,populate wipe vm_read; do
    it=${what//,/_}
    under $what forks_$it sh -c "$GUESTS/forks 40"
    did forks_$it "forks done, 40 ended well"
    asks forks_$it "every process and write; programs started by others too" 'r["processes"] >= 42 and f("/lines")["writes"] == 40 and
        r["coverage"]["dropped_records"] == 0 and not any("damage" in w for w in r["warnings"])'
    under $what threads_$it "$GUESTS/threads"
    did threads_$it done
    asks threads_$it "threads that make the file grow" 'r["coverage"]["dropped_records"] == 0 and c["write"] > 1000'
done
# Who grows the file writes nothing where others record: 8 processes at once.
under fallocate,populate crowd sh -c 'i=0; while [ $i -lt 8 ]; do (j=0; while [ $j -lt 3000 ]; do echo x; j=$((j+1)); done >w$i) & i=$((i+1)); done; wait'
asks crowd "nothing was overwritten" 'all(f("/w%d" % i)["writes"] == 3000 for i in range(8)) and r["coverage"]["dropped_records"] == 0 and
    not any("damage" in w for w in r["warnings"])'
# Bytes that the kernel may not copy for us are not known unless the first word tells; the reason is said.
under vm_read handed "$GUESTS/wall" handed
asks handed "nothing is claimed that is not known" 'r["writes"]["zero"] == 0 and r["writes"]["unseen"] >= 400 and
    any("filter" in w or "looked" in w for w in r["warnings"] + r["problems"])'

# Page tables are read word by word where their one request is not known, or a filter might not know it; pages too are read
# through a file then.
under fallocate mapped "$GUESTS/mapped" parts
asks mapped "pages that were stored into" '[f("/parts")[k] for k in ("touched_pages", "touched_zero_pages", "touched_unseen_pages")] == [27, 2, 0] and
    r["coverage"]["file_mappings_missed"] == 0'

# The address space is used up before the threads begin: what is not recorded is counted.
same tight "$GUESTS/no_lane"
asks tight "what was recorded and what was lost is everything" 'r["coverage"]["dropped_records"] > 0 and r["coverage"]["complete"] is not True and
    6000 <= c.get("write", 0) + r["coverage"]["dropped_records"] < 6100'

# The disk fills up in the middle of a run: who started it learns that when it ends.
mkdir -p tiny
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=512k none tiny 2>/dev/null; then
    "$RECORD" -o "$WORK/tiny/full.bin" "$GUESTS/threads" >out 2>err
    check "- disk full: the program ends as without us" [ $? -eq 0 ]
    check "- disk full: one line says so" [ "$(grep -c 'full.bin is not complete: recording stopped before the program ended: No space left on device' err)" -eq 1 ]
    check "- disk full: and no other" [ "$(wc -l <err)" -eq 1 ]
    umount tiny
else
    skip 3 "disk full" "no mount here"
fi
finish
