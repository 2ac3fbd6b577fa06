#!/bin/bash
# What recording costs, counted: each row of "costs" is measured again and must not be above its value and margin.
#   UPDATE=1    writes this system's column anew
. "$(dirname "$0")/../lib.sh"
unset SYSCAP_MODE
TABLE=$LIB_ROOT/tests/budget/costs
KINDS='seek data zeros small read open'
COLUMN=6 # of the table
case $(printf '%s\n' 2.41 "$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" | sort -V | head -1) in 2.41) COLUMN=7 ;; esac

for tool in used generate; do
    "${CC:-cc}" -O2 -o "$WORK/$tool" "$LIB_ROOT/bench/$tool.c" "$LIB_ROOT"/common/*.c || { not_ok "- $tool builds"; finish; }
done

# Static, so that it can stand below a recorded program and be none itself.
"${CC:-cc}" -O2 -static -o "$WORK/start_cost" "$LIB_ROOT/tests/budget/start_cost.c" || { not_ok "- start_cost builds"; finish; }

# under MODE STACK COMMAND...: recorded into the file "capture"; as it is with native.
under() {
    local mode=$1 stack=$2
    shift 2
    if [ "$mode" = native ]; then
        "$@"
    else
        SYSCAP_MODE=$mode SYSCAP_STACK=$stack traced "$WORK/capture" "$@"
    fi
}

# guest WORD MODE STACK ARGUMENTS...: the number before WORD in what the guest says; each question is asked once.
declare -A said=()
guest() {
    local word=$1 key="${*:2}"
    [ -n "${said[$key]-}" ] || said[$key]=$(under "$2" "$3" "$GUESTS/budget" "${@:4}")
    ANSWER=$(sed -n "s/.*\b\([0-9][0-9]*\) $word.*/\1/p" <<<"${said[$key]}")
    [ -n "$ANSWER" ]
}

added() { # WORD MODE STACK ARGUMENTS...: sets VALUE
    local native
    guest "$1" native 0 "${@:4}" || return 1
    native=$ANSWER
    guest "$@" && VALUE=$((ANSWER - native))
}

# System calls, but for the guest's own lseeks, of which the kernel does not tell strace then.
strace_lines() { # MODE N: sets ANSWER
    local environment=()
    [ "$1" = native ] ||
        environment=(-E "LD_PRELOAD=$LIB" -E "SYSCAP_OUTPUT=$WORK/capture" -E "SYSCAP_MODE=$1")
    timeout 60 strace -f --seccomp-bpf -e 'trace=!lseek' -e signal=none -o "$WORK/log" ${environment[@]+"${environment[@]}"} \
        "$GUESTS/budget" many "$2" >/dev/null 2>&1 || return 1
    ANSWER=$(grep -vcE '<unfinished|\+\+\+' "$WORK/log")
}

calls() { # KIND MODE
    local kind sum=0
    case $1 in
    each)
        for kind in $KINDS; do
            added calls "$2" 0 steps "$kind" || return 1
            sum=$((sum + VALUE))
        done
        VALUE=$sum
        ;;
    request) added calls "$2" 0 steps request ;;
    million)
        strace_lines native 1000000 && sum=$ANSWER && strace_lines "$2" 1000000 && VALUE=$((ANSWER - sum))
        ;;
    second)
        strace_lines "$2" 1000000 && sum=$ANSWER && strace_lines "$2" 2000000 && VALUE=$((ANSWER - sum))
        ;;
    esac
}

per_thousand() { # CALLS: of the file "capture"
    VALUE=$(("$("$WORK/used" "$WORK/capture")" * 1000 / $1))
}

bytes() { # KIND MODE STACK
    local total
    rm -rf "$WORK/capture" "$WORK/table"
    case $1 in
    generated)
        "$WORK/generate" "$WORK/capture" 100000 5 1 && per_thousand 100000
        return
        ;;
    seek)
        under "$2" "$3" "$GUESTS/budget" many 1000000 >/dev/null && per_thousand 1000000
        return
        ;;
    plain_a) set -- "$2" "$3" "$BUILD/examples/plain_a" ;;
    *) set -- "$2" "$3" "$BUILD/examples/$1" --path "$WORK/table" --rows 1000 --initialize true ;;
    esac
    under "$@" >/dev/null || return 1
    total=$("$ANALYZE" "$WORK/capture" --format json | sed -n 's/^ *"total": *\([0-9]*\).*/\1/p' | head -n 1)
    per_thousand "$total"
}

