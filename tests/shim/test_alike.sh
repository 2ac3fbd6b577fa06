#!/bin/bash
# Runs of one deterministic program with threads compare as equal, however these took turns: RUNS of them with the first.
. "$(dirname "$0")/../lib.sh"
RUNS=${RUNS:-20}
alike() { # NAME ARGS...
    local name=$1
    shift
    rm -rf "$WORK/run" && mkdir "$WORK/run"
    (cd "$WORK/run" && traced "$WORK/$name.bin" "$GUESTS/threads_alike" "$@") >/dev/null
}
equal=0
alike first
for i in $(seq "$RUNS"); do
    alike other
    run=$("$ANALYZE" first.bin other.bin --output-dir "out" --full-diff --exit-code 2>&1 >out.txt) &&
        [ ! -s out/first_vs_other_comparison.diff ] && equal=$((equal + 1)) && continue
    grep '^[-+]' out/first_vs_other_comparison.diff | head -20 | sed 's/^/    /'
    echo "    run $i: $run"
done
check "- $RUNS runs are equal to the first" [ "$equal" -eq "$RUNS" ]
has "- each call has its thread" "[P0.T8] openat(AT_FDCWD, \"out7\", O_RDWR|O_CREAT|O_TRUNC, 0600) = <out7>" out/first_formatted.txt
check "- and stands with that thread's" [ "$(grep -o '^\[P0.T.\] openat(AT_FDCWD, "out.' out/first_formatted.txt |
    sed -n '9,$s/.* "//p' | tr '\n' ' ')" = "out0 out1 out2 out3 out4 out5 out6 out7 " ]
if [ "$SYSCAP_MODE" = full ]; then
    check "- waiting for locks stands by itself" [ "$(sed -n '/^## SCHEDULING/,$p' out/first_formatted.txt |
        grep -c futex)" = "$(grep -c futex out/first_formatted.txt)" ]
    check "- and the threads' memory" [ "$(sed '/^## SCHEDULING/,$d' out/first_formatted.txt |
        grep -c 'MAP_STACK\|, 134217728, PROT_NONE')" -eq 0 ]
else
    skip 2 "calls of the C library" "not seen by symbol wrappers"
fi
alike more more
"$ANALYZE" first.bin more.bin --output-dir out --exit-code >out.txt 2>err
check "- a turn more is a difference" [ $? -eq 1 ]
check "- in its thread only" [ "$(grep '^[-+]' out/first_vs_more_comparison.diff | grep -o 'P0.T[0-9]' | sort -u)" = P0.T4 ]
finish
