#!/bin/bash
# A program that prints its environment sees what the user gave, no more and no less.
. "$(dirname "$0")/../lib.sh"
SHOW=$GUESTS/show_env
# bash gives every command it starts a variable "_" of its own, which differs with how it was started.
without_() {
    grep -Ev '^((environ|proc) )?_=' | sed '/^entries /d'
}
given() { # what a plain LD_PRELOAD's user put there himself
    grep -Ev "^(environ|proc) (LD_PRELOAD=$LIB|SYSCAP_OUTPUT=$WORK/.*)\$" "$1" | without_
}
"$SHOW" >native
traced "$WORK/plain.bin" "$SHOW" >plain
check "- plain: the rest is the same" [ "$(given native)" = "$(given plain)" ]
check "- plain: what the user gave stays" [ "$(grep -c "^environ LD_PRELOAD=$LIB\$" plain)" -eq 1 ]
asks plain "and is captured" 'f("/environ")["opens"] == 1'
traced "$WORK/empty.bin" env -i "$SHOW" >out
check "- env -i: nothing" [ "$(cat out)" = "entries 0" ]
asks empty "env -i: still captured" 'f("/environ")["opens"] == 1'
traced "$WORK/one.bin" env -i ONE=1 "$SHOW" >out
check "- env -i ONE=1: one" [ "$(sed -n 1p out)$(tail -n 1 out)" = "environ ONE=1entries 1" ]
traced "$WORK/unset.bin" env -u LD_PRELOAD "$SHOW" >out
check "- env -u LD_PRELOAD: it is not there" [ "$(grep -c LD_PRELOAD out)" -eq 0 ]
# A shell's child, which the shell starts with an environment of its own making.
sh -c "$SHOW" >native
traced "$WORK/shell.bin" sh -c "$SHOW" >out
check "- shell: the rest is the same" [ "$(given native)" = "$(given out)" ]
asks shell "captured" 'f("/environ")["opens"] == 1'

if [ ! -x "$RECORD" ]; then
    skip 17 "syscap-record and the environment" "not built"
    finish
fi
recorded() {
    "$RECORD" -o "$WORK/recorded.bin" -- "$@"
}
"$SHOW" | without_ >native
recorded "$SHOW" | without_ >out
check "- record: the same" cmp native out
env | without_ >native
recorded env | without_ >out
check "- record env: the same" cmp native out
recorded env -i "$SHOW" >out
check "- record env -i: nothing" [ "$(cat out)" = "entries 0" ]
"$GUESTS/processes" fork_execve_empty "$SHOW" >native
recorded "$GUESTS/processes" fork_execve_empty "$SHOW" >out
check "- record, own empty environment" cmp native out
sh -c "$SHOW; env" | without_ >native
recorded sh -c "$SHOW; env" | without_ >out
check "- record sh: the same" cmp native out
recorded "$GUESTS/processes" system "$SHOW"_static 2>err | without_ >out
"$GUESTS/processes" system "$SHOW"_static | without_ >native
check "- record, static child: the same" cmp native out
check "- record, static child: no complaint" [ ! -s err ]
# A library that the user preloads himself stays his.
cc -shared -o nothing.so -xc /dev/null 2>/dev/null || "${CC:-cc}" -shared -fPIC -o nothing.so -xc /dev/null
LD_PRELOAD=$WORK/nothing.so "$SHOW" | without_ >native
LD_PRELOAD=$WORK/nothing.so recorded "$SHOW" | without_ >out
check "- record with another preload: the same" cmp native out
LD_PRELOAD=$WORK/nothing.so "$GUESTS/processes" system "$SHOW" | without_ >native
LD_PRELOAD=$WORK/nothing.so recorded "$GUESTS/processes" system "$SHOW" | without_ >out
check "- record with another preload, a child: the same" cmp native out
# Entries as no shell makes them, in each form in which the capture may keep them.
cat >odd.py <<'PY'
import ctypes, os, sys
entries = [b"NOTHING", b"=x", b"", b"A=1", b"A=2", b"\xff\x01=\n", b"E=", b"L=" + b"l" * 100000, b"SYSCAP_ENV=" + sys.argv[1].encode()]
words = [os.fsencode(word) for word in sys.argv[2:]]
array = lambda list: (ctypes.c_char_p * (len(list) + 1))(*list)
ctypes.CDLL(None).execve(words[0], array(words), array(entries))
PY
for form in hash names values none; do
    python3 odd.py $form "$SHOW" >native
    python3 odd.py $form "$RECORD" -o "$WORK/odd_$form.bin" -- "$SHOW" >out
    check "- odd entries, $form: the same" cmp native out
    asks odd_$form "odd entries, $form: captured" 'f("/environ")["opens"] == 1'
done
finish
