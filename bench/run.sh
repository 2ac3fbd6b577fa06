#!/usr/bin/env bash
# The benchmarks of docs/BENCHMARKS.md: measures, prints tables in Markdown, and leaves them with the plots and their data
# in BUILD/bench/results. Variants run in turn (A B A B); what counts is the median, with half the distance of the quartiles.
#
#   bench/run.sh            all parts; installs what it compares with (as root), or says what is missing
#   bench/run.sh PART...    of: call scan start execs static delay programs analysis growth
#   bench/run.sh tables     the goals, the tables and plots again, of what was measured
#   bench/run.sh publish    puts them into docs/BENCHMARKS.md and docs/plots
#   QUICK=1                 a fifth of the time: fewer rounds and calls, nothing of 10 million
#   ROUNDS (9), TOOL_ROUNDS (3; of strace and the like), CALLS (100000 per run), PATIENCE (15 s for a program under a tool),
#   BUILD (build), TMPDIR (where the files go, 3 GB)
set -u
export LC_ALL=C
export PYTHONDONTWRITEBYTECODE=1
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_MODE SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE SYSCAP_ENV
PARTS='call scan start execs static delay programs analysis growth'
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
for part in $PARTS; do
    case $part in execs | static) ;; *) . "$ROOT/bench/part_$part.sh" ;; esac
done
[ $# -gt 0 ] || set -- $PARTS tables
for part; do
    case " $PARTS tables publish " in
    *" $part "*) ;;
    *) fail "unknown part: $part (of: $PARTS tables publish)" ;;
    esac
done
WORK=$(mktemp -d) || exit 1
SESSIOND= RUN=
trap '[ -z "$SESSIOND" ] || kill "$SESSIOND"; rm -rf "$WORK" "${RUN%/run}"' EXIT
trap 'exit 130' INT TERM

machine() {
    printf '%s cores, %s, Linux %s, %s, %s; %s rounds%s; commit %s' "$(nproc)" \
        "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r | cut -d- -f1)" \
        "$(getconf GNU_LIBC_VERSION)" "$("${CC:-cc}" --version | head -n 1)" "$ROUNDS" "${QUICK:+ (QUICK)}" \
        "$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)"
}

tables() {
    python3 "$ROOT/bench/evaluate.py" "$RESULTS" "$@" || exit 1
    ! has gnuplot || (cd "$RESULTS" && gnuplot "$ROOT/bench/plots.gp") || exit 1
}

# Scripts of their own, which print a table.
part_execs() { by_itself execs; }
part_static() { by_itself static; }
by_itself() {
    { BUILD=$BUILD bash "$ROOT/bench/$1.sh" && echo && cat "$RAW/$1.machine" && echo; } >"$WORK/$1.md" || fail "$1"
    mv "$WORK/$1.md" "$RESULTS/$1.md"
}

install_tools_done=
for part; do
    case $part in
    tables) tables ;;
    publish) python3 "$ROOT/bench/publish.py" "$RESULTS" "$ROOT/docs" || exit 1 ;;
    *)
        if [ -z "$install_tools_done" ]; then
            build
            install_tools
            cd "$WORK" || exit 1
            find_tools
            install_tools_done=1
        fi
        began=$SECONDS
        machine >"$RAW/$part.machine"
        "part_$part"
        progress
        printf '%s: %d s\n' "$part" $((SECONDS - began)) >&2
        case " $* " in *' tables '*) ;; *) tables "$part" ;; esac
        ;;
    esac
done
