#!/bin/bash
# However a process ends: each call that was finished is in the capture, and each that a thread was in is marked as
# unfinished.
. "$(dirname "$0")/lib_hostile.sh"
E=$GUESTS/hostile_ends
for how in kill segv stack abort _exit quick_exit exit exec; do
    same $how "$E" $how
    did $how "$how begun"
    asks $how "every finished write" 'f("/written")["writes"] == 10 and f("/written")["bytes_written"] == 80 and
        r["threads"] == 4 and r["coverage"]["dropped_records"] == 0'
    # In full mode the signal's own call, from which nobody comes back, is one as well.
    own=0
    case $how in kill | abort) own=1 ;; esac
    asks $how "the readers and the one that waits for a lock are in their calls" "
        [len(lines(p)) for p in (r'\\bread\(.*<unfinished', r'flock\(.*<unfinished', '<unfinished')] == [2, 1, 3 + full * $own]"
done
asks exec "the next program is in it too" 'r["end"]["code"] == 3 and lines(r"write\(.*data\[9\], 9\) = 9")'

same second "$E" second
did second 'replaced'
asks second "each thread's calls before the exec are compared with the kernel's" 'r["coverage"]["write_calls_kernel"] is not None and
    r["coverage"]["write_calls_excess"] == 0 and f("/written")["writes"] == 11 and (not full or r["coverage"]["complete"])'

# What a scheduler may come upon is not there each time.
unknown=0
for i in $(seq 50); do
    rm -f written
    "$RECORD" -q -o starting.bin "$E" starting
    [ $? -eq 4 ] && "$ANALYZE" starting.bin --format json 2>/dev/null | grep -q '"write_calls_kernel": [0-9]' || unknown=$((unknown + 1))
done
check "- starting: threads that begin while the process ends leave nothing unknown" [ $unknown -eq 0 ]

same last "$E" last
did last "last begun"
asks last "what the last threads did" 'f("/written")["writes"] == 20 and f("/written")["bytes_written"] == 120'
asks last "nothing is unfinished, and how it ended" 'not lines("<unfinished") and r["threads"] == 3 and
    r["end"]["kind"] == "exited" and r["end"]["code"] == 0'

same handler "$E" handler
did handler "handler begun"
check "- handler: it was killed" grep -qx 'status 137' handler.native
asks handler "every finished write" 'f("/written")["writes"] == 10'
asks handler "the handler's call is marked, and the one that it interrupted" 'len(lines(r"read\(.*<unfinished")) == 2'
finish
