#!/bin/sh
# --batch: every pair of a folder, in one summary.
. "$(dirname "$0")/lib.sh"
mkdir d
small_log true d/rust_one.strace
small_log false d/cpp_one.strace
small_log true d/rust_two.log
small_log true d/cpp_two.strace '+++ killed by SIGSEGV +++'
small_log true d/rust_alone.log
cp d/rust_one.strace d/old_three
cp d/cpp_one.strace d/new_three

run 0 "batch" --batch d --output-dir o
has "title" "# Rust vs C++ Syscall Comparison: 2 pairs" out
has "void pair and why" "VOID: C++: killed by SIGSEGV" out
has "unpaired file" "unpaired: rust_alone.log" out
check "details of every pair" [ "$(grep -c '^# Rust vs C++ Syscall Comparison$' out)" -eq 2 ]
check "one summary that holds them all" cmp out o/comparison_summary.txt
check "files of every pair" [ -s o/one_focused.txt -a -s o/two_focused.txt -a -s o/one_comparison.diff ]
run 0 "other prefixes" --batch d --prefixes old_,new_ --output-dir o2
has "labels from the prefixes" "# old vs new Syscall Comparison" out

# Two sides that do the same: what was to be compared was not, or has no effect.
mkdir same
small_log true same/rust_one.strace
small_log true same/cpp_one.strace
small_log true same/rust_two.strace
sed 's/"10"/"20"/' same/rust_two.strace >same/cpp_two.strace
small_log true same/rust_three.strace
small_log false same/cpp_three.strace
run 0 "identical pairs" --batch same --output-dir o3
has "are flagged" "one  : Rust 13, C++ 13, Diff +0 (+0.0%); comparable; IDENTICAL: no call differs" out
has "the option had no effect" "--rows 10 / 20; IDENTICAL: no call differs, so that had no effect" out
has "are counted" "identical: 2 of 3 pairs" out
check "others are not" [ "$(grep -c '^three.*IDENTICAL' out)" = 0 ]
run 0 "json" --batch same --format json --output-dir o3
check "has it too" python3 -c 'import json; assert [p["comparison"]["identical"] for p in json.load(open("out"))["pairs"]] == [True, False, True]'
run 0 "batch json" --batch d --format json --output-dir o
check "both pairs" python3 -c 'import json; assert len(json.load(open("out"))["pairs"]) == 2'
run 1 "batch with an assertion" --batch d --output-dir o --assert 'A.writes.zero <= B.writes.zero'
has "names the pair" "one: assertion failed" err
echo nonsense >d/rust_bad.bin
echo nonsense >d/cpp_bad.bin
run 2 "a pair that cannot be read" --batch d --output-dir o
has "the others are still there" "## Pair: one" out
mkdir none
run 2 "no pair" --batch none
has "the folder is named" "none" err
run 2 "no folder" --batch nothing
finish
