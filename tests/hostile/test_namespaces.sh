#!/bin/bash
# A fork is told by no number, nothing of ours takes one, and nothing of ours is a namespace's first process.
. "$(dirname "$0")/lib_hostile.sh"
if ! unshare --pid --fork true 2>/dev/null; then
    skip 13 "namespaces of process numbers" "no right to make one here"
    finish
fi
same first "$GUESTS/namespaces" first
did first "first done"
asks first "both processes" 'f("/first")["writes"] == 100 and f("/second")["writes"] == 100 and r["processes"] == 3'
same nested "$GUESTS/namespaces" nested
did nested "nested done"
asks nested "parent and child of one number are two processes" 'f("/outer")["writes"] == 100 and f("/inner")["writes"] == 20000 and
    r["processes"] == 3 and r["coverage"]["dropped_records"] == 0'
check "- nested: and the capture is no larger than that takes" [ "$(stat -c %s nested.bin)" -lt 4000000 ]
same numbers "$GUESTS/namespaces" numbers
did numbers "numbers done"
asks numbers "all writes" 'f("/numbers")["writes"] == 20030 and r["coverage"]["dropped_records"] == 0'
same large "$GUESTS/namespaces" large
did large "large done"
asks large "all writes" 'f("/large")["writes"] == 100000 and f("/child")["writes"] == 10 and r["coverage"]["dropped_records"] == 0'
finish
