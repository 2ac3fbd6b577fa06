#!/bin/bash
# The one runner. Builds what is needed, runs every test, prints one line per script and closes with
# "N passed, N failed, N skipped" alone on a line. Exit status 1 where a test failed or fewer ran than expected_count says.
#
#   tests/run_tests.sh                  all
#   tests/run_tests.sh GROUP...         of GROUPS_ALL below
#   tests/run_tests.sh --scripts DIR    the scripts in DIR/scripts against DIR/expected_count (self-test)
#   SAN, BUILD, CC, ...                 as for make
#   SCRIPT_SECONDS                      a script that takes longer is ended, and has failed (1200)
#   RESULTS                             a file that is given a line for each group: passed, failed, skipped
#
# A script prints "ok NAME", "not ok NAME" or "skip [HOW_MANY] - NAME (why)"; all else it prints is shown where it failed.
set -u
ROOT=$(cd "$(dirname "$0")/.." && pwd)
cd "$ROOT" || exit 1
OUTPUT=$(mktemp -d) || exit 1
trap 'rm -rf "$OUTPUT"' EXIT
trap 'exit 1' HUP INT TERM
# libsyscap.so can't be preloaded from a folder with a blank, colon or dollar sign in its name (ld.so's rules): the programs
# under test are then built in another one.
case $ROOT in
*[[:space:]:\$]*) BUILD=${BUILD:-$OUTPUT/build} ;;
esac
export BUILD=${BUILD:-$ROOT/build${SAN:+-$SAN}}
export ANALYZE=$BUILD/syscap-analyze
GROUPS_ALL="self unit harness bare fuzz cost cli strace shim full static judge parity hostile outside budget pairs examples docs layers"
EXPECTED=$ROOT/tests/expected_count
passed=0 failed=0 skipped=0
group_ran=0

say() {
    printf '%s\n' "$*"
}

# tally NAME PASSED FAILED SKIPPED SECONDS [LOG]
tally() {
    printf '%-44s %4d passed, %d failed, %d skipped  (%d s)\n' "$1" "$2" "$3" "$4" "$5"
    passed=$((passed + $2))
    failed=$((failed + $3))
    skipped=$((skipped + $4))
    group_ran=$((group_ran + $2 + $3 + $4))
    if [ "$3" -gt 0 ] && [ -n "${6-}" ]; then
        grep -Ev '^(ok|skip)( |$)' "$6" | tail -n 60 | sed 's/^/    /'
    fi
    if [ "$4" -gt 0 ] && [ -n "${6-}" ]; then
        grep '^skip' "$6" | sed 's/^/    /'
    fi
}

# count_log LOG STATUS: sets n_ok, n_bad, n_skip. A script that ends badly without saying which test failed, or that runs
# no test, has failed.
count_log() {
    n_ok=$(grep -Ec '^ok( |$)' "$1")
    n_bad=$(grep -Ec '^not ok( |$)' "$1")
    n_skip=$(awk '/^skip/ { n += ($2 ~ /^[0-9]+$/) ? $2 : 1 } END { print n + 0 }' "$1")
    if [ "$n_bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ $((n_ok + n_skip)) -eq 0 ]; }; then
        n_bad=1
        say "the script ended with status $2" >>"$1"
    fi
}

# What stands in the checkout beside what is built there.
in_checkout() {
    find "$ROOT" -maxdepth 1 ! -name 'build*' ! -name runs | sort
}

# The longest takes three minutes; what hangs, with all that it has started, is ended before it fills the disk.
run_script() {
    local log=$OUTPUT/log began=$SECONDS status n_ok n_bad n_skip tree
    tree=$(in_checkout)
    timeout -k 10 "${SCRIPT_SECONDS:-1200}" "$1" >"$log" 2>&1 </dev/null
    status=$?
    count_log "$log" $status
    if [ "$tree" != "$(in_checkout)" ]; then
        n_bad=$((n_bad + 1))
        say "the script leaves in the checkout: $(in_checkout | grep -vxF "$tree" | tr '\n' ' ')" >>"$log"
    fi
    tally "${1#"$ROOT"/}" "$n_ok" "$n_bad" "$n_skip" $((SECONDS - began)) "$log"
}

run_scripts() {
    local script any=
    for script in "$1"/*.sh; do
        case $script in */lib.sh | */lib_*.sh) continue ;; esac
        [ -x "$script" ] || continue
        any=1
        run_script "$script"
    done
    [ -n "$any" ] || say "no scripts in ${1#"$ROOT"/}"
}

