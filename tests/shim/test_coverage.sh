#!/bin/bash
# How much was seen: what stdio writes inside libc counts as unseen, and a program that writes itself is complete.
. "$(dirname "$0")/../lib.sh"
same direct "$GUESTS/writers" direct
asks direct "complete" 'r["coverage"]["complete"] is True and
    r["coverage"]["write_calls_seen"] == 200 == r["coverage"]["write_calls_kernel"]'
same stdio "$GUESTS/writers" stdio
asks stdio "incomplete, by how much; complete in full mode" 'r["coverage"]["complete"] is full and
    r["coverage"]["write_calls_seen"] == (200 if full else 0) and r["coverage"]["write_calls_kernel"] == 200'
same at_exit "$GUESTS/writers" at_exit
asks at_exit "what exit flushes is known too" 'r["coverage"]["complete"] is full and
    r["coverage"]["write_calls_kernel"] == 1'
"$ANALYZE" direct.bin >out 2>err
check "- direct: the report says so" grep -q "write calls: 200 of 200 seen" out
# Children's reads and writes are not taken for the parent's.
same child sh -c "$GUESTS/writers direct; exit 0"
asks child "a child's counts are its own" 'r["coverage"]["write_calls_seen"] == 200 == r["coverage"]["write_calls_kernel"]'
# A child that is not recorded is not either: its 200 writes are added to the process's own sums in the kernel.
export SYSCAP_CHILDREN=ignore
same untraced sh -c "echo one; $GUESTS/writers direct; echo two"
unset SYSCAP_CHILDREN
asks untraced "an untraced child's writes are not its parent's" 'r["processes"] == 1 and
    r["coverage"]["write_calls_seen"] == 2 == r["coverage"]["write_calls_kernel"]'
asks direct "the mode is said" "r['coverage']['mode'] == '$SYSCAP_MODE' or any('full' in w for w in r['warnings'] + r['problems'])"
if [ "$SYSCAP_MODE" = interpose ]; then
    "$ANALYZE" stdio.bin >out 2>err
    check "- stdio: the report says so" grep -q "write calls: 0 of 200 seen" out
    check "- stdio: and what to do" grep -q "record with SYSCAP_MODE=full" out
    "$ANALYZE" stdio.bin --assert 'A.total > 0' >out 2>err
    check "- stdio: an assertion fails" [ $? -eq 1 ]
    "$ANALYZE" direct.bin stdio.bin --format json >pair.json 2>err
    check "- a pair with it is not comparable" python3 -c 'import json; c = json.load(open("pair.json"))["comparison"]
assert c["comparable"] is False and c["why_not"]'
fi
finish
