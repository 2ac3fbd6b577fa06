#!/bin/bash
# A signal handler that does I/O at each single instruction of a recorded call.
. "$(dirname "$0")/lib_hostile.sh"
# The children: one for each instruction, or each third or eleventh of them, and the one that found none left. "fill" is
# what finds a record's memory pulled away; the mode's own share of a call is about 400 and 1,700 instructions.
for how in fill jump fork; do
    stride=11
    [ $how.$SYSCAP_MODE = fill.full ] && stride=3
    [ $how.$SYSCAP_MODE = fill.interpose ] && stride=1
    same $how "$GUESTS/hostile_step" $how $stride
    did $how "done, 0 children ended badly"
    asks $how "more instructions than without us were interrupted" "r['processes'] * $stride > (700 if full else 200)"
done
asks fill "every call of every handler" 'c.get("openat", 0) + c.get("open", 0) == 2 + 8 * (r["processes"] - 2)'
asks fill "every interrupted call" 'f("/null")["writes"] == 2 * (r["processes"] - 1)'
asks fill "nothing dropped, none unfinished" 'r["coverage"]["dropped_records"] == 0 and r["writes"]["unfinished"] == 0'
asks jump "every call after the jump" 'f("/after")["writes"] == 10 * (r["processes"] - 1) and
    f("/after")["bytes_written"] == 50 * (r["processes"] - 1)'
asks jump "nothing dropped" 'r["coverage"]["dropped_records"] == 0'
asks fork "every grandchild" 'r["processes"] % 2 == 0 and f("/zero")["writes"] == (r["processes"] - 2) / 2'
asks fork "every interrupted call" 'f("/null")["writes"] == (r["processes"] - 2) + 2'
finish
