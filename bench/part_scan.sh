# Scans of zeros: NAME NANOSECONDS, one line per run.

part_scan() {
    local round
    rm -f "$RAW/scan"
    for ((round = 0; round < (ROUNDS + 2) / 3; round++)); do "${PINNED[@]}" "$BENCH/scan" >>"$RAW/scan"; done
}
