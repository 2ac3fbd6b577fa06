#!/bin/sh
# What stands first: by time, calls or bytes, and how much of it. The clock of a run, and waiting apart from work.
. "$(dirname "$0")/lib.sh"
RECORD=$(dirname "$ANALYZE")/syscap-record

# Two seconds: 2 fsyncs of half a second each, 40 short fchmods, a second of waiting for a child; 4 files of one shape and
# 20 in another folder. The other side does the first write alone.
python3 - <<'EOF'
def log(name, rich):
    at = 1795932011.0
    with open(name, "w") as out:
        def call(text, took):
            nonlocal at
            out.write("700  %.6f %s <%.6f>\n" % (at, text, took))
            at += took + 0.00001
        call('execve("./p", ["./p"], 0x7ffd /* 1 var */) = 0', 0.0001)
        call('openat(AT_FDCWD, "/data/f", O_RDWR|O_CREAT, 0644) = 3', 0.00001)
        call('write(3, "%s", 20) = 20' % ("x" * 20), 0.00001)
        for i in range(40 if rich else 0):
            call('fchmod(3, 0600) = 0', 0.000001)
        for i in range(2 if rich else 0):
            call('fsync(3) = 0', 0.5)
        for i in range(20 if rich else 0):
            call('access("/data/in/%d.dat", F_OK) = 0' % i, 0.000001)
        if rich:
            call('write(3, "%s"..., 100000) = 100000' % ("x" * 32), 0.00001)
            call('wait4(-1, NULL, 0, NULL) = 701', 1.2)
        out.write("700  %.6f exit_group(0) = ?\n" % at)
        out.write("700  %.6f +++ exited with 0 +++\n" % at)
log("a.strace", True)
log("b.strace", False)
EOF

first() { # ARGS...: the pattern of the first cause
    "$ANALYZE" a.strace b.strace --output-dir d --format json "$@" |
        python3 -c 'import json, sys; c = json.load(sys.stdin)["comparison"]["causes"][0]; print(c["pattern"], c["role"], c["file_count"])'
}

causes() { # A B ARGS...: the order of all causes, whichever side has more
    "$ANALYZE" "$@" --output-dir d --format json | python3 -c '
import json, sys
for c in json.load(sys.stdin)["comparison"]["causes"]: print(c["pattern"], c["role"], abs(c["calls_diff"]))'
}

