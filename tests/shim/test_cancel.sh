#!/bin/bash
# Cancellation points stay cancellation points, and a cancelled thread leaves nothing locked.
. "$(dirname "$0")/../lib.sh"
same cancel "$GUESTS/cancel"
for way in read readv write writev open openat fcntl lockf waitpid wait; do
    did cancel "$way cancelled"
done
did cancel "done"
asks cancel "recording goes on" 'f("/written")["writes"] == 10'
asks cancel "threads counted" 'r["threads"] == 12 and r["processes"] == 2'
asks cancel "nothing dropped" 'r["coverage"]["dropped_records"] == 0'
finish
