#!/bin/sh
# --repeat: several runs against several.
. "$(dirname "$0")/lib.sh"
for run in 1 2 3; do
    small_log true rust_$run.strace
    small_log true cpp_$run.strace
done
run 0 "nothing differs" --repeat rust_1.strace rust_2.strace rust_3.strace --vs cpp_1.strace cpp_2.strace cpp_3.strace
has "title" "# Rust vs C++, 3 runs against 3" out
check "and it says so twice" [ "$(grep -c '^none$' out)" -eq 2 ]
check "no file is written" [ ! -e syscap_diffs ]
run 0 "exit code of no difference" --repeat rust_?.strace --vs cpp_?.strace --exit-code

# One side varies by itself by as much as it is apart from the other: 1, 3, 5 reads against 6.
reads() { # COUNT FILE
    small_log true "$2"
    n=0
    while [ $n -lt "$1" ]; do
        say 'read(0, "x", 1)                         = 1'
        n=$((n + 1))
    done >more
    sed -i '2r more' "$2"
}
reads 1 rust_1.strace
reads 3 rust_2.strace
reads 5 rust_3.strace
for run in 1 2 3; do reads 6 cpp_$run.strace; done
run 0 "within what one side varies" --repeat rust_?.strace --vs cpp_?.strace
check "no difference" [ "$(sed -n '/^## Differences/,/^## Counts/p' out | grep -c calls.read)" -eq 0 ]
check "the range is shown" grep -q 'calls.read .* 1 to 5 .* 6 ' out
for run in 1 2 3; do reads 40 cpp_$run.strace; done
run 1 "beyond it" --repeat rust_?.strace --vs cpp_?.strace --exit-code
"$ANALYZE" --repeat rust_?.strace --vs cpp_?.strace --exit-code >/dev/full 2>err
check "beyond it, and the disk is full" [ $? -eq 2 ]
check "a difference" sed -n '/^## Differences/,/^## Counts/s/calls.read .*-37$/found/p' out
check "of the medians" grep -q 'calls.read .* 1 to 5 .* 40  -37' out
run 0 "json" --repeat rust_?.strace --vs cpp_1.strace cpp_2.strace --format json
cat >look.py <<'PY'
import json
report = json.load(open("out"))
assert [len(s["runs"]) for s in report["sides"]] == [3, 2]
counts = {c["key"]: c for c in report["counts"]}
read = counts["calls.read"]
assert read["sides"] == [{"min": 1, "max": 5, "median": 3}, {"min": 40, "max": 40, "median": 40}], read
assert read["differs"] and not read["stable"] and read["difference"] == -37
assert counts["writes.zero"]["stable"] and not counts["writes.zero"]["differs"]
assert report["comparable"]
PY
check "ranges, medians, verdicts" python3 look.py

small_log true cpp_2.strace '+++ killed by SIGSEGV +++'
run 0 "a dead run" --repeat rust_?.strace --vs cpp_?.strace
has "is void" "VOID: cpp_2.strace: killed by SIGSEGV" out
small_log false cpp_2.strace
run 0 "a run of another kind" --repeat rust_?.strace --vs cpp_?.strace
has "is named" "cpp_2.strace: not the arguments of the first run: false, not true" out
run 0 "labels" --repeat rust_?.strace --vs cpp_?.strace --label old,new
has "as given" "# old vs new, 3 runs against 3" out

run 2 "without --vs" --repeat rust_?.strace
run 2 "a side of one run" --repeat rust_?.strace --vs cpp_1.strace
run 2 "--vs alone" rust_1.strace --vs cpp_1.strace
run 2 "with --assert" --repeat rust_?.strace --vs cpp_?.strace --assert 'A.total < 5'
run 2 "a missing run" --repeat rust_1.strace nothing --vs cpp_?.strace
has "is named" "nothing" err
finish
