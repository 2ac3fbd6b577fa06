# One start of /bin/true: CLOCK VARIANT MICROSECONDS. "own": each start is a session and a capture of its own, "first" likewise
# and nothing is kept of those before. "child":
# the starts of one recorded program, whose own calls for them are recorded too.

one_start() { # CLOCK VARIANT
    local shim=(LD_PRELOAD="$LIB" SYSCAP_OUTPUT="$WORK/capture") starts=("$BENCH/starts" "$1" 50 /bin/true) numbers
    progress "start: $2"
    numbers=$(case $2 in
    first-*) "${starts[@]}" "${shim[@]}" SYSCAP_MODE="${2#first-}" SYSCAP_CACHE=off ;;
    own-*) "${starts[@]}" "${shim[@]}" SYSCAP_MODE="${2#own-}" SYSCAP_CACHE="$WORK/cache" ;;
    child-*) under "${2#child-}" "${starts[@]}" ;;
    *) under "$2" "${starts[@]}" 2>/dev/null ;;
    esac) || fail "start, $2"
    printf '%s %s %s\n' "$1" "$2" "$numbers" >>"$RAW/start"
}

part_start() {
    local round how
    rm -f "$RAW/start"
    for ((round = 0; round < ROUNDS; round++)); do
        for how in native first-full own-interpose own-full child-interpose child-full; do one_start cpu $how; done
        [ "$round" -lt "$TOOL_ROUNDS" ] || continue
        one_start wall native
        for how in $TOOLS; do case $how in strace*) one_start wall "$how" ;; esac; done
    done
}
