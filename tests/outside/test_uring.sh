#!/bin/bash
# A program that others wrote and that uses io_uring: qemu-img makes as many requests as it is told to, by liburing.
. "$(dirname "$0")/lib_outside.sh"
cd "$WORK" || exit 1
TESTS=10
if ! have qemu-utils || ! { head -c 8M /dev/zero >disk && qemu-img bench -i io_uring -c 1 -f raw disk >/dev/null 2>&1; }; then
    skip "$TESTS" qemu-img "no qemu-img with io_uring"
    finish
fi
TEST_MODE=full # liburing makes its calls by itself

# bench NAME READS WRITES OPTIONS...
bench() {
    local job=$1 reads=$2 writes=$3
    shift 3
    side full "$WORK/$job.bin" qemu-img bench -i io_uring -f raw "$@" disk >"$job.out" 2>"$job.err"
    check "- qemu-img $job: it ended well" test $? -eq 0
    json "$job"
    asks "$job" "as many as it was told to" "f('/disk')['requests'] in ($reads + $writes, $reads + $writes + 1) and f('/disk')['writes'] == $writes and $reads <= f('/disk')['reads'] < $reads + 10"
    asks "$job" "no request is missing" \
        'r["coverage"]["io_uring_requests"] == r["coverage"]["io_uring_requests_told"] >= 300 and r["coverage"]["complete"]'
}

bench reads 300 0 -c 300 -d 16 -s 4096
bench writes 0 400 -c 400 -d 1 -w -s 4096
asks writes "all of them zeros" 'f("/disk")["zero_writes"] == 400 and f("/disk")["bytes_written"] == 400 * 4096'
bench direct 500 0 -c 500 -d 64 -s 512 -t none
finish
