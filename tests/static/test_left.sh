#!/bin/bash
# Statically linked programs that are not recorded: each runs as without us, and it is said why. And what a kill leaves.
. "$(dirname "$0")/lib_static.sh"
if ! build static own_file; then
    skip 53 '- statically linked programs' 'no static libc'
    finish
fi
OWN=$WORK/own_file_static

# refused NAME TEXT ARGS...: syscap-record refuses it with that text, and leaves no capture.
refused() {
    local what=$1 text=$2
    shift 2
    rm -f refused.bin
    "$RECORD" -o refused.bin "$@" >out 2>err </dev/null
    check "- $what: refused" [ $? -eq 125 ]
    check "- $what: why" grep -qF "$text" err
    check "- $what: no capture" [ ! -e refused.bin ]
}
# unseen NAME COMMAND: below a recorded shell it runs as without us, and is named.
unseen() {
    alike "$1" /bin/sh -c "$2; true"
    asks "$1" 'that it was not recorded is said' 'any("not recorded: " in w for w in r["warnings"] + r["problems"]) and
        r["coverage"]["static_programs"] == 0'
}
refused 'by an option' 'statically linked' --static leave "$OWN"
SYSCAP_STATIC=leave refused 'by a variable' 'statically linked' "$OWN"
refused 'no symbol wrapper is in it' 'statically linked' --mode interpose "$OWN"
refused 'a wrong value' "'never'" --static never "$OWN"
SYSCAP_STATIC=leave unseen by_variable "$OWN"

cc -static -w -D_GNU_SOURCE -z execstack -o stack "$SOURCES/own_file.c" 2>/dev/null
refused 'a stack that may be executed' 'statically linked' ./stack
cc -static -w -D_GNU_SOURCE -Wl,-Ttext-segment=0x38000000 -o moved "$SOURCES/own_file.c" 2>/dev/null
refused 'one that makes room for another' 'statically linked' ./moved
if command -v strace >/dev/null; then
    unseen traced "strace -o /dev/null $OWN"
else
    skip 3 '- one that is traced' 'no strace'
fi
unseen moved_below "$WORK/moved"

# Nothing of it could be watched: the loader gives it back to the kernel.
if build musl_stripped own_file; then
    alike given_back "$WORK/own_file_musl_stripped" an argument
    asks given_back 'that it was not recorded is said' 'any("not recorded: " in w for w in r["warnings"] + r["problems"])'
else
    skip 3 '- given back' 'no musl-gcc'
fi

# An address space with room for Go's own reserve and little else.
cat >small.go <<'GO'
package main

import "os"

func main() { os.Stdout.WriteString("done\n") }
GO
if command -v go >/dev/null && HOME=$WORK GOCACHE=$WORK/gocache GO111MODULE=off CGO_ENABLED=0 go build -o small small.go >/dev/null 2>&1; then
    least=600000
    until (ulimit -v $least && ./small) >/dev/null 2>&1; do least=$((least + 20000)); done
    (ulimit -v $((least + 60000)) && "$RECORD" -q -o small.bin ./small) >out 2>err
    check '- a small address space: it runs' [ "$(cat out)" = done ]
    asks small 'a small address space: it is recorded' 'c["write"] == 1 and r["coverage"]["static_programs"] == 1'
else
    skip 2 '- a small address space' 'no Go'
fi

# Without the loader beside the library it is as it was before.
mkdir alone && cp "$RECORD" "$LIB" alone
RECORD=$WORK/alone/syscap-record refused 'no loader' 'syscap-static' "$OWN"
RECORD=$WORK/alone/syscap-record unseen no_loader "$OWN"
# It is damaged while it is in use.
cp "$BUILD/syscap-static" alone
"$WORK/alone/syscap-record" -q -o damaged.bin /bin/sh -c ': >alone/syscap-static; "$1"; exit 3' sh "$OWN" >out 2>err
check '- a damaged loader: its status' [ $? -eq 3 ]
check '- a damaged loader: it runs' grep -q '^called own_file_static$' out
"$BUILD/syscap-static" >out 2>err
check '- by nobody: its status' [ $? -eq 127 ]
check '- by nobody: one line' eval '[ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]'

if [ "$(id -u)" -eq 0 ]; then
    cp "$OWN" setuid && chown 65534 setuid && chmod 4755 setuid
    refused 'setuid' 'setuid' ./setuid
fi
nobody() { (cd "$WORK/for_all" && setpriv --reuid 65534 --regid 65534 --clear-groups "$@"); }
chmod 755 "$WORK" && mkdir -m 777 for_all
if [ "$(id -u)" -ne 0 ]; then
    skip 8 '- setuid, other users' 'not root'
elif ! nobody test -r "$LIB" -a -x "$RECORD"; then
    skip 5 '- other users' 'the library lies where others may not look'
else
    # Who may execute it and not read it, and who is no root: recorded, with nothing that only root may do.
    cp "$OWN" for_all/own && chmod 755 for_all/own
    nobody ./own an argument >native 2>&1
    nobody "$RECORD" -o nobody.bin ./own an argument >traced 2>&1
    check '- no root: the same' cmp native traced
    cp for_all/nobody.bin . && asks nobody 'no root: recorded' 'r["coverage"]["complete"] and r["coverage"]["static_programs"] == 1'
    # Who has become another user can't reach the capture.
    other=(env -i "$(command -v setpriv)" --reuid 65534 --regid 65534 --clear-groups "$WORK/for_all/own" an argument)
    "${other[@]}" >native 2>&1
    "$RECORD" -q -o other.bin "${other[@]}" >traced 2>&1
    check '- another user: the same' cmp native traced
    asks other 'another user: it is said' 'any("not to be reached" in w for w in r["warnings"] + r["problems"])'
    chmod 711 for_all/own
    nobody "$RECORD" -o unread.bin /bin/sh -c './own; true' >traced 2>&1
    check '- not to be read: it runs' grep -q '^called own$' traced
fi

# --- a kill leaves all that was done before it
cat >killed.c <<'E2'
#include <signal.h>
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 1000; i++)
        if (write(1, "zeile", 5) != 5)
            return 1;
    kill(getpid(), SIGKILL);
    return 0;
}
E2
cc -static -o killed killed.c
"$RECORD" -o killed.bin ./killed >out 2>/dev/null
check '- killed: its status' [ $? -eq 137 ]
asks killed 'each write is there' 'c["write"] == 1000 and c["kill"] == 1 and r["end"]["signal"] == 9'
finish
