#!/bin/sh
# What the two runs were given to read: inputs of other sizes are not the same work, and are said.
. "$(dirname "$0")/lib.sh"

# log FILE LINE...: a strace log of those calls; ARGUMENTS: more of the command line
ARGUMENTS=
log() {
    to=$1
    shift
    {
        say 'execve("./prog", ["./prog"'"$ARGUMENTS"'], 0x7ffc00000000 /* 9 vars */) = 0'
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

# A path as an argument: what it names is the same thing, or it is not.
# with FILE PATH CALL...: a run that was given PATH
with() {
    ARGUMENTS=", \"$2\""
    to=$1
    shift 2
    log "$to" "$@"
    ARGUMENTS=
}
# both SIZE SIZE: two runs that read /data/one and /data/two
both() {
    with a.strace /data/one 'openat(AT_FDCWD, "/data/one", O_RDONLY) = 3' "read(3, \"abcd\"..., 9000000) = $1" 'read(3, "", 9000000) = 0'
    with b.strace /data/two 'openat(AT_FDCWD, "/data/two", O_RDONLY) = 3' "read(3, \"abcd\"..., 9000000) = $2" 'read(3, "", 9000000) = 0'
}
both 4000 4000
run 0 "two inputs of the same size" a.strace b.strace
has "are only names" "NOTE: other names: argument 1 /data/one / /data/two" out
run 0 "the same" a.strace b.strace --format json
has "and comparable" '"comparable": true' out
both 4000 4001
run 0 "two inputs of other sizes" a.strace b.strace
has "are other arguments" "WARNING: not identical operations: argument 1 /data/one / /data/two" out
for name in one two; do
    with $name.strace /data/$name "openat(AT_FDCWD, \"/data/$name/f\", O_WRONLY|O_CREAT, 0666) = 3" 'write(3, "abcd", 4) = 4'
done
run 0 "two folders of outputs" one.strace two.strace
has "are only names" "NOTE: other names: argument 1 /data/one / /data/two" out
with two.strace /data/two 'openat(AT_FDCWD, "/data/two/f", O_RDONLY) = 3' 'read(3, "abcd", 4) = 4'
run 0 "an output and an input" one.strace two.strace
has "are other arguments" "WARNING: not identical operations: argument 1 /data/one / /data/two" out
with a.strace /data/one
with b.strace /data/two
run 0 "two paths of which nothing is known" a.strace b.strace
has "are other arguments" "WARNING: not identical operations: argument 1 /data/one / /data/two" out
with rust_x.strace /data/rust.ms
with cpp_x.strace /data/cpp.ms
run 0 "names of the runs' own outputs" rust_x.strace cpp_x.strace
has "are said too" "NOTE: other names: argument 1 /data/rust.ms / /data/cpp.ms" out

# A capture has the same, and knows a standard input by its name.
BUILD=${BUILD:-$HERE/../../build}
head -c 5000 /dev/zero >small.dat
head -c 70000 /dev/zero >large.dat
ln -s "$(command -v cat)" cat_a
ln -s "$(command -v cat)" cat_b
for mode in full interpose; do
    for size in small large; do
        mkdir -p $size.d
        cp $size.dat $size.d/in.dat
        (cd $size.d && SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o "$WORK/$size.bin" -- cat in.dat - <"$WORK/$size.dat") >/dev/null
    done
    run 0 "$mode: two captures" small.bin large.bin
    has "have their input" "input CWD/in.dat: 5 KB / 70 KB" out
    has "and their standard input" "standard input: 5 KB / 70 KB" out
    for name in a b; do
        SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o $name.bin -- env ./cat_$name small.dat >/dev/null
    done
    run 0 "$mode: two programs as arguments" a.bin b.bin
    has "are only names" "NOTE: other names: argument 1 ./cat_a / ./cat_b" out
done
finish
