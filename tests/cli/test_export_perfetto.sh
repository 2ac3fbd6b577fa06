#!/bin/bash
# The trace is decoded by a decoder of the test's own, and says what the report says. Where PERFETTO names a checkout of
# https://github.com/google/perfetto, it is decoded by the schema that stands there as well.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
PYTHON=$(python3 -c "import sys; print(sys.executable)") # not a shim of it

cat >job.py <<'PY'
import os, sys, threading
file = os.open("shared", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
def work(at):
    for i in range(50):
        os.pwrite(file, b"x" * 100, at * 5000 + i * 100)
        os.pread(file, 64, at * 5000)
threads = [threading.Thread(target=work, args=(at,)) for at in range(int(sys.argv[1]))]
for thread in threads: thread.start()
for thread in threads: thread.join()
os.close(file)
open(os.fsencode("odd") + b"\xff", "w").close()
pid = os.fork()
if pid == 0:
    os.execvp("cat", ["cat", "shared", "/gone"])
os.waitpid(pid, 0)
PY
for mode in full interpose; do
    SYSCAP_MODE=$mode "$RECORD" -o "a-$mode.bin" -- "$PYTHON" job.py 3 >/dev/null 2>&1
    SYSCAP_MODE=$mode "$RECORD" -o "b-$mode.bin" -- "$PYTHON" job.py 1 >/dev/null 2>&1
    for runs in "a-$mode.bin" "a-$mode.bin b-$mode.bin" "a-$mode.bin --path *shared*"; do
        set -f
        run 0 "$runs: the report" $runs --summary-only --format json
        cp out report
        run 0 "$runs: exported" $runs --summary-only --export perfetto=trace
        set +f
        if "$HERE/perfetto_trace.py" report trace >flows 2>err; then
            ok "$runs: tracks, calls, times, files, rates as in the report"
        else
            not_ok "$runs: tracks, calls, times, files, rates as in the report"
            tail -n 3 err
        fi
        echo "$(sort flows | uniq -c | tr -s ' \n' ' ')" >>"all-flows-$mode"
    done
done
# Threads and the child; and the filter lets neither clone nor exec through.
printf '%s\n' ' 1 exec same-thread 4 fork other-thread ' ' 2 exec same-thread 6 fork other-thread ' '' >want-full
printf '%s\n' ' 1 exec same-thread 1 fork other-thread ' ' 2 exec same-thread 2 fork other-thread ' '' >want-interpose
check "full: forks and execs lead on" diff want-full all-flows-full
check "interpose: forks and execs lead on" diff want-interpose all-flows-interpose

cp a-full.bin twin.bin
run 0 "the same numbers of processes in both runs: the report" a-full.bin twin.bin --summary-only --format json
cp out report
run 0 "the same numbers in both: exported" a-full.bin twin.bin --summary-only --export perfetto=trace
check "the same numbers in both: two groups all the same" "$HERE/perfetto_trace.py" report trace
if [ -z "${PERFETTO-}" ]; then
    echo "skip 4 - the trace by Perfetto's own schema (PERFETTO names no checkout of google/perfetto)"
elif ! find_packages; then
    skip 4 "the trace by Perfetto's own schema" "$WHY"
else
    for runs in "a-full.bin b-full.bin" "a-interpose.bin"; do
        run 0 "$runs: exported with its report" $runs --summary-only --format json --export perfetto=trace
        if judge perfetto.mjs out trace "$PERFETTO" 2>err; then ok "$runs: as Perfetto's own schema has it"; else
            not_ok "$runs: as Perfetto's own schema has it"
        fi
    done
fi

small_log true x.strace
run 2 "a log without times has no timeline" x.strace --summary-only --export perfetto=none
has "that is said" 'times are not known' err
check "and none is written" test ! -e none
strace -f -ttt -T -o timed.strace cat x.strace >/dev/null
run 0 "a log with times: the report" timed.strace --summary-only --format json
cp out report
run 0 "a log with times: exported" timed.strace --summary-only --export perfetto=-
cp out trace
check "a log with times: all as in the report" "$HERE/perfetto_trace.py" report trace
finish