run_unit() {
    # Criterion finds its tests through /proc: without it, it finds none and is content.
    local log=$OUTPUT/log began=$SECONDS status counts
    if [ ! -e /proc/self/exe ]; then
        say "/proc is not mounted: Criterion would find no tests"
        tally unit 0 1 0 0
        return
    fi
    if [ -z "${UNIT-}" ] && [ ! -w /dev/shm ]; then # a chroot into which /dev was bound without what is mounted there
        say "    skip: Criterion needs /dev/shm, and nothing can be written there"
        tally unit 0 0 "$(awk '$1 == "unit" { print $2 }' "$EXPECTED")" 0
        return
    fi
    "${UNIT:-$BUILD/tests/unit}" >"$log" 2>&1 </dev/null
    status=$?
    # [====] Synthesis: Tested: 12 | Passing: 12 | Failing: 0 | Crashing: 0
    counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | sed -n 's/.*Synthesis: \(Tested: .*\)/\1/p' | tail -n 1 | tr -cd '0-9 ')
    # shellcheck disable=SC2086 # four numbers
    set -- $counts
    if [ $# -ne 4 ]; then
        say "no count in what Criterion printed"
        set -- 0 0 1 0
    fi
    local bad=$(($3 + $4))
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    tally unit "$2" "$bad" 0 $((SECONDS - began)) "$log"
}

run_examples() {
    local log=$OUTPUT/log began=$SECONDS good
    if [ ! -x "$BUILD/examples/cpp_example" ] || [ ! -x "$BUILD/examples/rust_example" ]; then
        say "skip 63 - both languages leave the same table (casacore, g++ or rustc is not there)" >"$log"
        tally "examples: tables" 0 0 63 0 "$log"
    fi
    examples/check_identical.sh "$BUILD/examples" >"$log" 2>&1
    local status=$?
    good=$(grep -c '^ok ' "$log")
    local bad
    bad=$(grep -c '^FAILED ' "$log")
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    tally examples/check_identical.sh "$good" "$bad" 0 $((SECONDS - began)) "$log"
}

# The strace scripts are given the programs that they need, and print how many things they compared.
run_strace_script() {
    local log=$OUTPUT/log began=$SECONDS status good bad=0 script=$1
    shift
    "$script" "$@" >"$log" 2>&1 </dev/null
    status=$?
    good=$(sed -n 's/^.*\.sh: \([0-9][0-9]*\) .* agree$/\1/p' "$log")
    if [ $status -eq 0 ] && grep -q ': skipped' "$log"; then
        sed 's/^/skip - /' "$log" >"$log.skip"
        tally "${script#"$ROOT"/}" 0 0 "${STANDS_FOR:-1}" $((SECONDS - began)) "$log.skip"
        return
    fi
    [ $status -eq 0 ] && [ -n "$good" ] || bad=1
    tally "${script#"$ROOT"/}" "${good:-0}" $bad 0 $((SECONDS - began)) "$log"
}

run_strace() {
    build "strace's tools" make -s dump-events BUILD="$BUILD" &&
        build "strace's guest" "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE= -O1 -o "$BUILD/tests/strace_mix" \
            tests/guest/strace_mix.c -pthread || failed=$((failed + 1))
    STANDS_FOR=56 run_strace_script "$ROOT/tests/strace/compare.sh" "$BUILD/tests/dump_events"
    STANDS_FOR=26 run_strace_script "$ROOT/tests/strace/option_sets.sh" "$BUILD/tests/dump_events" "$BUILD/tests/strace_mix" \
        "$BUILD/libsyscap.so"
}

