#!/bin/bash
# fio counts its own I/O: what libaio and io_uring did on a file is what fio says it did, request by request; and of what
# the engine that maps the file did, each page.
. "$(dirname "$0")/../lib.sh"

TESTS=67
ENGINE=libaio
if ! command -v fio >/dev/null || ! fio --enghelp 2>/dev/null | grep -qw libaio; then
    skip "$TESTS" fio "no fio with libaio"
    finish
fi

# The engine's options, and what else is asked for. The file is there before, so that fio writes nothing by calls.
judge() { # NAME OPTIONS...
    local name=$1
    shift
    head -c 1M /dev/urandom >"$WORK/data"
    traced "$WORK/$name.bin" fio --name=job --ioengine=$ENGINE --bs=4k --size=1m --thread --filename="$WORK/data" \
        --output-format=json --output="$WORK/$name.fio" "$@" >/dev/null 2>"$WORK/$name.err"
    json "$name"
    check "- fio $name: as many and as much" python3 - "$WORK/$name.fio" "$WORK/$name.json" <<'PYTHON'
import json, sys
fio = json.load(open(sys.argv[1]))["jobs"]
run = json.load(open(sys.argv[2]))["runs"][0]
data, = (f for f in run["files"] if f["path"].endswith("/data"))
def total(way, key): return sum(job[way][key] for job in fio)
theirs = [total("read", "total_ios"), total("read", "io_bytes"), total("write", "total_ios"), total("write", "io_bytes")]
ours = [data[key] for key in ("reads", "bytes_read", "writes", "bytes_written")]
seen = run["coverage"]
told = seen["aio_requests"] + seen["io_uring_requests"] == seen["aio_requests_told"] + seen["io_uring_requests_told"] == data["requests"]
if theirs != ours or (seen["aio_contexts"] + seen["io_urings"] and not told) or not sum(theirs):
    sys.exit("    fio %s, ours %s, coverage %s" % (theirs, ours, seen))
PYTHON
}

