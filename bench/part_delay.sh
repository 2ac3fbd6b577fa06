# The slowest of many calls: KIND VARIANT MEDIAN P99.99 SLOW20 SLOWEST OVER-1-MS, in nanoseconds, one line per run.

part_delay() {
    local round kind how numbers PREFIX
    rm -f "$RAW/delay"
    for ((round = 0; round < ROUNDS; round++)); do
        for kind in seek data; do
            for how in native interpose full full-stack; do
                progress "delay: $kind, $how"
                prefix_of $how
                numbers=$("${PINNED[@]}" "${PREFIX[@]}" "$BENCH/delay" $kind $((CALLS * 10))) || fail "delay, $how"
                printf '%s %s %s\n' $kind $how "$numbers" >>"$RAW/delay"
            done
        done
    done
}
