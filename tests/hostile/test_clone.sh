#!/bin/bash
# clone without shared memory, by libc and by number, vfork, and a clone in a signal handler.
. "$(dirname "$0")/lib_hostile.sh"
for how in clone raw handler vfork; do
    same $how "$GUESTS/hostile_clone" $how
    did $how "$how done"
    asks $how "every write of parent and children" 'f("/written")["bytes_written"] == 50 * 6 + 5 * 50 * (5 if c["write"] > 120 else 1) and
        f("/written")["writes"] in (50 + 250, 50 + 50)'
    asks $how "nothing dropped" 'r["coverage"]["dropped_records"] == 0 and r["end"]["code"] == 0'
done
for how in clone raw handler; do
    asks $how "every child a process" 'r["processes"] == 51 and f("/written")["writes"] == 300'
    asks $how "how each ended" 'len(r["failed_children"]) == 50'
done
asks vfork "those that execed are processes" 'f("/written")["writes"] == 100 and r["processes"] == (51 if full else 26)'
finish
