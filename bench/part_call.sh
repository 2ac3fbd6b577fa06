# One call: KIND THREADS VARIANT CPU WALL, in nanoseconds.

one_call() { # KIND THREADS VARIANT CALLS-OF-ALL-THREADS
    local numbers pin=() PREFIX
    progress "call: $1, $2 threads, $3"
    case " $TOOLS lttng bpftrace " in
    *" $3 "*) ;; # the tool works on another core
    *) [ "$2" -gt 1 ] || pin=("${PINNED[@]}") ;;
    esac
    prefix_of "$3"
    numbers=$(${pin[@]+"${pin[@]}"} "${PREFIX[@]}" "$BENCH/calls" "$1" $(($4 / $2)) "$2" 2>/dev/null |
        grep -E '^[0-9.]+ [0-9.]+$') || fail "$3: $1 with $2 threads"
    printf '%s %s %s %s\n' "$1" "$2" "$3" "$numbers" >>"$RAW/call"
}

part_call() {
    local round kind threads how
    rm -f "$RAW/call"
    for ((round = 0; round < ROUNDS; round++)); do
        for kind in seek data zeros small read open stdio; do
            for threads in 1 2 8; do
                for how in native minimal $OURS; do
                    [ $kind.$how = stdio.minimal ] || one_call $kind $threads $how "$CALLS"
                done
                # With more threads only the one call that costs least by itself.
                [ "$round" -lt "$TOOL_ROUNDS" ] && { [ $threads -eq 1 ] || [ $kind = seek ]; } || continue
                for how in $TOOLS; do one_call $kind $threads "$how" $((CALLS / 50)); done
                for how in $CALL_TOOLS; do [ $kind = stdio ] || one_call $kind $threads "$how" $((CALLS / 2)); done
            done
        done
    done
}
