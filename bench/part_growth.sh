# What grows: WHAT N VARIANT NS-PER-CALL CALLS PEAK-KIB RECORD-BYTES CAPTURE-BYTES ANALYSIS-SECONDS ANALYSIS-KIB

grown() { # WHAT N VARIANT
    local numbers peak PREFIX rest='0 0 0 0'
    progress "growth: $2 $1, $3"
    rm -f "$WORK/capture" "$WORK/peak" "$WORK/analysis"
    prefix_of "$3"
    numbers=$("$BENCH/measure" "$WORK/peak" "${PREFIX[@]}" "$BENCH/growth" "$1" "$2") || fail "growth, $1 $2, $3"
    peak=$(tail -n 1 "$WORK/peak")
    if [ "$3" != native ]; then
        "$BENCH/measure" "$WORK/analysis" "$ANALYZE" "$WORK/capture" >/dev/null 2>&1 || fail "growth, $1 $2: the analysis"
        rest="$(used_by "$WORK/capture") $(($(stat -c %b "$WORK/capture") * 512)) $(cut -d' ' -f2,3 "$WORK/analysis")"
    fi
    printf '%s %s %s %s %s %s\n' "$1" "$2" "$3" "$numbers" "${peak##* }" "$rest" >>"$RAW/growth"
}

part_growth() {
    local round what how n first most=1000
    [ -z "${QUICK-}" ] || most=100
    rm -f "$RAW/growth"
    for ((round = 0; round < (ROUNDS + 2) / 3; round++)); do
        for what in calls threads processes files descriptors; do
            first=1
            case $what in calls) first=1000 ;; files) first=10 ;; esac
            for n in $first $((first * 10)) $((first * most)); do
                for how in native interpose full; do grown $what $n $how; done
            done
        done
    done
}
