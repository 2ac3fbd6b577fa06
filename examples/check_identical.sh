#!/bin/sh
# Do both languages leave the same bytes for equal parameters?
#
#   check_identical.sh OUT_DIR       OUT_DIR holds cpp_example and rust_example, or plain_a and plain_b, or all four
#
# One line per combination, then a line that counts. Exit status: 0 all the same, 1 some differ or did not run, 2 nothing
# to compare.
set -u

[ $# -eq 1 ] || { echo "usage: $0 OUT_DIR" >&2; exit 2; }
out=$1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0

# compare PROGRAM_A PROGRAM_B ARGUMENTS...
# glibc fills fresh memory with another byte for each side: if uninitialised memory ever reached a file, it would show.
compare() {
    a=$1 b=$2
    shift 2
    rm -rf "$work/a" "$work/b"
    if MALLOC_PERTURB_=85 "$out/$a" --path "$work/a" "$@" >"$work/log" 2>&1 &&
        MALLOC_PERTURB_=170 "$out/$b" --path "$work/b" "$@" >>"$work/log" 2>&1 &&
        diff -r "$work/a" "$work/b" >>"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $a $b $*"
    else
        failed=$((failed + 1))
        echo "FAILED  $a $b $*"
        sed 's/^/        /' "$work/log"
    fi
}

compare_tables() {
    # 70 rows: two full buckets and a part of a third; more than one block of row_put_bulk.
    for mode in table_put_row table_put_cell column_put column_put_bulk row_put_bulk; do
        for initialize in true false; do
            for rest in "none --storage default" "standard --storage default" "tiled --storage default" \
                "tiled --storage mmap" "tiled --storage buffer" "tiled --storage cache"; do
                # shellcheck disable=SC2086 # rest is several words
                compare cpp_example rust_example --rows 70 --mode $mode --initialize $initialize --arrays $rest
            done
        done
    done
    for rows in 0 1 500; do
        compare cpp_example rust_example --rows $rows --initialize true
    done
}

compare_plain() {
    for rows in 0 1 70; do
        for initialize in true false; do
            compare plain_a plain_b --rows $rows --initialize $initialize
        done
    done
}

if [ -x "$out/cpp_example" ] && [ -x "$out/rust_example" ]; then compare_tables; fi
if [ -x "$out/plain_a" ] && [ -x "$out/plain_b" ]; then compare_plain; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] || exit 1
[ "$passed" -gt 0 ] || exit 2
