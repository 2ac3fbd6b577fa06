#!/bin/bash
# Threads by the ten thousand, on tiny stacks, cancelled, forking, the last one leaving, and one that closes what it finds.
. "$(dirname "$0")/lib_hostile.sh"
T=$GUESTS/hostile_threads
same many "$T" many
did many "many done"
asks many "every write" 'f("/shared")["writes"] == 40000 and f("/shared")["bytes_written"] == 160000'
asks many "every thread" 'r["threads"] == 10001 and r["coverage"]["dropped_records"] == 0'
# small_enough NAME LEAST ALIVE: on disk at most (the file ends with a hole) twice the bytes of its records, as the chunks
# say, which are LEAST or more, and 64 KiB for each of the threads that lived at once.
small_enough() {
    python3 - "$@" >sizes <<'PYTHON'
import os, struct, sys
name, least, alive = sys.argv[1] + ".bin", int(sys.argv[2]), int(sys.argv[3])
data = open(name, "rb").read()
first, = struct.unpack_from("<I", data, 12)
at, used = first, 0
while at + 256 <= len(data):
    magic, nonce, size = struct.unpack_from("<QQI", data, at)
    if magic != 0x4b4e484353435953:
        at += 4096
        continue
    used += struct.unpack_from("<I", data, at + 64)[0]
    at += size
blocks = os.stat(name).st_blocks * 512
print("stored", used, "file", len(data), "on disk", blocks)
print("ok" if least < used and blocks <= 2 * used + alive * 65536 else "too large")
PYTHON
    sed 's/^/    /' sizes
    check "- $1: the capture's size" grep -qx ok sizes
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
