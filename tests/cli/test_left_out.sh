#!/bin/sh
# What strace was told to leave out of a log is not taken for what did not happen: it is warned about.
. "$(dirname "$0")/lib.sh"

# log FILE PART...: of a whole log, the parts that strace printed
log() {
    to=$1
    shift
    for part in "$@"; do
        case $part in
        exec) say 'execve("./prog", ["./prog"], 0x7ffc00000000 /* 9 vars */) = 0' ;;
        access) say 'access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)' ;;
        cache) say 'openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3' ;;
        map)
            say 'mmap(NULL, 17000, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000000000'
            say 'close(3) = 0'
            say 'munmap(0x7f0000000000, 17000) = 0'
            ;;
        open) say 'openat(AT_FDCWD, "/data/f", O_RDWR|O_CREAT, 0666) = 3' ;;
        write) say 'write(3, "hello", 5) = 5' ;;
        fork) say 'clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f00) = 78' ;;
        vfork) say 'vfork() = 79' ;;
        thread)
            say 'clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, stack=0x7f00, stack_size=0x7fff00}, 88) = 80'
            ;;
        exit) say 'exit_group(0) = ?' ;;
        end) say '+++ exited with 0 +++' ;;
        esac
    done >"$to"
}

expect() { # NAME WARNING LOG...: the one warning, or none where it is empty
    run 0 "$1" "$3"
    if [ "$2" ]; then
        has "$1: is said" "WARNING: log: $2" out
    else
        check "$1: no warning" [ "$(grep -c WARNING out)" = 0 ]
    fi
}

log log.strace exec access cache map open write exit end
expect "a whole log" "" log.strace
log log.strace exec open write exit end
expect "one of a static program" "" log.strace
log log.strace write exit end
expect "one of a program that ran already" "" log.strace
log log.strace exec access cache map open write fork exit end
expect "a child" "1 process started, and no call of theirs is in the log: strace had no -f." log.strace
log log.strace exec access cache map open write fork vfork thread exit end
expect "children and a thread" "2 processes and 1 thread started, and no call" log.strace
sed 's/^/77 /' log.strace >pids.strace
mv pids.strace log.strace
expect "a log of strace -f" "" log.strace
log log.strace access end
expect "-Z" "holds failed calls only: strace left the others out (-Z)." log.strace
log log.strace exec cache map open write end
expect "-z" "holds no call that failed, as the loader's access does: strace left calls out (-z, -e trace=)." log.strace
log log.strace exec access cache open exit end
expect "-e trace=file" "holds the loader's calls without those that map memory: strace left calls out (-e trace=)." log.strace
log log.strace exec write exit end
expect "-e trace=execve,write,exit_group" "holds calls with descriptors and none that opens one: strace left calls out" log.strace
log log.strace write end
expect "-e trace=write" "holds no exit of a program that exited: strace left calls out (-e trace=, -z)." log.strace

# Arguments that -s cut are beginnings.
for side in a:'"--q=select a, b from t where..."' b:'"--q=select a, b from t where x"'; do
    {
        say "execve(\"./prog\", [\"./prog\", ${side#*:}], 0x7ffc00000000 /* 9 vars */) = 0" | sed 's/\.\.\."/".../'
        say 'exit_group(0) = ?'
        say '+++ exited with 0 +++'
    } >"${side%%:*}.strace"
done
run 0 "an argument that -s cut" a.strace b.strace
check "is no difference" [ "$(grep -c 'not identical' out)" = 0 ]
has "and is told to be cut" "... (cut)" out
finish
