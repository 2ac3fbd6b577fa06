#!/bin/sh
# What is printed instead of the summary says the same as the summary, the JSON and the exports.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
python3 -c 'import pty; pty.openpty()' 2>/dev/null || {
    echo 'skip 69 - views (no terminal can be made here: /dev/pts is not mounted)'
    exit 0
}

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
check "calls: and the ends of those processes that made them" sh -c '[ $(grep -c "+++ exited" out) -eq 3 ]'
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
        assert process["copy"] or name.split()[0] == process["command"][0], line
        above[depth:] = [process["number"]]
        assert process["parent"] == (above[depth - 1] if depth else None), line
        seen.add(process["pid"])
assert run == 1
PY
check "tree: every process below its parent; the sums are the run's" python3 tree.py
run 0 "a tree of three generations" a.bin --tree
has "tree: with the commands of children" "- head -c 300 /dev/zero [" out
check "tree: lines of ASCII in a pipe" sh -c '! LC_ALL=C grep -q "[^ -~]" out'
deep=true
for i in 1 2 3 4 5 6; do deep="sh -c '$(printf %s "$deep" | sed "s/'/'\\\\''/g"); :'"; done
"$RECORD" -o deep.bin -- sh -c "$deep; :"
check "tree: a chain on a terminal" env LC_ALL=C.UTF-8 PAGER=cat python3 on_terminal.py "$ANALYZE" deep.bin --tree
check "tree: drawn with lines, each three columns further" grep -q "exited with 0   \( \{3\}\)\{5\}└─ sh" screen
check "tree: with --ascii without" env LC_ALL=C.UTF-8 PAGER=cat python3 on_terminal.py "$ANALYZE" deep.bin --tree --ascii
check "tree: as in a pipe" sh -c '"$0" deep.bin --tree | cmp - screen' "$ANALYZE"
cat >children.log <<'LOG'
100   1700000000.000000 execve("/bin/sh", ["sh", "-c", "head -c 3 f"], 0x7ffc00000000 /* 9 vars */) = 0 <0.000100>
100   1700000000.100000 vfork() = 101 <0.000100>
101   1700000000.200000 execve("/usr/bin/head", ["head", "-c", "3", "a b"...], 0x7ffc00000000 /* 9 vars */) = 0 <0.000100>
101   1700000000.300000 exit_group(0) = ?
101   1700000000.300000 +++ exited with 0 +++
100   1700000000.400000 exit_group(0) = ?
100   1700000000.400000 +++ exited with 0 +++
LOG
run 0 "the tree of a log" children.log --tree
has "tree: of a log's children too" "- head -c 3 'a b...' ... (cut) [101]" out
run 0 "a filtered tree" a.bin --tree --process cat
has "tree: whose parent is filtered out" ", of process 0" out

run 0 "over time" a.bin b.bin --summary-only --over-time --format json
cp out over.json
cat >over.py <<'PY'
import json, sys
def check(run):
    over = run["over_time"]
    rows, untimed = over["intervals"], over["untimed"]
    total = {key: untimed[key] + sum(row[key] for row in rows) for key in untimed}
    assert total["calls"] == run["total_compared"], total
    assert total["bytes_read"] == run["reads"]["bytes"], (total, run["reads"])
    assert total["bytes_written"] == run["writes"]["bytes"], (total, run["writes"])
    assert total["waiting_ns"] == run["waiting_ns"], (total, run["waiting_ns"])
    sizes = sum(row["calls"] for row in over["took_ns"] + over["waited_ns"])
    assert sizes <= total["calls"]
    digits = str(over["interval_ns"])
    assert digits[0] in "125" and not digits[1:].strip("0"), digits
    assert [row["begin_ns"] for row in rows] == [over["interval_ns"] * i for i in range(len(rows))]
    assert len(rows) <= 50, len(rows)
    return over
for name in sys.argv[1:]:
    overs = [check(run) for run in json.load(open(name))["runs"]]
    assert len(set(over["interval_ns"] for over in overs)) == 1
    assert max(len(over["intervals"]) for over in overs) >= 20
PY
check "over time: the intervals' sums are the run's, of two runs on one scale" python3 over.py over.json
run 0 "over time, filtered" a.bin --over-time --format json --trace %write_ops,wait4
check "over time: filtered, likewise" python3 over.py out
run 0 "without it nothing of it is in the JSON" a.bin --format json
check "over time: only where it is asked for" sh -c '! grep -q over_time out'

