#!/bin/sh
# What is exported as comma-separated values is read back by Python, and is the same as jsonl and the report.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

"$RECORD" -o a.bin -- sh -c 'echo one >f; cat f f >g; test -e "a, \"b\"
$(printf "\001\377\r")"; rm f g'
"$RECORD" -o b.bin -- sh -c 'echo one >f; rm f'
cat >check_csv.py <<'PY'
import collections, csv, json, sys
report, lines = json.load(open(sys.argv[1])), [json.loads(line) for line in open("calls.jsonl")]
calls = list(csv.DictReader(open("calls.csv", newline=""), strict=True))
assert list(calls[0]) == list(lines[0]) and len(calls) == len(lines) > 0
for call, line in zip(calls, lines):
    assert None not in call and None not in call.values()
    for key, value in line.items():
        assert call[key] == ("" if value is None else str(value)), (key, value, call[key])
for number, run in enumerate(report.get("runs") or [report["run"]]):
    mine = [c for c in calls if c["run"] == str(number)]
    assert collections.Counter(c["call"] for c in mine) == run["calls"], number
    assert sum(int(c["bytes"] or 0) for c in mine) == sum(p["bytes"] for p in run["process_table"])
    assert sum(c["error"] != "" for c in mine) == sum(d["errors"] for d in run["call_details"].values())
PY
same() { # NAME ARGS...
    name=$1
    shift
    run 0 "$name: the report" "$@" --summary-only --format json
    cp out report
    run 0 "$name: exported" "$@" --summary-only --export csv=calls.csv --export jsonl=calls.jsonl
    check "$name: the same calls, bytes and errors" python3 check_csv.py report
}
same "two runs, two files at a time" a.bin b.bin
same "filtered" a.bin b.bin --trace write,openat --succeeded
check "a name with all that needs quotes" sh -c 'grep -q "a, \"\"b\"\"\$" calls.csv || "$0" a.bin --export csv=- | grep "a, \"\"b\"\"\$"' \
    "$ANALYZE"
run 0 "nothing passes" a.bin --path /no/such --export csv=-
check "the names of the columns alone" sh -c '[ "$(wc -l <out)" -eq 1 ] && grep -q "^run,.*,site$" out'
finish
