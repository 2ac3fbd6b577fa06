#!/usr/bin/env bash
# The benchmarks of docs/BENCHMARKS.md. Prints tables; medians of interleaved runs. Calls and starts in processor time,
# which a busy machine disturbs least; beside strace, which works in another process, in time passed.
#
#   bench/run.sh            all parts
#   bench/run.sh PART...    of: call start bytes analysis
#   ROUNDS (21), CALLS (200000 per run), BUILD (build), TMPDIR: where the files go, several hundred MB
set -u
export LC_ALL=C
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
BUILD=$(cd "${BUILD:-$ROOT/build}" && pwd) || exit 1
BENCH=$BUILD/bench
LIB=$BUILD/libsyscap.so
ANALYZE=$BUILD/syscap-analyze
RECORD=$BUILD/syscap-record
ROUNDS=${ROUNDS:-21}
CALLS=${CALLS:-200000}
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_MODE SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE

fail() {
    printf 'bench: %s\n' "$*" >&2
    exit 1
}

build() {
    local cc=${CC:-cc}
    mkdir -p "$BENCH" || exit 1
    for tool in calls starts used; do
        "$cc" -O2 -Wall -Wextra -o "$BENCH/$tool" "$ROOT/bench/$tool.c" || fail "$tool does not build"
    done
    "$cc" -O2 -Wall -Wextra -fPIC -shared -o "$BENCH/minimal.so" "$ROOT/bench/minimal.c" || fail 'minimal does not build'
    [ -e "$LIB" ] || fail "$LIB is not there; make first"
}

median() {
    sort -n | awk '{ v[NR] = $1 } END { if (NR % 2) print v[(NR + 1) / 2]; else print (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# One run of a variant: prints the benchmark's number.
variant() { # VARIANT COMMAND...
    local how=$1
    shift
    case $how in
    native) "$@" ;;
    minimal) env LD_PRELOAD="$BENCH/minimal.so" "$@" ;;
    interpose | full) env LD_PRELOAD="$LIB" SYSCAP_MODE="$how" SYSCAP_OUTPUT="$WORK/run.bin" "$@" ;;
    strace) strace -f -o /dev/null "$@" ;;
    esac
}

# call_line CLOCK WHAT VARIANT: a variant's line, in nanoseconds.
call_line() {
    awk -v what="$2" -v how="$3" -v clock="$1" -v m="$(median <"$WORK/$2.$1.$3")" -v n="$(median <"$WORK/$2.$1.native")" \
        -v least="$(median <"$WORK/$2.cpu.minimal")" -v own="$(median <"$WORK/$2.cpu.native")" 'BEGIN {
        printf "%-6s %-5s %-10s %9.1f ns  added %9.1f ns", what, clock, how, m, m - n
        if (how == "interpose" || how == "full") printf "  %5.2f x minimal", (m - n) / (least - own)
        print "" }'
}

call_table() { # WHAT
    local how round
    for ((round = 0; round < ROUNDS; round++)); do
        for how in native minimal interpose full; do
            variant "$how" "$BENCH/calls" "$1" "$CALLS" >>"$WORK/$1.cpu.$how" || fail "$how $1"
        done
        command -v strace >/dev/null || continue
        for how in native strace; do
            variant "$how" "$BENCH/calls" "$1" $((CALLS / 50)) wall >>"$WORK/$1.wall.$how" || fail "$how $1"
        done
    done
    for how in native minimal interpose full; do call_line cpu "$1" "$how"; done
    [ ! -s "$WORK/$1.wall.strace" ] || for how in native strace; do call_line wall "$1" "$how"; done
}

part_call() {
    echo "== one call: $CALLS per run, $ROUNDS rounds"
    call_table seek
    call_table zeros
    call_table data
}

# "own": each start is a session and a capture of its own. "child": the starts of one recorded program, whose own calls for
# them are recorded too.
one_start() { # CLOCK VARIANT COUNT
    local shim=(LD_PRELOAD="$LIB" SYSCAP_OUTPUT="$WORK/start.bin") starts=("$BENCH/starts" "$1" "$3" /bin/true)
    case $2 in
    native) "${starts[@]}" ;;
    own-*) "${starts[@]}" "${shim[@]}" SYSCAP_MODE="${2#own-}" ;;
    child-*) env "${shim[@]}" SYSCAP_MODE="${2#child-}" "${starts[@]}" ;;
    strace) strace -f -o /dev/null "${starts[@]}" ;;
    esac
}

