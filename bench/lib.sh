# Shared by the parts of the benchmarks (bash; run.sh includes it). A part appends what it measured, one line per run, to
# RAW/PART; evaluate.py makes tables and the plots' data of these lines.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
BUILD=$(cd "${BUILD:-$ROOT/build}" && pwd) || exit 1
BENCH=$BUILD/bench
RESULTS=$BENCH/results
RAW=$RESULTS/raw
LIB=$BUILD/libsyscap.so
ANALYZE=$BUILD/syscap-analyze
RECORD=$BUILD/syscap-record
FRAMES=16
# The other tools cost up to a thousand times as much: they get fewer rounds and fewer calls.
if [ -n "${QUICK-}" ]; then
    ROUNDS=${ROUNDS:-3} TOOL_ROUNDS=${TOOL_ROUNDS:-1} CALLS=${CALLS:-20000} PATIENCE=${PATIENCE:-5}
else
    ROUNDS=${ROUNDS:-9} TOOL_ROUNDS=${TOOL_ROUNDS:-3} CALLS=${CALLS:-100000} PATIENCE=${PATIENCE:-15}
fi
OURS='interpose full interpose-stack full-stack'

fail() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

progress() { # to the terminal, where there is one
    [ ! -t 2 ] || printf '\r\033[K%s' "$*" >&2
}

has() {
    command -v "$1" >/dev/null
}

# COMMAND PACKAGE: what is compared with, and what makes the plots.
NEEDED='strace strace
ltrace ltrace
uftrace uftrace
perf linux-perf
bpftrace bpftrace
lttng lttng-tools
gnuplot gnuplot-nox
python3 python3
sqlite3 sqlite3
git git'

install_tools() {
    local command package missing=
    while read -r command package; do has "$command" || missing+=" $package"; done <<<"$NEEDED"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -eq 0 ] && has apt-get; then
        # shellcheck disable=SC2086 # a list of words
        { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing; } \
            >"$BENCH/install.log" 2>&1
    fi
    while read -r command package; do
        has "$command" || printf 'bench: no %s (install %s); it is left out\n' "$command" "$package" >&2
    done <<<"$NEEDED"
    has python3 && has taskset || fail 'python3 and taskset (util-linux) are needed'
}

build() {
    local cc=${CC:-cc} tool
    mkdir -p "$RAW" || exit 1
    for tool in calls starts delay growth measure; do
        "$cc" -O2 -Wall -Wextra -o "$BENCH/$tool" "$ROOT/bench/$tool.c" -pthread || fail "$tool does not build"
    done
    for tool in used generate; do
        "$cc" -O2 -Wall -Wextra -o "$BENCH/$tool" "$ROOT/bench/$tool.c" "$ROOT"/common/*.c || fail "$tool does not build"
    done
    # as the library is
    "$cc" -O2 -Wall -Wextra -mgeneral-regs-only -o "$BENCH/scan" "$ROOT/bench/scan.c" || fail 'scan does not build'
    for tool in minimal hook; do
        "$cc" -O2 -Wall -Wextra -fPIC -shared -o "$BENCH/$tool.so" "$ROOT/bench/$tool.c" || fail "$tool does not build"
    done
    # with the package liblttng-ust-dev
    "$cc" -O2 -fPIC -shared -DLTTNG -I"$ROOT/bench" -o "$BENCH/lttng.so" "$ROOT/bench/minimal.c" -llttng-ust -ldl 2>/dev/null || :
    [ -e "$LIB" ] || fail "$LIB is not there; make first"
}

# TOOLS: of those to compare with, the ones that are there and do run here; CALL_TOOLS: those for single calls alone.
find_tools() {
    local tool
    TOOLS= CALL_TOOLS=
    if has lttng-sessiond && [ -e "$BENCH/lttng.so" ]; then
        lttng-sessiond --no-kernel --quiet >/dev/null 2>&1 &
        SESSIOND=$!
        sleep 1
    fi
    for tool in hook lttng bpftrace; do
        ! under $tool "$BENCH/calls" seek 10 2>/dev/null | grep -q '^[0-9]' || CALL_TOOLS+=" $tool"
    done
    for tool in strace strace-bpf ltrace uftrace perf-trace; do
        ! under $tool "$BENCH/calls" seek 10 >/dev/null 2>&1 || TOOLS+=" $tool"
    done
}

# prefix_of VARIANT: sets PREFIX, what stands before a command. Records go to "capture", "log" (text) or "uftrace" (a folder)
# in WORK. All begin with one more program, so that all pay for it.
prefix_of() {
    case $1 in
    native) PREFIX=(env) ;;
    minimal | hook) PREFIX=(env "LD_PRELOAD=$BENCH/$1.so") ;;
    bpftrace | lttng) PREFIX=(bash "$ROOT/bench/tracer.sh" "$1" "$WORK/$1" "$BENCH/lttng.so") ;;
    interpose | full) PREFIX=(env "LD_PRELOAD=$LIB" "SYSCAP_MODE=$1" "SYSCAP_OUTPUT=$WORK/capture") ;;
    *-stack) prefix_of "${1%-stack}" && PREFIX+=("SYSCAP_STACK=$FRAMES") ;;
    strace) PREFIX=(strace -f -o "$WORK/log") ;;
    strace-bpf) PREFIX=(strace -f --seccomp-bpf -e trace=%desc,%file -o "$WORK/log") ;;
    ltrace) PREFIX=(ltrace -f -S -o "$WORK/log") ;;
    uftrace) PREFIX=(uftrace record --force --no-pager -d "$WORK/uftrace") ;;
    perf-trace) PREFIX=(perf trace -o "$WORK/log") ;;
    *) fail "unknown variant: $1" ;;
    esac
}

under() { # VARIANT COMMAND...
    local PREFIX
    prefix_of "$1"
    shift
    "${PREFIX[@]}" "$@"
}

# Before a command: on one core, where the program has one thread and nothing else of it runs.
PINNED=(taskset -c "$(($(nproc) - 1))")

used_by() { # CAPTURE: bytes of its records
    "$BENCH/used" "$1"
}

calls_in() { # CAPTURE
    "$ANALYZE" "$1" --format json 2>/dev/null | sed -n 's/^ *"total": *\([0-9]*\).*/\1/p' | head -n 1
}