# A write of 3 bytes every ten milliseconds for ten seconds, and a wait of three seconds that begins at 1.05 s.
python3 - >ticks.log <<'PY'
print('1700000000.000000 execve("./prog", ["./prog"], 0x7ffc00000000 /* 9 vars */) = 0 <0.000100>')
print('1700000000.000000 openat(AT_FDCWD, "f", O_WRONLY|O_CREAT, 0666) = 3 <0.000001>')
for tick in range(1, 1000):
    print('17000000%02d.%02d0000 write(3, "abc", 3) = 3 <0.000003>' % divmod(tick, 100))
    if tick == 105:
        print('1700000001.050100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 77 <3.000000>')
print('1700000009.995000 exit_group(0) = ?')
print('1700000009.995100 +++ exited with 0 +++')
PY
sed 's/^[0-9.]* //; s/ <[0-9.]*>$//' ticks.log >timeless.log
run 0 "ticks" ticks.log --over-time --format json --startup include
cat >ticks.py <<'PY'
import json
over = json.load(open("out"))["runs"][0]["over_time"]
assert over["interval_ns"] == 200000000, over["interval_ns"]
rows = over["intervals"]
assert [row["calls"] for row in rows] == [21] + [20] * 4 + [21] + [20] * 43 + [21], [row["calls"] for row in rows]
assert [row["bytes_written"] for row in rows] == [57] + [60] * 49
assert [row["waiting_ns"] // 100000 for row in rows] == [0] * 5 + [1499] + [2000] * 14 + [501] + [0] * 29
assert over["write_sizes"] == [{"from": 2, "calls": 999}] and over["read_sizes"] == []
assert over["took_ns"] == [{"from": 512, "calls": 1}, {"from": 2048, "calls": 999}, {"from": 65536, "calls": 1}]
assert over["waited_ns"] == [{"from": 1 << 31, "calls": 1}], over["waited_ns"]
PY
check "over time: each interval has what happened in it" python3 ticks.py
run 0 "ticks as text" ticks.log --over-time --startup include
cp out ticks
check "over time: fifty rows and their sum" sh -c '[ $(grep -c "^ .* [mu]\?s .* [mu]\?s" ticks) -ge 50 ] && grep -q "^ *all  *1003 .* 2997  *3.000 s$" ticks'
check "over time: ASCII in a pipe, and no blanks at the end" sh -c '! LC_ALL=C grep -q -e "[^ -~]" -e " \$" ticks'
run 0 "a log without times" timeless.log --over-time
has "over time: it is said" "the times of its calls are not known" out
has "over time: sizes are known all the same" "2        999 ################" out
check "over time: bars of blocks on a terminal" env LC_ALL=C.UTF-8 PAGER=cat python3 on_terminal.py "$ANALYZE" ticks.log --over-time
check "over time: full ones" grep -q "2        999 ████████████████$" screen
check "over time: with --ascii as in a pipe" env LC_ALL=C.UTF-8 COLUMNS=160 PAGER=cat python3 on_terminal.py "$ANALYZE" ticks.log --over-time --startup include --ascii
check "over time: to the letter" cmp screen ticks
check "over time: in another locale too" env LC_ALL=C COLUMNS=160 PAGER=cat python3 on_terminal.py "$ANALYZE" ticks.log --over-time --startup include
check "over time: likewise" cmp screen ticks
run 0 "two runs" ticks.log b.bin --summary-only --over-time
check "over time: both have as many rows" sh -c '[ $(grep -c "^# .*: every 200.000 ms; times 5 it is per second" out) -eq 2 ]'
run 2 "one view" a.bin --tree --calls
run 2 "nor beside an export" a.bin --tree --export jsonl=-

small_log true rust_x.strace
small_log false cpp_x.strace
run 0 "a summary" rust_x.strace cpp_x.strace --summary-only
cp out summary
terminal() { # ARGS...: the summary on a terminal with a UTF-8 locale
    env TERM=dumb LC_ALL=C.UTF-8 python3 on_terminal.py "$ANALYZE" rust_x.strace cpp_x.strace --summary-only "$@"
}
check "summary: on a terminal" terminal
check "summary: causes have bars" grep -q "^  ████     4 of the 8 extra calls (50 %)" screen
check "summary: categories too" grep -q "^write_ops *: Rust 5 ██████████, C++ 1 ██        , Diff +4" screen
check "summary: bars and their blanks are all that is more" python3 - <<'PY'
import re
bars = re.compile("(?<=^ )[█▏▎▍▌▋▊▉ ]{9}(?= )|(?<=\\d) [█▏▎▍▌▋▊▉ ]{10}(?=,|$)", re.M)
plain, screen = open("summary").read(), open("screen").read()
assert bars.sub("", screen) == plain
PY
check "summary: with --ascii" terminal --ascii
check "summary: nothing is more" cmp screen summary
finish
