#!/bin/bash
# What a program may do with rings of io_uring and few do: it does not notice, and no number is wrong.
. "$(dirname "$0")/lib_uring.sh"
rings_or_skip 47 uring_odd

same uring_handler "$GUESTS/uring_odd" handler
did uring_handler "outer 3010 inner 700"
counts uring_handler outer 0 30 30 0 3000 30
counts uring_handler inner 0 10 0 0 700 10
requests uring_handler 50 50

same uring_unfinished "$GUESTS/uring_odd" unfinished
did uring_unfinished "all are there"
counts uring_unfinished unfinished 0 4 0 0 400 4
requests uring_unfinished 4 4

same uring_table "$GUESTS/uring_odd" table
did uring_table "half 1"
counts uring_table first 0 1 0 0 10 1
counts uring_table second 0 2 0 0 120 2
counts uring_table third 0 1 0 0 100 1

same uring_silent "$GUESTS/uring_odd" silent
did uring_silent "silent"
counts uring_silent other 100 1 0 10000 100 100
asks uring_silent "none is taken for one that says nothing" 'f("/silent")["writes"] == 0'
requests uring_silent 200 100

# What a chain reads into a buffer is not there when the chain is handed over.
same uring_copy "$GUESTS/uring_odd" copy
did uring_copy "drained 1000"
counts uring_copy to 0 3 0 0 3000 3
counts uring_copy drained 0 3 2 0 530 4
requests uring_copy 11 11

same uring_kept "$GUESTS/uring_odd" kept
did uring_kept "kept 63"
counts uring_kept kept 0 6 0 0 63 6
requests uring_kept 6 6

same uring_indexes "$GUESTS/uring_odd" indexes
did uring_indexes "wrote 1000"
if grep -qx "no such ring" "$WORK/uring_indexes.native"; then
    skip 3 uring_indexes "this kernel has no rings without descriptors"
else
    counts uring_indexes indexes 0 108 0 0 1080 108
    requests uring_indexes 108 108
    asks uring_indexes "stdout is no ring" \
        'f("stdout")["bytes_written"] >= 7 and not any(x["writes"] for x in r["files"] if "io_uring" in x["path"])'
fi

same uring_resized "$GUESTS/uring_odd" resized
if grep -q "^not\|^no such" "$WORK/uring_resized.native"; then
    skip 2 uring_resized "this kernel has no rings that grow"
else
    did uring_resized "resized 501"
    counts uring_resized resized 0 51 0 0 501 51
fi

# A ring in memory that the program moved is lost sight of, which is said.
same uring_moved "$GUESTS/uring_odd" moved
if grep -q "^not\|^no such" "$WORK/uring_moved.native"; then
    skip 3 uring_moved "this kernel has no rings in the program's own memory"
else
    did uring_moved "moved 11"
    requests uring_moved 6 1
    asks uring_moved "what was written after that is in no count" 'f("/moved")["bytes_written"] == 1'
fi

same uring_classes "$GUESTS/uring_odd" classes
did uring_classes "same number 1, wrote 100"
asks uring_classes "what a ring opened is looked at, whatever had the number before" \
    'sum(x["zero_writes"] for x in r["files"]) == 2'

same uring_inherited "$GUESTS/uring_odd" inherited
did uring_inherited "wrote 23"
counts uring_inherited inherited 0 4 0 0 23 4
requests uring_inherited 5 4
finish
