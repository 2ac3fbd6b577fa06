#!/bin/bash
# gnulib's tests of POSIX functions, built once, run without and with syscap: each ends alike and says the same. Long
# version only: gnulib-tool takes minutes, the rest a minute each.
. "$(dirname "$0")/lib_outside.sh"
modules="fcntl open openat dup2 dup3 pipe2 read write pread pwrite lseek ftruncate fsync fdatasync stat fstat lstat fstatat
         readlink symlink link linkat unlink unlinkat rename renameat mkdir mkdirat rmdir fdopendir opendir readdir getcwd
         fopen fclose freopen fflush fseeko ftello poll select signal sigaction sigprocmask posix_spawn posix_spawnp
         mkstemp mkdtemp mkostemp tmpfile utimens futimens utimensat chown fchownat faccessat euidaccess ioctl socket
         sleep usleep nanosleep raise pthread pipe-posix spawn-pipe popen perror dprintf"
# Seconds for one test: the slowest took 10 where nothing else ran.
LIMIT=120
if [ "$OUTSIDE" = short ]; then
    skip 6 "gnulib's tests" "in ./run.sh test-all"
    finish
fi
if ! have gnulib autoconf automake libtool make gcc; then
    skip 6 "gnulib's tests" "gnulib is not there"
    finish
fi

began=$SECONDS
lap() {
    echo "    $1: $((SECONDS - began)) s"
    began=$SECONDS
}

known=
for module in $modules; do
    if gnulib-tool --extract-description "$module" >/dev/null 2>&1; then
        known+=" $module"
    else
        echo "    no module $module"
    fi
done
# shellcheck disable=SC2086 # a list of words
gnulib-tool --create-testdir --dir=gl --with-tests $known >tool.log 2>&1
lap gnulib-tool
(cd gl && ./configure -q) >configure.log 2>&1
lap configure
(cd gl && make -j2 && cd gltests && make -j2 check TESTS=) >make.log 2>&1
lap make
check "- gnulib's tests build" [ -x gl/gltests/test-lseek ]

# run_tests MODE: in ends.MODE how each test ended and the sum of what it said
run_tests() {
    rm -f "gnulib.$1.bin" gl/gltests/*.log gl/gltests/*.trs
    (cd gl/gltests && side "$1" "$WORK/gnulib.$1.bin" timeout 900 make -k -j2 check LOG_COMPILER="timeout $LIMIT") \
        >"check.$1" 2>&1 </dev/null
    grep -E '^(PASS|FAIL|SKIP|XFAIL|XPASS|ERROR): ' "check.$1" | while read -r end test; do
        echo "$end $test $(md5sum <"gl/gltests/$test.log")"
    done | sort >"ends.$1"
    lap "$1,$(cut -d: -f1 "ends.$1" | sort | uniq -c | tr -s ' \n' ' ')"
}

processes_in() { # CAPTURE
    "$ANALYZE" "$1" --format json 2>/dev/null | python3 -c 'import json, sys; print(json.load(sys.stdin)["runs"][0]["processes"])'
}

run_tests native
check "- gnulib: they ran" [ "$(grep -c '^PASS' ends.native)" -gt 150 ]
for mode in interpose full; do
    run_tests $mode
    if ! cmp -s ends.native ends.$mode; then
        # A test that depends on time may fail by itself, on either side: what differs must differ twice.
        echo "    $mode mode, both again, after:"
        diff ends.native ends.$mode | grep '^[<>]' | head -n 5 | sed 's/^/        /'
        run_tests native
        run_tests $mode
    fi
    diff ends.native ends.$mode | sed 's/^/    /' | head -20
    check "- gnulib: $mode mode: the same with and without" cmp ends.native ends.$mode
    check "- gnulib: $mode mode: at least a process a test is in the capture" \
        [ "$(processes_in gnulib.$mode.bin)" -gt "$(wc -l <ends.$mode)" ]
done
finish
