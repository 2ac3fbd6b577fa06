#!/usr/bin/env bash
# Everything in one command: installs what is missing, builds, records, compares. "./run.sh help" lists what it can do.
set -u
export LC_ALL=C
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 1
BUILD=$ROOT/build
RECORD=$BUILD/syscap-record
ANALYZE=$BUILD/syscap-analyze
MODES='table_put_row table_put_cell column_put column_put_bulk row_put_bulk'
JOBS=$(nproc 2>/dev/null || echo 1)
LOG=$(mktemp) || exit 1
ticker=
lists_renewed=
copies= # see make_preloadable

stop_ticker() {
    [ -n "$ticker" ] && kill "$ticker" 2>/dev/null && wait "$ticker" 2>/dev/null
    ticker=
}
trap 'stop_ticker; rm -f "$LOG"; [ -z "$copies" ] || rm -rf "$copies"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

help() {
    cat <<'TEXT'
./run.sh                        the founding case: 1000 rows written by Rust with --initialize true and by C++ with
                                --initialize false, compared; then the control with equal parameters
./run.sh [MODE] [INITIALIZE]    the same operations on both sides; ROWS in the environment (100)
                                MODE: table_put_row table_put_cell column_put column_put_bulk row_put_bulk
                                INITIALIZE: true or false (false)
./run.sh record ...             syscap-record, built first:  ./run.sh record -o a.bin ./program
./run.sh batch DIR              every pair rust_X, cpp_X in DIR
./run.sh test                   the tests
./run.sh test-all               the tests, and what takes longer or needs more tools
./run.sh help

What is missing is installed with apt-get, as root or by sudo where that asks no password. Results are kept in runs/.
TEXT
}

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'run.sh: %s\n' "$*" >&2
    exit 1
}

# step TEXT COMMAND...: one line with the seconds it took; the command's output is shown only where it fails.
step() {
    local text=$1 began=$SECONDS status
    shift
    printf '%s ...' "$text"
    if [ -t 1 ]; then
        while sleep 1; do printf '\r%s ... %d s' "$text" $((SECONDS - began)); done &
        ticker=$!
    fi
    "$@" >"$LOG" 2>&1 </dev/null
    status=$?
    stop_ticker
    [ -t 1 ] && printf '\r%s ...' "$text"
    if [ "$status" -eq 0 ]; then
        printf ' done (%d s)\n' $((SECONDS - began))
    else
        printf ' failed (%d s)\n' $((SECONDS - began))
        tail -n 30 "$LOG" | sed 's/^/    /' >&2
    fi
    return "$status"
}

# --- what must be there --------------------------------------------------------------------------------------------------

has_header() { # COMPILER HEADER LANGUAGE
    command -v "$1" >/dev/null && printf '#include <%s>\n' "$2" | "$1" -x "$3" -E - >/dev/null 2>&1
}

# A rustc that works: a rustup without a toolchain has one that does not.
find_rustc() {
    local candidate
    for candidate in "${RUSTC:-rustc}" "${HOME:-/root}/.cargo/bin/rustc" /usr/bin/rustc; do
        if "$candidate" --version >/dev/null 2>&1; then
            export RUSTC=$candidate
            return 0
        fi
    done
    return 1
}

missing_to_build() {
    command -v make >/dev/null || echo make
    command -v cc >/dev/null || echo gcc
    has_header cc stdio.h c || echo libc6-dev
    has_header cc jansson.h c || echo libjansson-dev
    has_header cc elfutils/libdwfl.h c || echo libdw-dev
    has_header cc archive.h c || echo libarchive-dev
    has_header cc libiberty/demangle.h c || echo libiberty-dev
    has_header cc sqlite3.h c || echo libsqlite3-dev
    command -v pkg-config >/dev/null || echo pkg-config
}

missing_for_examples() {
    command -v g++ >/dev/null || echo g++
    has_header g++ casacore/tables/Tables.h c++ || echo casacore-dev
    find_rustc || echo rustc
}

