#!/bin/sh
# What is looked at: filters are the same for every output, and what is filtered out is followed all the same.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

PYTHON=$(python3 -c "import sys; print(sys.executable)") # not a shim of it
cat >job.py <<'PY'
import os, sys
names = sys.argv[1:]
for name in names:
    out = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for i in range(20):
        os.lseek(out, i * 100, os.SEEK_SET)
        os.write(out, b"x" * 50)
    os.rename(name, name + ".done")
    os.write(out, b"end")
    os.close(out)
for i in range(7):
    try:
        os.stat("/gone/%d" % i)
    except OSError:
        pass
os.spawnvp(os.P_WAIT, "cat", ["cat", "/dev/null"])
PY
for mode in interpose full; do
    SYSCAP_MODE=$mode "$RECORD" -o "two-$mode.bin" -- "$PYTHON" job.py uno dos
    SYSCAP_MODE=$mode "$RECORD" -o "one-$mode.bin" -- "$PYTHON" job.py uno
done
cat >value.py <<'PY'
import json, sys
report = json.load(open("out"))
print(eval(sys.argv[1], {"r": report, "a": report["runs"][0], "c": report["comparison"]}))
PY
look() { # NAME RUN EXPRESSION VALUE FILTER...
    name=$1 input=$2 expression=$3 value=$4
    shift 4
    run 0 "$name" "$input" --format json "$@"
    check "$name: $value" [ "$(python3 value.py "$expression")" = "$value" ]
}

for mode in interpose full; do
    two=two-$mode.bin one=one-$mode.bin
    file='[f for f in a["files"] if f["path"].endswith("uno.done")][0]'
    look "$mode: all" $two 'a["filter"] if "filter" in a else r["filter"]' None
    look "$mode: by descriptor and by name" $two 'a["calls"]["write"], a["calls"]["lseek"], len(a["files"])' '(21, 20, 1)' --path '*uno*'
    look "$mode: by the last name" $two 'a["calls"]["write"]' 21 --path uno.done
    look "$mode: by the first" $two 'a["calls"]["write"]' 42 --path uno --path dos
    look "$mode: offsets are followed" $two "$file"'["bytes_written"], '"$file"'["seeks"]' '(1003, 0)' --trace write --path uno
    look "$mode: failures" $two 'set(f["error"] for f in r["failures"]) and a["total_compared"] == sum(d["errors"] for d in a["call_details"].values())' True --failed
    look "$mode: a program" $two 'len(a["process_table"]), a["process_table"][0]["program"]' "(1, 'cat')" --process cat
    look "$mode: a process by its number" $two 'a["process_table"][0]["program"]' cat --process 1
    look "$mode: seeks stay what they are for" $two 'a["seeks"]["before_write"]' 38 --trace lseek --path uno --path dos
    for half in '--trace=%file / --trace=!%file' '--since=50% / --until=50%' '--trace=write,lseek / --trace=!write,lseek' \
        '--process=0 / --process=1'; do
        look "$mode: $half" $two 'a["total"]' "$(python3 value.py 'a["total"]')" ${half% / *}
        first=$(python3 value.py 'a["total_compared"]')
        look "$mode: and the rest" $two 'a["total"] - a["total_compared"]' "$first" ${half#* / }
        run 0 "$mode: compared" $two $one --summary-only --format json ${half% / *}
        check "$mode: adds up" "$HERE/adds_up.py" out
    done
    if [ $mode = full ]; then
        look "$mode: a caller" $two 'a["total_compared"] > 0 and set(s["module"].rsplit("/", 1)[-1] for s in a["call_sites"] if s["module"])' "{'cat'}" --caller '*/cat'
    fi
    run 0 "$mode: said on top" $two $one --summary-only --trace write --failed
    check "$mode: before all else" sh -c 'sed -n 3p out | grep -q "^FILTER: --trace=write --failed: 0 of the [0-9]* calls of two-'$mode', 0 of"'
    check "$mode: and no file is written" [ ! -e syscap_diffs ]
    run 0 "$mode: a log" $two --trace lseek --path uno -o log
    check "$mode: has these calls alone" [ "$(grep -c 'lseek(<uno' log)" = "$(grep -c '[(]<' log)" ]
done
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    strace -f -ttt -T -o job.strace "$PYTHON" job.py uno dos
    look "a log" job.strace 'a["calls"]["rename"]' "$(grep -c ' rename(' job.strace)" --trace rename
    pid=$(awk 'NR == 1 { print $1 }' job.strace) # of a call in two parts the second one says what it returned
    look "a log by pid" job.strace 'a["total_compared"]' "$(grep -c "^$pid .*) *= " job.strace)" --process "$pid"
fi
run 2 "no call" two-full.bin --trace nothing
run 2 "no time" two-full.bin --since yesterday
run 2 "no thread" two-full.bin --thread main
run 2 "no time left" two-full.bin --since 60% --until 40%
run 2 "what classes there are" two-full.bin --trace %write
has "what classes there are: said" "%write_ops" err
run 0 "nothing passes" two-full.bin --calls --path nosuch
has "nothing passes: said" "none of the " out
for name in ./uno "$(basename "$PWD")/uno" "$PWD/uno"; do
    look "a file as $name" two-full.bin 'a["total_compared"]' "$("$ANALYZE" two-full.bin --calls --path uno | grep -c '(')" --path "$name"
done
run 2 "nothing left" two-full.bin --failed --succeeded
run 2 "files and none" two-full.bin --summary-only -o x
finish
