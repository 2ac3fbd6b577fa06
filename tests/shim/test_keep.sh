#!/bin/bash
# SYSCAP_KEEP: which calls stay where SYSCAP_MAX_SIZE is too small for all. The guest numbers each writer's calls.
. "$(dirname "$0")/../lib.sh"

# holds NAME WHAT EXPRESSION: of the capture: r: its report; w: of each writer the numbers that it holds, in order.
holds() {
    "$ANALYZE" "$WORK/$1.bin" --summary-only --format json >"$WORK/$1.json" 2>"$WORK/$1.err"
    "$ANALYZE" "$WORK/$1.bin" --summary-only --export "jsonl=$WORK/$1.jsonl" >/dev/null 2>&1
    check "- $1: $2" python3 - "$WORK/$1.json" "$WORK/$1.jsonl" "$3" <<'PYTHON'
import json, sys
r = json.load(open(sys.argv[1]))["runs"][0]
gone, kept, lost = r["coverage"]["overwritten_calls"], r["total"], r["coverage"]["dropped_records"]
w, calls = {}, [json.loads(line) for line in open(sys.argv[2])]
seeks = [c for c in calls if c["call"] == "lseek" and c["result"] is not None]
for c in seeks:
    w.setdefault((c["pid"], c["tid"], c["file"]), []).append(c["result"])
whole = all(n == list(range(n[0], n[0] + len(n))) for n in w.values())
def ends(last): # all that a writer has are its newest
    return whole and all(n[-1] == last for n in w.values())
if not eval(sys.argv[3]):
    print("   ", kept, gone, lost, r["processes"], r["threads"], {k: (n[0], n[-1], len(n)) for k, n in list(w.items())[:9]}, r["problems"])
    sys.exit(1)
PYTHON
}

small() { # NAME LIMIT: no larger than that, in bytes and on the disk
    check "- $1: within the limit" test "$(stat -c %s "$WORK/$1.bin")" -le "$2"
    check "- $1: not damaged" bash -c '! grep -i damage "$0"' "$WORK/$1.err"
}

export SYSCAP_KEEP=last SYSCAP_MAX_SIZE=512K
M=524288

# All fits: nothing is different.
same fits "$GUESTS/keep" threads 3 1000
holds fits "all of it" 'gone == lost == 0 and len(seeks) == 3000 and ends(999) and not any(n[0] for n in w.values())'

same one "$GUESTS/keep" threads 1 60000
small one $M
holds one "the newest" 'ends(59999) and len(w) == 1 and len(seeks) > 15000'
holds one "kept and overwritten are all" 'lost == 0 and len(seeks) < 60000 <= len(seeks) + gone <= 60100'
holds one "said, and not complete" 'r["coverage"]["complete"] is False and any("older ones were overwritten" in p for p in r["problems"])'
holds one "no count of the kernel is held against it" 'r["coverage"]["write_calls_kernel"] is None and len(r["problems"]) == 1'
holds one "who it was" 'r["end"]["kind"] == "exited" and r["command"][1:] == ["threads", "1", "60000"] and seeks[0]["site"].endswith("[keep]")'
check "- one: an assertion fails" bash -c '! "$0" "$1" --summary-only --assert "A.total > 0" >/dev/null 2>&1' "$ANALYZE" "$WORK/one.bin"
check "- one: but for incomplete runs" "$ANALYZE" "$WORK/one.bin" --summary-only --allow-incomplete --assert "A.coverage.overwritten_calls > 0"

same threads "$GUESTS/keep" threads 4 15000
small threads $M
holds threads "the newest of each" 'whole and max(n[-1] for n in w.values()) == 14999 and lost == 0 and len(seeks) > 5000'
holds threads "kept and overwritten are all" '60000 <= len(seeks) + gone <= 60200'

same processes "$GUESTS/keep" processes 3 20000
small processes $M
holds processes "the newest of each" 'lost == 0 and whole and max(n[-1] for n in w.values()) == 19999 and len(seeks) > 3000'
holds processes "kept and overwritten are all" '60000 <= len(seeks) + gone <= 60200'