missing_for_tests() {
    local tool
    has_header cc criterion/criterion.h c || echo libcriterion-dev
    for tool in strace patch python3 fio sqlite3 git; do
        command -v "$tool" >/dev/null || echo "$tool"
    done
    for tool in bzip2:bzip2 xz:xz-utils zstd:zstd musl-gcc:musl-tools busybox:busybox-static go:golang-go; do
        command -v "${tool%:*}" >/dev/null || echo "${tool#*:}"
    done
    # The linker that writes through memory: a package of its own since Debian 13, and part of binutils before.
    command -v ld.gold >/dev/null || apt-cache show binutils-gold 2>/dev/null | sed -n 's/^Package: //p' | head -1
    # Debian's own python3 holds the outputs against their schema; another one may not have the module.
    /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || echo python3-jsonschema
}

# What others wrote and the tests run: CPython's own tests, in a package named by the version; programs that load many
# libraries and fork many helpers; stress-ng.
missing_for_outside() {
    local pair
    for pair in stress-ng:stress-ng mpirun.openmpi:openmpi-bin mpicc.openmpi:libopenmpi-dev mpirun.mpich:mpich \
        mpicc.mpich:libmpich-dev gst-launch-1.0:gstreamer1.0-tools apache2:apache2-bin; do
        PATH=$PATH:/usr/sbin command -v "${pair%%:*}" >/dev/null || echo "${pair#*:}"
    done
    ls /usr/lib/*/gstreamer-1.0/libgstvideotestsrc.so >/dev/null 2>&1 || echo gstreamer1.0-plugins-base
    /usr/bin/python3 - 2>/dev/null <<'PYTHON'
import os, sys
if not os.path.exists(os.path.join(os.path.dirname(os.__file__), "test", "test_fcntl.py")):
    print("libpython%d.%d-testsuite" % sys.version_info[:2])
PYTHON
}

# Node's packages and Chromium, which read the exports and the page, are used where they are there; test-all must have them.
missing_for_judges() {
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo chromium
}

missing_for_all() {
    command -v clang >/dev/null || echo clang
    if command -v clang >/dev/null && ! ls "$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer* >/dev/null 2>&1; then
        echo "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
    fi
    command -v clang-tidy >/dev/null || echo clang-tidy
    command -v clang-format >/dev/null || echo clang-format
    command -v debootstrap >/dev/null || echo debootstrap
    command -v git >/dev/null || echo git
}

# install_missing PACKAGES...: 1, after saying what an administrator can do, where they can't be installed.
install_missing() {
    local root_by=()
    [ $# -eq 0 ] && return 0
    local command="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! command -v apt-get >/dev/null; then
        say "Missing: $*. These are Debian's names of the packages; there is no apt-get here to install them."
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            say "Missing: $*. They can't be installed from here; an administrator can, with:"
            say "    $command"
            return 1
        fi
        root_by=(sudo -n)
    fi
    say "Installing with apt-get: $*"
    local apt=(${root_by[@]+"${root_by[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -q)
    if [ -z "$lists_renewed" ]; then
        step '  package lists' "${apt[@]}" update || say '  The lists could not be renewed; trying with those there are.'
        lists_renewed=1
    fi
    if ! step '  packages' "${apt[@]}" install -y --no-install-recommends "$@"; then
        say "They could not be installed. An administrator can try:"
        say "    $command"
        return 1
    fi
}

require() { # LISTERS...: installs what these functions list.
    local lister list=
    for lister in "$@"; do list+=" $($lister)"; done
    # shellcheck disable=SC2086 # a list of words
    install_missing $list
}

note_proc() {
    [ -e /proc/self/exe ] && return
    say '/proc is not mounted: captures hold no counts of what the kernel saw, and the unit tests cannot run.'
    say '    mount -t proc proc /proc'
}

# --- building ------------------------------------------------------------------------------------------------------------

build_tools() {
    require missing_to_build
    local missing
    missing=$(missing_to_build | grep -v pkg-config | paste -sd ' ')
    [ -z "$missing" ] || fail "without $missing nothing can be built"
    make -q -C "$ROOT" >/dev/null 2>&1 || step 'Building syscap' make -C "$ROOT" -j"$JOBS" || fail 'the build failed'
    make_preloadable
}

# ld.so takes blanks and colons in LD_PRELOAD for ends of a name, and replaces words after a dollar sign: from a folder
# with such a name the library and its launcher are used as copies in another one.
make_preloadable() {
    case $BUILD in *[[:space:]:\$]*) ;; *) return ;; esac
    copies=$(mktemp -d) && cp "$BUILD"/syscap-record "$BUILD"/syscap-static "$BUILD"/libsyscap*.so "$copies" || fail 'no folder to be had for copies'
    RECORD=$copies/syscap-record
}

# Sets PAIR to tables where the real examples can be built, else to plain.
build_examples() {
    PAIR=plain
    if [ -n "$(missing_for_examples)" ] && ! require missing_for_examples; then
        say 'Without casacore or rustc the bundled pair in plain C takes their place: examples/plain_a and plain_b.'
    elif find_rustc && step 'Building the examples' make -C "$ROOT/examples" -j"$JOBS" OUT=../build/examples; then
        PAIR=tables
        return
    else
        say 'The bundled pair in plain C takes their place: examples/plain_a and plain_b.'
    fi
    step 'Building the plain examples' make -C "$ROOT/examples" OUT=../build/examples plain || fail 'the build failed'
}

# --- recording and comparing ---------------------------------------------------------------------------------------------

fresh_folder() { # NAME: sets FOLDER
    local base
    base=$ROOT/runs/$1-$(date +%Y%m%d-%H%M%S)
    mkdir -p "$ROOT/runs" || fail "no results can be kept in $ROOT/runs"
    FOLDER=$base
    local n=1
    until mkdir "$FOLDER" 2>/dev/null; do
        n=$((n + 1))
        [ "$n" -lt 100 ] || fail "$base: no such folder can be made"
        FOLDER=$base-$n
    done
}

# record_pair FOLDER ROWS MODE INITIALIZE-A INITIALIZE-B
record_pair() {
    mkdir -p "$1" || fail "$1 cannot be made"
    if [ "$PAIR" = tables ]; then
        A=rust B=cpp
        record_one "$1" rust rust_example rust.ms "$2" --mode "$3" --initialize "$4"
        record_one "$1" cpp cpp_example cpp.ms "$2" --mode "$3" --initialize "$5"
    else
        A=plain_a B=plain_b
        record_one "$1" plain_a plain_a plain_a.dat "$2" --initialize "$4"
        record_one "$1" plain_b plain_b plain_b.dat "$2" --initialize "$5"
    fi
}

record_one() { # FOLDER NAME PROGRAM OUTPUT ROWS PARAMETERS...
    local folder=$1 name=$2 program=$3 output=$4 rows=$5
    shift 5
    set -- --path "$output" --rows "$rows" "$@"
    (
        cd "$folder" || exit 1
        step "Recording $program $*" "$RECORD" -o "$name.bin" -- "$BUILD/examples/$program" "$@"
    ) || say "$program did not end well; the comparison says how."
    [ -s "$folder/$name.bin" ] || fail "$program left no capture"
}

compare() { # FOLDER: prints the summary
    (cd "$1" && "$ANALYZE" $A.bin $B.bin --output-dir comparison) || fail 'the analysis failed'
}

# Out of a summary: the numbers behind each run's label in the one line that PATTERN finds, a number a line.
both_numbers() { # FILE SED-EXPRESSION
    sed -n "$2" "$1" | head -n 2 | tr '\n' ' '
}

signed() {
    if [ "$1" -ge 0 ]; then echo "+$1"; else echo "$1"; fi
}

# Two lines: what is left of the difference where both sides do the same.
control() { # FOLDER
    local summary=comparison/comparison_summary.txt names total zeros seeks before
    (cd "$1/control" && "$ANALYZE" $A.bin $B.bin --output-dir comparison >/dev/null) || fail 'the analysis failed'
    local totals='s/^.* total syscalls: *\([0-9]*\).*/\1/p'
    # shellcheck disable=SC2207 # words are wanted
    names=($(sed -n 's/^\(.*\) total syscalls:.*/\1/p' "$1/control/$summary"))
    read -ra total <<<"$(both_numbers "$1/control/$summary" "$totals")"
    read -ra zeros <<<"$(both_numbers "$1/control/$summary" 's/^.* zero writes: *\([0-9]*\).*/\1/p')"
    read -ra seeks <<<"$(sed -n 's/^seek_ops *: [^ ]* *\([0-9]*\), [^ ]* *\([0-9]*\),.*/\1 \2/p' "$1/control/$summary")"
    read -ra before <<<"$(both_numbers "$1/$summary" "$totals")"
    if [ ${#total[@]} -ne 2 ] || [ ${#zeros[@]} -ne 2 ] || [ ${#seeks[@]} -ne 2 ] || [ ${#before[@]} -ne 2 ]; then
        fail "$1/control/$summary is not as expected"
    fi
    say "Control, equal parameters (both --initialize true): ${names[0]} ${total[0]} calls, ${names[1]} ${total[1]}," \
        "difference $(signed $((total[0] - total[1]))) (above: $(signed $((before[0] - before[1]))))."
    say "  Zero writes ${zeros[0]} and ${zeros[1]}, seeks ${seeks[0]} and ${seeks[1]}: what is left here is not due to" \
        "the parameter."
}

show_files() { # FOLDER
    say "Files: ${1#"$PWD"/}: $A.bin, $B.bin (captures), comparison/ ($(cd "$1/comparison" && echo *))"
}

founding() {
    note_proc
    build_tools
    build_examples
    fresh_folder founding
    record_pair "$FOLDER" 1000 table_put_row true false
    record_pair "$FOLDER/control" 1000 table_put_row true true
    say
    compare "$FOLDER"
    say
    control "$FOLDER"
    say
    show_files "$FOLDER"
}

same_operations() { # MODE INITIALIZE
    local rows=${ROWS:-100}
    case $rows in '' | *[!0-9]*) fail "ROWS is '$rows': expected a number" ;; esac
    case $2 in true | false) ;; *) fail "INITIALIZE is '$2': expected true or false" ;; esac
    note_proc
    build_tools
    build_examples
    [ "$PAIR" = tables ] || say "The plain pair knows no modes; $1 is left out."
    fresh_folder "$1-$2-$rows"
    record_pair "$FOLDER" "$rows" "$1" "$2" "$2"
    say
    compare "$FOLDER"
    say
    show_files "$FOLDER"
}

