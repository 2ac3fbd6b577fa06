#!/bin/bash
# The runner can fail: on one failed test, on too few, on a script that dies or runs nothing, on Criterion without tests.
# Planted failures only; nothing of the project is run.
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
RUNNER=$HERE/../run_tests.sh
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
bad=0

# plant NAME EXPECTED_COUNT SCRIPT_TEXT
plant() {
    mkdir -p "$1/scripts"
    echo "scripts $2" >"$1/expected_count"
    printf '#!/bin/sh\n%s\n' "$3" >"$1/scripts/test_planted.sh"
    chmod +x "$1/scripts/test_planted.sh"
}

# ends NAME STATUS LAST_LINE
ends() {
    "$RUNNER" --scripts "$1" >"$1/out" 2>&1
    local status=$?
    if [ $status -eq "$2" ] && [ "$(tail -n 1 "$1/out")" = "$3" ]; then
        echo "ok - runner: $1"
    else
        echo "not ok - runner: $1 (status $status)"
        sed 's/^/    /' "$1/out"
        bad=1
    fi
}

plant good 2 'echo "ok one"; echo "ok - two"'
ends good 0 "2 passed, 0 failed, 0 skipped"
plant one_failed 2 'echo "ok one"; echo "not ok - two"'
ends one_failed 1 "1 passed, 1 failed, 0 skipped"
plant too_few 3 'echo "ok one"; echo "ok - two"'
ends too_few 1 "2 passed, 1 failed, 0 skipped"
plant no_number 0 'echo "ok one"'
: >no_number/expected_count
ends no_number 1 "1 passed, 1 failed, 0 skipped"
plant dies 1 'echo "ok one"; exit 3'
ends dies 1 "1 passed, 1 failed, 0 skipped"
plant killed 1 'echo "ok one"; kill -9 $$'
ends killed 1 "1 passed, 1 failed, 0 skipped"
plant leaves 1 "echo 'ok one'; : >'$HERE/../../left_by_a_test'"
ends leaves 1 "1 passed, 1 failed, 0 skipped"
rm -f "$HERE/../../left_by_a_test"
plant hangs 1 'echo "ok one"; sleep 1000 & while :; do :; done'
SCRIPT_SECONDS=1 ends hangs 1 "1 passed, 1 failed, 0 skipped"
if pgrep -f 'sleep 1000' >/dev/null; then
    echo 'not ok - runner: what hangs is ended with all that it started'
    bad=1
else
    echo 'ok - runner: what hangs is ended with all that it started'
fi
plant silent 0 'exit 0'
ends silent 1 "0 passed, 1 failed, 0 skipped"
plant skips 3 'echo "skip 2 - a, b (not here)"; echo "ok c"'
ends skips 0 "1 passed, 0 failed, 2 skipped"
plant only_skips 1 'echo "skip - a (not here)"'
ends only_skips 1 "0 passed, 0 failed, 1 skipped"

# What Criterion prints; its own exit status is 0 where it finds no test.
criterion() {
    printf '#!/bin/sh\necho "[====] Synthesis: Tested: %d | Passing: %d | Failing: %d | Crashing: %d "\nexit %d\n' \
        "$2" "$3" "$4" "$5" "$6" >"$1/unit"
    chmod +x "$1/unit"
}
plant unit_good 13 'echo "ok one"'
criterion unit_good 12 12 0 0 0
ends unit_good 0 "13 passed, 0 failed, 0 skipped"
plant unit_failed 1 'echo "ok one"'
criterion unit_failed 12 10 1 1 1
ends unit_failed 1 "11 passed, 2 failed, 0 skipped"
plant unit_empty 2 'echo "ok one"'
criterion unit_empty 0 0 0 0 0
ends unit_empty 1 "1 passed, 1 failed, 0 skipped"
plant unit_silent 1 'echo "ok one"'
printf '#!/bin/sh\nexit 0\n' >unit_silent/unit
chmod +x unit_silent/unit
ends unit_silent 1 "1 passed, 1 failed, 0 skipped"
exit $bad
