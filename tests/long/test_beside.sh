#!/bin/bash
# Beside other libraries and tools: allocators preloaded before and after us, sanitizers, a debugger; fakeroot, faketime,
# valgrind once each.
. "$(dirname "$0")/../hostile/lib_hostile.sh"
cat >guest.c <<'C'
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void *work(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 20000; i++) {
        char *bytes = malloc(16 + (size_t)i % 3000);
        memset(bytes, 'x', 16);
        if (write(fd, bytes, 16) != 16)
            abort();
        free(bytes);
    }
    close(fd);
    return NULL;
}
int main(void)
{
    static char names[4][4] = {"t0", "t1", "t2", "t3"};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, work, names[i]);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    FILE *stream = fopen("stream", "w");
    fputs("by stdio\n", stream);
    fclose(stream);
    pid_t child = fork();
    if (child == 0) {
        work((void *)"child");
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    printf("year before 2000: %d\n", time(NULL) < 946684800);
    printf("user %d\n", (int)getuid());
    return 3;
}
C
CC=${CC:-cc}
$CC -O1 -g -o guest guest.c -pthread || exit 1

# beside NAME PRELOAD-BEFORE PRELOAD-AFTER PROGRAM [COMMAND AHEAD...]: standard output, status and files as without us.
beside() {
    local what=$1 before=$2 after=$3 program=$4
    shift 4
    rm -rf n t
    mkdir n t
    (cd n && env ${before:+LD_PRELOAD="$before"} ${after:+LD_PRELOAD="$after"} "$@" "$program" >../out_n 2>../err_n; echo "status $?" >>../out_n; tree >>../out_n)
    (cd t && env SYSCAP_OUTPUT="$WORK/$what.bin" LD_PRELOAD="${before:+$before:}$LIB${after:+:$after}" "$@" "$program" >../out_t 2>../err_t; echo "status $?" >>../out_t; tree >>../out_t)
    cmp -s out_n out_t || diff out_n out_t | head -5 | sed 's/^/    /'
    cmp -s err_n err_t || diff err_n err_t | head -5 | sed 's/^/    /'
    check "- $what: the same with and without" cmp out_n out_t
    check "- $what: nothing on stderr" cmp err_n err_t
    check "- $what: it did its work" grep -q '^status 3' out_n
    asks "$what" "every write" '[f("/" + n)["writes"] for n in ("t0", "t1", "t2", "t3", "child")] == [20000] * 5'
}
library() {
    ldconfig -p | awk -v name="$1" 'index($1, name) == 1 && /x86-64/ { print $NF; exit }'
}
for allocator in libjemalloc.so.2 libtcmalloc_minimal.so.4; do
    path=$(library $allocator)
    short=${allocator%%.*}
    if [ -n "$path" ]; then
        beside $short-before "$path" "" "$WORK/guest"
        beside $short-after "" "$path" "$WORK/guest"
    else
        skip 8 "$allocator" "not installed"
    fi
done
for kind in address undefined; do
    if $CC -O1 -g -fsanitize=$kind -o san_$kind guest.c -pthread 2>/dev/null; then
        (./san_$kind >out 2>err; [ $? -eq 3 ]) || { skip 5 "-fsanitize=$kind" "does not run here"; continue; }
        rm -f t? child stream
        if [ $kind = undefined ]; then
            beside ubsan "" "" "$WORK/san_undefined"
        else
            # ASan wants to be the first library of all. What it says then, and what syscap-record says, name the way out.
            asan=$($CC -print-file-name=libasan.so)
            asan=$(readlink -f "$asan")
            beside asan-preloaded "$asan" "" "$WORK/san_address"
            beside asan-told "" "" "$WORK/san_address" env ASAN_OPTIONS=verify_asan_link_order=0
            "$RECORD" -o asan.bin -- ./san_address >out 2>err
            status=$?
            sed 's/^/    /' err | head -3
            check "- asan: recorded, or the one thing to add is said" \
                [ $status -eq 3 -o -n "$(grep -E 'verify_asan_link_order=0|libasan' err)" ]
            rm -f t? child stream
        fi
    else
        skip 5 "-fsanitize=$kind" "the compiler has no such library"
    fi
done

