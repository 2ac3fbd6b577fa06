#!/bin/bash
# Two hundred runs of one deterministic program with threads compare as equal, in both modes.
cd "$(dirname "$0")/../shim" || exit 1
status=0
for mode in interpose full; do
    RUNS=200 TEST_MODE=$mode bash ./test_alike.sh | sed "s/- /- $mode: /"
    [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
done
exit $status