# The same through memory. fio touches each block once; blocks that it only stores into are found and no others, and
# where it reads some as well their pages are among those that are found.
mapped() { # NAME OPTIONS...
    local name=mapped_$1
    shift
    [ -e "$WORK/data" ] || head -c 1M /dev/urandom >"$WORK/data"
    traced "$WORK/$name.bin" fio --name=job --ioengine=mmap --bs=4k --size=1m --thread --filename="$WORK/data" \
        --output-format=json --output="$WORK/$name.fio" "$@" >/dev/null 2>"$WORK/$name.err"
    json "$name"
    check "- fio $name: as many pages" python3 - "$WORK/$name.fio" "$WORK/$name.json" "$name" <<'PYTHON'
import json, sys
fio = json.load(open(sys.argv[1]))["jobs"]
run = json.load(open(sys.argv[2]))["runs"][0]
data, = (f for f in run["files"] if f["path"].endswith("/data"))
reads, writes = (sum(job[way]["io_bytes"] for job in fio) // 4096 for way in ("read", "write"))
zeros = writes if sys.argv[3] == "mapped_zeros" else 0
theirs = [min(reads + writes, 256) if writes else 0, zeros, writes > 0, 0]
ours = [data["touched_pages"], data["touched_zero_pages"], run["coverage"]["file_mappings"] > 0,
        run["coverage"]["file_mappings_missed"]]
bound = run["mapped"]["written_pages_at_most"]
if theirs != ours or bound < min(writes, 256) or data["reads"] or data["writes"] or not reads + writes:
    sys.exit("    fio %s, ours %s of at most %s" % (theirs, ours, bound))
PYTHON
}

for way in read write randrw; do
    for depth in 1 8 32; do judge "${way}_$depth" --rw=$way --iodepth=$depth; done
done
judge direct --rw=randrw --iodepth=8 --direct=1
judge batch --rw=randread --iodepth=32 --iodepth_batch_submit=16 --iodepth_batch_complete_min=4
judge reaped --rw=randrw --iodepth=16 --iodepth_batch_complete_min=0 --userspace_reap
judge zeros --rw=write --iodepth=4 --zero_buffers
asks zeros "all of them zeros" 'f("/data")["zero_writes"] == 256'
judge jobs --rw=randrw --iodepth=4 --numjobs=3
judge processes --rw=randwrite --iodepth=4 --numjobs=2 --thread=0
judge calls --rw=write --zero_buffers --ioengine=psync
mapped read --rw=read
mapped write --rw=write
mapped randrw --rw=randrw
mapped randwrite --rw=randwrite --io_size=512k
mapped synced --rw=write --fsync=16
mapped jobs --rw=randwrite --numjobs=3
mapped processes --rw=randwrite --numjobs=2 --thread=0
mapped zeros --rw=write --zero_buffers
rm -f "$WORK/data"
mapped made --rw=write
"$ANALYZE" "$WORK/zeros.bin" "$WORK/calls.bin" --label requests,calls --format json >"$WORK/pair.json" 2>/dev/null
check "- requests and calls that do the same are one cause" python3 - "$WORK/pair.json" <<'PYTHON'
import json, sys
report = json.load(open(sys.argv[1]))
found, = (c for c in report["comparison"]["causes"] if c["pattern"] == "zero-fill")
finding, = (f for f in report["runs"][0]["findings"] if f["id"] == "zero-fill")
sys.exit((found["calls"], found["requests"], found["bytes"], finding["requests"]) != ([0, 256], [256, 0], [1 << 20, 1 << 20], 256))
PYTHON

# Engines that make calls: what they do is in the calls alone.
if [ "${TEST_MODE:-}" = full ]; then
    for ENGINE in sync psync vsync pvsync pvsync2 posixaio splice; do
        for way in read write randrw; do
            judge "${ENGINE}_$way" --rw=$way
        done
    done
else
    skip 21 fio "posixaio's calls are libc's own"
fi

# What is thrown away is a call for each piece, whatever the engine; of a block device alone.
truncate -s 1M "$WORK/disk"
if device=$(losetup -f --show "$WORK/disk" 2>/dev/null); then
    for ENGINE in psync libaio; do
        traced "$WORK/trim_$ENGINE.bin" fio --name=job --ioengine=$ENGINE --rw=trim --bs=4k --size=1m --thread --filename="$device" \
            --output-format=json --output="$WORK/trim.fio" >/dev/null 2>&1
        json trim_$ENGINE
        trims=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["jobs"][0]["trim"]["total_ios"])' "$WORK/trim.fio")
        check "- fio trim by $ENGINE: as many" [ "$("$ANALYZE" --calls "$WORK/trim_$ENGINE.bin" 2>/dev/null | grep -c 'ioctl(.*BLKDISCARD')" = "$trims" -a "$trims" = 256 ]
    done
    losetup -d "$device"
else
    skip 2 'fio trim' 'no loop device is to be had'
fi

# The same by io_uring: in interpose mode fio's own system call instructions are not seen.
ENGINE=io_uring
if [ "${TEST_MODE:-}" != full ] || ! fio --name=job --ioengine=io_uring --rw=read --size=4k --thread --filename="$WORK/data" >/dev/null 2>&1; then
    skip 17 fio "no io_uring, or not in full mode"
    finish
fi
for way in read write randrw; do
    for depth in 1 8 32; do judge "uring_${way}_$depth" --rw=$way --iodepth=$depth; done
done
judge uring_direct --rw=randrw --iodepth=8 --direct=1
judge uring_vectors --rw=randrw --iodepth=8 --nonvectored=0
judge uring_fixed --rw=randrw --iodepth=8 --fixedbufs --registerfiles
judge uring_batch --rw=randread --iodepth=32 --iodepth_batch_submit=16 --iodepth_batch_complete_min=4
judge uring_async --rw=randrw --iodepth=16 --force_async=4
judge uring_zeros --rw=write --iodepth=4 --zero_buffers
asks uring_zeros "all of them zeros" 'f("/data")["zero_writes"] == 256'
judge uring_processes --rw=randwrite --iodepth=4 --numjobs=2 --thread=0
finish
