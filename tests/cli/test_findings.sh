#!/bin/sh
# Findings from real programs in both modes and from a log, since the unit tests hand the model its events: flags of an
# open, what a process is made by, a listing and a rename come out of each source in another way.
. "$(dirname "$0")/lib.sh"
BUILD=$(cd "${BUILD:-$HERE/../../build}" && pwd)

# recorded HOW COMMAND: into the file capture, with what it leaves beside it
recorded() {
    rm -rf run && mkdir run run/in && (cd run && head -c 65536 /dev/urandom >data && cd in && seq 50 | xargs touch)
    if [ "$1" = strace ]; then
        (cd run && strace -f -T -xx -y -o ../capture sh -c "$2") >/dev/null 2>&1
    else
        (cd run && SYSCAP_MODE=$1 SYSCAP_OUTPUT=$WORK/capture LD_PRELOAD=$BUILD/libsyscap.so sh -c "$2") >/dev/null 2>&1
    fi
    "$ANALYZE" capture --format json --output-dir d >out 2>err
}

# finds NAME ID FILE CALLS: FILE by its end, "" where it is about none; CALLS "" for any number
finds() {
    check "$1" python3 -c '
import json, sys
found = [f for f in json.load(open("out"))["runs"][0]["findings"] if f["id"] == sys.argv[1]]
found = [f for f in found if (f["file"] or "").endswith(sys.argv[2])]
assert len(found) == 1 and sys.argv[3] in ("", str(found[0]["calls"])), found' "$2" "$3" "$4"
}

lacks() {
    check "$1" python3 -c '
import json, sys
assert sys.argv[1] not in [f["id"] for f in json.load(open("out"))["runs"][0]["findings"]]' "$2"
}

for how in interpose full strace; do
    if [ $how = strace ] && ! strace -o probe true 2>/dev/null; then
        echo "skip 8 - the same by strace, which is not there"
        continue
    fi
    recorded $how "dd if=data of=out bs=2048 oflag=dsync"
    finds "$how: what was opened with O_DSYNC" synchronous-open out 32
    finds "$how: a copy by hand" copy-by-hand out 32
    lacks "$how: and no storm" process-storm
    recorded $how "dd if=data of=out bs=65536; mv out new"
    lacks "$how: what is written at once is nothing" copy-by-hand
    finds "$how: but its rename without a sync is told" rename-unsynced new 1
    recorded $how "dd if=data of=out bs=65536 conv=fsync; mv out new"
    lacks "$how: and with one is not" rename-unsynced
    recorded $how 'i=0; while [ $i -lt 40 ]; do env true; i=$((i + 1)); done'
    finds "$how: a storm of processes" process-storm "" ""
    recorded $how 'for i in 1 2 3 4 5 6 7 8 9; do : <data; done'
    finds "$how: a file that one process opens nine times" repeated-open data 9
    recorded $how 'for i in 1 2 3 4 5 6 7 8 9; do cat data; done'
    lacks "$how: nine that open it once each" repeated-open
    # libc lists a directory inside itself, which only the others see.
    recorded $how "ls -l in"
    if [ $how = interpose ]; then
        lacks "$how: a listing is not seen" stat-per-entry
    else
        finds "$how: a stat for each entry" stat-per-entry in 50
    fi
done
finish
