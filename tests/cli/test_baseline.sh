#!/bin/sh
# --save-baseline and --baseline: a run held against what an earlier one counted.
. "$(dirname "$0")/lib.sh"
small_log false before.strace
small_log true after.strace
small_log false died.strace '+++ killed by SIGABRT (core dumped) +++'
FILE=/data/in/table.f0

json() { # NAME EXPRESSION FILE: of the JSON, as j.
    check "$1" python3 -c 'import json, sys; j = json.load(open(sys.argv[2])); assert eval(sys.argv[1]), j' "$2" "$3"
}

# What is kept.
run 0 "a run is kept" before.strace --save-baseline base.json
json "with a version" 'j["schema"] == "syscap-baseline/1" and j["runs"] == 1' base.json
json "totals" 'j["totals"]["total"] == 5 and j["writes"]["zero"] == 0' base.json
json "files by name" "j['files']['$FILE']['writes'] == 1" base.json
json "programs by name" 'j["programs"]["prog"]["processes"] == 1' base.json
has "a count a line" '    "data": 1,' base.json
check "sorted" python3 -c '
import json
for section in json.load(open("base.json")).values():
    assert not isinstance(section, dict) or list(section) == sorted(section), section'
cp base.json first.json
cp before.strace elsewhere.strace
run 0 "again, under another name" elsewhere.strace --save-baseline base.json
check "nothing of the run is in it" cmp base.json first.json
check "no time, no process id" sh -c '! grep -qE "_ns|pid|elsewhere|0x" base.json'
run 2 "a dead run is not kept" died.strace --save-baseline dead.json
check "there is no file then" [ ! -e dead.json ]
run 0 "unless that is allowed" died.strace --save-baseline dead.json --allow-incomplete
run 2 "an input is not overwritten" before.strace --save-baseline before.strace

# Held against it.
run 0 "the same run" before.strace --baseline base.json
has "is well" "OK: none of" out
run 3 "one that grew" after.strace --baseline base.json
check "the verdict comes first" sh -c 'head -n 1 out | grep -q "^GREW: beyond the soft limit"'
check "the largest growth comes first" sh -c 'grep "^soft" out | head -n 1 | grep -q "total .*5 -> 13  +8 (+160.0%)"'
check "zeros that were none have no percentage" grep -qE '^soft  writes.zero +0 -> 4  \+4  \(limit 0\)$' out
check "the causes come after it" sh -c 'sed "1,/## What it comes from/d" out | grep -qF "calls.lseek"'
check "the files among them" grep -qE "^ +files\.$FILE\.zero_writes +0 -> 4  \+4" out
run 0 "what fell is no growth" before.strace --baseline base.json
run 0 "the other way round" after.strace --save-baseline many.json
run 0 "less is fine" before.strace --baseline many.json
has "and said" "## What changed within its limit" out

# Limits.
run 3 "a soft limit" after.strace --baseline base.json --limit writes.zero=0%
run 1 "a hard limit" after.strace --baseline base.json --limit writes.zero=+1:+3
has "is said first" "FAILED: beyond the hard limit 1" out
run 0 "enough room" after.strace --baseline base.json --limit writes.zero=+4
run 3 "between soft and hard" after.strace --baseline base.json --limit writes.zero=+1:+4
run 0 "a percentage" after.strace --baseline base.json --limit calls=+160%
run 3 "a smaller one" after.strace --baseline base.json --limit calls=+159.9%:+200%
run 1 "calls are all calls" after.strace --baseline base.json --limit calls=+2%:+10%
run 3 "a file's" after.strace --baseline base.json --limit "files.$FILE.writes=+3"
run 0 "a file's, with room" after.strace --baseline base.json --limit "files.$FILE.writes=+4"
run 0 "a call that never occurs" after.strace --baseline base.json --limit calls.fsync=0
run 3 "a call that is new" after.strace --baseline base.json --limit calls.lseek=+3
run 1 "the worst of several counts" after.strace --baseline base.json --limit writes.zero=+9 --limit calls=0:0
for limit in writes.zero writes.zero= =5 writes.zero=x writes.zero=-1 writes.zero=1%% writes.zero=5:3 \
    writes.zero=1:2:3 writes.zero=+99999999999999999999; do
    run 2 "--limit $limit" after.strace --baseline base.json --limit "$limit"
