#!/bin/bash
# Do captures hold what strace sees? Prints "ok - ..." and "not ok - ..." lines for the test runner.
#
#   tests/parity/run.sh                  the self-test, then the quick programs in full mode
#   tests/parity/run.sh all [--table]    all programs, full and interpose mode; --table writes docs/PARITY.md
#   tests/parity/run.sh NAME...          these programs; options as for parity.py
#   PARITY_ROOT                          with all: a root folder of another system, whose programs are compared as well
#   BUILD, CC, CXX, RUSTC                as for make
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
export BUILD=${BUILD:-$ROOT/build}
export PARITY=${PARITY:-$BUILD/tests/parity}
# What a caller has set must not reach the programs under test.
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_MODE SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE SYSCAP_KEEP SYSCAP_ENV SYSCAP_TRACE SYSCAP_PATHS

for tool in strace python3; do
    command -v "$tool" >/dev/null || {
        echo "skip 56 - parity ($tool is not there)"
        exit 0
    }
done
if ! strace -o /dev/null true 2>/dev/null; then
    echo "skip 56 - parity (strace may not trace here)"
    exit 0
fi
if ! log=$({ make -C "$ROOT" -j2 BUILD="$BUILD" && make -C "$ROOT/tests/parity" OUT="$PARITY" BUILD="$BUILD"; } 2>&1); then
    printf '%s\n' "$log" | tail -n 20
    echo "not ok - parity: builds"
    exit 1
fi

case ${1-} in
'') exec python3 "$ROOT/tests/parity/parity.py" --self-test quick ;;
all)
    shift
    [ "${1-}" != --table ] || set -- --table "$ROOT/docs/PARITY.md" "${@:2}"
    python3 "$ROOT/tests/parity/parity.py" --self-test --mode both "$@" all
    status=$?
    if [ -n "${PARITY_ROOT-}" ]; then
        python3 "$ROOT/tests/parity/parity.py" --root "$PARITY_ROOT" "$@" all || status=1
    fi
    exit $status
    ;;
*) exec python3 "$ROOT/tests/parity/parity.py" "$@" ;;
esac
