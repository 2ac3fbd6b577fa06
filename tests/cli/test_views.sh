#!/bin/sh
# What is printed instead of the summary says the same as the summary, the JSON and the exports.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

"$RECORD" -o a.bin -- sh -c 'echo one >f; cat f f >g; head -c 300 /dev/zero | cat >h; test -e gone; (exit 3); rm f g h'
"$RECORD" -o b.bin -- sh -c 'echo one >f; rm f'
run 0 "the report" a.bin b.bin --summary-only --format json
cp out report

# on_terminal.py COMMAND...: with a terminal for standard output; what came there is in the file screen.
cat >on_terminal.py <<'PY'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # the other end is closed
        break
    if not piece:
        break
    shown += piece
open("screen", "wb").write(shown.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
run 0 "calls" a.bin b.bin --summary-only --calls
cp out calls
run 0 "the same calls as JSON" a.bin b.bin --summary-only --export jsonl=calls.jsonl
cat >calls.py <<'PY'
import json, re
calls = [json.loads(line) for line in open("calls.jsonl")]
run, seen, ends = -1, [], []
for line in open("calls"):
    if line.startswith("# "):
        run += 1
        continue
    if line == "\n":
        continue
    ended = re.match(r" *\d+\.\d{6} (\d+) +\+\+\+ (.*) \+\+\+\n", line)
    if ended:
        ends.append((run, int(ended[1]), ended[2]))
        continue
    when, who, call, took = re.match(r" *(\d+\.\d{6}) (\S+) +(\w+)\(.*?(?: <(\d+\.\d{9})>)?\n", line).groups()
    seen.append((run, int(when.replace(".", "")), int(who), call, took and int(took.replace(".", ""))))
want = [(c["run"], c["start_ns"] // 1000, c["pid"], c["call"], c["took_ns"]) for c in calls]
assert seen == want, [pair for pair in zip(seen, want) if pair[0] != pair[1]][:3]
report = json.load(open("report"))
for number, one in enumerate(report["runs"]):
    table = sorted((number, p["pid"], "exited with %d" % p["end"]["code"]) for p in one["process_table"])
    assert sorted(e for e in ends if e[0] == number) == table, (ends, table)
PY
check "calls: those of the JSON in the same order, at the same time" python3 calls.py
run 0 "calls of a file" a.bin --calls --path f
check "calls: filtered, it is said" sh -c 'head -1 out | grep -qxF "FILTER: --path=f"'
check "calls: of this file alone" sh -c 'sed -n "3,\$p" out | grep -v -e "+++" -e "dup2(<stdout>" >of_f; [ $(grep -c . of_f) -gt 5 ] && ! grep -v "[\"</]f[\">]" of_f'
run 0 "beside an export" a.bin --calls --export jsonl=again.jsonl
check "which is whole" sh -c '[ $(wc -l <again.jsonl) -eq $(grep -c "(" out) ]'
run 0 "a log without times" "$(small_log true log; echo log)" --calls
has "calls: neither when nor who" "-       write(<table.f0>, zeros[100], 100) = 100" out
run 2 "calls are no JSON" a.bin --calls --format json
run 2 "one thing is printed" a.bin --calls --export jsonl=-
run 2 "not of a batch" --batch . --calls

cat >pager <<'PY'
#!/bin/sh
echo "paged LESS=$LESS"
cat
PY
cat >quitter <<'PY'
#!/bin/sh
head -n 1 >/dev/null
echo quit
PY
chmod +x pager quitter
unset LESS PAGER
check "through a pager on a terminal" env PAGER=./pager python3 on_terminal.py "$ANALYZE" a.bin --calls
check "pager: told what git tells it" sh -c 'head -1 screen | grep -qxF "paged LESS=FRX"'
"$ANALYZE" a.bin --calls >out
check "pager: all of it" sh -c 'sed 1d screen | cmp - out'
check "pager: cat is none" env PAGER=cat python3 on_terminal.py "$ANALYZE" a.bin --calls
check "pager: nor is anything else there" cmp screen out
check "pager: quit before the end is no error" env PAGER=./quitter python3 on_terminal.py "$ANALYZE" a.bin --calls
check "pager: and says nothing" sh -c '[ "$(cat screen)" = quit ]'
check "pager: an export is whole all the same" env PAGER=./quitter python3 on_terminal.py "$ANALYZE" a.bin --calls --export jsonl=paged.jsonl
check "pager: as without" cmp paged.jsonl again.jsonl
PAGER=./pager "$ANALYZE" a.bin --calls >piped
check "pager: none in a pipe" cmp piped out

run 0 "the tree" a.bin b.bin --summary-only --tree
cp out tree
cat >tree.py <<'PY'
import json, re
report, run = json.load(open("report")), -1
branch = r"(?:[|`]- |[|] {2}| {3})"
for line in open("tree"):
    if line.startswith("# "):
        run += 1
        table = {p["pid"]: p for p in report["runs"][run]["process_table"]}
        numbers = {p["number"]: p for p in table.values()}
        above, seen = [], set()
    elif line.endswith("  all\n"):
        calls, moved = map(int, line.split()[:2])
        assert calls == report["runs"][run]["total_compared"], line
        assert moved == sum(p["bytes"] for p in table.values()), line
        assert seen == set(table), (seen, set(table))
    elif re.match(r" *\d", line):
        calls, moved = map(int, line.split()[:2])
        how, branches, name, pid = re.search(r"(exited with \d+) +((?:%s)*)(\S.*) \[(\d+)\]$" % branch, line).groups()
        process, depth = table[int(pid)], len(branches) // 3
        assert (calls, moved, how) == (process["calls"], process["bytes"], "exited with %d" % process["end"]["code"]), line
        assert process["program"] in name, line
        above[depth:] = [process["number"]]
        assert process["parent"] == (above[depth - 1] if depth else None), line
        seen.add(process["pid"])
assert run == 1
PY
check "tree: every process below its parent; the sums are the run's" python3 tree.py
run 0 "a tree of three generations" a.bin --tree
check "tree: lines of ASCII in a pipe" sh -c '! LC_ALL=C grep -q "[^ -~]" out'
deep=true
for i in 1 2 3 4 5 6; do deep="sh -c '$(printf %s "$deep" | sed "s/'/'\\\\''/g"); :'"; done
"$RECORD" -o deep.bin -- sh -c "$deep; :"
check "tree: a chain on a terminal" env LC_ALL=C.UTF-8 PAGER=cat python3 on_terminal.py "$ANALYZE" deep.bin --tree
check "tree: drawn with lines, each three columns further" grep -q "exited with 0   \( \{3\}\)\{5\}└─ sh" screen
check "tree: with --ascii without" env LC_ALL=C.UTF-8 PAGER=cat python3 on_terminal.py "$ANALYZE" deep.bin --tree --ascii
check "tree: as in a pipe" sh -c '"$0" deep.bin --tree | cmp - screen' "$ANALYZE"
run 0 "a filtered tree" a.bin --tree --process cat
has "tree: whose parent is filtered out" ", of process 0" out
run 2 "one view" a.bin --tree --calls
run 2 "nor beside an export" a.bin --tree --export jsonl=-
finish
