#!/bin/bash
# The database is asked by SQLite's own shell (Python's where that is not there), and says what the report says.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
PYTHON=$(python3 -c "import sys; print(sys.executable)") # not a shim of it

cat >job.py <<'PY'
import os, sys
for name in sys.argv[1:]:
    file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for i in range(20):
        os.lseek(file, i * 100, os.SEEK_SET)
        os.write(file, b"\0" * 50 if i % 2 else b"x" * 50)
    os.rename(name, "out")
    os.write(file, b"end")
    os.close(file)
open(os.fsencode("odd") + b"\xff", "w").close()
os.spawnvp(os.P_WAIT, "sh", ["sh", "-c", "cat out >>out2; cat /gone; exit 0"])
PY
for mode in full interpose; do
    SYSCAP_MODE=$mode "$RECORD" --stack 8 -o "a-$mode.bin" -- "$PYTHON" job.py one two 2>/dev/null
    SYSCAP_MODE=$mode "$RECORD" -o "b-$mode.bin" -- "$PYTHON" job.py one 2>/dev/null
done
cat >same.py <<'PY'
import json, sqlite3, sys
report, db = json.load(open(sys.argv[1])), sqlite3.connect(sys.argv[2])
def rows(query, *values): return db.execute(query, values).fetchall()
def one(query, *values): return rows(query, *values)[0][0]
assert one("PRAGMA integrity_check") == "ok"
for n, run in enumerate(report["runs"]):
    assert dict(rows("SELECT call, count(*) FROM calls WHERE run = ? GROUP BY call", n)) == run["calls"]
    assert one("SELECT calls FROM runs WHERE run = ?", n) == sum(run["calls"].values())
    assert one("SELECT total(took_ns) FROM calls WHERE run = ?", n) == (run["time_ns"]["total"] or 0)
    assert one("SELECT count(*) FROM calls WHERE run = ? AND error IS NOT NULL", n) == sum(
        d["errors"] for d in run["call_details"].values())
    # The table of processes, by the numbers of the calls' own.
    for p in run["process_table"]:
        where = "FROM calls WHERE run = ? AND process = ?"
        assert one("SELECT count(*) " + where, n, p["number"]) == p["calls"], p
        assert one("SELECT total(bytes) " + where, n, p["number"]) == p["bytes"], p
        assert rows("SELECT pid, program FROM processes WHERE run = ? AND process = ?", n, p["number"]) == [
            (p["pid"], p["program"])]
    assert one("SELECT sum(calls) FROM threads WHERE run = ?", n) == sum(run["calls"].values())
    # What the report counts of each file is what its calls add up to.
    assert one("SELECT count(*) FROM files WHERE run = ? AND made IS NOT NULL", n) == len(run["files"])
    for f in run["files"]:
        got = rows("SELECT zero_writes, bytes_written, bytes_read, errors FROM files WHERE run = ? AND path = ?", n, f["path"])
        assert got == [tuple(f[k] for k in ("zero_writes", "bytes_written", "bytes_read", "errors"))], (got, f)
        sums = rows("""SELECT count(CASE WHEN data = 'zeros' THEN 1 END),
            total(CASE category WHEN 'write_ops' THEN bytes END) FROM named WHERE run = ? AND path = ?""", n, f["path"])
        assert sums == [(f["zero_writes"], f["bytes_written"])], (sums, f)
    assert one("SELECT count(*) FROM findings WHERE run = ?", n) == len(run["findings"])
assert one("SELECT count(*) FROM causes") == len((report.get("comparison") or {}).get("causes") or [])
for table, column in (("files", "file"), ("files", "second_file"), ("sites", "site")):
    key = table[:-1]
    assert one(f"""SELECT count(*) FROM calls c WHERE {column} IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM {table} t WHERE t.{key} = c.{column} AND t.run = c.run)""") == 0
assert one("SELECT count(*) FROM calls") == one("SELECT count(*) FROM named")
PY
cat >split.py <<'PY'
# Each question of the document as a file; they are asked about the first minute where one names a time.
import re, sys
for i, query in enumerate(re.findall(r"```sql\n(.*?)```", open(sys.argv[1]).read(), re.S)):
    open("question%02d" % i, "w").write(query.replace("2.0e9", "0").replace("2.5e9", "60e9"))
PY
ask() { # DATABASE FILE
    if command -v sqlite3 >/dev/null; then
        sqlite3 -bail "$1" <"$2"
    else
        python3 -c 'import sqlite3, sys
base = sqlite3.connect(sys.argv[1])
statement = ""
for line in open(sys.argv[2]):
    statement += line
    if sqlite3.complete_statement(statement):
        for row in base.execute(statement): print(*row, sep="|")
        statement = ""
for row in base.execute(statement or "SELECT 1 WHERE 0"): print(*row, sep="|")' "$1" "$2"
    fi
}

for mode in full interpose; do
    run 0 "$mode: the report" "a-$mode.bin" "b-$mode.bin" --summary-only --format json
    cp out report
    run 0 "$mode: two runs" "a-$mode.bin" "b-$mode.bin" --summary-only --export sqlite=two.db
    check "$mode: the same counts, of two runs" python3 same.py report two.db
    run 0 "$mode: filtered, the report" "a-$mode.bin" --trace write,lseek --path '*out*' --summary-only --format json
    cp out report
    run 0 "$mode: filtered" "a-$mode.bin" --trace write,lseek --path '*out*' --summary-only --export sqlite=one.db
    check "$mode: the same counts, filtered" python3 same.py report one.db
    echo "SELECT count(*) FROM calls WHERE call NOT IN ('write', 'lseek')" >query
    check "$mode: nothing else" test "$(ask one.db query)" = 0
    python3 split.py "$HERE/../../docs/SQLITE.md"
    for question in question*; do
        ask two.db "$question" >answer 2>err
        check "$mode: an answer to $question" test -s answer -a ! -s err
    done
    has "$mode: seeks of what was renamed" "/out|50|38" <(ask two.db question07)
done
echo "SELECT count(*) FROM files WHERE path LIKE '%/odd\xff'" >query
check "a name that is no UTF-8, of both runs" test "$(ask two.db query)" = 2
printf 'PRAGMA application_id;\nPRAGMA user_version;\n' >query
check "it says what it is" test "$(ask two.db query | tr '\n' ' ')" = '1937339235 2 '

small_log true x.strace
run 0 "a log without times: the report" x.strace --summary-only --format json
cp out report
run 0 "a log without times: exported" x.strace --summary-only --export sqlite=log.db
check "a log without times: the same counts" python3 same.py report log.db
cp two.db before
run 0 "an export of ours is written over" a-full.bin --summary-only --export sqlite=two.db
check "by the new one" sh -c '! cmp -s two.db before'
run 2 "an input is not" a-full.bin --summary-only --export sqlite=a-full.bin
run 2 "a capture is not" a-full.bin --summary-only --export sqlite=b-full.bin
echo "text of somebody" >mine
run 2 "somebody's text is not" a-full.bin --summary-only --export sqlite=mine
python3 -c 'import sqlite3; sqlite3.connect("theirs.db").executescript("create table t(x); insert into t values(1)")'
cp theirs.db before
run 2 "somebody's database is not" a-full.bin --summary-only --export sqlite=theirs.db
has "that is said" 'it is no export' err
check "which stays as it is" cmp theirs.db before
run 2 "standard output is no place for it" a-full.bin --summary-only --export sqlite=-
run 2 "no such folder" a-full.bin --summary-only --export sqlite=nowhere/x.db
check "nothing is left over" test -z "$(ls -A | grep -E 'tmp|journal')"
finish