done
run 2 "an unknown count" after.strace --baseline base.json --limit writes.zeros=0
run 2 "an unknown call" after.strace --baseline base.json --limit calls.fsyncc=0
run 2 "a file that neither has" after.strace --baseline base.json --limit files./data/in/none.writes=0

# Never a pass.
run 1 "a dead run" died.strace --baseline base.json
has "with why" "PROBLEM: killed by SIGABRT" out
run 1 "and none with limits" died.strace --baseline base.json --limit calls=+100%
run 0 "unless that is allowed" died.strace --baseline base.json --allow-incomplete
run 2 "no file" before.strace --baseline nowhere.json
run 2 "a folder" before.strace --baseline .
printf '{"schema": "other/1"}' >other.json
run 2 "something else" before.strace --baseline other.json
printf 'x' >other.json
run 2 "no JSON" before.strace --baseline other.json
: >other.json
run 2 "an empty file" before.strace --baseline other.json
sed 's,baseline/1,baseline/2,' base.json >newer.json
run 2 "a newer one" before.strace --baseline newer.json
has "says so" "syscap-baseline/2" err
sed 's/"zero": 0/"zero": -1/' base.json >bad.json
run 2 "a count below 0" before.strace --baseline bad.json
sed 's/"zero": 0/"zero": [5, 3]/' base.json >bad.json
run 2 "a range the wrong way" before.strace --baseline bad.json
sed 's/"zero": 0/"zero": "0"/' base.json >bad.json
run 2 "a text for a count" before.strace --baseline bad.json
sed 's/"runs": 1,/"runs": 1, "more": 1,/' base.json >bad.json
run 2 "a key more" before.strace --baseline bad.json
sed 's/"prog"/"other"/' base.json >bad.json
run 2 "another program's" before.strace --baseline bad.json
run 2 "another mode's" before.strace --baseline base.json --taxonomy seed
sed 's/"zero": 0/"zero": null/' base.json >unknown.json
run 0 "what was not known is not held" before.strace --baseline unknown.json
run 2 "and can't be limited" before.strace --baseline unknown.json --limit writes.zero=0
printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' \
    '------ ----------- ----------- --------- --------- ----------------' \
    ' 60.00    0.000300           3       100           write' \
    '------ ----------- ----------- --------- --------- ----------------' \
    '100.00    0.000300                   100           total' >table.txt
run 0 "a table of counts is kept" table.txt --save-baseline table.json --allow-incomplete
run 0 "and held" table.txt --baseline table.json --allow-incomplete
sed 's/"zero": null/"zero": 3/' table.json >known.json
run 1 "a count that is not known any more" table.txt --baseline known.json --allow-incomplete
has "is named" "writes.zero is not known for this run" out

# --accept.
cp base.json renew.json
run 0 "--accept" after.strace --baseline renew.json --accept
has "says what changed" "writes.zero" out
has "and that it did it" "Renewed: renew.json holds this run now" out
run 0 "then it is the baseline" after.strace --baseline renew.json
check "as if it had been kept" cmp renew.json many.json
cp base.json renew.json
run 1 "not of a dead run" died.strace --baseline renew.json --accept
check "it stays as it was" cmp base.json renew.json
run 2 "nor into what is no baseline" before.strace --baseline other.json --accept

# Several runs.
run 0 "ranges" --repeat before.strace after.strace before.strace --save-baseline range.json
json "are kept" 'j["runs"] == 3 and j["writes"]["zero"] == [0, 4] and j["writes"]["data"] == 1' range.json
json "of what only some do" 'j["calls"]["lseek"] == [0, 4]' range.json
run 0 "what was seen is no growth" after.strace --baseline range.json --limit writes.zero=0 --limit calls=0:0
run 0 "the least neither" before.strace --baseline range.json
sed 's/"zero": \[0, 4\]/"zero": [0, 3]/' range.json >less.json
run 3 "what is beyond it is one" after.strace --baseline less.json
has "by what it is beyond" "0 to 3 -> 4  +1 (+33.3%)" out
cp less.json renew.json
run 0 "--accept, of ranges" after.strace --baseline renew.json --accept
json "keeps those that hold" 'j["calls"]["lseek"] == [0, 4] and j["writes"]["zero"] == 4' renew.json
run 2 "one run is no range" --repeat before.strace --save-baseline range.json
run 2 "a dead one among them" --repeat before.strace died.strace --save-baseline range.json
run 2 "two kinds of sources" --repeat before.strace table.txt --save-baseline range.json --allow-incomplete