# --- the other commands --------------------------------------------------------------------------------------------------

tests() { # [all]
    note_proc
    require missing_to_build missing_for_examples missing_for_tests ||
        say 'Going on without; the tests that need them are skipped or fail.'
    local missing
    missing=$(missing_to_build | grep -v pkg-config | paste -sd ' ')
    [ -z "$missing" ] || fail "without $missing nothing can be built, so nothing was tested"
    require missing_for_outside || say 'Going on without; these tests are skipped.'
    local judges=$ROOT/tests/npm/install.sh without='are skipped'
    if [ "${1-}" = all ]; then
        export JUDGES=required
        without=fail
        require missing_for_judges || say "Going on without; the tests that need them $without."
    fi
    "$judges" check >/dev/null || step 'Packages of npm that read the exports' "$judges" ||
        say "Going on without; the tests that need them $without."
    find_rustc
    cd "$ROOT" || exit 1
    if [ "${1-}" != all ]; then
        tests/run_tests.sh
        return
    fi
    # All of it, also where a test failed: the table at the end is of one run.
    local status=0
    export RESULTS=$BUILD/test-all/groups
    tests/run_tests.sh || status=1
    require missing_for_all || say 'Going on without; the steps that need them are skipped.'
    tests/run_all.sh || status=1
    return $status
}

# What is not the program's own goes to stderr, so that its output stays as it is.
quietly_build() {
    note_proc >&2
    build_tools >&2
}

command=${1-}
case $command in
'') founding ;;
help | -h | --help) help ;;
record)
    shift
    quietly_build
    stop_ticker
    rm -f "$LOG"
    [ -n "$copies" ] || exec "$RECORD" "$@"
    "$RECORD" "$@" # the copies have to be removed after it
    ;;
batch)
    shift
    [ $# -gt 0 ] || fail 'batch: which folder?'
    quietly_build
    "$ANALYZE" --batch "$@"
    ;;
test) tests ;;
test-all) tests all ;;
*)
    case " $MODES " in
    *" $command "*) same_operations "$command" "${2:-false}" ;;
    *) fail "'$command' is no mode and no command; see ./run.sh help" ;;
    esac
    ;;
esac
