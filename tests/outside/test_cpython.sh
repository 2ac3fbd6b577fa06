#!/bin/bash
# CPython's own tests of files, processes, signals and threads: each single test ends as it does without syscap.
. "$(dirname "$0")/lib_outside.sh"
HERE=$LIB_ROOT/tests/outside
tests="test_os test_io test_mmap test_file test_fileio test_posix test_subprocess test_fcntl test_largefile
       test_tempfile test_shutil test_select test_signal test_threading test_socket"
[ "$OUTSIDE" = short ] && tests="test_fcntl test_fileio test_tempfile"
tests=${CPYTHON_TESTS:-$tests}
count=$(wc -w <<<"$tests")
if ! have libpython3.11-testsuite || ! /usr/bin/python3 -c 'import test.libregrtest' 2>/dev/null; then
    skip $((3 * count)) "CPython's tests" "libpython3.11-testsuite is not there"
    finish
fi

# run MODE TEST
run_test() {
    rm -rf "$WORK/run"
    mkdir "$WORK/run"
    (cd "$WORK/run" && side "$1" "$WORK/$2.$1.bin" timeout 900 /usr/bin/python3 -m test --junit-xml "$WORK/$2.$1.xml" "$2") \
        >"$WORK/$2.$1.log" 2>&1 </dev/null
    echo "status $?" >"$WORK/$2.$1.ends"
    python3 "$HERE/cpython.py" "$WORK/$2.$1.xml" >>"$WORK/$2.$1.ends"
}

for test in $tests; do
    run_test native "$test"
    echo "    $test: $(grep -c " passed$" "$test.native.ends") passed, $(grep -c " skipped$" "$test.native.ends") skipped," \
        "$(grep -cE " (error|failure)$" "$test.native.ends") failed without syscap"
    check "- $test: it ran" [ "$(wc -l <"$test.native.ends")" -gt 5 ]
    for mode in interpose full; do
        run_test $mode "$test"
        if ! cmp -s "$test.native.ends" "$test.$mode.ends"; then
            # A test that depends on time may fail by itself: what differs must differ twice.
            mv "$test.$mode.ends" "$test.$mode.first"
            echo "    again, after: $(diff "$test.native.ends" "$test.$mode.first" | grep '^>' | head -3)"
            run_test $mode "$test"
        fi
        if cmp -s "$test.native.ends" "$test.$mode.ends"; then
            ok "- $test in $mode mode: the same with and without"
        else
            diff "$test.native.ends" "$test.$mode.ends" | head -n 20 | sed 's/^/    /'
            grep -hE '^(FAIL|ERROR|[A-Za-z]*Error)' "$test.$mode.log" | head -n 20 | sed 's/^/    /'
            not_ok "- $test in $mode mode: the same with and without"
        fi
    done
    rm -f "$test".*.bin
done
finish
