#!/bin/bash
# kill -9 at 200 drawn instants (the draw is seeded) of a writer with four threads: every write whose bytes are in a file
# is in the capture, finished or marked as begun, and nothing else is.
. "$(dirname "$0")/lib_hostile.sh"
cat >kills.py <<'PYTHON'
import glob, json, os, random, shutil, signal, subprocess, sys, time
guest, library, analyze, mode = sys.argv[1:]
draw, bad, written, marked = random.Random(20260101), 0, 0, 0
for turn in range(200):
    shutil.rmtree("kill.d", ignore_errors=True)
    os.mkdir("kill.d")
    environment = dict(os.environ, LD_PRELOAD=library, SYSCAP_MODE=mode, SYSCAP_OUTPUT=os.path.abspath("kill.d/kill.bin"))
    child = subprocess.Popen([guest, "4"], cwd="kill.d", env=environment)
    time.sleep(draw.random() * 0.03)
    child.send_signal(signal.SIGKILL)
    child.wait()
    sizes = {os.path.basename(path): os.path.getsize(path) for path in glob.glob("kill.d/loop*")}
    written += sum(sizes.values())
    if not os.path.exists("kill.d/kill.bin"):
        bad += bool(sizes)
        continue
    answer = subprocess.run([analyze, "kill.d/kill.bin", "--format", "json"], capture_output=True)
    if answer.returncode != 0:
        print("turn", turn, "analyzer:", answer.stderr.decode())
        bad += 1
        continue
    run = json.loads(answer.stdout)["runs"][0]
    files = {os.path.basename(file["path"]): file for file in run["files"]}
    problem = ""
    for name, size in sizes.items():
        # A file that is there was opened, by a call that is in the capture; each of its writes is in it, and no more than
        # the one that was under way is there as such: "writes" has it, "bytes_written" has not.
        file = files.get(name, {"opens": 0, "writes": 0, "bytes_written": 0})
        if not 0 <= size - file["bytes_written"] <= 8 or not size <= 8 * file["writes"] <= file["bytes_written"] + 8:
            problem += " %s: %d bytes, %s" % (name, size, file)
    if run["calls"].get("openat", 0) < len(sizes):
        problem += " %d files, %d opened" % (len(sizes), run["calls"].get("openat", 0))
    under_way = sum(file["writes"] - file["bytes_written"] // 8 for name, file in files.items() if name in sizes)
    if under_way != run["writes"]["unfinished"]:
        problem += " %d writes under way, %d marked" % (under_way, run["writes"]["unfinished"])
    marked += run["writes"]["unfinished"]
    if problem:
        print("turn", turn, problem)
        bad += 1
print("bad", bad, "bytes", written, "marked", marked)
sys.exit(bad != 0 or written < 100000 or marked < 20)
PYTHON
if python3 kills.py "$GUESTS/write_loop" "$LIB" "$ANALYZE" "$SYSCAP_MODE" >out 2>err; then
    ok "- every write that reached a file is in the capture, after each of 200 kills"
else
    cat out
    not_ok "- every write that reached a file is in the capture, after each of 200 kills"
fi
finish
