#!/bin/bash
# What a capture says of each call equals what strace's log of the same program says, once both are formatted: in both
# modes. Differences that are justified stand in the function "alike", each with its reason.
. "$(dirname "$0")/../lib.sh"

if ! strace -o /dev/null true 2>/dev/null; then
    skip 5 "- capture and strace agree" "strace can't trace here"
    finish
fi

# sections FILE: the lines of the sections below the timeline, which have their results, from the mark on.
sections() {
    awk '/^## / { on = !/TIMELINE|SUMMARY/; file = /FILE_OPS/; marked = 0 }
         on && /^[a-z]/ { if (file && !marked) { marked = /^close\(-1001\)/; next } print }' "$1"
}

# alike: takes away, on both sides, what only one of them can know.
alike() {
    # The folder in which the program started: a capture knows it and calls it CWD, a log does not.
    sed -e 's/<\.>/<CWD>/' -e 's/^getcwd("[^"]*", 8192) = [0-9]*$/getcwd("CWD", 8192) = N/'
}

mkdir run && cd run && strace -f -s 100000 -o "$WORK/log.strace" "$GUESTS/telling" </dev/null >/dev/null 2>&1
cd "$WORK" || exit 1
# From the mark on: what the loader did before is not in a capture.
awk '/close\(-1001\)/ { on = 1 } on' log.strace >cut.strace
check "- strace saw the guest to its end" grep -q 'exited with 0' cut.strace
"$ANALYZE" cut.strace -o log.txt >/dev/null 2>err
for mode in interpose full; do
    rm -rf run && mkdir run && cd run || exit 1
    SYSCAP_MODE=$mode traced "$WORK/$mode.bin" "$GUESTS/telling" </dev/null >/dev/null 2>&1
    cd "$WORK" || exit 1
    "$ANALYZE" $mode.bin -o $mode.txt >/dev/null 2>>err
    sections log.txt | alike >want
    sections $mode.txt | alike >got
    check "- $mode: more than 200 calls" test "$(wc -l <got)" -gt 200
    if cmp -s want got; then
        ok "- $mode: every line equals strace's"
    else
        diff want got | grep '^[<>]' | head -${SHOW:-40}
        not_ok "- $mode: every line equals strace's"
    fi
done
finish
