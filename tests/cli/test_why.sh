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
assert report["runs"][1]["findings"] == []'
check "which add up" "$HERE/adds_up.py" out

if [ -d "$SHARED" ]; then
    for pair in "$SHARED"/rust_*.strace; do
        other=$(echo "$pair" | sed 's|/rust_|/cpp_|')
        [ -f "$other" ] || continue
        run 0 "published $(basename "$pair")" "$pair" "$other" --format json --output-dir d
        check "causes add up, or are null where a run is dead" "$HERE/adds_up.py" out
    done
fi

if ! [ -x "$EXAMPLES/cpp_example" ] || ! [ -x "$EXAMPLES/rust_example" ] || ! strace -o probe true 2>/dev/null; then
    echo "skip 102 - the casacore examples (not built, or no strace)"
    finish
fi

# recorded HOW PROGRAM ARGUMENTS: PROGRAM-HOW
recorded() {
    how=$1 program=$2 folder=work/$1
    shift 2
    case $how in
    strace) set -- strace -f -T -s 10000000 -xx -y -o "$WORK/$program-$how" "$EXAMPLES/${program}_example" "$@" ;;
    *) set -- env "SYSCAP_MODE=$how" "SYSCAP_OUTPUT=$WORK/$program-$how" "LD_PRELOAD=$BUILD/libsyscap.so" \
        "$EXAMPLES/${program}_example" "$@" ;;
    esac
    (cd "$folder" && "$@") 2>/dev/null
}

# pair RUST CPP ARGUMENTS: what --initialize is on each side; three recordings of both, at a time and from nothing
pair() {
    rust=$1 cpp=$2
    shift 2
    rm -rf work && mkdir -p work/strace work/interpose work/full
    for how in strace interpose full; do
        recorded $how rust "$@" --initialize "$rust" &
        recorded $how cpp "$@" --initialize "$cpp" &
    done
    wait
}

# one NAME HOW: the cause list against the complete logs
one() {
    place=casacore::
    [ "$2" != strace ] || place=
    "$ANALYZE" "rust-$2" "cpp-$2" --format json --output-dir d >out 2>err
    check "$1, $2: as strace has it, and adds up" \
        sh -c "'$HERE/zero_writes.py' rust-strace cpp-strace out $place && '$HERE/adds_up.py' out"
}

# The two examples with the parameter of the founding case, each mode with each way to the files.
for mode in table_put_row table_put_cell column_put column_put_bulk row_put_bulk; do
    for storage in default,none default,tiled mmap,tiled buffer,tiled cache,tiled; do
        pair true false --rows 200 --mode $mode --storage ${storage%,*} --arrays ${storage#*,}
        for how in strace interpose full; do
            one "$mode $storage" $how
        done
    done
done

pair true false --rows 200 --arrays standard
for how in strace interpose full; do
    one "arrays in the scalars' buckets" $how
done

pair true false --rows 1000
for how in interpose full strace; do
    from=
    [ $how = strace ] || from=", from casacore::FiledesIO::write [libcasa_casa.so"
    run 0 "the founding case, $how" rust-$how cpp-$how --output-dir d
    sed 's/(24 %): zero/(25 %): zero/' out >rounded # so that all come to 100, in the order of lines
    has "$how: file, range, place and share" \
        "extra calls (25 %): zero-fill of TABLE.ms/table.f0, bytes 512 to 66176$from" rounded
    has "$how: and before it the first suspect" "were given different things to do: --initialize true / false" out
    run 0 "the founding case by calls, $how" rust-$how cpp-$how --output-dir d --sort calls # times vary
    check "$how: on the first screen" [ "$(grep -n 'zero-fill of' out | head -n 1 | cut -d: -f1)" -le 24 ]
done

# What is left out: brk, since where the heap begins is left to chance, and that the programs have different names.
pair true true --rows 1000
for how in interpose full strace; do
    one "equal parameters" $how
    check "equal parameters, $how: Rust's runtime and nothing else" python3 -c '
import json
causes = [c for c in json.load(open("out"))["comparison"]["causes"] if c["calls_diff"]]
causes = [c for c in causes if "brk" not in c["pattern"] and c["pattern"] != "start-up, execve"]
assert causes and all(c["runtime"] and c["pattern"].startswith("Rust") for c in causes), causes'
    run 0 "equal parameters, $how" rust-$how cpp-$how --output-dir d
    check "equal parameters, $how: call by call" \
        grep -qE "What remains is Rust's runtime: [0-9]+ of these calls, no work of the program: .*1 munmap" out
done
finish
