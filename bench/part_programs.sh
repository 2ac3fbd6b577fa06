# Whole programs: PROGRAM VARIANT ELAPSED CPU PEAK-KIB, and into RAW/bytes: PROGRAM VARIANT BYTES RECORDS.
# One that a tool does not finish in PATIENCE seconds has no numbers with it. The programs work in RUN, in memory where that
# can be had: what a disk takes for an fsync differs by more than all recorders cost. The records go to WORK.

PROGRAMS='cpp_example_1000 rust_example_1000 cpp_example rust_example sqlite3 git compile tar'

prepare_inputs() {
    mkdir -p "$WORK/tree" && cp -r "$ROOT"/common "$ROOT"/shim "$ROOT"/analyzer "$ROOT"/tests "$ROOT"/docs "$WORK/tree" ||
        fail 'no copy of the sources'
    cat >"$WORK/sql" <<'SQL'
PRAGMA synchronous = OFF;
CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) INSERT INTO t SELECT x, 'text ' || x FROM n;
CREATE INDEX i ON t (b);
SELECT count(*) FROM t WHERE b LIKE '%77%';
SQL
    for ((i = 0; i < 300; i++)); do echo "UPDATE t SET b = 'again $i' WHERE a = $((i * 331));"; done >>"$WORK/sql"
    cat >"$WORK/git.sh" <<'GIT'
git init -q . && git add . && git -c user.name=bench -c user.email=bench -c gc.auto=0 commit -q -m all &&
    git repack -a -d -q && git status >status
GIT
}

# program_of NAME: sets PROGRAM, and the folder "run" is as it needs it. Nothing is printed by any but sqlite3.
program_of() {
    rm -rf "$RUN" && mkdir "$RUN" && cd "$RUN" || exit 1
    case $1 in
    *_example_1000) PROGRAM=("$BUILD/examples/${1%_1000}" --path table --rows 1000 --initialize true) ;;
    *_example) PROGRAM=("$BUILD/examples/$1" --path table --rows "$EXAMPLE_ROWS" --initialize true) ;;
    sqlite3) PROGRAM=(sqlite3 data ".read $WORK/sql") ;;
    git) cp -r "$WORK/tree/." . && PROGRAM=(sh "$WORK/git.sh") ;;
    compile) PROGRAM=(cc -O2 -o generate "$ROOT/bench/generate.c" "$ROOT"/common/codec.c "$ROOT"/common/calls.c) ;;
    tar) PROGRAM=(tar -cf out.tar -C /usr/include .) ;;
    esac
}

can_run() {
    case $1 in
    *_example*) [ -x "$BUILD/examples/${1%_1000}" ] ;;
    *) has "${1/compile/cc}" ;;
    esac
}

one_program() { # NAME VARIANT
    local pin=() PREFIX PROGRAM patience=600
    progress "programs: $1, $2"
    program_of "$1"
    prefix_of "$2"
    # git and the compiler are several processes.
    case $1 in git | compile) ;; *) case " $TOOLS " in *" $2 "*) ;; *) pin=("${PINNED[@]}") ;; esac ;; esac
    case " $TOOLS " in *" $2 "*) patience=$PATIENCE ;; esac
    rm -rf "$WORK/capture" "$WORK/log" "$WORK/uftrace" "$WORK/times"
    ${pin[@]+"${pin[@]}"} timeout -k 5 "$patience" "$BENCH/measure" "$WORK/times" "${PREFIX[@]}" "${PROGRAM[@]}" \
        >/dev/null 2>&1 || { printf '%s %s failed\n' "$1" "$2" >>"$RAW/programs"; return 1; }
    printf '%s %s %s\n' "$1" "$2" "$(cat "$WORK/times")" >>"$RAW/programs"
}

note_bytes() { # NAME VARIANT: of the last round
    local bytes
    case $2 in
    native | minimal) ;;
    interpose* | full*) printf '%s %s %s %s\n' "$1" "$2" "$(used_by "$WORK/capture")" "$(calls_in "$WORK/capture")" ;;
    uftrace)
        bytes=$(cat "$WORK"/uftrace/*.dat | wc -c)
        printf '%s %s %s %s\n' "$1" "$2" "$bytes" $((bytes / 16)) # an entry or an exit each
        ;;
    *) printf '%s %s %s %s\n' "$1" "$2" "$(wc -c <"$WORK/log")" "$(wc -l <"$WORK/log")" ;;
    esac >>"$RAW/bytes"
}

part_programs() {
    local round program how began PROGRAM slow=' '
    RUN=$WORK/run
    if [ -w /dev/shm ] && [ "$(df -P /dev/shm | awk 'NR == 2 { print $4 }')" -gt 1000000 ]; then
        RUN=$(mktemp -d /dev/shm/syscap-bench.XXXXXX) || exit 1
        RUN=$RUN/run
    fi
    EXAMPLE_ROWS=100000
    [ -z "${QUICK-}" ] || EXAMPLE_ROWS=10000
    rm -f "$RAW/programs" "$RAW/bytes"
    prepare_inputs
    for ((round = 0; round < ROUNDS; round++)); do
        for program in $PROGRAMS; do
            can_run $program || continue
            [ "$round" -gt 0 ] || { program_of $program && "${PROGRAM[@]}" >/dev/null 2>&1; } # files are in memory from now on
            for how in native $OURS; do
                one_program $program $how || fail "$program, $how"
                [ "$round" -gt 0 ] || note_bytes $program $how
            done
            [ "$round" -lt "$TOOL_ROUNDS" ] || continue
            for how in $TOOLS; do
                case $slow in *" $program.$how "*) continue ;; esac
                began=$SECONDS
                if one_program $program "$how"; then
                    [ "$round" -gt 0 ] || note_bytes $program "$how"
                    [ $((SECONDS - began)) -ge $((PATIENCE / 3)) ] || continue
                fi
                slow+="$program.$how " # once is enough
            done
        done
    done
    cd "$WORK" || exit 1
    rm -rf "$RUN"
}
