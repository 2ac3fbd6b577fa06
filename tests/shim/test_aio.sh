#!/bin/bash
# Requests of Linux AIO, by the system calls themselves: what is recorded of them is what the program knows it did.
. "$(dirname "$0")/../lib.sh"

# counts NAME FILE READS WRITES ZERO_WRITES BYTES_READ BYTES_WRITTEN REQUESTS
counts() {
    local keys='"reads", "writes", "zero_writes", "bytes_read", "bytes_written", "requests"'
    asks "$1" "requests on $2" "[f('/$2')[k] for k in ($keys)] == [$3, $4, $5, $6, $7, $8]"
}

# requests NAME TAKEN TOLD
requests() {
    asks "$1" "$2 requests, $3 results" 'r["coverage"]["aio_requests"] == '"$2"' and r["coverage"]["aio_requests_told"] == '"$3"
}

same aio_files "$GUESTS/aio" files
did aio_files "wrote 32768"
did aio_files "synced 0"
counts aio_files files 8 8 3 28772 32768 18
counts aio_files vectors 1 2 1 11 330 3
requests aio_files 22 22
asks aio_files "they are no system calls" 'c["io_submit"] == 6 == c["io_getevents"] and "pwrite64" not in c and r["categories"]["write_ops"] == full'
asks aio_files "zeros where they were written" 'f("/files")["zero_ranges"] == [[0, 12288]]'
"$ANALYZE" "$WORK/aio_files.bin" --calls --path '*/files' >"$WORK/aio.calls" 2>/dev/null
check "- aio_files: --calls has them" test "$(grep -c ' AIO [a-z]*(<files>' "$WORK/aio.calls")" -eq 18
"$ANALYZE" "$WORK/aio_files.bin" --export sqlite="$WORK/aio.db" >/dev/null 2>&1
check "- aio_files: so has a database, beside the calls" test "$(python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("""SELECT count(*), sum(call = "AIO pwrite"), sum(data = "zeros"), sum(bytes), sum(took_ns > 0),
(SELECT count(*) FROM calls WHERE call LIKE "AIO%") FROM requests JOIN files USING (file) WHERE path LIKE "%/files" """).fetchone())' "$WORK/aio.db")" = "(18, 8, 3, 61540, 18, 0)"
asks aio_files "they took time, and no call did" 'f("/files")["request_time_ns"] > 0'
asks aio_files "bytes for a pipe" \
    'sum(x["bytes_written"] == 10 and x["zero_writes"] == 0 for x in r["files"] if x["path"].startswith("pipe")) == 1'

same aio_partial "$GUESTS/aio" partial
did aio_partial "closed second 1"
did aio_partial "bad request -14"
did aio_partial "bad list -14"
did aio_partial "bad buffer 1 1 -14"
did aio_partial "1 bad events -1 14"
counts aio_partial partial 1 4 0 96 12288 5
asks aio_partial "one failed" 'f("/partial")["errors"] == 1'
requests aio_partial 5 5

same aio_ring "$GUESTS/aio" ring
did aio_ring "taken 1638400"
did aio_ring "mixed 614650"
counts aio_ring ring 0 800 400 0 3276800 800
requests aio_ring 800 800

same aio_threads "$GUESTS/aio" threads
did aio_threads "threads 4"
did aio_threads "shared 5000"
for i in 0 1 2 3; do counts aio_threads thread$i 0 100 50 0 230400 100; done
counts aio_threads shared 0 50 0 0 5000 50
requests aio_threads 450 450

same aio_fork "$GUESTS/aio" fork
did aio_fork "not mine -22"
did aio_fork "child 8192"
counts aio_fork parent 0 3 1 0 12288 3
counts aio_fork child 0 1 1 0 4096 1

same aio_left "$GUESTS/aio" left
did aio_left "destroyed 0"
requests aio_left 4 2
counts aio_left left 0 2 0 0 8192 2
asks aio_left "those without a result are said" \
    'not r["coverage"]["complete"] and any(p.startswith("2 of 4 requests of Linux AIO") for p in r["problems"])'

same aio_destroy "$GUESTS/aio" destroy
did aio_destroy "destroyed"
asks aio_destroy "it ended well" 'r["end"]["code"] == 0 and r["coverage"]["aio_contexts"] == 200'

same aio_filter "$GUESTS/aio" filter
did aio_filter "after 100"
requests aio_filter 2 1

same aio_many "$GUESTS/aio" many
did aio_many "submitted 400"
did aio_many "others 40960"
counts aio_many many 0 480 180 0 245760 480
requests aio_many 480 480

# As strace sees it: the same requests, results and lines.
strace -f -o "$WORK/log" "$GUESTS/aio" files >/dev/null
"$ANALYZE" "$WORK/log" -o "$WORK/log.txt" >/dev/null 2>&1
grep '^io_submit' "$WORK/aio_files.txt" >"$WORK/ours"
grep '^io_submit' "$WORK/log.txt" >"$WORK/straces"
check "- lines with requests" test "$(wc -l <"$WORK/ours")" -ge 12
check "- the same lines from strace's log" cmp "$WORK/ours" "$WORK/straces"
"$ANALYZE" "$WORK/aio_files.bin" --summary-only --export strace="$WORK/exported" >/dev/null 2>&1
check "- a log without the lists says so" grep -q '^WARNING.*22 of 22 requests of Linux AIO' <("$ANALYZE" "$WORK/exported" --summary-only)
"$ANALYZE" "$WORK/aio_files.bin" "$WORK/log" --label ours,straces --format json >"$WORK/both.json" 2>/dev/null
check "- the same files from strace's log" python3 - "$WORK/both.json" <<'PYTHON'
import json, sys
runs = json.load(open(sys.argv[1]))["runs"]
keys = ("path", "reads", "writes", "zero_writes", "bytes_read", "bytes_written", "zero_ranges", "requests")
ours, straces = ([[f["path"].rsplit("/")[-1]] + [f[k] for k in keys[1:]] for f in run["files"] if f["requests"]] for run in runs)
sys.exit(ours != straces or len(ours) != 3)
PYTHON
finish