# start_count WHAT KIND MODE: sets ANSWER. The environment is always the same. A child belongs to a session that has plans of
# all code: it is that of a shell, below which the counted program is met.
start_count() {
    local recorded="LD_PRELOAD=$LIB SYSCAP_MODE=$3 SYSCAP_OUTPUT=$WORK/start.bin SYSCAP_CACHE=$WORK/plans"
    local counted="$WORK/start_cost ${1#start-}"
    # shellcheck disable=SC2086 # lists of words
    ANSWER=$(
        case $2 in
        native) env -i $counted 1 /bin/true ;;
        first) env -i $recorded /bin/true && env -i $counted 2 /usr/bin/env $recorded /bin/true ;;
        unplanned) env -i $counted 2 /usr/bin/env ${recorded% *} SYSCAP_CACHE=off /bin/true ;;
        child) env -i $recorded SYSCAP_STATIC=leave /bin/sh -c "/bin/true; $counted 3 /usr/bin/env $recorded /usr/bin/env /bin/true" ;;
        esac | sed -n 's/^\([0-9]*\) .*/\1/p'
    )
    rm -f "$WORK/start.bin"
    [ -n "$ANSWER" ]
}

start() { # WHAT KIND MODE
    local native
    start_count "$1" native - || return 1
    native=$ANSWER
    start_count "$@" && VALUE=$((ANSWER - native))
}

measure() { # WHAT KIND MODE STACK: sets VALUE
    case $1 in
    instructions) added instructions "$3" "$4" steps "$2" ;;
    calls) calls "$2" "$3" ;;
    start-*) start "$1" "$2" "$3" ;;
    allocations) added allocations "$3" 0 many 1000000 ;;
    faults) added faults "$3" 0 many 1000000 ;;
    bytes) bytes "$2" "$3" "$4" ;;
    esac
}

can() { # WHAT KIND
    case $1.$2 in
    calls.million | calls.second) strace -f --seccomp-bpf -e trace=none true >/dev/null 2>&1 ;;
    start-*) "$WORK/start_cost" calls 1 /bin/true >/dev/null ;;
    bytes.*_example | bytes.plain_a) [ -x "$BUILD/examples/$2" ] ;;
    esac
}

# What is remembered of callers and stacks is found by address, and two addresses may meet: the least of some runs counts.
measure_again() { # BUDGET WHAT KIND MODE STACK
    local budget=$1 again least=$VALUE
    shift
    for again in 1 2 3; do
        [ -n "${UPDATE-}" ] || [ "${VALUE:-0}" -gt "$budget" ] || break
        said=()
        measure "$@"
        [ "${VALUE:-$least}" -ge "$least" ] || least=$VALUE
    done
    VALUE=$least
}

row() { # WHAT KIND MODE STACK MARGIN VALUES...
    local name="$1 $2 $3 stack $4" budget columns=("$@")
    local noted=${columns[COLUMN - 1]}
    budget=$((noted * (100 + $5) / 100))
    VALUE=
    ! can "$1" "$2" || measure "$@"
    case $1.$4.$VALUE in
    *.) ;;
    instructions.* | bytes.16.*) measure_again "$budget" "$@" ;;
    esac
    if ! can "$1" "$2"; then
        skip 1 "$name" "no strace or ptrace here, or the program is not built"
    elif [ -z "$VALUE" ]; then
        not_ok "- $name: there is a count"
    elif [ "$VALUE" -le "$budget" ] && { [ "$1" != instructions ] || [ "$VALUE" -gt 20 ]; }; then
        ok "- $name: $VALUE, at most $budget"
    else
        not_ok "- $name: $VALUE, at most $budget"
    fi
    columns[COLUMN - 1]=${VALUE:-$noted}
    printf '%-12s %-12s %-9s %2d %2d %6d %6d\n' "${columns[@]}" >>"$WORK/new"
}

# Both must move: a counter that stands still would let everything pass.
counters_count() {
    guest instructions native 0 steps seek && [ "$ANSWER" -gt 4 ] && [ "$ANSWER" -lt 100 ] &&
        guest calls native 0 steps open && [ "$ANSWER" -eq 2 ] && guest allocations native 0 many 1000000 && [ "$ANSWER" -ge 1 ]
}
check "- the counters count" counters_count
grep '^#' "$TABLE" >"$WORK/new"
while read -r -a fields; do
    [ "${fields[0]}" = '#' ] || row "${fields[@]}" </dev/null
done < <(grep -v '^#' "$TABLE")
[ -z "${UPDATE-}" ] || cp "$WORK/new" "$TABLE"
finish
