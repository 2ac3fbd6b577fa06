#!/bin/bash
# A capture that two write at once, and one that is read while it is written.
. "$(dirname "$0")/lib_hostile.sh"
# alone NAME COMMAND...: in a folder of its own; NAME.seen is all that can be seen of it.
alone() {
    local name=$1
    shift
    mkdir "$name.d"
    (
        cd "$name.d" || exit 99
        "$@" >"$WORK/$name.out" 2>&1 </dev/null
        echo "status $?" >>"$WORK/$name.out"
        { cat "$WORK/$name.out" && tree; } >"$WORK/$name.seen"
    )
}

# Two runs into one name at the same time: both run well, and each has a whole capture.
alone native "$GUESTS/hostile_limits" none
check "- two at once: what it does" grep -qx 'none done' native.out
for round in 1 2 3; do
    alone first$round traced "$WORK/both$round.bin" "$GUESTS/hostile_limits" none &
    first=$!
    alone second$round traced "$WORK/both$round.bin" "$GUESTS/hostile_limits" none
    wait $first
    check "- two at once $round: both run as without" eval "cmp native.seen first$round.seen && cmp native.seen second$round.seen"
    for capture in both$round both$round.2; do
        # The first may be over before the second begins, which then takes its name.
        [ $capture = both$round.2 ] && [ ! -e $capture.bin ] && ln both$round.bin $capture.bin
        asks $capture "a whole capture" 'f("/before")["writes"] == 100 and f("/after")["writes"] == 20000 and
            r["end"]["code"] == 5 and r["processes"] == 1 and r["coverage"]["dropped_records"] == 0'
    done
done
check "- two at once: nothing else is left" [ "$(ls | grep -c bin)" -eq 6 ]

# Read while it is being written: the reader copes with every state, and sees never less than the time before.
alone quiet "$GUESTS/hostile_signals" timer
mkfifo go
alone read traced "$WORK/live.bin" sh -c "read line <../go; exec $GUESTS/hostile_signals timer" &
writer=$!
exec 9>go # opened by both sides: there is a capture by now
echo go >&9
exec 9>&-
bad=0 before=0 rounds=0
while [ ! -e read.seen ]; do
    now=$("$ANALYZE" live.bin --format json 2>err | python3 -c 'import json, sys; print(json.load(sys.stdin)["runs"][0]["total"])') || bad=1
    [ "${now:-0}" -ge $before ] || { bad=1; echo "    $before then $now"; }
    before=${now:-0}
    grep -qi 'damage' err && { bad=1; sed 's/^/    /' err; }
    rounds=$((rounds + 1))
done
wait $writer
echo "    read $rounds times, at last $before calls"
check "- read while written: no complaint, never less" [ $bad -eq 0 -a $rounds -gt 0 -a $before -gt 0 ]
check "- read while written: the same with and without" cmp quiet.seen read.seen
asks live "the whole in the end" 'f("/loop")["writes"] == 300000 and f("/handler")["writes"] == f("/times")["writes"] >= 2000 and
    r["coverage"]["dropped_records"] == 0'
finish
