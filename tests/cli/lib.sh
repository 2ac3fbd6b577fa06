# Shared by the command-line tests. Each script makes a folder of its own, works in it and prints one line per check:
# "ok NAME" or "not ok NAME". It exits with 1 where one failed. ANALYZE names the program.

set -u
HERE=$(cd "$(dirname "$0")" && pwd)
ANALYZE=${ANALYZE:-$HERE/../../build/syscap-analyze}
ANALYZE=$(cd "$(dirname "$ANALYZE")" && pwd)/$(basename "$ANALYZE")
SHARED=${SHARED:-$HERE/../../../shared/strace_logs}
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
export LC_ALL=C
unset NO_COLOR
FAILED=0

ok() {
    echo "ok $1"
}

not_ok() {
    echo "not ok $1"
    [ -s err ] && sed 's/^/    stderr: /' err | head -5
    FAILED=1
}

# check NAME COMMAND...: the command succeeds.
check() {
    name=$1
    shift
    if "$@" >/dev/null 2>&1; then ok "$name"; else not_ok "$name"; fi
}

# run STATUS NAME ARGS...: the analyzer, into the files out and err, ends with that status; 2 with one line on stderr.
run() {
    want=$1
    name=$2
    shift 2
    "$ANALYZE" "$@" >out 2>err </dev/null
    got=$?
    if [ "$got" -ne "$want" ]; then
        echo "    status $got, not $want: $*"
        not_ok "$name"
    elif [ "$want" -eq 2 ] && [ "$(wc -l <err)" -ne 1 ]; then
        not_ok "$name: one line on stderr"
    else
        ok "$name"
    fi
}

has() { # NAME FIXED-LINE-PART FILE
    check "$1" grep -qF -- "$2" "$3"
}

# skip HOW_MANY NAME WHY: tests that can't run here. Where JUDGES is "required", as in ./run.sh test-all, they have failed.
skip() {
    if [ "${JUDGES-}" = required ]; then not_ok "$2 ($3)"; else echo "skip $1 - $2 ($3)"; fi
}

# Software that is not ours: each is 0, or says in WHY why there is none.
find_browser() { # sets BROWSER
    for BROWSER in chromium chromium-browser google-chrome; do
        command -v "$BROWSER" >/dev/null && BROWSER=$(command -v "$BROWSER") && return
    done
    WHY="no Chromium"
    return 1
}

find_packages() {
    WHY=$("$HERE/../npm/install.sh" check)
}

# judge PROGRAM.mjs ARGUMENTS...: of tests/npm, which needs those packages.
judge() {
    program=$1
    shift
    BROWSER="${BROWSER-}" node "$HERE/../npm/$program" "$@"
}

finish() {
    exit "$FAILED"
}

# Two small strace logs whose counts are known by looking: small_log INITIALIZE FILE [LAST-LINE]
small_log() {
    {
        say 'execve("./prog", ["./prog", "--rows", "10", "--initialize", "'"$1"'"], 0x7ffc00000000 /* 9 vars */) = 0'
        say 'openat(AT_FDCWD, "/data/in/table.f0", O_RDWR|O_CREAT, 0666) = 3'
        if [ "$1" = true ]; then
            for i in 0 1 2 3; do
                say "lseek(3, $((i * 100)), SEEK_SET)               = $((i * 100))"
                say 'write(3, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"..., 100) = 100'
            done
        fi
        say 'write(3, "hello", 5)                    = 5'
        say 'close(3)                                = 0'
        say 'exit_group(0)                           = ?'
        say "${3:-+++ exited with 0 +++}"
    } >"$2"
}

# echo would read the backslashes.
say() {
    printf '%s\n' "$1"
}
