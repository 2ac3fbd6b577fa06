#!/bin/bash
# Requests of io_uring, by its system calls: what is recorded of them is what the program knows it did.
. "$(dirname "$0")/lib_uring.sh"
rings_or_skip 79 uring

same uring_files "$GUESTS/uring" files
did uring_files "wrote 32768"
did uring_files "offset 150"
counts uring_files files 8 8 3 32768 32768 18
counts uring_files vectors 1 5 1 11 480 7
requests uring_files 26 26
nothing_missing uring_files
asks uring_files "they are no system calls" \
    'c["io_uring_enter"] == 10 and not {"pwrite64", "pread64", "fsync", "fallocate"} & set(c) and r["categories"]["read_ops"] == 0'
asks uring_files "zeros where they were written" 'f("/files")["zero_ranges"] == [[0, 12288]]'
asks uring_files "at the file's own offset, three blocks one after the other" 'f("/vectors")["seeks"] == 1'
asks uring_files "bytes for a pipe" \
    'sum(x["bytes_written"] == 10 and x["zero_writes"] == 1 for x in r["files"] if x["path"].startswith("pipe")) == 1'
asks uring_files "the requests stand in the call that hands them over" \
    'sum("{WRITE <" in line and "zeros[4096]" in line for line in text.splitlines()) >= 1 and "{FALLOCATE <" in text'
asks uring_files "rings are no mapped files" 'not any("shared mapping" in w for w in r["warnings"])'

same uring_names "$GUESTS/uring" names
did uring_names "statx 0, 100 bytes"
did uring_names "missing -2"
counts uring_names renamed 1 1 0 100 100 7
requests uring_names 10 10
asks uring_names "opened twice, by two names" 'f("/renamed")["opens"] == 2 and f("/renamed")["first_path"].endswith("/named")'
check "- uring_names: one that is not there" \
    grep -qE '^URING openat +ENOENT +1 ' <("$ANALYZE" "$WORK/uring_names.bin" --summary-only)

same uring_fixed "$GUESTS/uring" fixed
did uring_fixed "chain 700"
counts uring_fixed first 1 1 0 500 1000 2
counts uring_fixed second 0 1 0 0 1000 1
counts uring_fixed third 0 1 0 0 1000 1
counts uring_fixed chained 0 1 1 0 700 3
requests uring_fixed 7 7
nothing_missing uring_fixed

same uring_kinds "$GUESTS/uring" kinds
did uring_kinds "wrote 32768"
nothing_missing uring_kinds
asks uring_kinds "rings of every kind" \
    'all((x["reads"], x["writes"], x["zero_writes"]) == (8, 9 if x["path"].endswith("/kind9") else 8, 3) for x in r["files"] if "/kind" in x["path"])'
asks uring_kinds "as many as the kernel has" 'sum("/kind" in x["path"] for x in r["files"]) >= 5'
asks uring_kinds "by an index" 'f("/registered")["requests"] == 16'

same uring_poll "$GUESTS/uring" poll
did uring_poll "polled 100"
requests uring_poll 5 0
asks uring_poll "what no call hands over is counted and said" \
    'not r["coverage"]["complete"] and any(p.startswith("5 of 5 requests of io_uring") for p in r["problems"])'

same uring_threads "$GUESTS/uring" threads
did uring_threads "threads 4, 0 wrong"
did uring_threads "both 5000"
for i in 0 1 2 3; do counts uring_threads thread$i 0 100 50 0 230400 100; done
counts uring_threads both 0 50 0 0 5000 50
requests uring_threads 450 450

same uring_fork "$GUESTS/uring" fork
did uring_fork "after 200, 0"
counts uring_fork parent 0 2 1 0 4296 2
counts uring_fork child 0 1 0 0 300 1
requests uring_fork 3 3

same uring_left "$GUESTS/uring" left
did uring_left "handed over 6"
counts uring_left left 0 5 1 0 500 5
nothing_missing uring_left

same uring_shots "$GUESTS/uring" shots
did uring_shots "shot 1 more 1"
did uring_shots "received 100"
nothing_missing uring_shots

same uring_bad "$GUESTS/uring" bad
did uring_bad "bad buffer -14"
did uring_bad "bad name -14"
did uring_bad "good 100"
asks uring_bad "those that failed" '(f("/bad")["writes"], f("/bad")["errors"], f("/bad")["bytes_written"]) == (3, 3, 100)'
nothing_missing uring_bad

same uring_unmap "$GUESTS/uring" unmap
did uring_unmap "unmapped"
asks uring_unmap "it ended well" 'r["end"]["code"] == 0 and r["coverage"]["io_urings"] == 20'

same uring_filter "$GUESTS/uring" filter
did uring_filter "after 100"
requests uring_filter 2 1
counts uring_filter filter 0 1 1 0 100 1

same uring_many "$GUESTS/uring" many
did uring_many "wrote 320800"
counts uring_many many 0 5100 1250 0 320800 5100
requests uring_many 5100 5100

check "- its bytes are in the intervals" \
    grep -qE '^ +all +[0-9]+ +32779 ' <("$ANALYZE" "$WORK/uring_files.bin" --over-time --summary-only)

# An exported log has the calls and not what they hand over, as strace's own.
"$ANALYZE" "$WORK/uring_files.bin" --summary-only --export strace="$WORK/exported" >/dev/null 2>&1
check "- a log says that requests are not in it" \
    grep -q '^WARNING.*1 io_uring set up' <("$ANALYZE" "$WORK/exported" --summary-only)
finish
