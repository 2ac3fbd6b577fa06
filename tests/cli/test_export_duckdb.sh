#!/bin/sh
# DuckDB reads csv and jsonl, and the Parquet that it makes of them by the command that EXPORT.md shows: counts, bytes, times,
# errors, processes and files are the report's. It can't be asked about the database: its package has no extension for SQLite's.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
TESTS=9
if ! find_packages; then
    skip $TESTS "calls read by DuckDB" "$WHY"
    finish
fi

cat >job.py <<'PY'
import os, sys
for name in [b'a, "b"\n\x01\r', b"odd\xff", b"plain;'"]:
    file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for i in range(int(sys.argv[1])):
        os.lseek(file, i * 100, os.SEEK_SET)
        os.write(file, bytes(50) if i % 2 else b"x" * 50)
        os.pread(file, 20, 0)
    os.sendfile(file, os.open("source", os.O_RDWR | os.O_CREAT), 0, 10)
    os.close(file)
for name in ['gone, "', "NULL", ""]:
    try:
        os.stat(name)
    except OSError:
        pass
if os.fork() == 0:
    os.execlp("cat", "cat", b"odd\xff", "/gone")
os.wait()
PY
echo "what is sent" >source
for mode in full interpose; do
    export SYSCAP_MODE=$mode
    "$RECORD" -o a.bin -- /usr/bin/python3 job.py 30 >/dev/null 2>&1
    "$RECORD" -o b.bin -- /usr/bin/python3 job.py 5 >/dev/null 2>&1
    for runs in "a.bin b.bin" "a.bin b.bin --trace read,write,sendfile,pread64,openat"; do
        run 0 "$mode: $runs: exported" $runs --summary-only --format json --export csv=calls.csv --export jsonl=calls.jsonl
        rm -f calls.parquet
        if judge duckdb.mjs out "$HERE/../../docs/EXPORT.md" 2>err; then ok "$mode: $runs: as the report has it"; else
            not_ok "$mode: $runs: as the report has it"
        fi
    done
done
check "and Parquet was made" test -s calls.parquet
finish
