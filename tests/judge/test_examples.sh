#!/bin/bash
# The examples under strace with complete strings and under syscap: for every file of the table equal calls, sizes, results
# and zeros, one by one. The founding numbers stand here and nowhere else: they are what strace and an independent trial say.
. "$(dirname "$0")/../lib.sh"
JUDGE="python3 $HERE/judge.py"
EXAMPLES=${EXAMPLES:-$BUILD/examples}

# judge NAME PROGRAM FILE ARGUMENTS...: FILE is the table's folder, or the file for the plain pair.
judge() {
    local what=$1 program=$2 table=$3
    shift 3
    # One run with each, both from nothing and under the same name.
    rm -rf work && mkdir work
    (cd work && strace -f -s 10000000 -xx -y -o "$WORK/$what.log" "$program" --path "$table" "$@") >out 2>err
    check "- $what: ran under strace" [ $? -eq 0 ]
    (cd work && $JUDGE strace "$WORK/$what.log" "$FOLDER") >"$what.strace.json" 2>err
    rm -rf work && mkdir work
    (cd work && LD_PRELOAD=$LIB SYSCAP_OUTPUT=$WORK/$what.bin "$program" --path "$table" "$@") >out 2>err
    check "- $what: ran under syscap" [ $? -eq 0 ]
    "$ANALYZE" "$what.bin" --format json >"$what.json" 2>err
    "$ANALYZE" "$what.bin" -o "$what.txt" >out 2>err
    (cd work && $JUDGE capture "$WORK/$what.json" "$WORK/$what.txt" "$FOLDER") >"$what.syscap.json" 2>err
    check "- $what: the report's counts of files are those of the log" [ $? -eq 0 ]
    if $JUDGE compare "$what.strace.json" "$what.syscap.json" >differences 2>err; then
        ok "- $what: equal for each file"
    else
        head -n 12 differences
        not_ok "- $what: equal for each file"
    fi
}

# counts NAME ZERO_WRITES SEEKS: by strace, and by what syscap-analyze says without any of the parsers here.
# (Rust's start-up reads /proc/self/maps inside libc, which interpose mode can't see: hence --allow-incomplete.)
counts() {
    check "- $1: $2 zero writes and $3 lseeks, by strace" python3 -c '
import json, sys
files = json.load(open(sys.argv[1])).values()
zero = sum(z is True for calls in files for _, z in calls.get("write", []))
seeks = sum(len(calls.get("lseek", [])) for calls in files)
assert (zero, seeks) == (int(sys.argv[2]), int(sys.argv[3])), (zero, seeks)' "$1.strace.json" "$2" "$3"
    "$ANALYZE" "$1.bin" --assert "A.writes.zero == $2" --assert "A.categories.seek_ops == $3" --allow-incomplete >out 2>err
    check "- $1: $2 zero writes and $3 lseeks, by syscap" [ $? -eq 0 ]
}

if ! command -v strace >/dev/null || ! strace -o probe true 2>/dev/null; then
    skip 86 "strace as the judge" "no strace, or ptrace is refused"
    finish
fi

FOLDER=.
for rows in 1 70 1000; do
    for program in plain_a plain_b; do
        judge ${program}_$rows "$EXAMPLES/$program" plain.dat --rows $rows --initialize true
    done
done

# The judge can disagree: a call that is missing, another result, a byte that is not zero.
disagrees() { # HOW SED_EXPRESSION
    sed "$2" plain_a_70.log >altered.log
    (mkdir -p work && cd work && $JUDGE strace ../altered.log .) >altered.json 2>err
    check "- the judge notices $1: altered" [ -s altered.json ]
    check "- the judge notices $1" [ "$($JUDGE compare altered.json plain_a_70.syscap.json | wc -l)" -eq 1 ]
}
disagrees "a missing write" '0,/ write(3/{/ write(3/d}'
disagrees "another result" '0,/ lseek(3.*= [1-9]/s/\( lseek(3.*= \).*/\11/'
disagrees "a byte that is not zero" '0,/ write(3<[^>]*>, "\\x00/s/\( write(3<[^>]*>, "\)\\x00/\1\\x01/'

FOLDER=table.ms
if [ ! -x "$EXAMPLES/cpp_example" ] || [ ! -x "$EXAMPLES/rust_example" ]; then
    skip 56 "the casacore examples" "not built here"
    finish
fi
for language in cpp rust; do
    judge ${language}_true "$EXAMPLES/${language}_example" table.ms --rows 1000 --initialize true
    counts ${language}_true 353 779
    judge ${language}_false "$EXAMPLES/${language}_example" table.ms --rows 1000 --initialize false
    counts ${language}_false 33 139
    judge ${language}_50 "$EXAMPLES/${language}_example" table.ms --rows 50 --initialize true
    judge ${language}_3333 "$EXAMPLES/${language}_example" table.ms --rows 3333 --initialize false
done
for mode in table_put_cell column_put column_put_bulk row_put_bulk; do
    judge cpp_$mode "$EXAMPLES/cpp_example" table.ms --rows 100 --initialize true --mode $mode --arrays tiled
done
finish
