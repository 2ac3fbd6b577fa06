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