check 'the dearest in time comes first' [ "$(first)" = 'wait4 None 1' ]
check '--sort time' [ "$(first --sort time)" = 'wait4 None 1' ]
check '--sort calls' [ "$(first --sort calls)" = 'fchmod /data/f 1' ]
check '--sort bytes' [ "$(first --sort bytes)" = 'write /data/f 1' ]
run 2 '--sort of nothing' a.strace b.strace --sort names
run 2 '--top of nothing' a.strace b.strace --top many
run 0 'a pair' a.strace b.strace --output-dir d
has 'the clock, work and waiting' 'a wall time: 2.201 s; in calls 1.000 s (45 %), waiting for others 1.200 s' out
has 'and the difference' 'a takes 2.201 s longer (in calls +1.000 s, waiting for others +1.200 s).' out
has 'many files in a line' '20 of the 64 extra calls (31 %): access of /data/in/*.dat (20 files)' out
has 'what it is in the order of' '## Where the difference comes from (by time where it stands out, then by calls)' out
has 'its share of the time' '2 of the 64 extra calls (3 %): fsync of /data/f, +1.000 s (45 % of the time)' out
row() { # NAME FILE: the row of the table of calls, blanks made one
    sed -n '/^## Calls/,/^$/p' "$2" | grep "^$1 " | tr -s ' '
}
check 'calls, errors, time and sizes of each run' [ "$(row write out)" = 'write 2 1 +1 0 0 20.000 us 10.000 us 20/20/100000 20/20/20' ]
check 'a file has them too' sh -c 'sed -n "/^## Files/,/^$/p" out | tr -s " " | grep -q "a 1 0 2 0 0 (0) 0 100020 0 0 1.000 s 20/20/100000$"'
run 0 'the tables by time' a.strace b.strace --output-dir d --sort time
check 'the call that took longest stands first' sh -c 'sed -n "/^## Calls/,/^$/p" out | sed -n 3p | grep -q "^wait4 "'
run 0 '--top 1' a.strace b.strace --output-dir d --top 1
has '--top 1 shows one, and the sum of the others' '63 of the 64 extra calls (98 %): other (4 more)' out
check '--top 1 is of the tables too' sh -c 'sed -n "/^## Calls/,/^$/p" out | sed -n "4,5p" | tr -s " " | grep -qx "(. others) .*"'
run 0 '--top 0' a.strace b.strace --output-dir d --top 0
check '--top 0 shows all' sh -c '! grep -q "other (" out'
started() { # HOW
    echo '700  1795932011.000000 execve("./p", ["./p"], 0x7ffd /* 1 var */) = 0 <0.000100>'
    echo "700  1795932011.001000 $1 = 701 <0.500000>"
    echo '700  1795932011.600000 close(9) = 0 <0.000010>'
    echo '700  1795932011.700000 +++ exited with 0 +++'
}
started 'vfork()' >v.strace
started 'fork()' >w.strace
run 0 'vfork and fork' v.strace w.strace --output-dir d
has 'vfork waits until its child runs a program' 'v wall time: 600.010 ms; in calls 110.000 us, waiting for others 500.000 ms' out
check 'fork does not' grep -q '^w wall time.*waiting for others 0.000 us' out
# A pipe that is full waits for its reader, at both ends; what a write takes of itself is the least that any took.
{
    echo '100 1700000000.000000 execve("/bin/p", ["p"], 0x7ffd) = 0 <0.000100>'
    echo '100 1700000000.010000 pipe2([3<pipe:[7]>, 4<pipe:[7]>], 0) = 0 <0.000010>'
    for i in $(seq 200); do
        echo "100 1700000001.$(printf %03d "$i")000 write(4<pipe:[7]>, \"x\", 1) = 1 <0.000$((i > 100 ? 900 : 200))>"
    done
    echo '100 1700000003.000000 exit_group(0) = ?'
    echo '100 1700000003.000000 +++ exited with 0 +++'
} >full.strace
run 0 'a pipe that is full' full.strace --summary-only
has 'a write into it waits for the reader' 'waiting for others 110.000 ms' out
has 'and saves what it takes without' 'would save 198 calls, 39.' out
ways() { # CALL COUNT BYTES-OF-ONE-WRITE
    echo '1 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '1 openat(AT_FDCWD, "/data/f", O_RDWR|O_CREAT|O_TRUNC, 0666) = 3'
    for i in $(seq "$2"); do echo "1 $1 = 0"; done
    echo "1 write(3, \"abcd\"..., $3) = $3"
    echo '1 +++ exited with 0 +++'
}
ways 'fchmod(3, 0644)' 3 4 >c.strace
ways 'fchown(3, 0, 0)' 5 8 >d.strace
run 0 'more of one and less of another' c.strace d.strace --output-dir d
has 'more than all there are is no part of them' '  -5 calls (250 %): fchown of /data/f' out
has 'what goes the other way' '  +3 calls (-150 %): fchmod of /data/f' out
has 'one call is a call' '  The same call: write of /data/f' out
causes a.strace b.strace >one
causes b.strace a.strace >other
check 'the order is the same with the sides swapped' cmp -s one other
causes a.strace b.strace --label z,y >other
check 'and with other labels' cmp -s one other

