#!/bin/bash
# Where it is built: in a folder with a blank in its name as in another; and without a compiler nothing is tried.
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$HERE/../..
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
bad=0

check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >"$WORK/said" 2>&1; then
        echo "ok - $name"
    else
        echo "not ok - $name"
        tail -n 5 "$WORK/said" | sed 's/^/    /'
        bad=1
    fi
}

mkdir "$WORK/a folder"
cp -r "$ROOT"/{common,shim,analyzer,docs,tests,Makefile} "$WORK/a folder/"
blank() {
    cd "$WORK/a folder" && env -u MAKEFLAGS -u BUILD make -s build/syscap-record build/libsyscap.so && cd "$WORK" || return
    "a folder/build/syscap-record" -o capture -- true # ld.so separates the names in LD_PRELOAD by blanks
    [ $? -eq 125 ] && cp "a folder/build/syscap-record" "a folder/build/libsyscap.so" . && ./syscap-record -o capture -- true && [ -s capture ]
}
check "a folder with a blank in its name" blank

without() {
    CC=$WORK/none BUILD=$WORK/build "$ROOT/tests/run_tests.sh" unit shim >"$WORK/out" 2>&1
    [ $? -ne 0 ] && ! grep -q 'test_.*sh' "$WORK/out" && [ "$(grep -c . "$WORK/out")" -le 3 ]
}
check "without a compiler it stops" without
exit $bad
