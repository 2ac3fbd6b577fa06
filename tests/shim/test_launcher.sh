#!/bin/bash
# syscap-record: what it refuses and how it says so, what its program sees, its exit status, and what it leaves in the
# capture.
. "$(dirname "$0")/../lib.sh"

# launch STATUS NAME ARGS...: syscap-record with these arguments, into the files out and err, ends with that status.
launch() {
    local want=$1 name=$2 got
    shift 2
    "$RECORD" "$@" >out 2>err </dev/null
    got=$?
    if [ "$got" -eq "$want" ]; then
        ok "- $name"
    else
        echo "    status $got, not $want: $*"
        not_ok "- $name"
    fi
}

# refused STATUS NAME TEXT ARGS...: with one line on stderr that holds TEXT, nothing on stdout, and no capture left.
refused() {
    local status=$1 what=$2 text=$3
    shift 3
    rm -f refused.bin
    launch "$status" "$what" -o refused.bin "$@"
    check "- $what: one clear line" eval '[ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$text" err'
    check "- $what: no capture" [ ! -e refused.bin ]
}

# --- refusals
printf 'int main(void) { return 0; }\n' >main.c
if cc -static -o static main.c 2>/dev/null; then
    refused 125 'statically linked' 'statically linked' --static leave ./static
    printf '#!%s\n' "$PWD/static" >by_static && chmod +x by_static
    refused 125 'a script of a static interpreter' "$PWD/static" --static leave ./by_static
else
    skip 6 '- statically linked' 'no static libc'
fi
cp "$(type -P true)" own && chmod ug+xs own
launch 0 'setuid and setgid, its own user runs it' -o own.bin ./own
check "- setuid and setgid, its own user runs it: a capture" [ -s own.bin ]
if [ "$(id -u)" -eq 0 ]; then
    cp "$(type -P true)" setuid && chown 65534 setuid && chmod u+s setuid
    refused 125 'setuid' 'setuid' ./setuid
    cp "$(type -P true)" setgid && chgrp 65534 setgid && chmod g+xs setgid
    refused 125 'setgid' 'setgid' ./setgid
else
    skip 6 "- of another user" "not root"
fi
head -c 4096 "$(type -P true)" | sed '1s/^\(.ELF\)./\1\x01/' >narrow && chmod +x narrow
refused 125 'of 32 bits' 'x86-64' ./narrow
sed "s|/lib64/ld-linux-x86-64.so.2|/lib64/ld-other-x86-64.so.2|" "$(type -P true)" >other && chmod +x other
refused 125 "of another C library" "C library" ./other
if cc -fsanitize=address -o asan main.c 2>/dev/null; then
    refused 125 'AddressSanitizer' 'verify_asan_link_order=0' ./asan
    ASAN_OPTIONS=verify_asan_link_order=0 launch 0 'AddressSanitizer, told so' -o asan.bin ./asan
    check '- AddressSanitizer, told so: a capture' [ -s asan.bin ]
else
    skip 5 '- AddressSanitizer' 'no runtime'
fi
refused 127 'no such program' 'nonesuch' nonesuch
refused 127 'no such path' 'No such file' ./nonesuch
refused 126 'a folder' 'Permission denied' /
: >plain_file
refused 126 'not executable' 'Permission denied' ./plain_file
printf '#!/nonesuch\n' >no_interpreter && chmod +x no_interpreter
refused 127 'no such interpreter' '/nonesuch' ./no_interpreter
refused 125 'no program named' 'no program'
refused 125 'an unknown option' '--nonesuch' --nonesuch true
refused 125 'a wrong value' "'65'" --stack 65 true
SYSCAP_MAX_SIZE=1X refused 125 'a wrong variable' 'SYSCAP_MAX_SIZE' true
cp "$RECORD" lonely
if [ -e /usr/local/lib/libsyscap.so ] || [ -e /usr/lib/libsyscap.so ]; then
    skip 1 '- libsyscap.so is not found' 'it is installed'
else
    RECORD=./lonely refused 125 'libsyscap.so is not found' 'libsyscap.so' true
fi

# --- exit status, and what the capture says of the end
launch 7 'exit status' -o seven.bin sh -c 'exit 7'
asks seven 'the end: 7' 'r["end"] == {"kind": "exited", "code": 7, "signal": None}'
for signal in ABRT KILL TERM; do
    launch $((128 + $(kill -l $signal))) "killed by SIG$signal" -o $signal.bin sh -c "kill -$signal \$\$"
    asks $signal "the end: SIG$signal" "r['end']['kind'] == 'signaled' and r['end']['signal'] == $(kill -l $signal)"
