#!/bin/bash
# What syscap-record says on a terminal when it is done: the analyzer's own numbers, on a terminal's standard error only, and
# nothing that the program could notice.
. "$(dirname "$0")/../lib.sh"
python3 -c 'import pty; pty.openpty()' 2>/dev/null || {
    echo 'skip 35 - what was made (no python3, or no terminal can be made: /dev/pts is not mounted)'
    exit 0
}
cat >terminal.py <<'PYTHON'
"""terminal.py OUTPUT COMMAND...: runs it with a terminal as its standard error, which is printed; ends with its status."""
import os, pty, subprocess, sys
master, slave = pty.openpty()
before = __import__("termios").tcgetattr(slave)
with open(sys.argv[1], "wb") as output:
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=output, stderr=slave)
    text = b""
    while child.poll() is None or __import__("select").select([master], [], [], 0)[0]:
        if __import__("select").select([master], [], [], 0.05)[0]:
            text += os.read(master, 65536)
assert before == __import__("termios").tcgetattr(slave), "the terminal was changed"
sys.stdout.write(text.decode("utf-8", "replace").replace("\r\n", "\n"))
sys.exit(child.returncode if child.returncode >= 0 else 128 - child.returncode)
PYTHON

# on_terminal NAME ARGUMENT...: records into NAME.bin; said has what the terminal got.
on_terminal() {
    timeout 120 python3 terminal.py stdout "$RECORD" -o "$1.bin" "${@:2}" >said
    STATUS=$?
}

# counts NAME COMMAND...: the numbers that are said are the analyzer's.
counts() {
    local name=$1 numbers
    on_terminal "$name" -- "${@:2}"
    numbers=$("$ANALYZE" "$name.bin" --format json | python3 -c '
import json, sys
run = json.load(sys.stdin)["runs"][0]
one = lambda n, word, more: "%s %s" % (format(n, ","), word + (more if n != 1 else ""))
print(one(run["total"], "call", "s"), "of", one(run["processes"], "process", "es"))')
    if grep -qxE "syscap-record: $numbers in [0-9]+\.[0-9][0-9] s: $name\.bin" said; then
        ok "- $name: what is said is counted"
    else
        sed 's/^/    /' said
        not_ok "- $name: $numbers"
    fi
}

counts true true
counts one cat "$HERE/test_made.sh"
check '- the output is the program'"'"'s' cmp -s stdout "$HERE/test_made.sh"
counts many head -c 3000000 /dev/zero
counts loop bash -c 'for ((i = 0; i < 2000; i++)); do echo $i; done >loop'
counts shell sh -c 'cat /dev/null; (cat /dev/null; true) & wait; ls | cat'
counts exec sh -c 'exec sh -c "exec cat /dev/null"'
counts failing sh -c 'PATH=/none:/bin; for i in 1 2 3; do cat /dev/null; done; exec /none/none' 
counts python python3 -c 'import subprocess, os
for i in range(3): subprocess.run(["cat", "/dev/null"])
pid = os.fork()
if pid == 0: os._exit(0)
os.wait()'
for guest in forks threads processes exits calls descriptors strace_mix threads_alike; do
    mkdir $guest.d
    case $guest in
    exits) counts $guest "$GUESTS/exits" return ;;
    *) counts $guest sh -c "cd $guest.d && exec $GUESTS/$guest" ;;
    esac
done
for how in KILL SEGV TERM; do
    counts killed_$how sh -c "cat /dev/null; kill -$how \$\$"
done
counts child_killed sh -c 'sh -c "kill -9 \$\$"; true'
counts sleeping sh -c 'sleep 60 & pid=$!; kill -9 $pid; wait $pid; true'
counts blocked python3 -c 'import os, threading, time
r, w = os.pipe()
for i in range(3): threading.Thread(target=os.read, args=(r, 1), daemon=True).start()
time.sleep(0.3)
os.kill(os.getpid(), 9)'

on_terminal status -- sh -c 'exit 7'
check '- the exit status is the program'"'"'s' [ "$STATUS" = 7 ]
on_terminal signal -- sh -c 'kill -USR1 $$'
check '- and so is the signal' [ "$STATUS" = $((128 + 10)) ]
check '- one line is said' [ "$(wc -l <said)" = 1 ]
for quiet in -q --quiet; do
    on_terminal quiet $quiet -- true
    check "- $quiet: nothing is said" [ ! -s said ]
done
"$RECORD" -o piped.bin -- true 2>said >stdout
check '- nothing is said where there is no terminal' [ ! -s said ]
"$RECORD" -o "$WORK/absolute.bin" -- true 2>said >stdout
on_terminal absolute -- true
on_terminal "$WORK/absolute" -- true
has '- an absolute name stays one' ": $WORK/absolute.bin" said
mkdir sub
(cd sub && timeout 60 python3 ../terminal.py stdout "$RECORD" -o ../up.bin true >../said)
has '- a name in another folder' "up.bin" said
on_terminal limited --max-size 200K -- dd if=/dev/zero of=/dev/null bs=1 count=60000 status=none
"$ANALYZE" limited.bin >report
LIMITED=$(sed -n 's/^limited total syscalls: //p' report)
LOST=$(sed -n 's/.*reached; \([0-9]*\) calls found no place.*/\1/p' report)
tr -d , <said >plain
check '- a capture that reached its size says so' grep -qE \
    "^syscap-record: $LIMITED calls of 1 process in [0-9.]+ s stopped at its greatest size calls not recorded: $LOST: limited.bin\$" plain
mkfifo gate
on_terminal going -- sh -c '(exec >/dev/null 2>&1; read line <gate) & :'
check '- what is still recorded has no number' grep -qE '^syscap-record: the program ended after [0-9.]+ s, what it started is still being recorded: going.bin$' said
echo >gate
on_terminal missing -- ./no_such_program
check '- nothing is said of a program that did not run' [ "$(grep -c ' calls\? of ' said)" = 0 ]
cp "$(type -P true)" $'a\033[31mb'
timeout 60 python3 terminal.py stdout "$RECORD" -o '%n.bin' $'./a\033[31mb' >said
has '- a name that a terminal would obey' ': a?[31mb.bin' said
finish
