#!/bin/sh
# What of the environment goes into a capture, in each form, and which differences of two are said.
. "$(dirname "$0")/lib.sh"
RECORD=$(dirname "$ANALYZE")/syscap-record

# recorded NAME [VARIABLE=VALUE]...: NAME.bin of a program that was given these and nothing else
recorded() {
    capture=$1.bin
    shift
    env -i SYSCAP_MODE="$mode" ${form:+SYSCAP_ENV=$form} "$@" "$RECORD" -o "$capture" -- /bin/cat /dev/null
}

# says NAME DIFFERENCES: those of a.bin and b.bin, as Python writes the list
says() {
    "$ANALYZE" a.bin b.bin --format json --output-dir d >out 2>err </dev/null
    if python3 -c 'import json, sys; j = json.load(open("out"))["comparison"]; print(j["differences"], j["why_not"])
assert j["differences"] == eval(sys.argv[1]) and j["comparable"] == (not j["differences"])' "$2" >said 2>&1; then
        ok "$mode, ${form:-default}: $1"
    else
        cut -c1-300 said | sed 's/^/    /'
        not_ok "$mode, ${form:-default}: $1"
    fi
}

# holds NAME yes|no TEXT: whether the bytes are in a.bin
holds() {
    if grep -qaF -- "$3" a.bin; then found=yes; else found=no; fi
    check "$mode, ${form:-default}: $1" [ "$found" = "$2" ]
}

pair() { # A B: each one variable
    recorded a LANG=C ${1:+"$1"} && recorded b LANG=C ${2:+"$2"}
}

odd=$(printf 'odd \001\351\nname')
for mode in interpose full; do
    for form in '' hash; do
        pair INIT=true-it-is INIT=false
        says "a value that differs" '["environment INIT differs"]'
        run 0 "$mode, ${form:-default}: in text" a.bin b.bin --output-dir d
        has "is the first suspect" "First suspect: the runs were given different things to do: environment INIT differs" out
        holds "its name is kept" yes INIT
        holds "its value is not" no true-it-is
        holds "that of one of those always kept is" yes LANG=C
        pair INIT=true INIT=true
        says "the same value" '[]'
        pair INIT=true ''
        says "one that only one has" '["environment INIT set / (absent)"]'
        pair '' INIT=
        says "one that only the other has" '["environment INIT (absent) / set"]'
        pair LANG=C.UTF-8 LANG=POSIX
        says "one that is always kept" '["environment LANG C.UTF-8 / POSIX"]'
        pair "$odd=1" "$odd=2"
        says "a name of odd bytes" "[d for d in j['differences'] if 'odd' in d and d.endswith('differs')][:1]"
        check "which is said" [ "$(grep -c odd said)" -eq 1 ]
        pair SSH_TTY=1 SSH_TTY=2
        says "one without effect" '[]'
        recorded a INIT=1 && recorded b INIT=1 LD_LIBRARY_PATH=/nonexistent
        says "one of those always kept, in one only" '["environment LD_LIBRARY_PATH (absent) / /nonexistent"]'
    done

    form=names
    pair INIT=true-it-is INIT=false
    says "values are not known" '[]'
    holds "the name" yes INIT
    holds "not its value" no true-it-is
    holds "not the value of one that is kept otherwise" no LANG=C
    pair INIT=true ''
    says "one that only one has" '["environment INIT set / (absent)"]'

    form=values
    pair INIT=true-it-is INIT=false
    says "values" '["environment INIT true-it-is / false"]'
    holds "the value" yes INIT=true-it-is
    pair INIT= ''
    says "one that only one has" '["environment INIT (empty) / (absent)"]'

    form=none
    pair INIT=true-it-is INIT=false
    says "nothing is known" '[]'
    holds "no name" no INIT
    holds "nor those otherwise kept" no LANG

    form=values
    recorded a INIT=true LANG=C
    form=hash
    recorded b INIT=false LANG=C
    form=values/hash
    says "the value's hash is what is compared" '["environment INIT differs"]'
    form=hash
    recorded b INIT=true LANG=C
    says "and is the same" '[]'
    form=names
    recorded b INIT=maybe LANG=POSIX
    form=values/names
    says "a name is no difference" '[]'
    form=none
    recorded b NOTHING=1
    form=values/none
    says "what is not known is no difference" '[]'

    form=
    recorded a && recorded b
    says "no variable at all" '[]'
    form=names
    recorded a SYSCAP_STACK=4
    holds "none of ours" no SYSCAP_
    holds "nor what loads the library" no LD_PRELOAD
    form=
    echo 'LANG=C.kept /bin/cat /dev/null; exit' >script
    env -i SYSCAP_MODE="$mode" HIDDEN=1 "$RECORD" --env none -o a.bin -- /bin/sh script
    form=--env
    holds "the option" no HIDDEN
    holds "which holds for what is started without the variable, too" no LANG=
done

# Bounds: ten long values, and more names than are kept. The program sees them all.
mode=full
cat >many.py <<'PY'
import os, sys
record, kind, form = sys.argv[1:]
names = {f"LONG{i}": "x" * 100000 for i in range(10)} if kind == "long" else {f"N{i:05}": "v" for i in range(20000)}
names["SYSCAP_ENV"] = form
os.execve(record, [record, "-o", "a.bin", "--", "/usr/bin/env"], names)
PY
for kind in long many; do
    for form in hash names values; do
        python3 many.py "$RECORD" $kind $form >seen
        check "1 MB, $kind, $form: the program has them" [ "$(grep -c '^[LN]' seen)" -eq "$([ $kind = long ] && echo 10 || echo 20000)" ]
        run 0 "1 MB, $kind, $form" a.bin
        case $kind$form in
        longhash | longnames) check "nothing is left out" [ "$(grep -c 'of the environment' out)" -eq 0 ] ;;
        longvalues) has "what is left out is said" "WARNING: a: 10 variables of the environment are not in the capture" out ;;
        *) check "what is left out is said" grep -q 'WARNING: a: 1[0-9]* variables of the environment are not in the capture' out ;;
        esac
        check "the capture stays small" [ "$(wc -c <a.bin)" -lt 400000 ]
    done
done
mv a.bin b.bin
form=hash
recorded a N19999=v
run 0 "one that is left out of the other" a.bin b.bin --output-dir d
has "those that are not are said" "environment N00001 (absent) / v" out
check "it is not called absent" [ "$(grep -c N19999 out)" -eq 0 ]
check "a form that is none is refused" [ "$(SYSCAP_ENV=all "$RECORD" -o a.bin -- true 2>&1 | grep -c "SYSCAP_ENV: 'all' is no value")" -eq 1 ]
finish
