# Analysis: WHAT CALLS BYTES ELAPSED CPU PEAK-KIB, one line per run. WHAT: a capture, a pair of captures with all files and
# without, the capture of the C++ example with 1000 rows, a log of strace, a pair of logs; and for the log what counts its lines or looks at them otherwise.

# make_log FILE LINES: a real log, its middle repeated.
make_log() {
    local first last turns
    if [ ! -e "$WORK/middle" ]; then
        strace -f -ttt -T -o "$WORK/short" "$BENCH/calls" mix 1000 >/dev/null || return 1
        grep -n 'lseek' "$WORK/short" | sed -n '1p;$p' | cut -d: -f1 >"$WORK/bounds"
        { read -r first && read -r last; } <"$WORK/bounds"
        sed "$((first - 1))q" "$WORK/short" >"$WORK/head"
        sed -n "${first},$((last))p" "$WORK/short" >"$WORK/middle"
        sed "1,$((last))d" "$WORK/short" >"$WORK/tail"
    fi
    turns=$(($2 / $(wc -l <"$WORK/middle") + 1))
    { cat "$WORK/head"; yes "$WORK/middle" | head -n $turns | xargs cat; cat "$WORK/tail"; } >"$1"
}

classify='import re, sys
line = re.compile(r"^(?:(\d+) +)?(?:([\d.:]+) )?(\w+)\((.*)\) += (-?\w+)(?: (\w+))?")
counts = {}
for text in open(sys.argv[1], errors="replace"):
    found = line.match(text)
    if found:
        key = found.group(3), found.group(6)
        counts[key] = counts.get(key, 0) + 1
print(len(counts))'

timed() { # WHAT CALLS BYTES TIMES COMMAND...
    local what=$1 calls=$2 bytes=$3 round times=$4
    shift 4
    for ((round = 0; round < times; round++)); do
        progress "analysis: $what, $calls calls"
        rm -f "$WORK/times"
        "$BENCH/measure" "$WORK/times" "$@" >/dev/null 2>"$WORK/errors" || fail "$what: $(tail -n 1 "$WORK/errors")"
        printf '%s %s %s %s\n' "$what" "$calls" "$bytes" "$(cat "$WORK/times")" >>"$RAW/analysis"
    done
}

size() {
    cat "$@" | wc -c
}

part_analysis() {
    local calls times sizes='100000 1000000 10000000'
    [ -z "${QUICK-}" ] || sizes='100000 1000000'
    rm -f "$RAW/analysis"
    cd "$WORK" || exit 1
    if [ -x "$BUILD/examples/cpp_example" ]; then
        "$RECORD" -q -o founding "$BUILD/examples/cpp_example" --path table --rows 1000 --initialize true >/dev/null ||
            fail 'the founding capture'
        timed founding "$(calls_in founding)" "$(used_by founding)" "$ROUNDS" "$ANALYZE" founding
    fi
    for calls in $sizes; do
        times=$((calls < 10000000 ? (ROUNDS + 2) / 3 : 1))
        "$BENCH/generate" a "$calls" 5 1 && "$BENCH/generate" b "$calls" 5 2 || fail 'the captures'
        timed capture "$calls" "$(used_by a)" $times "$ANALYZE" a
        timed capture-pair "$calls" "$(($(used_by a) + $(used_by b)))" $times "$ANALYZE" a b
        timed pair-summary "$calls" "$(($(used_by a) + $(used_by b)))" $times "$ANALYZE" a b --summary-only
        rm -rf a b syscap_diffs
        has strace || continue
        make_log a.log "$calls" || { echo 'bench: no log can be made' >&2; continue; }
        awk 'NR % 100' a.log >b.log
        timed log "$calls" "$(size a.log)" $times "$ANALYZE" a.log
        timed log-pair "$calls" "$(size a.log b.log)" $times "$ANALYZE" a.log b.log
        if [ "$calls" -eq 1000000 ]; then
            timed wc-l "$calls" "$(size a.log)" $times wc -l a.log
            timed grep-c "$calls" "$(size a.log)" $times sh -c 'grep -c "lseek(" a.log | cat' # into /dev/null it would stop early
            timed python-re "$calls" "$(size a.log)" $times python3 -c "$classify" a.log
        fi
        rm -rf a.log b.log syscap_diffs
    done
}
