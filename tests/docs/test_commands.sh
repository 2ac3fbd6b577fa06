#!/bin/bash
# Each command that README.md, docs/READING.md, docs/CI.md, docs/HACKING.md and the man pages show is run, in a copy of the checkout in which
# there is what the text takes for given. One that can't be run here stands in the table below, with what is run in its place,
# or with why nothing is.
. "$(dirname "$0")/../cli/lib.sh"
ROOT=$(cd "$HERE/../.." && pwd)
BUILD=$(cd "$(dirname "$ANALYZE")" && pwd)
DOCUMENTS=$HERE/documents.py
unset LD_PRELOAD SYSCAP_OUTPUT SYSCAP_MODE SYSCAP_CHILDREN SYSCAP_STACK SYSCAP_MAX_SIZE SYSCAP_KEEP SYSCAP_ENV SYSCAP_TRACE SYSCAP_PATHS SAN
export LC_ALL=C

# The command | what is run | why
table() {
    cat <<'TABLE'
apt-get install make gcc libc6-dev libjansson-dev libdw-dev libarchive-dev libiberty-dev libsqlite3-dev pkg-config||a test installs nothing
syscap-analyze - cpp.bin.xz <rust.bin|xz -k cpp.bin && syscap-analyze - cpp.bin.xz <rust.bin|it has to be packed first
make install|make install DESTDIR="$WORK/root"|not into the system
./run.sh [MODE] [INITIALIZE]|./run.sh table_put_cell false|what stands behind it
./run.sh test||this is it
tests/run_tests.sh||this is it
tests/run_tests.sh unit cli|tests/run_tests.sh layers|the others run beside this one
make format-check tidy|make -n format-check tidy|a step of run_all.sh, and takes minutes
make format|make -n format|clang-format may not be there
make check|make -n check|what it runs are groups of their own
make test||this is it
make DEBUG=1|make -n DEBUG=1|it would build all again
make completions|make -n completions|it would build all again
make coverage||runs the tests
make bench||takes an hour
tests/check_layers.sh --self-test||takes minutes; a step of run_all.sh
UPDATE=1 tests/budget/test_budget.sh||the group budget runs it
make -C tests/parity && python3 tests/parity/parity.py quick|make -s -C tests/parity|the group parity runs the second
syscap-analyze run.bin --assert 'A.findings["zero-fill"] == 0' --assert 'A.processes <= 3'|says_no syscap-analyze run.bin --assert 'A.findings["zero-fill"] == 0' --assert 'A.processes <= 3'|whichever way it ends
syscap-analyze cpp.bin --assert 'A.writes.zero <= 5'|says_no syscap-analyze cpp.bin --assert 'A.writes.zero <= 5'|exit status 1, as the line says
TABLE
    has_gdb || echo 'gdb -ex *||gdb is not there'
    [ -w /dev/shm ] || echo "build/tests/unit --filter *||Criterion needs /dev/shm"
}

has_gdb() {
    command -v gdb >/dev/null
}

# The assertion is judged, whichever way it ends.
says_no() {
    "$@" || [ $? -eq 1 ]
}

for file in README.md docs/READING.md docs/CI.md docs/HACKING.md docs/syscap-record.1 docs/syscap-analyze.1; do
    "$DOCUMENTS" commands "$ROOT/$file" | sed "s|^|$file\t|"
done >commands
check '- the documents show commands' [ "$(wc -l <commands)" -ge 30 ]
table | while IFS='|' read -r command _; do
    case $command in *'*') continue ;; esac
    cut -f 2 commands | grep -qxF -- "$command" || echo "$command"
done >stale
check '- each command in the table of this script is still shown' [ ! -s stale ]

if [ ! -x "$BUILD/examples/rust_example" ] || [ ! -x "$BUILD/examples/cpp_example" ]; then
    echo "skip $(wc -l <commands) - the documents' commands (casacore, g++ or rustc is not there)"
    finish
fi

# The checkout and what is built of it; with their times, so that nothing is built twice.
mkdir tree && cp -a "$ROOT"/[!.]* "$ROOT"/.clang-format tree/ 2>/dev/null
rm -rf tree/build* tree/runs && cp -a "$BUILD" tree/build
cd tree || exit 1
unset BUILD ANALYZE
export PATH=$WORK/root/usr/local/bin:$PATH LD_LIBRARY_PATH=$WORK/root/usr/local/lib

# What the text takes for given before its first command.
prepare() { # FILE
    case $1 in
    docs/READING.md) # the folder for batch
        mkdir -p DIR
        cp rust.bin DIR/rust_x.bin
        cp cpp.bin DIR/cpp_x.bin
        ;;
    docs/syscap-record.1) ln -sf build/examples/rust_example build/examples/cpp_example . ;;
    docs/syscap-analyze.1)
        mkdir -p logs
        cp rust.bin logs/rust_x.bin
        cp cpp.bin logs/cpp_x.bin
        cp rust.bin old.bin
        cp cpp.bin new.bin
        syscap-record -o a.bin true
        cp a.bin a2.bin
        ;;
    esac
    ln -sf build/examples/plain_a program
}

# in_place COMMAND: what the table says, by default the command itself; nothing where it can't be run.
in_place() {
    local command instead
    # What HACKING.md's three additions are checked with: it takes their edits.
    case $1 in */tmp/note* | *"grep dup" | *counts.txt* | *"--filter 'findings/"* | "make format && make unit"*) return ;; esac
    while IFS='|' read -r command instead _; do
        # shellcheck disable=SC2254 # the one pattern is meant
        case $command in
        *'*') case $1 in $command) return ;; esac ;;
        "$1")
            echo "$instead"
            return
            ;;
        esac
    done < <(table)
    echo "$1"
}

before=
while IFS=$'\t' read -r -u 3 file command; do
    [ "$file" = "$before" ] || prepare "$file" >"$WORK/prepared" 2>&1
    before=$file
    instead=$(in_place "$command")
    [ -n "$instead" ] || continue
    if (eval "$instead") >"$WORK/said" 2>&1 </dev/null; then
        ok "- $file: $command"
    else
        not_ok "- $file: $command (status $?)"
        tail -n 15 "$WORK/said" | sed 's/^/    /'
    fi
done 3<"$WORK/commands"
finish
