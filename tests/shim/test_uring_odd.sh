#!/bin/bash
# What a program may do with rings of io_uring and few do: it does not notice, and no number is wrong.
. "$(dirname "$0")/../lib.sh"

TESTS=19
if ! (cd "$WORK" && timeout 20 "$GUESTS/uring" filter >/dev/null 2>&1); then
    skip "$TESTS" uring_odd "no io_uring here"
    finish
fi

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

same uring_handler "$GUESTS/uring_odd" handler
did uring_handler "outer 3010 inner 700"
counts uring_handler outer 0 30 30 0 3000 30
counts uring_handler inner 0 10 0 0 700 10
requests uring_handler 50 50

same uring_unfinished "$GUESTS/uring_odd" unfinished
did uring_unfinished "all are there"
counts uring_unfinished unfinished 0 4 0 0 400 4
requests uring_unfinished 4 4

same uring_table "$GUESTS/uring_odd" table
did uring_table "half 1"
counts uring_table first 0 1 0 0 10 1
counts uring_table second 0 2 0 0 120 2
counts uring_table third 0 1 0 0 100 1

same uring_silent "$GUESTS/uring_odd" silent
did uring_silent "silent"
counts uring_silent other 100 1 0 10000 100 100
asks uring_silent "none is taken for one that says nothing" 'f("/silent")["writes"] == 0'
requests uring_silent 200 100
finish
