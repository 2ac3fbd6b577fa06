#!/bin/sh
# Folded stacks: their weights add up to the report's, to speedscope too; flamegraph.pl draws them where it is installed.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record

cat >work.c <<'C'
#include <fcntl.h>
#include <unistd.h>
static char bytes[9000];
__attribute__((noinline)) void fill(int fd, int count)
{
    for (int i = 0; i < count; i++)
        if (write(fd, bytes, sizeof bytes) < 0)
            _exit(2);
}
int main(int count, char **words)
{
    (void)words;
    int fd = open("semi;colon 7", O_CREAT | O_RDWR | O_TRUNC, 0600);
    fill(fd, 10 * count);
    lseek(fd, 0, SEEK_SET);
    lseek(fd, 0, SEEK_SET);
    read(fd, bytes, 100);
    close(open("absent", O_RDONLY));
    return 0;
}
C
cc -O1 -fno-optimize-sibling-calls -o work work.c || exit 1
cat >weights.py <<'PY'
import json, re, sys
report = json.load(open("report"))
runs = report.get("runs") or [report["run"]]
columns = [[0] * len(runs) for _ in range(3)]
for sums, name in zip(columns, ("calls", "bytes", "time")):
    seen = set()
    for line in open(name):
        stack, weights = re.fullmatch(r"(.+?)((?: \d+){%d})\n" % len(runs), line).groups()
        assert stack not in seen and all(stack.split(";")), line
        seen.add(stack)
        for number, weight in enumerate(weights.split()):
            sums[number] += int(weight)
for number, run in enumerate(runs):
    assert columns[0][number] == sum(run["calls"].values()) > 0
    assert columns[1][number] == sum(p["bytes"] for p in run["process_table"])
    assert columns[2][number] == run["time_ns"]["total"]
PY
folded() { # NAME ARGS...
    name=$1
    shift
    run 0 "$name: the report" "$@" --summary-only --format json
    cp out report
    run 0 "$name: folded" "$@" --summary-only --export folded=calls --export folded-bytes=bytes --export folded-time=time
    check "$name: the report's calls, bytes and time" python3 weights.py
}
for mode in interpose full; do
    export SYSCAP_MODE=$mode
    "$RECORD" -o plain.bin -- ./work
    folded "$mode, without stacks" plain.bin
    check "$mode: program, file, what, call" grep -q '^work;.*/semi:colon 7;zeros;write 10$' calls
    check "$mode: of those that failed the error" grep -q '^work;.*/absent;ENOENT;openat* 1$' calls
    check "$mode: seeks that move nothing" grep -q '^work;.*/semi:colon 7;redundant;lseek 1$' calls
    folded "$mode, filtered" plain.bin --trace write
    check "$mode: filtered: nothing else" sh -c '! grep -v ";write [0-9]*$" calls'
    SYSCAP_STACK=16 "$RECORD" -o few.bin -- ./work
    SYSCAP_STACK=16 "$RECORD" -o many.bin -- ./work more
    folded "$mode, stacks" few.bin
    check "$mode: from the outermost to the call" grep -q '^work;.*main;fill;.*write 10$' calls
    check "$mode: its bytes" grep -q '^work;.*main;fill;.*write 90000$' bytes
    folded "$mode, two runs" few.bin many.bin
    check "$mode: a column each" grep -q '^(program);.*main;fill;.*write 10 20$' calls
done
unset SYSCAP_MODE
if find_browser && find_packages; then
    for runs in "plain.bin" "few.bin" "few.bin --trace write,lseek"; do
        folded "speedscope: $runs" $runs
        if judge speedscope.mjs report calls bytes time 2>err; then ok "speedscope: $runs: each call's weight is the report's"; else
            not_ok "speedscope: $runs: each call's weight is the report's"
        fi
    done
else
    skip 12 "speedscope" "$WHY"
fi
draw=$(command -v flamegraph.pl)
if [ -n "$draw" ]; then
    "$ANALYZE" few.bin many.bin --summary-only --export folded=calls >/dev/null
    check "flamegraph.pl draws the difference" sh -c '"$0" calls >calls.svg && grep -q "fill (20 samples" calls.svg' "$draw"
else
    echo "skip - flamegraph.pl draws the difference (no flamegraph.pl)"
fi
finish
