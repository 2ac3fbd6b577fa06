#!/bin/bash
# kill -9 at 200 drawn instants (the draw is seeded) of a writer with four threads: every write whose bytes are in a file
# is in the capture, finished or marked as begun.
. "$(dirname "$0")/lib_hostile.sh"
cat >kills.py <<'PYTHON'
import glob, json, os, random, shutil, signal, subprocess, sys, time
guest, library, analyze, mode = sys.argv[1:]
draw, bad, written = random.Random(20260101), 0, 0
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
        bad += any(sizes.values())
        continue
    answer = subprocess.run([analyze, "kill.d/kill.bin", "--format", "json"], capture_output=True)
    if answer.returncode != 0:
        print("turn", turn, "analyzer:", answer.stderr.decode())
        bad += 1
        continue
    run = json.loads(answer.stdout)["runs"][0]
    seen = {os.path.basename(file["path"]): file["bytes_written"] for file in run["files"]}
    missing = {name: size - seen.get(name, 0) for name, size in sizes.items() if size != seen.get(name, 0)}
    # At most one write of each thread had been made and not yet recorded; it is marked.
    if any(not 0 <= gap <= 8 for gap in missing.values()) or len(missing) > run["writes"]["unfinished"]:
        print("turn", turn, "sizes", sizes, "seen", seen, "unfinished", run["writes"]["unfinished"])
        bad += 1
print("bad", bad, "bytes", written)
sys.exit(bad != 0 or written < 100000)
PYTHON
if python3 kills.py "$GUESTS/write_loop" "$LIB" "$ANALYZE" "$SYSCAP_MODE" >out 2>err; then
    ok "- every write that reached a file is in the capture, after each of 200 kills"
else
    cat out
    not_ok "- every write that reached a file is in the capture, after each of 200 kills"
fi
finish
