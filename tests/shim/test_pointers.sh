#!/bin/bash
# Pointers that the kernel refuses or takes half of.
. "$(dirname "$0")/../lib.sh"
same pointers "$GUESTS/bad_pointers"
did pointers "write(zeros, NULL, 10): -1 errno 14"
did pointers "write(zeros, half, 8192): 4096 errno 0"
did pointers "write(last, half, 8192): 4096 errno 0"
did pointers "write(null, NULL, 10): 10 errno 0"
did pointers "write(cut, long_zeros, 8192): 4096 errno 0"
asks pointers "the half that was written is zero" \
    'f("half_zeros")["zero_writes"] == 1 and f("half_zeros")["zero_bytes"] == 4096 == f("half_zeros")["bytes_written"]'
asks pointers "one byte at the end of the half is data" \
    'f("half_data")["zero_writes"] == 0 and f("half_data")["bytes_written"] == 4096'
asks pointers "what the limit cut off is not looked at" \
    'f("/cut")["zero_bytes"] == 4096 and f("/cut")["bytes_written"] == 4096 + 8192 and f("/cut")["zero_writes"] == 1'
asks pointers "bytes that no one read are unseen" 'r["writes"]["unseen"] >= 3'
asks pointers "null device: never zero, never data" 'f("/dev/null")["zero_writes"] == 0'
asks pointers "across pieces: one byte makes it data" \
    'len(lines(r"^(\S+ )?writev\(.*iovs.* = 150$")) >= 2 and f("/iovs")["zero_bytes"] < f("/iovs")["bytes_written"]'
asks pointers "refused ones are failed writes" 'len(lines(r"write\(.*= -1 EFAULT")) >= 3'
asks pointers "a run that ended well" 'r["end"]["kind"] == "exited" and r["end"]["code"] == 0'
finish
