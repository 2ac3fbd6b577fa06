#!/bin/sh
# What the two runs were given to read: inputs of other sizes are not the same work, and are said.
. "$(dirname "$0")/lib.sh"

# log FILE LINE...: a strace log of those calls
log() {
    to=$1
    shift
    {
        say 'execve("./prog", ["./prog"], 0x7ffc00000000 /* 9 vars */) = 0'
        for line in "$@"; do say "$line"; done
        say 'exit_group(0)                           = ?'
        say '+++ exited with 0 +++'
    } >"$to"
}

# reader FILE NAME SIZE: reads NAME in one piece and finds its end
reader() {
    log "$1" "openat(AT_FDCWD, \"$2\", O_RDONLY) = 3" "read(3, \"abcd\"..., 10000000) = $3" 'read(3, "", 10000000) = 0' \
        'close(3) = 0'
}

reader a.strace /data/f 4000
reader b.strace /data/f 6000000
run 0 "an input of another size" a.strace b.strace
has "is said" "not identical operations: input /data/f: 4 KB / 6 MB" out
has "with a warning" "WARNING: not identical" out
run 0 "the same" a.strace b.strace --format json
has "in JSON" '"comparable": false' out
reader b.strace /data/f 4001
run 0 "by a byte" a.strace b.strace
has "is told in bytes" "input /data/f: 4000 bytes / 4001 bytes" out
reader b.strace /data/f 4000
run 0 "of the same size" a.strace b.strace
check "is no difference" [ "$(grep -c 'not identical' out)" = 0 ]

for name in /proc/self/maps /sys/devices/x /etc/ld.so.cache /opt/lib/libx.so.2 /dev/x; do
    reader a.strace "$name" 4000
    reader b.strace "$name" 6000000
    run 0 "what the machine has, $name" a.strace b.strace
    check "is no input" [ "$(grep -c 'not identical' out)" = 0 ]
done

for side in a:4000 b:6000000; do
    log "${side%:*}.strace" 'openat(AT_FDCWD, "/data/f", O_RDWR|O_CREAT|O_TRUNC, 0666) = 3' "write(3, \"abcd\"..., 9000000) = ${side#*:}" \
        'lseek(3, 0, SEEK_SET) = 0' "read(3, \"abcd\"..., 9000000) = ${side#*:}" 'read(3, "", 9000000) = 0'
done
run 0 "what the run wrote itself" a.strace b.strace
check "is no input" [ "$(grep -c 'not identical' out)" = 0 ]

for side in a:4000 b:6000000; do
    log "${side%:*}.strace" "read(0, \"abcd\"..., 9000000) = ${side#*:}" 'read(0, "", 9000000) = 0'
done
run 0 "a standard input" a.strace b.strace
has "is one" "standard input: 4 KB / 6 MB" out

for side in a:4000 b:6000000; do
    log "${side%:*}.strace" 'openat(AT_FDCWD, "/data/f", O_RDONLY) = 3' "read(3, \"abcd\"..., ${side#*:}) = ${side#*:}"
done
run 0 "a part of a file" a.strace b.strace
check "tells nothing of its size" [ "$(grep -c 'not identical' out)" = 0 ]

# A capture has the same, and knows a standard input by its name.
BUILD=${BUILD:-$HERE/../../build}
head -c 5000 /dev/zero >small.dat
head -c 70000 /dev/zero >large.dat
for mode in full interpose; do
    for size in small large; do
        mkdir -p $size.d
        cp $size.dat $size.d/in.dat
        (cd $size.d && SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o "$WORK/$size.bin" -- cat in.dat - <"$WORK/$size.dat") >/dev/null
    done
    run 0 "$mode: two captures" small.bin large.bin
    has "have their input" "input CWD/in.dat: 5 KB / 70 KB" out
    has "and their standard input" "standard input: 5 KB / 70 KB" out
done
finish