part_start() {
    local round how clock
    local variants='cpu.native cpu.own-interpose cpu.own-full cpu.child-interpose cpu.child-full'
    command -v strace >/dev/null && variants+=' wall.native wall.strace'
    echo "== one start of /bin/true: 50 per run, $ROUNDS rounds"
    for ((round = 0; round < ROUNDS; round++)); do
        for how in $variants; do
            one_start "${how%%.*}" "${how#*.}" 50 >>"$WORK/start.$how" 2>>"$WORK/errors" || : >"$WORK/start.$how.failed"
        done
    done
    for how in $variants; do
        clock=${how%%.*}
        if [ -e "$WORK/start.$how.failed" ]; then
            printf '%-5s %-16s FAILED: %s\n' "$clock" "${how#*.}" "$(tail -n 1 "$WORK/errors")"
            continue
        fi
        awk -v clock="$clock" -v how="${how#*.}" -v m="$(median <"$WORK/start.$how")" \
            -v n="$(median <"$WORK/start.$clock.native")" \
            'BEGIN { printf "%-5s %-16s %8.0f us  added %8.0f us\n", clock, how, m, m - n }'
    done
}

capture_of() { # PROGRAM ROWS: sets RECORD_BYTES, RECORD_CALLS
    (cd "$WORK" && "$RECORD" -o b.bin "$BUILD/examples/$1" --path "${1%%_*}.ms" --rows "$2" --initialize true) ||
        fail "$1"
    RECORD_BYTES=$("$BENCH/used" "$WORK/b.bin")
    RECORD_CALLS=$("$ANALYZE" "$WORK/b.bin" --format json | sed -n 's/^ *"total": *\([0-9]*\).*/\1/p' | head -n 1)
}

part_bytes() {
    local program bytes calls
    echo '== bytes per record: all records of a capture; and what 100,000 rows have more than 10,000'
    for program in cpp_example rust_example; do
        if [ ! -x "$BUILD/examples/$program" ]; then
            echo "$program is not built (make -C examples OUT=../build/examples)"
            continue
        fi
        capture_of "$program" 1000
        awk -v p="$program" -v b="$RECORD_BYTES" -v c="$RECORD_CALLS" \
            'BEGIN { printf "%-13s   1000 rows: %7d bytes, %6d calls: %5.1f bytes a call\n", p, b, c, b / c }'
        capture_of "$program" 10000
        bytes=$RECORD_BYTES calls=$RECORD_CALLS
        capture_of "$program" 100000
        awk -v p="$program" -v b="$((RECORD_BYTES - bytes))" -v c="$((RECORD_CALLS - calls))" \
            'BEGIN { printf "%-13s     more rows: %7d bytes, %6d calls: %5.1f bytes a call\n", p, b, c, b / c }'
    done
}

seconds_of() { # COMMAND...: the processor time of one run, in seconds
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null 2>"$WORK/errors"; } 2>&1 | awk '{ print $1 + $2 }'
    [ ! -s "$WORK/errors" ] || fail "$(cat "$WORK/errors")"
}

# A log of 200 MB: a real one, its middle repeated.
make_log() {
    local turns
    strace -f -ttt -T -o "$WORK/short" "$BENCH/calls" mix 1000 >/dev/null || return 1
    grep -n 'lseek' "$WORK/short" | sed -n '1p;$p' | cut -d: -f1 >"$WORK/bounds"
    { read -r first && read -r last; } <"$WORK/bounds"
    sed -n "${first},$((last))p" "$WORK/short" >"$WORK/middle"
    turns=$((200 * 1000 * 1000 / $(stat -c %s "$WORK/middle") + 1))
    sed "$((first - 1))q" "$WORK/short" >"$WORK/long"
    yes "$WORK/middle" | head -n "$turns" | xargs cat >>"$WORK/long"
    sed "1,$((last))d" "$WORK/short" >>"$WORK/long"
}

speed() { # NAME FILE UNITS UNIT
    local round
    rm -f "$WORK/speed"
    for ((round = 0; round < 5; round++)); do seconds_of "$ANALYZE" "$2" >>"$WORK/speed"; done
    (ulimit -v 100000; "$ANALYZE" "$2" >/dev/null) || echo "$1: needs more than 100 MB of memory"
    awk -v name="$1" -v s="$(median <"$WORK/speed")" -v units="$3" -v unit="$4" -v bytes="$(stat -c %s "$2")" 'BEGIN {
        printf "%-8s %6.1f MB, %5.2f million %s: %6.2f s, %6.1f million %s a second, %6.1f MB a second\n",
            name, bytes / 1e6, units / 1e6, unit, s, units / 1e6 / s, unit, bytes / 1e6 / s }'
}

part_analysis() {
    echo '== analysis of one run, 5 rounds'
    (cd "$WORK" && variant full "$BENCH/calls" mix 1500000 >/dev/null) || fail 'the capture'
    speed capture "$WORK/run.bin" 6004000 calls
    if command -v strace >/dev/null && make_log; then
        speed strace "$WORK/long" "$(wc -l <"$WORK/long")" lines
    else
        echo 'strace is not there: no log to read'
    fi
}

build
cd "$WORK" || exit 1
[ $# -gt 0 ] || set -- call start bytes analysis
for part; do
    case $part in
    call | start | bytes | analysis) "part_$part" ;;
    *) fail "unknown part: $part (of: call start bytes analysis)" ;;
    esac
done