# Programs that one run starts more often are one line, whatever they do; as a capture and as a log of strace tell them.
many='for i in 1 2 3 4 5 6 7 8; do /bin/true; done; /bin/cat /dev/null'
few='for i in 1 2; do /bin/true; done; /bin/cat /dev/null'
"$RECORD" -o many.bin sh -c "$many"
"$RECORD" -o few.bin sh -c "$few"
run 0 'processes of a capture' many.bin few.bin --output-dir d
has 'a program that is started more often' ': 6 more processes of true, ' out
has 'and the copies of the shell that become it' ': 6 more processes of sh (forked), ' out
check 'each process is a row' [ "$(sed -n '/^many:/,/^few:/p' out | grep -c 'exited with 0  *true$')" = 8 ]
check 'the root has no other parent' sh -c "sed -n '/^## Processes/,/^\$/p' out | grep -Eq '^ +0 +[0-9]+ +0 .* sh -c .for i in'"
# Copies of a shell that wait for what they started cost nothing by that, in whichever order the time would put them.
waiters() { # HOW-MANY
    echo '100 1700000000.000000 execve("/bin/sh", ["sh"], 0x7ffd) = 0 <0.000100>'
    for i in $(seq "$1"); do
        echo "100 1700000000.$((100 + i))000 clone(child_stack=NULL, flags=SIGCHLD) = $((200 + i)) <0.000010>"
        echo "$((200 + i)) 1700000000.$((100 + i))100 clone(child_stack=NULL, flags=SIGCHLD) = $((300 + i)) <0.000010>"
        echo "$((300 + i)) 1700000000.$((100 + i))200 execve(\"/bin/true\", [\"true\"], 0x7ffd) = 0 <0.000010>"
        for k in 1 2 3 4 5 6; do
            echo "$((300 + i)) 1700000000.$((100 + i))30$k getppid() = $((200 + i)) <0.000001>"
        done
        echo "$((300 + i)) 1700000000.$((100 + i))400 exit_group(0) = ?"
        echo "$((300 + i)) 1700000000.$((100 + i))401 +++ exited with 0 +++"
        echo "$((200 + i)) 1700000000.$((100 + i))500 wait4(-1, NULL, 0, NULL) = $((300 + i)) <0.090000>"
        echo "$((200 + i)) 1700000000.$((200 + i))000 exit_group(0) = ?"
        echo "$((200 + i)) 1700000000.$((200 + i))001 +++ exited with 0 +++"
    done
    echo '100 1700000000.900000 exit_group(0) = ?'
    echo '100 1700000000.900001 +++ exited with 0 +++'
}
waiters 9 >nine.strace
waiters 2 >two.strace
run 0 'waiting of many processes' nine.strace two.strace --summary-only
check 'ranks none of them' sh -c "grep ' calls each' out | sed -n 1p | grep -q 'more processes of true'"

run 0 'processes by bytes' many.bin few.bin --summary-only --sort calls
check 'the one with the most calls first' awk '/^## Processes/ { on = 1 } /^few:/ { on = 0 }
    on && $1 ~ /^[0-9]+$/ { if (seen++ && $4 > last) exit 1; last = $4 } END { exit seen < 9 }' out
run 0 'as JSON' many.bin few.bin --output-dir d --format json
check 'processes add up' "$HERE/adds_up.py" out
# One process too, of a program that one run alone has; of git by what it is to do.
"$RECORD" -o with.bin sh -c '/bin/true; /bin/cat /dev/null; /bin/true'
"$RECORD" -o without.bin sh -c '/bin/true; /bin/true'
run 0 'a program of one run' with.bin without.bin --output-dir d
has 'is one line' ': 1 more process of cat, ' out
run 0 'as JSON' with.bin without.bin --output-dir d --format json
check 'it adds up' "$HERE/adds_up.py" out
causes with.bin without.bin >one
causes without.bin with.bin >other
check 'its order is the same with the sides swapped' cmp -s one other
mkdir bin
cp /bin/true bin/git
"$RECORD" -o pack.bin sh -c 'bin/git pack-objects; bin/git -c a=b rev-list x; bin/git rev-list y'
"$RECORD" -o list.bin sh -c 'bin/git rev-list z; bin/git rev-list; true'
run 0 'a subcommand of one run' pack.bin list.bin --output-dir d
has 'is a program' ': 1 more process of git pack-objects, ' out
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    strace -f -o many.strace sh -c "$many"
    strace -f -o few.strace sh -c "$few"
    run 0 'processes of a log' many.strace few.strace --output-dir d
    has 'a program of a log' ': 6 more processes of true, ' out
else
    echo 'skip 2 - processes of a log (no strace here)'
fi

# Failures by call and error, on names that are alike as one.
"$RECORD" -o tries.bin sh -c 'test -e /gone/one; test -e /gone/1; test -e /gone/2; test -e /gone/3; test -e /gone/4; :'
"$RECORD" -o once.bin sh -c 'test -e /gone/one; :'
run 0 'failures' tries.bin once.bin --output-dir d
sed -n '/^## Failed calls/,/^$/p' out | tr -s ' ' >failed
check 'a call, an error, how often on each side, on how many names' \
    grep -Eq '^(newfstatat|faccessat2?) ENOENT 5 1 [+]4 5 /gone/one, /gone/' failed
run 0 'and as JSON' tries.bin once.bin --output-dir d --format json
check 'failures add up' "$HERE/adds_up.py" out
finish