done

# --- what the program sees
env -u OLDPWD env >native.env
launch 0 'the environment' -o env.bin env
check '- the environment: nothing of ours' diff <(grep -v '^_=' native.env | grep -v '^OLDPWD=') \
    <(grep -v '^_=' out | grep -v '^OLDPWD=')
launch 0 'a script' -o '%n.%%.bin' "$LIB_ROOT/run.sh" help
check "- a script: its own name in the capture's" [ -s run.sh.%.bin ]
printf 'echo "$0 $1"\n' >text && chmod +x text
launch 0 'a text without #!' -o text.bin ./text one
check '- a text without #!: run by a shell' grep -qx './text one' out
mkdir -p found && printf '#!/bin/sh\necho found\n' >found/by_path && chmod +x found/by_path
PATH=$PWD/found:$PATH launch 0 'by PATH' -o path.bin by_path
check '- by PATH: it ran' grep -qx found out
(trap '' CHLD && exec "$RECORD" -o ignored.bin grep SigIgn /proc/self/status) >out
check '- an ignored SIGCHLD stays ignored' eval '[ $((0x$(cut -f2 out) & 1 << 16)) -ne 0 ]'
"$RECORD" -o closed.bin sh -c 'if [ -e /proc/self/fd/0 ]; then echo open; else echo closed; fi' <&- >out 2>/dev/null
check '- a closed standard input stays closed' grep -qx closed out

# --- signals to the launcher
for signal in TERM HUP; do
    rm -f out # else the one before says that it is ready
    # as they come to a program that nobody started under nohup
    env --default-signal=TERM,HUP "$RECORD" -o passed.bin sh -c 'trap "echo got it; exit 3" TERM HUP; echo ready; while :; do sleep 0.05; done' >out &
    until grep -qs ready out; do sleep 0.05; done
    kill -$signal $!
    wait $!
    check "- SIG$signal is passed on" eval "[ $? -eq 3 ] && grep -q 'got it' out"
done

# --- where the capture is not to be had
launch 5 'an unwritable output' -o nonesuch/a.bin sh -c 'exit 5'
check '- an unwritable output: one line' eval '[ "$(wc -l <err)" -eq 1 ]'
# Nothing can be named relative to a folder that is gone; the program is started in it all the same.
mkdir gone && cd gone && rmdir ../gone
"$RECORD" -o "$WORK/gone.bin" sh -c 'echo ran; exit 6' >"$WORK/out" 2>/dev/null </dev/null
check '- a deleted working folder: the program runs, its status is kept' eval "[ $? -eq 6 ] && grep -qx ran '$WORK/out'"
for output in rel.bin ''; do
    "$RECORD" ${output:+-o "$output"} env >"$WORK/out" 2>"$WORK/err" </dev/null
    check "- a deleted working folder, ${output:-no} output named: the program runs" \
        eval "[ $? -eq 0 ] && grep -q ^PATH= '$WORK/out'"
    check "- a deleted working folder, ${output:-no} output named: one line that says why nothing is captured" \
        eval '[ "$(wc -l <"$WORK/err")" -eq 1 ] && grep -q "nothing is captured: .*working folder" "$WORK/err"'
    check "- a deleted working folder, ${output:-no} output named: nothing of ours in the environment" \
        eval '! grep -Eq "^(LD_PRELOAD|SYSCAP_SESSION)=" "$WORK/out"'
done
"$RECORD" -o rel.bin sh -c 'exit 6' >/dev/null 2>&1 </dev/null
check '- a deleted working folder, a relative output: the status is kept' [ $? -eq 6 ]
cd "$WORK" || exit 1
asks gone 'recorded from a deleted working folder' 'r["end"] == {"kind": "exited", "code": 6, "signal": None} and c["write"] > 0'
launch 0 'an older capture' -o seven.bin true
check '- an older capture: replaced' eval '"$ANALYZE" seven.bin | grep -q "exited with 0"'
launch 0 'within a recorded program' -o outer.bin sh -c "'$RECORD' -o inner.bin sh -c 'exit 0'"
check '- within a recorded program: both are there' eval '"$ANALYZE" inner.bin && "$ANALYZE" outer.bin'

finish
