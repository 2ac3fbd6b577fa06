#!/bin/sh
# Real commands, recorded and under strace -f, with -y and without: the comparison of both has no cause, no place where they
# part and no line in its diff but those that beside_strace.py knows the reason of. That a capture holds the calls that strace
# sees is asked elsewhere (tests/parity); here it is whether the report takes two ways of looking for two programs.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
TESTS_EACH=6
export HOME=$WORK/home GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat GIT_OPTIONAL_LOCKS=0
mkdir "$HOME"
if ! strace -f -o /dev/null true 2>/dev/null; then
    echo "skip $((10 * TESTS_EACH)) - commands beside their strace logs (strace can't trace here)"
    exit 0
fi

# The folder as it is before each run: what is asked of files and folders is the same then.
prepare() {
    rm -rf "$WORK/run"
    cp -a "$WORK/kept" "$WORK/run" # with times: make and git go by them
}
mkdir -p kept/src
seq 1 20000 >kept/numbers
ln -s "$WORK/kept/a.po" kept/link # whose target strace -y names
printf 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n' >kept/a.po
printf 'all: made\nmade: numbers\n\tcp numbers made\n\ttouch made\n' >kept/Makefile
printf '.TH A 1\n.SH NAME\na \\- b\n' >kept/a.1
for i in 1 2 3 4 5; do echo "$i" >kept/src/$i.c; done
if command -v git >/dev/null; then
    git init -q kept/repo
    cp kept/src/* kept/repo
    (cd kept/repo && git add . && git -c user.name=a -c user.email=a@b commit -qm first)
fi
touch -d '1 hour ago' kept kept/src kept/src/* kept/numbers kept/repo 2>/dev/null

beside() { # COMMAND ARGUMENTS...: what it prints goes to a file, its errors to /dev/null, which no capture looks at
    command=$1 unlike='\.so(\.|$)|/ld\.so\.|^anon_inode|^fd ' # the loader'"'"'s, and what landlock_create_ruleset gives
    if ! command -v "$command" >/dev/null; then
        echo "skip $TESTS_EACH - $command beside its strace logs (no $command)"
        return
    fi
    prepare
    (cd run && "$RECORD" -o ../a.bin -- "$@" >../a.out 2>/dev/null </dev/null)
    for names in plain -y; do
        option=
        [ $names = plain ] || option=$names
        prepare
        (cd run && strace -f $option -o ../b.log "$@" >../b.out 2>/dev/null </dev/null)
        check "$command $names: does the same" cmp -s a.out b.out
        "$ANALYZE" a.bin b.log --output-dir o --format json >out 2>err </dev/null
        if python3 "$HERE/beside_strace.py" "$command" out o/a_vs_b_comparison.diff >told 2>&1; then
            ok "$command $names: no cause that is not known"
        else
            sed 's/^/    /' told
            not_ok "$command $names: no cause that is not known"
        fi
        check "$command $names: one name for each file" python3 -c '
import json, re, sys
capture, log = ({f["path"] for f in run["files"]} for run in json.load(open("out"))["runs"])
unlike = {path for path in log | capture if re.search(sys.argv[1], path)}
assert log - unlike == capture - unlike, log ^ capture' "$unlike"
    done
}
beside cat numbers "$WORK/kept/link"
beside cp numbers copied
beside sort -n numbers
beside xz -k -0 -T2 numbers
beside sqlite3 d.db 'create table t(a); insert into t values(1); select * from t;'
beside make
beside git -C repo log -p
beside msgfmt -o a.mo a.po
beside groff -man -Tutf8 a.1
beside tar cf t.tar src
finish
