#!/bin/bash
# What inputs that are made to be dear cost: each shape of shapes.c in one size and in four times that. Steps and bytes of
# the heap are counted (steps.c), so that the numbers are the same on a busy machine; both may grow as the input does and a
# logarithm more, not as its square.
#
#   tests/cost/test_cost.sh [SHAPE...]      SHOW=1: what they take
BUILD=${BUILD:-$(cd "$(dirname "$0")/../.." && pwd)/build}
export BUILD
make -s -j2 -C "$(dirname "$0")/../.." cost BUILD="$BUILD" || { echo 'not ok - the counting analyzer builds'; exit 1; }
ANALYZE=$BUILD/cost/syscap-analyze
SHAPES=$BUILD/cost/shapes
. "$(dirname "$0")/../cli/lib.sh"
ONLY=" $* "
LIMIT=60 # seconds: many times what any shape takes; one that grows as the square would take minutes

# count ARGS...: the analyzer's steps and bytes into the variables of these names.
count() {
    rm -f steps
    STEPS=$WORK/steps timeout "$LIMIT" "$ANALYZE" "$@" >out 2>err </dev/null || return 1
    read -r steps bytes <steps
}

# case_of NAME N [ARGS...]: the run alone, and the pair.
case_of() {
    local shape=$1 n=$2 mode first=() files
    shift 2
    case $ONLY in '  ' | *" $shape "*) ;; *) return ;; esac
    for mode in ${MODES:-alone pair}; do
        first=()
        for size in "$n" $((4 * n)); do
            if ! "$SHAPES" "$shape" "$size" 0 a || ! "$SHAPES" "$shape" "$size" 1 b; then
                not_ok "$shape: $size of them are written"
                return
            fi
            files=(a -o log)
            [ $mode = alone ] || files=(a b --output-dir diffs --label rust,cpp)
            if ! count "${files[@]}" "$@"; then
                not_ok "$shape, $mode: $size of them are read"
                continue 2
            fi
            [ -z "${SHOW-}" ] || echo "$shape, $mode: $size of them take $steps steps and $bytes bytes"
            [ ${#first[@]} -gt 0 ] || first=("$steps" "$bytes")
        done
        check "$shape, $mode: steps" [ "$steps" -lt $((6 * first[0])) ]
        check "$shape, $mode: bytes" [ "$bytes" -lt $((5 * first[1])) ]
    done
}

case_of ranges 8000
case_of threads 4000
case_of names 4000
case_of twins 4000
case_of arguments 4000
case_of outputs 4000
case_of failures 350 --threshold failed-calls.calls=1
case_of mapped 4000
case_of unknown 2000
MODES=pair case_of summary 4000
case_of deep 4000
case_of labelled 4000
case_of drawn_deep 2000
case_of deep_namesakes 4000
case_of namesakes 4000
case_of drawn 4000
case_of lines 8000
case_of children 4000
case_of modules 4000
case_of sites 8000
case_of rows 4000
case_of members 4000
case_of environment 400
case_of forks 4000
# What is read once more, or looked at in part.
MODES=alone
for view in --calls --over-time --tree --export=strace=calls --export=perfetto=calls --export=jsonl=calls --export=folded=calls \
    --html=page --thread=P0.T7 --process=7 '--path=*7' --caller=main --since=50%; do
    case_of children 4000 "$view"
done
for view in --calls --export=strace=calls --thread=P7.T0; do
    case_of threads 4000 "$view"
done
finish
