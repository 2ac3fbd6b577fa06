#!/bin/sh
# --assert: counts as a regression test.
. "$(dirname "$0")/lib.sh"
small_log true rust_x.strace
small_log false cpp_x.strace
small_log false died.strace '+++ killed by SIGABRT (core dumped) +++'
small_log false failed.strace '+++ exited with 1 +++'
grep -v -e '^+++' -e '^exit_group' cpp_x.strace >endless.strace
A=rust_x.strace
B=cpp_x.strace

run 0 "one that holds" $A $B --assert 'A.writes.zero >= B.writes.zero'
run 1 "one that fails" $A $B --assert 'A.writes.zero <= B.writes.zero'
has "both values are named" "4 <= 0" err
run 1 "all that fail are named" $A --assert 'A.total < 2' --assert 'A.calls.lseek == 5'
check "two lines" [ "$(wc -l <err)" -eq 2 ]
run 0 "a call that did not occur" $A --assert 'A.calls.fsync == 0'
run 2 "a call that does not exist" $A --assert 'A.calls.fsyncc == 0'
run 2 "an unknown key" $A --assert 'A.write.zero == 0'
run 2 "B without B" $A --assert 'A.total < B.total'
run 2 "null" $A --assert 'A.coverage.write_calls_seen == 1'
run 2 "files" $A --assert 'A.files == 1'
run 2 "no expression" $A --assert 'A.total'
run 0 "precedence over --exit-code" $A $B --exit-code --assert 'A.total > 1'
run 0 "json with assertion" $A --format json --assert 'A.total > 1'
check "stdout is still one object" python3 -c 'import json; json.load(open("out"))'

# By name, which is the normalised one with one run too.
sed 's,/data/in,/home/joe/in,' rust_x.strace >home.strace
run 0 "a file's" home.strace --assert 'A.files["/home/USER/in/table.f0"].writes == 5'
run 0 "by its real name" home.strace --assert 'A.files["/home/joe/in/table.f0"].zero_writes == 4'
run 1 "too many" home.strace --assert 'A.files["*/table.f0"].writes <= 4'
has "with the number" "(5 <= 4 is not so)" err
run 2 "a file that is not there" home.strace --assert 'A.files["table.f1"].writes == 0'
run 0 "may be asked for" home.strace --assert 'A.files["table.f1"] == 0'
run 0 "no such finding" $A --assert 'A.findings["zero-fill"] == 0'
run 1 "one with less" $A --assert 'A.findings["zero-fill"] == 0' --threshold zero-fill.calls=1 \
    --threshold zero-fill.bytes=1
run 2 "a finding that there is none of" $A --assert 'A.findings["zero-fil"] == 0'
run 0 "processes" $A --assert 'A.processes <= 3' --assert 'A.processes["prog"] == 1'
run 1 "a cause" $A $B --assert 'causes["zero-fill"].calls == 0'
has "is the difference" "(4 == 0 is not so)" err
run 0 "none" $A $A --label a,b --assert 'causes["zero-fill"].calls == 0'
run 2 "a cause of one run" $A --assert 'causes["zero-fill"].calls == 0'
run 1 "causes of a dead run" $A died.strace --assert 'A.total > B.total' --assert 'B.files["*"].writes == 1'

run 1 "a crashed run passes nothing" died.strace --assert 'A.total < 500'
has "and says why" "killed by SIGABRT" err
run 0 "--allow-incomplete" died.strace --assert 'A.total < 500' --allow-incomplete
run 1 "a run that exited with 1" failed.strace --assert 'A.total < 500'
run 1 "a run without an end" endless.strace --assert 'A.total < 500'
run 1 "a dead B" $A died.strace --assert 'A.total > B.total'
run 0 "a dead B that is not named" $A died.strace --assert 'A.total > 0'

# Where nobody knows how many calls were made, none are asserted.
SYSCAP_OUTPUT=unknown.bin LD_PRELOAD=${ANALYZE%/*}/libsyscap.so sh -c 'sh -c "kill -9 \$\$"; exit 0' 2>/dev/null
run 0 "a run with a child that was killed" unknown.bin --format json
check "its completeness is unknown" python3 -c '
import json
r = json.load(open("out"))["runs"][0]
assert r["end"]["code"] == 0 and r["coverage"]["complete"] is None and r["coverage"]["unknown_because"]'
run 1 "and passes nothing" unknown.bin --assert 'A.total > 0'
has "who was killed is said" ": killed by SIGKILL" err
run 0 "unless that is allowed" unknown.bin --assert 'A.total > 0' --allow-incomplete
run 0 "nor is it comparable" unknown.bin unknown.bin --format json
check "which is said" python3 -c '
import json
c = json.load(open("out"))["comparison"]
assert c["comparable"] is False and "killed by SIGKILL" in c["why_not"]'
finish
