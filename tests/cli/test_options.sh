#!/bin/sh
# Options, exit statuses, and the one line on stderr that says why.
. "$(dirname "$0")/lib.sh"
small_log true rust_x.strace
small_log false cpp_x.strace
A=rust_x.strace
B=cpp_x.strace

run 0 "help" --help
has "help is on stdout" "Usage: syscap-analyze A [B]" out
run 0 "version" --version
has "version names the program" "syscap-analyze " out

run 2 "no input"
run 2 "three inputs" $A $B $A
run 2 "-c without a first run" -c $B
run 2 "-c beside two runs" $A $B -c $A
run 2 "unknown long option" $A --frob
has "the option is named" "--frob" err
run 2 "unknown short option" $A -q
run 2 "missing value" $A --label
run 2 "bad format" $A --format xml
run 2 "bad taxonomy" $A --taxonomy mine
run 2 "bad startup" $A --startup never
run 2 "bad color" $A --color red
run 2 "map without =" $A --map /a
run 2 "equal labels" $A $B --label x,x
run 2 "one label for two runs" $A $B --label x
run 2 "empty label" $A $B --label x,
run 2 "-o with two runs" $A $B -o f
run 2 "batch with an input" $A --batch .
run 2 "missing file" nothing.bin
has "the file is named" "nothing.bin" err
run 2 "a folder" .
printf 'just\nsome text\n' >text.txt
run 2 "neither capture nor log" text.txt
has "the file is named" "text.txt" err
: >empty
run 2 "an empty file" empty
run 2 "unwritable output folder" $A $B --output-dir /proc/nowhere
has "the folder is named" "/proc/nowhere" err
run 2 "unwritable output file" $A -o /proc/nowhere/f
: >plain
run 2 "an output folder that is a file" $A $B --output-dir plain
"$ANALYZE" $A >/dev/full 2>err
check "a full standard output is status 2" [ $? -eq 2 ]

run 0 "one run" $A
has "title of one run" "# Rust Syscall Summary" out
check "one run writes nothing" [ ! -e syscap_diffs ]
run 0 "pair" $A $B
has "title of a pair" "# Rust vs C++ Syscall Comparison" out
run 0 "labels" $A $B --label Old,New
has "given labels" "# Old vs New Syscall Comparison" out
run 0 "default folder" $A -c $B
check "default folder is syscap_diffs" [ -f syscap_diffs/comparison_summary.txt ]

run 0 "exit status without --exit-code" $A $B
run 1 "--exit-code on a difference" $A $B --exit-code
cp $A again.strace
run 0 "--exit-code on equal runs" $A again.strace --exit-code

check "no colour into a file" [ "$(grep -c "$(printf '\033')" out)" -eq 0 ]
run 0 "--color always" $A $B --color always
check "colour where asked for" grep -q "$(printf '\033')" out
NO_COLOR=1 "$ANALYZE" $A $B >out 2>err
check "NO_COLOR" [ "$(grep -c "$(printf '\033')" out)" -eq 0 ]
finish
