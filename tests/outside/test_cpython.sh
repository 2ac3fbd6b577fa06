#!/bin/bash
# CPython's own tests of files, processes, signals and threads: each single test ends as it does without syscap.
. "$(dirname "$0")/lib_outside.sh"
tests="test_os test_io test_mmap test_file test_fileio test_posix test_subprocess test_fcntl test_largefile
       test_tempfile test_shutil test_select test_signal test_threading test_socket"
[ "$OUTSIDE" = short ] && tests="test_os test_posix test_fileio"
tests=${CPYTHON_TESTS:-$tests}
# For one file: seconds. It took 50 at most where nothing else ran.
LIMIT=600
# Tests that do not end without syscap either, as patterns of one FILE each, and why.
declare -A LEFT_OUT WHY
LEFT_OUT[test_socket]=ThreadedVSOCKSocketStreamTest
WHY[test_socket]="where /dev/vsock is, but no loopback, its connect fails with ENODEV and its accept waits for ever"
count=$(wc -w <<<"$tests")
version=$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
package=libpython${version:-3}-testsuite
if ! have "$package" || ! /usr/bin/python3 -c 'import test.libregrtest, test.test_fcntl' >/dev/null 2>&1; then
    skip $((3 * count)) "CPython's tests" "$package is not there"
    finish
fi

# run_test MODE TEST: in TEST.MODE.ends its status and how each single test ended. In UTF-8: under LC_ALL=C test_io
# skips two tests more.
run_test() {
    local ignored=()
    [ -z "${LEFT_OUT[$2]-}" ] || ignored=(-i "${LEFT_OUT[$2]}")
    rm -rf "$WORK/run" "$WORK/$2.$1".*
    mkdir "$WORK/run"
    (cd "$WORK/run" && LC_ALL=C.UTF-8 side "$1" "$WORK/$2.$1.bin" timeout $((LIMIT + 30)) /usr/bin/python3 -m test \
        --timeout $LIMIT --junit-xml "$WORK/$2.$1.xml" ${ignored[@]+"${ignored[@]}"} "$2") >"$WORK/$2.$1.log" 2>&1 </dev/null
    echo "status $?" >"$WORK/$2.$1.ends"
    python3 "$HERE/cpython.py" "$WORK/$2.$1.xml" >>"$WORK/$2.$1.ends" 2>/dev/null
}

how_many() { # TEST END
    grep -cE " ($2)$" "$1.native.ends"
}

for test in $tests; do
    [ -z "${LEFT_OUT[$test]-}" ] || skip 2 "$test: ${LEFT_OUT[$test]}" "${WHY[$test]}"
    began=$SECONDS
    run_test native "$test"
    echo "    $test: $(how_many "$test" passed) passed, $(how_many "$test" skipped) skipped," \
        "$(how_many "$test" 'error|failure') failed without syscap ($((SECONDS - began)) s)"
    check "- $test: it ran" [ "$(how_many "$test" passed)" -gt 5 ]
    for mode in interpose full; do
        run_test $mode "$test"
        if ! cmp -s "$test.native.ends" "$test.$mode.ends"; then
            # A test that depends on time may fail by itself, on either side: what differs must differ twice.
            echo "    $mode mode, both again, after:"
            diff "$test.native.ends" "$test.$mode.ends" | grep '^[<>]' | head -n 5 | sed 's/^/        /'
            run_test native "$test"
            run_test $mode "$test"
        fi
        if [ ! -s "$test.$mode.bin" ]; then
            not_ok "- $test in $mode mode: a capture was written"
        elif cmp -s "$test.native.ends" "$test.$mode.ends"; then
            ok "- $test in $mode mode: the same with and without"
        else
            diff "$test.native.ends" "$test.$mode.ends" | head -n 20 | sed 's/^/    /'
            grep -hE '^(FAIL|ERROR|[A-Za-z]*Error|Timeout)' "$test.$mode.log" | head -n 20 | sed 's/^/    /'
            not_ok "- $test in $mode mode: the same with and without"
        fi
        rm -f "$test.$mode.bin"
    done
done
finish
