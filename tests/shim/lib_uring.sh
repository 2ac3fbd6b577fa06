# Shared by tests of io_uring (bash): what the report says of rings and of the files that their requests were for.
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

# rings_or_skip TESTS NAME: ends the script where there is no io_uring.
rings_or_skip() {
    (cd "$WORK" && timeout 20 "$GUESTS/uring" filter >/dev/null 2>&1) && return
    skip "$1" "$2" "no io_uring here"
    finish
}

# counts NAME FILE READS WRITES ZERO_WRITES BYTES_READ BYTES_WRITTEN REQUESTS
counts() {
    local keys='"reads", "writes", "zero_writes", "bytes_read", "bytes_written", "requests"'
    asks "$1" "requests on $2" "[f('/$2')[k] for k in ($keys)] == [$3, $4, $5, $6, $7, $8]"
}

# requests NAME TAKEN TOLD: of those that end by themselves
requests() {
    asks "$1" "$2 requests, $3 results" \
        "[r['coverage'][k] for k in ('io_uring_requests', 'io_uring_requests_told')] == [$2, $3]"
}

nothing_missing() {
    asks "$1" "nothing of them is missing" 'not any("io_uring" in p for p in r["problems"])'
}
