#!/bin/sh
# Where two runs first part ways: after how many equal calls, in which thread, what each does then.
. "$(dirname "$0")/lib.sh"
small_log true rust_x.strace
small_log false cpp_x.strace

run 0 "pair" rust_x.strace cpp_x.strace --output-dir o
has "after one call, the execve aside" 'They part after 1 equal call (start-up aside): ' out
has "what each does" 'Rust lseek(<table.f0>, 0, SEEK_SET) = 0; C++ write(<table.f0>, data[5], 5) = 5' out
check "where the difference comes from" [ "$(sed -n '/^## Where the diff/,/^$/p' out | grep -c '^They part')" -eq 1 ]
run 0 "the other way round" cpp_x.strace rust_x.strace --output-dir o
has "says the same of both" 'C++ write(<table.f0>, data[5], 5) = 5; Rust lseek(<table.f0>, 0, SEEK_SET) = 0' out
run 0 "equal runs" rust_x.strace rust_x.strace --label a,b --output-dir o
check "do not part" [ "$(grep -c 'They part' out)" -eq 0 ]
asks() { # NAME EXPRESSION over p
    check "$1" python3 -c 'import json, sys
p = json.load(open("out"))["comparison"]["parting"]
sys.exit(not ('"$2"'))'
}
run 0 "equal runs as JSON" rust_x.strace rust_x.strace --label a,b --output-dir o --format json
asks "none" 'p is None'
run 0 "pair as JSON" rust_x.strace cpp_x.strace --output-dir o --format json
asks "all of it" 'p == {"equal_calls": 1, "process": 0, "thread": 0, "next": [
    "lseek(<table.f0>, 0, SEEK_SET) = 0", "write(<table.f0>, data[5], 5) = 5"]}'

# The offset of a seek to the end stands in no timeline; here it counts.
loop() {
    echo '1 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '1 openat(AT_FDCWD, "/d/f", O_RDWR) = 3'
    echo "1 lseek(3, 0, SEEK_END) = $1"
    [ "${2:-}" ] && echo '1 close(3) = 0'
    echo '1 +++ exited with 0 +++'
}
loop 10 close >l1.strace
loop 20 close >l2.strace
loop 10 >l3.strace
run 0 "by a result" l1.strace l2.strace --output-dir o
has "is a difference" 'l1 lseek(<f>, 0, SEEK_END) = 10; l2 lseek(<f>, 0, SEEK_END) = 20' out
run 0 "one ends earlier" l1.strace l3.strace --output-dir o
has "makes no more" 'They part after 2 equal calls (start-up aside): l1 close(<f>) = 0; l3 no more' out

# Calls that are equal for longer than is shown.
long_call() {
    echo '1 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '1 openat(AT_FDCWD, "/d/f", O_RDWR) = 3'
    echo "1 newfstatat(AT_FDCWD, \"/d/a-name-that-is-somewhat-long\", {st_mode=S_IFDIR|0755, st_size=4096, ...}, $1) = 0"
    echo '1 +++ exited with 0 +++'
}
long_call 0 >n1.strace
long_call AT_SYMLINK_NOFOLLOW >n2.strace
run 0 "by what stands far behind" n1.strace n2.strace --output-dir o
has "shows it" \
    'n1 newfstatat(AT_FDCWD, "/d...4096, ...}, 0) = 0; n2 newfstatat(AT_FDCWD, "/d...4096, ...}, AT_SYMLINK_NOFOLLOW) ...' out

# Bytes that one side did not see are no difference; those of another file, which both saw, are.
bytes_of() { # WRITTEN-TO-F WRITTEN-TO-G
    echo '1 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '1 openat(AT_FDCWD, "/d/f", O_WRONLY) = 3'
    echo '1 openat(AT_FDCWD, "/d/g", O_WRONLY) = 4'
    for i in 1 2 3; do
        say "1 write(3, $1, 4) = 4"
        say "1 writev(3, [{iov_base=$1, iov_len=4}], 1) = 4"
    done
    say "1 write(4, $2, 4) = 4"
    echo '1 +++ exited with 0 +++'
}
bytes_of '"some"' '"more"' >b1.strace
bytes_of '""...' '"more"' >b2.strace
bytes_of '""...' '"\0\0\0\0"' >b3.strace
run 0 "bytes that one side did not see" b1.strace b2.strace --output-dir o --exit-code
check "are no difference" [ "$(grep -c 'They part' out)" -eq 0 ]
check "nor in the diff" [ ! -s o/b1_vs_b2_comparison.diff ]
has "both show as much" 'write(<f>, buf[4], 4) = 4' o/b1_formatted.txt
run 1 "those that both saw" b1.strace b3.strace --output-dir o --exit-code
has "are one" 'They part after 8 equal calls (start-up aside): b1 write(<g>, data[4], 4) = 4; b3 write(<g>, zeros[4], 4) = 4' out

# By thread, whoever was first; and a thread that only one side has.
threads() { # ORDER-OF-THE-TWO LAST-RESULT-OF-THE-SECOND
    echo '10 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD}, 88) = 11'
    echo '10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD}, 88) = 12'
    for thread in $1; do
        echo "$thread openat(AT_FDCWD, \"/d/f$thread\", O_RDWR|O_CREAT, 0600) = $thread"
        echo "$thread write($thread, \"x\", 1) = $([ $thread = 12 ] && echo $2 || echo 1)"
    done
    echo '10 +++ exited with 0 +++'
}
threads '11 12' 1 >t1.strace
threads '12 11' 1 >t2.strace
threads '12 11' 0 >t3.strace
threads '11' 1 >t4.strace
run 0 "threads in another order" t1.strace t2.strace --output-dir o --exit-code
check "do not part" [ "$(grep -c 'They part' out)" -eq 0 ]
run 1 "the second one writes less" t1.strace t3.strace --output-dir o --exit-code
has "which is in it" 'They part after 1 equal call of P0.T2 (start-up aside): t1 write(<f12>, data[1], 1) = 1; t3 write(' out
run 1 "the second one does nothing" t1.strace t4.strace --output-dir o --exit-code
has "and is not there" 'They part after 0 equal calls of P0.T2 (start-up aside): t1 openat(' out
finish
