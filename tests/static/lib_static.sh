# Shared by tests/static (bash). On top of tests/lib.sh: programs by syscap-record and without it, and their calls beside
# strace's.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
unset SYSCAP_MODE SYSCAP_STATIC
SOURCES=$LIB_ROOT/tests/static

# in_empty_folder COMMAND...: its output, status and what it leaves, in one text.
in_empty_folder() {
    rm -rf "$WORK/run" "$WORK/$label".{json,txt}
    mkdir "$WORK/run"
    (
        cd "$WORK/run" || exit 99
        { (exec timeout 60 "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null); } 2>/dev/null
        echo "status $?"
        echo "--- stdout"
        cat "$WORK/stdout"
        echo "--- stderr"
        grep -v '^syscap-record: .* is not complete: ' "$WORK/stderr"
        echo "--- files"
        tree
    )
}

# alike NAME COMMAND...: ends the same with and without syscap-record. Leaves NAME.bin and NAME.native.
alike() {
    local label=$1
    shift
    in_empty_folder "$@" >"$WORK/$label.native"
    in_empty_folder "$RECORD" -o "$WORK/$label.bin" -- "$@" >"$WORK/$label.traced"
    check "- $label: a capture was written" [ -s "$WORK/$label.bin" ]
    if cmp -s "$WORK/$label.native" "$WORK/$label.traced"; then
        ok "- $label: the same with and without"
    else
        diff "$WORK/$label.native" "$WORK/$label.traced" | head -20 | sed 's/^/    /'
        not_ok "- $label: the same with and without"
    fi
}

# beside_strace NAME CALLS COMMAND...: after "alike NAME": as many of these calls as strace -f saw, with ALL of each one. A
# handler's return is left alone; a call that the kernel takes up again is one.
beside_strace() {
    local label=$1 calls=$2
    shift 2
    (
        rm -rf "$WORK/run" && mkdir "$WORK/run" && cd "$WORK/run" &&
            timeout 120 strace -f -o "$WORK/$label.strace" "$@" >"$WORK/stdout" 2>"$WORK/stderr" </dev/null
    )
    "$ANALYZE" "$WORK/$label.strace" --format json >"$WORK/$label.strace.json" 2>/dev/null
    json "$label"
    if python3 - "$WORK/$label.json" "$WORK/$label.strace.json" $calls <<'PYTHON'
import json, sys
ours, theirs = (json.load(open(name))["runs"][0]["calls"] for name in sys.argv[1:3])
theirs["execve"] = theirs.get("execve", 0) - 1  # strace's own start of the program
for call in ("rt_sigreturn", "restart_syscall"):
    theirs.pop(call, None)
names = set(ours) | set(theirs) if sys.argv[3] == "ALL" else sys.argv[3:]
wrong = {n: (ours.get(n, 0), theirs.get(n, 0)) for n in names if ours.get(n, 0) != theirs.get(n, 0)}
if wrong or not sum(ours.get(n, 0) for n in names):
    print("    ours, strace's:", wrong)
sys.exit(bool(wrong) or not sum(ours.get(n, 0) for n in names))
PYTHON
    then
        ok "- $label: as many calls as strace saw"
    else
        not_ok "- $label: as many calls as strace saw"
    fi
}

# build KIND SOURCE: $WORK/SOURCE_KIND. False where that kind of program can't be made here.
build() {
    local out=$WORK/$2_$1 flags=(-O1 -D_GNU_SOURCE -w -pthread "$SOURCES/$2.c")
    case $1 in
    static) cc -static -o "$out" "${flags[@]}" ;;
    pie) cc -static-pie -fPIE -o "$out" "${flags[@]}" ;;
    stripped) cc -static -s -o "$out" "${flags[@]}" ;;
    # The kernel's headers, which musl-gcc has none of, are there for glibc.
    musl) musl-gcc -static -idirafter /usr/include -idirafter "/usr/include/$(cc -print-multiarch)" -o "$out" "${flags[@]}" ;;
    musl_stripped) musl-gcc -static -s -idirafter /usr/include -idirafter "/usr/include/$(cc -print-multiarch)" -o "$out" "${flags[@]}" ;;
    esac 2>>"$WORK/build.log"
}
