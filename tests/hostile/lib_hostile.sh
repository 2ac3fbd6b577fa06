# Shared by tests/hostile (bash). Every script runs in both modes: once more itself for each, so that it needs nothing of
# the runner; TEST_MODE=full tests/hostile/X.sh runs one of them alone.
if [ -z "${TEST_MODE-}" ]; then
    status=0
    for mode in interpose full; do
        TEST_MODE=$mode "$0" 2>&1 | sed -E "s/^(ok|not ok|skip [0-9]+) - /&$mode /"
        [ "${PIPESTATUS[0]}" -eq 0 ] || status=1
    done
    exit $status
fi
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# Not a program that asks for more than is there: what a guest prints when the system refuses what it is about.
cannot() {
    grep -q '^cannot ' "$WORK/$1.native"
}