# What goes with what.
run 2 "two runs" before.strace after.strace --baseline base.json
run 2 "two to keep" before.strace after.strace --save-baseline x.json
run 2 "both" before.strace --baseline base.json --save-baseline x.json
run 2 "--limit alone" before.strace --limit calls=0
run 2 "--accept alone" before.strace --accept
run 2 "--report alone" before.strace --report junit
run 2 "--report of another kind" before.strace --baseline base.json --report html
run 2 "--repeat against one" --repeat before.strace after.strace --baseline base.json
run 1 "an assertion beside it" after.strace --baseline base.json --assert 'A.writes.zero == 0'
run 2 "a full disk" before.strace --save-baseline /dev/full

# Formats.
run 3 "JSON" after.strace --baseline base.json --format json
json "with all of it" 'j["verdict"] == "soft" and j["held"][0]["key"] == "total" and j["held"][0]["by"] == 8' out
json "causes apart" "any(c['key'] == 'files.$FILE.writes' and c['was'] == [1, 1] for c in j['causes'])" out
# A name that each format would take for its own: quotes, tags, cells of a table, a mention, a control.
sed 's,/data/in/table.f0,/data/in/<b>\&\\"@all|`x`\\1,' before.strace >hostile.strace
sed 's,/data/in/table.f0,/data/in/<b>\&\\"@all|`x`\\1,' after.strace >worse.strace
run 0 "a hostile name is kept" hostile.strace --save-baseline hostile.json
run 0 "and found" hostile.strace --baseline hostile.json
run 3 "JUnit" worse.strace --baseline hostile.json --report junit
check "is XML" python3 -c '
import xml.etree.ElementTree as tree
suite = tree.parse("out").getroot()[0]
cases = {case.get("name"): case for case in suite.findall("testcase")}
assert int(suite.get("tests")) == len(cases) and suite.get("failures") == str(len(suite.findall("*/failure")))
assert cases["the run is whole"].find("error") is None
failure = cases["writes.zero"].find("failure")
assert failure.get("type") == "soft" and "0 -> 4, +4, limit 0" == failure.get("message")
text = suite.find("system-out").text
assert "/data/in/<b>&\"@all|`x`\\x01.writes" in text, text'
run 1 "JUnit of a dead run" died.strace --baseline base.json --report junit
check "has an error" python3 -c '
import xml.etree.ElementTree as tree
suite = tree.parse("out").getroot()[0]
assert suite.get("errors") == "1" and "SIGABRT" in suite[0].find("error").get("message")'
run 3 "Markdown" worse.strace --baseline hostile.json --report markdown
check "has its verdict first" sh -c 'head -n 1 out | grep -q "^### syscap: GREW"'
check "each row has its cells" python3 -c '
rows = [line for line in open("out") if line.startswith("|")]
assert rows and all(row.count("|") == 7 for row in rows), rows'
check "and no sign of the name is one of the format" sh -c '! grep -E "@all|<b>|\`" out'
run 1 "Markdown of a dead run" died.strace --baseline base.json --report markdown
has "names why" "- killed by SIGABRT" out

# Captures, of either mode: a deterministic program's runs are equal whatever the capture and the folder are called, and the modes
# do not mix.
LIB=$(dirname "$ANALYZE")/libsyscap.so
mkdir one two
for mode in full interpose; do
    for folder in one two; do
        (cd "$folder" && SYSCAP_MODE=$mode SYSCAP_OUTPUT=$WORK/$folder.$mode LD_PRELOAD=$LIB \
            sh -c 'for i in 1 2 3 4 5 6 7 8; do echo "$i" >"part$i"; done; cat part1 part2 >sum')
    done
    run 0 "$mode: kept" "one.$mode" --save-baseline "$mode.json" --label a
    run 0 "$mode: another run, in another folder" "two.$mode" --baseline "$mode.json" --label b \
        --limit calls=0:0 --limit writes.bytes=0:0 --limit 'files.CWD/part*.writes=0:0'
    json "$mode: many files are one name" 'j["files"]["CWD/part*"]["writes"] == 8' "$mode.json"
    check "$mode: no name of the folder" sh -c "! grep -q -e '$WORK' -e one/ '$mode.json'"
done
run 2 "the other mode's" one.full --baseline interpose.json
has "is named" "mode is interpose in the baseline and full in the run" err
finish
