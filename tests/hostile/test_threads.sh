#!/bin/bash
# Threads by the ten thousand, on tiny stacks, cancelled, forking, the last one leaving, and one that closes what it finds.
. "$(dirname "$0")/lib_hostile.sh"
T=$GUESTS/hostile_threads
same many "$T" many
did many "many done"
asks many "every write" 'f("/shared")["writes"] == 40000 and f("/shared")["bytes_written"] == 160000'
asks many "every thread" 'r["threads"] == 10001 and r["coverage"]["dropped_records"] == 0'
"${CC:-cc}" -O2 -o used "$LIB_ROOT/bench/used.c" || not_ok "- used builds"
# small_enough NAME LEAST ALIVE: on disk at most (the file ends with a hole) twice the bytes of its records, which are more than
# LEAST, and 64 KiB for each of the threads that lived at once.
small_enough() {
    local used blocks
    used=$(./used "$1.bin") && blocks=$(($(stat -c %b "$1.bin") * 512))
    echo "    records $used, on disk $blocks"
    check "- $1: the capture's size" [ "$2" -lt "$used" -a "$blocks" -le $((2 * used + $3 * 65536)) ]
}
small_enough many 300000 9

same alive "$T" alive
did alive "alive done"
asks alive "every write of every thread" 'f("/shared")["writes"] == 16000 and r["threads"] == 2001 and
    r["coverage"]["dropped_records"] == 0'
small_enough alive 100000 2001

same small "$T" small
did small "small done"
asks small "every write" 'f("/shared")["writes"] == 100000 and r["threads"] == 21'
asks small "every path" 'c["openat"] >= 1001 and r["coverage"]["dropped_records"] == 0'

same cancel "$T" cancel
did cancel "cancel done"
asks cancel "every write in between" 'f("/shared")["writes"] == 350 and r["threads"] == 351'

same fork "$T" fork
did fork "fork done"
asks fork "every child's writes" 'f("/shared")["writes"] == 1000 and r["processes"] == 201'
asks fork "how every child ended" 'len(r["failed_children"]) == 200 and {x["end"]["code"] for x in r["failed_children"]} == {3}'

same last "$T" last
asks last "the last thread's writes" 'f("/shared")["writes"] == 1000'
asks last "the end" 'r["end"]["kind"] == "exited" and r["end"]["code"] == 0'

same system "$T" system
did system "system done, the environment differs in 0"
asks system "every child of every shell" 'r["processes"] >= 1 + 3 * (3 * 20 + 20) and r["coverage"]["dropped_records"] == 0'

same close "$T" close
did close "close: met 0"
asks close "every call" 'f("/t0")["writes"] == 100000 == f("/t1")["writes"] and r["coverage"]["dropped_records"] == 0'
finish