run_layers() {
    if make -s check-layers >"$OUTPUT/log" 2>&1; then
        tally check-layers 1 0 0 0
    else
        cat "$OUTPUT/log"
        tally check-layers 0 1 0 0
    fi
}

# Too few tests is a failure: one that no longer runs must not go unnoticed.
check_expected() {
    local want
    want=$(awk -v group="$1" '$1 == group { print $2 }' "$EXPECTED")
    if [ -z "$want" ]; then
        say "FAILED: no number for $1 in expected_count"
        failed=$((failed + 1))
    elif [ "$group_ran" -lt "$want" ]; then
        say "FAILED: $group_ran tests of $1 ran, $want are expected"
        failed=$((failed + 1))
    fi
}

finish() {
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# build WHAT COMMAND...
build() {
    local began=$SECONDS what=$1
    shift
    if "$@" >"$OUTPUT/log" 2>&1; then
        say "built $what ($((SECONDS - began)) s)"
        return 0
    fi
    tail -n 40 "$OUTPUT/log" | sed 's/^/    /'
    say "FAILED: $what does not build"
    return 1
}

# Without a compiler, or where the programs under test don't build, every test would fail for this one reason.
build_all() {
    local tool
    for tool in make "${CC:-cc}"; do
        # shellcheck disable=SC2086 # CC may have options
        command -v ${tool%% *} >/dev/null || { say "FAILED: $tool is not there: nothing can be built, so nothing was tested"; exit 1; }
    done
    build "shim, launcher, analyzer" make -j2 BUILD="$BUILD" || { say "nothing was tested"; exit 1; }
    build "unit tests" make -j2 unit BUILD="$BUILD" || failed=$((failed + 1))
    build "guests" make -s -C tests/guest OUT="$BUILD/tests/guest" || failed=$((failed + 1))
    build "plain examples" make -C examples OUT="$BUILD/examples" plain || failed=$((failed + 1))
    # Without casacore the tables are skipped, and said to be; with it, an example that does not build is a failure.
    if { command -v rustc && command -v g++ && [ -e /usr/include/casacore ]; } >/dev/null; then
        build "casacore examples" make -C examples OUT="$BUILD/examples" || failed=$((failed + 1))
    fi
}

if [ "${1-}" = --scripts ]; then
    set -- "$1" "$(cd "$OLDPWD" && cd "$2" && pwd)"
    EXPECTED=$2/expected_count
    [ ! -e "$2/unit" ] || UNIT=$2/unit run_unit
    run_scripts "$2/scripts"
    check_expected scripts
    finish
fi
[ $# -gt 0 ] || set -- $GROUPS_ALL
for group; do
    case " $GROUPS_ALL " in
    *" $group "*) ;;
    *)
        say "unknown group: $group (of: $GROUPS_ALL)" >&2
        exit 2
        ;;
    esac
done
build_all
[ -z "${RESULTS-}" ] || { mkdir -p "$(dirname "$RESULTS")" && : >"$RESULTS"; }
for group; do
    group_ran=0
    before=($passed $failed $skipped)
    say "== $group"
    case $group in
    unit) run_unit ;;
    examples) run_examples ;;
    layers) run_layers ;;
    strace) run_strace ;;
    parity) run_script "$ROOT/tests/parity/run.sh" ;;
    full) # the same scripts in the other mode
        export TEST_MODE=full
        run_scripts "$ROOT/tests/shim"
        run_scripts "$ROOT/tests/judge"
        unset TEST_MODE
        ;;
    *) run_scripts "$ROOT/tests/$group" ;;
    esac
    check_expected "$group"
    [ -z "${RESULTS-}" ] || printf 'group %-28s %d passed, %d failed, %d skipped\n' "$group" $((passed - before[0])) \
        $((failed - before[1])) $((skipped - before[2])) >>"$RESULTS"
done
finish
