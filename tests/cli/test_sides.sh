#!/bin/sh
# --side-by-side: two columns, as wide as asked for.
. "$(dirname "$0")/lib.sh"
small_log true rust_x.strace
small_log false cpp_x.strace
unset COLUMNS
run 0 "side by side" rust_x.strace cpp_x.strace --side-by-side
has "title" "# Rust vs C++, side by side" out
has "the loop is folded" "3 x { write(<table.f0>, zeros[100]); lseek(<table.f0>, +100, SEEK_SET) }" out
has "counts" "calls alike, 8 of Rust only, 0 of C++ only" out
has "void where parameters differ" "VOID: not identical operations: --initialize true / false" out
check "160 columns into a pipe" [ "$(awk '/^---/ { print length }' out)" -ge 159 ]
check "no line is wider" [ "$(sed 1,3d out | awk '{ if (length > most) most = length } END { print most }')" -le 160 ]
check "the files are written" [ -s syscap_diffs/comparison_summary.txt ]
check "no colour into a pipe" [ "$(grep -c "$(printf '\033')" out)" -eq 0 ]
COLUMNS=60 "$ANALYZE" rust_x.strace cpp_x.strace --side-by-side >out 2>err
check "COLUMNS" [ "$(sed 1,3d out | awk '{ if (length > most) most = length } END { print most }')" -le 60 ]
run 0 "in colour" rust_x.strace cpp_x.strace --side-by-side --color always
check "which it has" grep -q "$(printf '\033')" out
run 2 "one run" rust_x.strace --side-by-side
run 2 "as json" rust_x.strace cpp_x.strace --side-by-side --format json
finish
