#!/bin/bash
# A stack that is remembered is never taken for another one: each way that the guest went is there as often as it went it.
. "$(dirname "$0")/../lib.sh"
# A walk by musl's symbols knows no frame of changing size.
[ "${TEST_LIBC-}" != musl ] || { skip 2 "ways" "no frames of changing size with musl"; finish; }
for depth in 16 64; do
    rm -f ways.bin
    SYSCAP_STACK=$depth traced "$WORK/ways.bin" "$GUESTS/walks" >went
    "$ANALYZE" ways.bin --trace lseek --export folded=folded >/dev/null 2>err
    sed -nE 's/.*;(outer_[0-9]);(upper_[0-9]);middle;bottom.* ([0-9]+)$/\1;\2 \3/p' folded | LC_ALL=C sort >ways
    check "- stacks of $depth: each way as often as the guest went it" cmp went ways
done
finish
