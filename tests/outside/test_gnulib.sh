#!/bin/bash
# gnulib's tests of POSIX functions, built once, run without and with syscap: each ends alike. Long version only.
. "$(dirname "$0")/lib_outside.sh"
modules="fcntl open openat dup2 dup3 pipe2 read write pread pwrite lseek ftruncate fsync fdatasync stat fstat lstat fstatat
         readlink symlink link linkat unlink unlinkat rename renameat mkdir mkdirat rmdir fdopendir opendir readdir getcwd
         fopen fclose freopen fflush fseeko ftello poll select signal sigaction sigprocmask posix_spawn posix_spawnp
         mkstemp mkdtemp mkostemp tmpfile utimens futimens utimensat chown fchownat faccessat euidaccess ioctl socket
         sleep usleep nanosleep raise pthread pipe-posix spawn-pipe popen perror dprintf"
if [ "$OUTSIDE" = short ]; then
    skip 4 "gnulib's tests" "in ./run.sh test-all"
    finish
fi
if ! have gnulib autoconf automake libtool make gcc; then
    skip 4 "gnulib's tests" "gnulib is not there"
    finish
fi
# shellcheck disable=SC2086 # a list of words
known=$(for module in $modules; do gnulib-tool --extract-description $module >/dev/null 2>&1 && echo $module; done)
# shellcheck disable=SC2086
gnulib-tool --create-testdir --dir=gl --with-tests $known >tool.log 2>&1 && (cd gl && ./configure -q && make -j2) >build.log 2>&1
check "- gnulib's tests build" [ -x gl/gltests/test-fcntl-h -o -d gl/gltests ]
for mode in native interpose full; do
    (cd gl/gltests && rm -f ./*.log ./*.trs && side $mode "$WORK/gnulib-%p.$mode.bin" make -k check) >check.$mode 2>&1
    grep -E '^(PASS|FAIL|SKIP|XFAIL|ERROR): ' check.$mode | sort >ends.$mode
    rm -f gnulib-*.bin
    echo "    $mode: $(cut -d: -f1 ends.$mode | sort | uniq -c | tr -s ' \n' ' ')"
done
check "- gnulib: they ran" [ "$(wc -l <ends.native)" -gt 60 ]
for mode in interpose full; do
    diff ends.native ends.$mode | sed 's/^/    /' | head -20
    check "- gnulib: $mode mode: the same with and without" cmp ends.native ends.$mode
done
finish
