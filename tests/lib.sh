# Shared by tests/shim and tests/judge (bash). On top of tests/cli/lib.sh, which makes the folder to work in and has ok,
# not_ok, check, has and finish: programs run with and without the shim, and questions to their captures.
#
#   BUILD    where the programs under test are (build)
#   TEST_MODE  interpose (default) or full
#   GUESTS   where the traced programs are (BUILD/tests/guest; made from tests/guest when missing or older)
#   TEST_LIBC  musl: the traced programs are musl-gcc's, in BUILD/tests/musl, and so is the library

LIB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$(cd "${BUILD:-$LIB_ROOT/build}" && pwd) || exit 1
ANALYZE=${ANALYZE:-$BUILD/syscap-analyze}
LIB=$BUILD/libsyscap.so
RECORD=$BUILD/syscap-record
guest_flags=()
if [ "${TEST_LIBC-}" = musl ]; then
    LIB=$BUILD/libsyscap-musl.so
    GUESTS=${GUESTS:-$BUILD/tests/musl}
    guest_flags=(CC="${MUSL_CC:-musl-gcc}" LIBC=musl)
fi
GUESTS=${GUESTS:-$BUILD/tests/guest}
. "$LIB_ROOT/tests/cli/lib.sh"
# What a caller has set must not reach the programs under test.
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE SYSCAP_KEEP SYSCAP_ENV SYSCAP_TRACE SYSCAP_PATHS
# Every script runs in both modes (the runner's groups "shim" and "full"); in the environment with and without the shim.
export SYSCAP_MODE=${TEST_MODE:-interpose}
# No test finds what another has kept; tests/hostile/test_cache.sh is about that.
export SYSCAP_CACHE=off

make -s -C "$LIB_ROOT/tests/guest" OUT="$GUESTS" "${guest_flags[@]}" >"$WORK/make.log" 2>&1 || {
    cat "$WORK/make.log"
    echo "not ok - the guest programs build"
    exit 1
}

# skip HOW_MANY NAME WHY: as many tests as were not run stand for themselves in the runner's sum.
skip() {
    echo "skip $1 - $2 ($3)"
}

# library_for PROGRAM: a shell that starts a guest is not musl's, whatever the guest is.
library_for() {
    if [ "${TEST_LIBC-}" = musl ] && [ "${1#"$GUESTS"/}" = "$1" ]; then echo "$BUILD/libsyscap.so"; else echo "$LIB"; fi
}

# traced CAPTURE COMMAND...: by plain LD_PRELOAD, into CAPTURE (absolute). The variables reach only the command.
traced() {
    local capture=$1
    shift
    (
        export SYSCAP_OUTPUT=$capture
        LD_PRELOAD=$(library_for "$1")
        export LD_PRELOAD
        exec "$@"
    )
}

# The tree below the current folder: names, kinds, modes, sizes, and what is in the files.
tree() {
    find . -printf '%P %y %m %l' \( -type f -printf ' %s' -o -true \) -printf '\n' | sort
    find . -type f -print0 | sort -z | xargs -0r md5sum
}

# same NAME COMMAND...: runs it without and then with the shim, each time in an empty folder of the same name, prepared by
# the function "prepare" if there is one. Standard output, error, exit status and the files left must be equal.
# Leaves NAME.bin (the capture; CAPTURE is another name for it), NAME.native and NAME.traced (all of these in one text), NAME.d (the second run's folder).
same() {
    local name=$1 side
    shift
    for side in native traced; do
        rm -rf "$WORK/run"
        mkdir "$WORK/run"
        (
            cd "$WORK/run" || exit 99
            if declare -F prepare >/dev/null; then prepare; fi
            # The outer brackets take what bash says of a command that a signal ended.
            { (
                if [ $side = traced ]; then
                    export SYSCAP_OUTPUT=${CAPTURE:-$WORK/$name.bin}
                    LD_PRELOAD=$(library_for "$1")
                    export LD_PRELOAD
                fi
                exec "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
            ); } 2>/dev/null
            {
                echo "status $?"
                echo "--- stdout"
                cat "$WORK/stdout"
                echo "--- stderr"
                cat "$WORK/stderr"
                echo "--- files"
                tree
            } >"$WORK/$name.$side"
        )
    done
    rm -rf "$WORK/$name.d"
    mv "$WORK/run" "$WORK/$name.d"
    if [ ! -s "$WORK/$name.bin" ]; then
        not_ok "- $name: a capture was written"
        return
    fi
    if cmp -s "$WORK/$name.native" "$WORK/$name.traced"; then
        ok "- $name: the same with and without"
    else
        diff "$WORK/$name.native" "$WORK/$name.traced" | head -20 | sed 's/^/    /'
        not_ok "- $name: the same with and without"
    fi
}

# did NAME LINE: what the guest printed says that it did what it is for, so that a guest that died at once on
# both sides is not taken for a success.
did() {
    check "- $1: $2" grep -qxF -- "$2" "$WORK/$1.native"
}

# json NAME: NAME.json from NAME.bin.
json() {
    if [ ! -e "$WORK/$1.json" ]; then
        "$ANALYZE" "$WORK/$1.bin" --format json >"$WORK/$1.json" 2>"$WORK/$1.json.err" </dev/null ||
            sed 's/^/    /' "$WORK/$1.json.err"
    fi
}

# asks NAME WHAT EXPRESSION: a Python expression over r (the run in the JSON), j (all of it), f (a function: the entry in
# "files" whose path ends so), text (the formatted log), lines (a
# function: its lines that match), full (recorded in full mode) is true.
asks() {
    json "$1"
    if [ ! -e "$WORK/$1.txt" ]; then
        "$ANALYZE" "$WORK/$1.bin" -o "$WORK/$1.txt" >/dev/null 2>&1 </dev/null
    fi
    if python3 - "$WORK/$1.json" "$WORK/$1.txt" "$3" <<'PYTHON'
import json, re, sys
try:
    j = json.load(open(sys.argv[1]))
except Exception as problem:
    sys.exit("    no report: " + repr(problem)[:100])
r = j["runs"][0]
text = open(sys.argv[2], errors="replace").read()
def f(end):
    found = [file for file in r["files"] if file["path"].endswith(end)]
    assert len(found) == 1, (end, [file["path"] for file in r["files"]])
    return found[0]
def lines(pattern):
    "lines of the sections (not of the timeline) in which the pattern is found"
    body = text[re.search(r"^## FILE_OPS", text, re.M).start():]
    return [line for line in body.splitlines() if re.search(pattern, line)]
c = r["calls"]
full = r["coverage"]["mode"] == "full"
try:
    value = eval("(" + sys.argv[3] + ")")
except Exception as problem:
    value = None
    print("    " + repr(problem)[:400])
if not value:
    print("    not so: " + sys.argv[3])
    print("    calls: %s" % json.dumps(c)[:400])
    print("    end: %s  writes: %s  coverage: %s" % tuple(json.dumps(r[k])[:300] for k in ("end", "writes", "coverage")))
sys.exit(not value)
PYTHON
    then
        ok "- $1: $2"
    else
        not_ok "- $1: $2"
    fi
}