# debugged FOLDER CAPTURE GDB-ARGUMENTS...: what the guest leaves there goes into FOLDER.seen, what gdb says into gdb_out.
debugged() {
    local folder=$1 capture=$2
    shift 2
    rm -rf "$folder" && mkdir "$folder"
    (
        cd "$folder" || exit 99
        set -- gdb -batch -nx ${capture:+-ex "set exec-wrapper env LD_PRELOAD=$LIB SYSCAP_OUTPUT=$capture"} "$@"
        "$@" ../guest >../gdb_out 2>&1 </dev/null
        { grep -o 'exited with code [0-9]*' ../gdb_out && tree; } >"../$folder.seen"
    )
}
if command -v gdb >/dev/null && debugged n "" -ex 'run >out 2>&1' && grep -q 'code 03' n.seen; then
    debugged t "$WORK/gdb.bin" -ex 'run >out 2>&1'
    check "- gdb: the same with and without" cmp n.seen t.seen
    asks gdb "every write" '[f("/" + n)["writes"] for n in ("t0", "t1", "t2", "t3", "child")] == [20000] * 5'
    # Breakpoints in what full mode rewrites, set before and after it does.
    debugged t "$WORK/gdb2.bin" -ex 'break main' -ex 'run >out 2>&1' -ex 'break write if 0' -ex 'tbreak fopen' -ex 'continue' \
        -ex 'bt 3' -ex 'delete' -ex 'continue'
    check "- gdb with breakpoints: the same with and without" cmp n.seen t.seen
    check "- gdb with breakpoints: main is in the trace" grep -q '^#[0-9].* main ' gdb_out
    asks gdb2 "every write" '[f("/" + n)["writes"] for n in ("t0", "t1", "t2", "t3")] == [20000] * 4'
    # Attached to a process that is in a recorded call, and let go.
    mkfifo go
    rm -rf t && mkdir t
    (cd t && traced "$WORK/gdb3.bin" sh -c 'read line <../go; ../guest >out 2>&1; exit $?'; echo "exited with code 0$?" >../t.seen; tree >>../t.seen) &
    waiting=$!
    exec 9>go # opened by both sides
    # The shell is the one that has the pipe as its input.
    gdb -batch -nx -p "$(pgrep -P $waiting -x sh || echo $waiting)" -ex bt -ex detach >gdb_out 2>&1
    echo go >&9
    exec 9>&-
    wait $waiting
    check "- gdb attached: it was in a call" grep -qE '^#[0-9]+ .* in .*read' gdb_out
    check "- gdb attached: the same with and without" cmp n.seen t.seen
    asks gdb3 "every write" '[f("/" + n)["writes"] for n in ("t0", "t1", "t2", "t3")] == [20000] * 4'
else
    skip 8 "gdb" "not installed or not allowed"
fi
if command -v fakeroot >/dev/null && fakeroot true 2>/dev/null; then
    rm -rf n t && mkdir n t
    (cd n && fakeroot sh -c 'touch x; chown 5:6 x; stat -c %u:%g x; id -u') >out_n 2>&1
    (cd t && traced "$WORK/fakeroot.bin" fakeroot sh -c 'touch x; chown 5:6 x; stat -c %u:%g x; id -u') >out_t 2>&1
    check "- fakeroot: the same with and without" cmp out_n out_t
    check "- fakeroot: it fakes" grep -qx 5:6 out_n
    asks fakeroot "captured" 'r["total"] > 10 and f("/x")["opens"] >= 1'
else
    skip 3 "fakeroot" "not installed, or does not run here"
fi
faketime=$(ls /usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 2>/dev/null)
if [ -n "$faketime" ]; then
    beside faketime-before "$faketime" "" "$WORK/guest" env FAKETIME=-40y
    check "- faketime: it fakes" grep -qx 'year before 2000: 1' out_n
    beside faketime-after "" "$faketime" "$WORK/guest" env FAKETIME=-40y
else
    skip 9 "libfaketime" "not installed"
fi
if command -v valgrind >/dev/null && valgrind -q /bin/true 2>/dev/null; then
    rm -rf n t && mkdir n t
    (cd n && valgrind -q ../guest >../out_n 2>../err_n; echo "status $?" >>../out_n)
    (cd t && SYSCAP_OUTPUT=$WORK/valgrind.bin LD_PRELOAD=$LIB valgrind -q ../guest >../out_t 2>../err_t; echo "status $?" >>../out_t)
    check "- valgrind: the same with and without" cmp out_n out_t
    head -3 err_t | sed 's/^/    /'
    check "- valgrind: it complains of nothing" cmp err_n err_t
    asks valgrind "that the program in it is not seen is said" 'any("not recorded: " in w and "statically linked" in w for w in r["warnings"] + r["problems"])'
    # valgrind's own program is static and takes no library in; one that the guest is linked with runs within.
    $CC -O1 -g -o linked guest.c -pthread -Wl,--no-as-needed "$LIB"
    rm -rf t && mkdir t
    (cd t && SYSCAP_OUTPUT=$WORK/linked.bin LD_LIBRARY_PATH=$BUILD valgrind -q ../linked >../out_t 2>../err_t; echo "status $?" >>../out_t)
    check "- valgrind, within: the same with and without" cmp out_n out_t
    # Whether memory is the program's is asked by a mask that the kernel reads before it looks at the number, which
    # valgrind remarks on.
    grep -v "sigprocmask: unknown 'how' field -1$" err_t >err_w
    check "- valgrind, within: it complains of nothing else" cmp err_n err_w
    # It has no second mapping of one file to give; then nothing can be recorded.
    asks linked "that nothing could be recorded is said" 'r["coverage"]["dropped_records"] > 10 and
        any("there was no memory left to map" in w for w in r["warnings"] + r["problems"])'
else
    skip 6 "valgrind" "not installed"
fi
finish
