#!/bin/sh
# What is exported is read back by software that is not ours, and counts the same.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

"$RECORD" -o a.bin -- sh -c 'echo one >f; cat f f >g; test -e "gone\"
$(printf "\001\377")"; rm f g'
"$RECORD" -o b.bin -- sh -c 'echo one >f; rm f'
run 0 "the report" a.bin b.bin --summary-only --format json
cp out report

run 0 "jsonl" a.bin b.bin --summary-only --export jsonl=calls.jsonl
cat >jsonl.py <<'PY'
import collections, json
report, calls = json.load(open("report")), [json.loads(line) for line in open("calls.jsonl")]
for number, run in enumerate(report["runs"]):
    mine = [c for c in calls if c["run"] == number]
    assert collections.Counter(c["call"] for c in mine) == run["calls"], number
    assert sum(c["bytes"] or 0 for c in mine) == sum(p["bytes"] for p in run["process_table"])
    assert sum(c["took_ns"] or 0 for c in mine) == run["time_ns"]["total"]
    assert sum(c["error"] is not None for c in mine) == sum(d["errors"] for d in run["call_details"].values())
assert len(set(tuple(c) for c in calls)) == 1
assert any((c["file"] or "").endswith('gone"\n\x01\\xff') for c in calls)
PY
check "jsonl: every call, byte and error" python3 jsonl.py
run 0 "to standard output" a.bin b.bin --summary-only --export jsonl=-
check "alone" cmp out calls.jsonl
run 0 "filtered" a.bin --trace write --export jsonl=-
check "filtered: these alone" sh -c '! grep -v "\"call\":\"write\"" out'
run 0 "two at once" a.bin b.bin --summary-only --export jsonl=one.jsonl --export jsonl=two.jsonl
check "the first is whole" cmp one.jsonl calls.jsonl
check "and the second" cmp two.jsonl calls.jsonl
run 2 "no format" a.bin --export pdf=x
run 2 "no file" a.bin --export jsonl
run 2 "an input is not written over" a.bin --export jsonl=a.bin
check "which stays as it is" cmp -s a.bin a.bin
# An input may grow between its two readings. The first export waits for its reader when the first reading is done, the second
# one until more has been written.
growing() { # FIRST LAST
    for i in $(seq "$1" "$2"); do
        printf '%s\n' "100 1700000000.$i openat(AT_FDCWD, \"/data/$i\", O_RDONLY) = 3 <0.000001>" \
            "100 1700000000.$i close(3) = 0 <0.000001>"
    done
}
growing 100000 100004 >grows.strace
mkfifo first second
"$ANALYZE" grows.strace --export csv=first --export jsonl=second --export sqlite=grown.db --export perfetto=grown.perfetto \
    --summary-only >out 2>err &
analyzer=$!
exec 3<first
growing 100005 103000 >>grows.strace
cat <&3 >csv &
cat second >jsonl
wait "$analyzer"
check "an input that grows" [ $? -eq 0 ]
wait
exec 3<&-
check "what came is exported" sh -c '[ $(wc -l <csv) -eq 6003 ] && [ $(wc -l <jsonl) -eq 6002 ] && grep -q /data/103000 grown.db && grep -q /data/103000 grown.perfetto'
finish