same turns "$GUESTS/keep" turns 20 3000
small turns $M
holds turns "the newest" 'ends(2999) and lost == 0 and len(seeks) > 3000'
holds turns "kept and overwritten are all" '60000 <= len(seeks) + gone <= 60000 + 20 * 50'

same exec "$GUESTS/keep" exec 4 15000
small exec $M
holds exec "the newest" 'ends(14999) and lost == 0 and len(seeks) > 8000'
holds exec "kept and overwritten are all" '60000 <= len(seeks) + gone <= 60000 + 4 * 100'

# One that makes a call now and then does not cost the others theirs.
same sleepers "$GUESTS/keep" sleepers 3 30000
small sleepers $M
holds sleepers "the newest" 'lost == 0 and len(seeks) > 8000 and 60002 <= len(seeks) + gone <= 60200 and all(n[-1] == (1 if len(n) == 1 else 29999) for n in w.values())'

# Killed at whatever instruction: what they had open is used again, and what is there is whole.
same killed "$GUESTS/keep" killed 20 0
small killed $M
holds killed "the newest" 'whole and lost == 0 and len(seeks) > 3000 and gone > 0'
holds killed "one was in a call, or none" 'r["end"]["kind"] == "exited"'

# The whole tree at once: the same, and readable.
for turn in 1 3 5; do
    rm -f "$WORK/shot.bin"
    setsid "$RECORD" -q -o "$WORK/shot.bin" "$GUESTS/keep" processes 3 100000000 >/dev/null 2>&1 &
    until [ -s "$WORK/shot.bin" ] && [ "$(stat -c %s "$WORK/shot.bin")" -gt 450000 ]; do sleep 0.05; done
    sleep 0.$turn
    kill -KILL -- "-$!"
    wait 2>/dev/null
    holds shot "whole after SIGKILL ($turn)" 'whole and lost == 0 and len(seeks) > 3000 and gone > 0 and not any("read" in p for p in r["problems"])'
    small shot $M
done

# More threads at once than there are slots: what finds no place is counted, and what is there is whole.
same crowd "$GUESTS/keep" threads 40 1500
small crowd $M
holds crowd "cut, and said" 'whole and lost > 0 and 60000 <= len(seeks) + gone + lost and any("size limit" in p for p in r["problems"])'

# first is what it was.
SYSCAP_KEEP=first same first "$GUESTS/keep" threads 1 60000
holds first "the oldest" 'gone == 0 and whole and list(w.values())[0][0] == 0 and lost + len(seeks) >= 60000'

# Too little room, or none said.
for limit in 300K ''; do
    (
        unset SYSCAP_MAX_SIZE
        [ -z "$limit" ] || export SYSCAP_MAX_SIZE=$limit
        traced "$WORK/little.bin" "$GUESTS/keep" threads 1 1000 >"$WORK/out" 2>"$WORK/err"
    )
    check "- without room (${limit:-none}): one line" grep -qx 'syscap: SYSCAP_KEEP=last needs a SYSCAP_MAX_SIZE of 512K or more; it is ignored' "$WORK/err"
    check "- and no more" test "$(wc -l <"$WORK/err")" = 1
    holds little "all of it" 'gone == lost == 0 and len(seeks) == 1000'
    env -u SYSCAP_MAX_SIZE "$RECORD" --keep last ${limit:+--max-size $limit} -o "$WORK/no.bin" true >"$WORK/out" 2>"$WORK/err"
    check "- syscap-record refuses" test $? = 125
    check "- in one line" test "$(cat "$WORK/err")" = 'syscap-record: --keep last needs a --max-size of 512K or more; see --help'
done
unset SYSCAP_KEEP SYSCAP_MAX_SIZE
"$RECORD" -q --keep last --max-size 512K -o "$WORK/option.bin" "$GUESTS/keep" threads 2 30000 >/dev/null
holds option "asked for by option" 'whole and gone > 10000 and lost == 0'
small option 524288
SYSCAP_KEEP=newest traced "$WORK/bad.bin" true 2>"$WORK/err"
check "- a wrong word is none" grep -q 'SYSCAP_KEEP has a value that is none' "$WORK/err"
finish
