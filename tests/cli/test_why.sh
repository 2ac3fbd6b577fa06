#!/bin/sh
# The report says why: findings, causes, thresholds; on the casacore examples against complete strace logs.
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-$HERE/../../build}
EXAMPLES=${EXAMPLES:-$BUILD/examples}

# filling N FILE: N zero writes of 1000 bytes behind a header
filling() {
    {
        say 'execve("./prog", ["./prog"], 0x7ffc00000000 /* 9 vars */) = 0'
        say 'openat(AT_FDCWD, "/data/f", O_RDWR|O_CREAT|O_TRUNC, 0666) = 3'
        say 'write(3, "head", 4)                     = 4'
        for i in $(seq "$1"); do
            say 'write(3, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"..., 1000) = 1000'
        done
        say 'exit_group(0)                           = ?'
        say '+++ exited with 0 +++'
    } >"$2"
}

filling 8 rust_x.strace
filling 7 cpp_x.strace
run 0 "one that fills a file" rust_x.strace
has "the finding" "Rust: zero-fill of /data/f: 8 calls, 8000 bytes in 4 to 8004; would save 7 calls" out
has "its advice" "One fallocate or ftruncate" out
has "its evidence" "first: write(<f>, zeros[1000], 1000) = 1000" out
run 0 "one just under the threshold" cpp_x.strace
check "has no finding" [ "$(sed -n '/^## Findings/{n;p}' out)" = none ]
run 0 "a lower threshold" cpp_x.strace --threshold zero-fill.calls=7
has "finds it" "zero-fill of /data/f: 7 calls" out
run 0 "a higher threshold" rust_x.strace --threshold zero-fill.calls=9 --threshold zero-fill.bytes=1
check "does not" [ "$(sed -n '/^## Findings/{n;p}' out)" = none ]
run 2 "an unknown threshold" rust_x.strace --threshold zero-fill.cals=9
run 2 "a threshold that is no number" rust_x.strace --threshold zero-fill.calls=many
run 0 "the list of thresholds" --threshold help
has "has them with their source" "small-writes.share              10  Drishti" out
run 0 "a pair" rust_x.strace cpp_x.strace
has "has its cause" "1 of the 1 extra calls (100 %): zero-fill of /data/f, bytes 4 to 8004" out
check "before the categories" [ "$(grep -n '^## Where' out | cut -d: -f1)" -lt "$(grep -n '^## Category' out | cut -d: -f1)" ]
run 0 "in JSON" rust_x.strace cpp_x.strace --format json
check "findings and causes" python3 -c '
import json
report = json.load(open("out"))
assert [f["id"] for f in report["runs"][0]["findings"]] == ["zero-fill"]
assert report["runs"][0]["findings"][0]["ranges"] == [[4, 8004]]
assert report["runs"][1]["findings"] == []
causes = report["comparison"]["causes"]
assert sum(c["calls_diff"] for c in causes) == report["comparison"]["total_diff"] == 1'

if [ -d "$SHARED" ]; then
    for pair in "$SHARED"/rust_*.strace; do
        other=$(echo "$pair" | sed 's|/rust_|/cpp_|')
        [ -f "$other" ] || continue
        run 0 "published $(basename "$pair")" "$pair" "$other" --format json --output-dir d
        check "causes add up, or are null where a run is dead" python3 -c '
import json
report = json.load(open("out"))
causes, total = report["comparison"]["causes"], report["comparison"]["total_diff"]
dead = any(r["end"]["kind"] != "unknown" and r["end"]["code"] != 0 for r in report["runs"])
assert causes is None if dead else causes is None or sum(c["calls_diff"] for c in causes) == total'
    done
fi

if ! [ -x "$EXAMPLES/cpp_example" ] || ! [ -x "$EXAMPLES/rust_example" ] || ! strace -o probe true 2>/dev/null; then
    echo "skip 18 - the casacore examples (not built, or no strace)"
    finish
fi

# both ROWS RUST-ARGUMENTS / CPP-ARGUMENTS in the environment: captures and complete logs, each from nothing
both() {
    rm -rf work logged && mkdir work logged
    (cd work && SYSCAP_OUTPUT=$WORK/rust_c.bin LD_PRELOAD=$BUILD/libsyscap.so "$EXAMPLES/rust_example" $RUST_ARGS &&
        SYSCAP_OUTPUT=$WORK/cpp_c.bin LD_PRELOAD=$BUILD/libsyscap.so "$EXAMPLES/cpp_example" $CPP_ARGS)
    (cd logged && strace -f -s 10000000 -xx -y -o "$WORK/rust.log" "$EXAMPLES/rust_example" $RUST_ARGS &&
        strace -f -s 10000000 -xx -y -o "$WORK/cpp.log" "$EXAMPLES/cpp_example" $CPP_ARGS) 2>/dev/null
}

causes() { # NAME
    run 0 "$1" rust_c.bin cpp_c.bin --format json --output-dir d
    check "$1: zero-fill as strace has it" "$HERE/zero_writes.py" rust.log cpp.log out
    run 0 "$1: the text" rust_c.bin cpp_c.bin --output-dir d
}

for how in "table_put_row default none" "column_put_bulk default none" "row_put_bulk mmap tiled" \
    "table_put_cell buffer standard" "column_put cache tiled"; do
    set -- $how
    RUST_ARGS="--rows 1000 --initialize true --mode $1 --storage $2 --arrays $3"
    CPP_ARGS="--rows 1000 --initialize false --mode $1 --storage $2 --arrays $3"
    both
    causes "$how"
    [ "$how" != "table_put_row default none" ] ||
        has "names file, range and share" "extra calls (25 %): zero-fill of TABLE.ms/table.f0, bytes 512 to 66176" out
done
RUST_ARGS="--rows 1000 --initialize true"
CPP_ARGS=$RUST_ARGS
both
causes "equal parameters"
has "Rust's runtime is what remains" "What remains is Rust's runtime" out
finish
