#!/bin/bash
# kill -9 in the middle of write loops: every write whose bytes are in the file is in the capture, finished or as the one
# that was under way; and no other.
. "$(dirname "$0")/../lib.sh"

# written THREADS BYTES: the first file has that many bytes, and each of the others some. One whose open was not over when
# the kill came is there too, and its call is known without its name.
written() {
    local sizes
    mapfile -t sizes < <(stat -c %s loop* 2>/dev/null)
    [ ${#sizes[@]} -eq "$1" ] && [[ " ${sizes[*]} " != *' 0 '* ]] && [ "${sizes[0]}" -ge "$2" ]
}

# kill_at NAME THREADS BYTES: kills when that much is written.
kill_at() {
    mkdir "$1.d"
    cd "$1.d" || exit 1
    LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/$1.bin "$GUESTS/write_loop" "$2" &
    local pid=$! tries=0
    until written "$2" "$3" || [ $tries -ge 6000 ]; do
        tries=$((tries + 1))
    done
    kill -9 $pid
    wait $pid 2>/dev/null
    SIZES=$(stat -c '"%n":%s' loop* | paste -sd,)
    cd ..
    # "writes" of a file has the one that was under way in it, its bytes are those of finished ones.
    asks "$1" "no finished write is lost" "all(f('/' + name)['bytes_written'] <= size <= f('/' + name)['bytes_written'] + 8
        for name, size in {$SIZES}.items())"
    asks "$1" "what is missing is marked as unfinished" "(lambda missing: 0 <= missing <= r['writes']['unfinished'] <= $2)(
        sum({$SIZES}.values()) // 8 - r['writes']['data'])"
    asks "$1" "the run has no end" 'r["end"]["kind"] == "unknown"'
    check "- $1: enough was written" [ "$(stat -c %s "$1.d/loop0")" -ge "$3" ]
}
for size in 8 1000 40000 400000 4000000; do
    kill_at one_$size 1 $size
done
for size in 8 80000 800000; do
    kill_at four_$size 4 $size
done
"$ANALYZE" "$WORK/one_1000.bin" >out 2>err
check "- the report says unknown" grep -qE '^one_1000: +unknown' out
"$ANALYZE" one_1000.bin four_8.bin --format json >pair.json 2>err
check "- not comparable" python3 -c 'import json; c = json.load(open("pair.json"))["comparison"]
assert c["comparable"] is False and c["why_not"]'
"$ANALYZE" one_1000.bin --assert 'A.writes.zero == 0' >out 2>err
check "- an assertion fails" [ $? -eq 1 ]
finish
