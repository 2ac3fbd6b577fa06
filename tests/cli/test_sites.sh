#!/bin/sh
# Call sites and stacks, from a recorded program to text and JSON.
. "$(dirname "$0")/lib.sh"
RECORD=$(dirname "$ANALYZE")/syscap-record
cat >sites.c <<'C'
#include <fcntl.h>
#include <unistd.h>
static inline __attribute__((always_inline)) void put(int fd) { if (write(fd, "hello", 5) != 5) _exit(1); }
__attribute__((noinline)) void many_times(int fd) { for (int i = 0; i < 50; i++) put(fd); }
int main(void)
{
    many_times(open("/dev/null", O_WRONLY));
    return 0;
}
C
cc -O1 -g -o sites sites.c || exit 1
check "records" env SYSCAP_MODE=interpose "$RECORD" -o a.bin -- ./sites
run 0 "one run" a.bin
has "heading" "## Call sites" out
has "inlined function, file and line" "put (sites.c:3) inlined into many_times (sites.c:4) [sites]" out
run 0 "json" a.bin --format json
cat >look.py <<'PY'
import json
run = json.load(open("out"))["runs"][0]
site = next(s for s in run["call_sites"] if s["call"] == "write")
assert site["calls"] == 50 and site["bytes"] == 250 and site["time_ns"] > 0, site
assert [f["function"] for f in site["frames"]] == ["put", "many_times"], site
assert site["frames"][0]["line"] == 3 and site["frames"][0]["file"].endswith("sites.c"), site
assert site["module"].endswith("/sites"), site
assert run["call_sites_total"] >= len(run["call_sites"]) and run["stacks"] is None
PY
check "call_sites of the JSON" python3 look.py

run 0 "never" a.bin --symbols never
check "nothing is named" [ "$(grep -c many_times out)" -eq 0 ]
has "library and offset instead" "write           sites+0x" out
run 2 "a mode that is none" a.bin --symbols perhaps
cc -O0 -g -o sites sites.c || exit 1
run 0 "after the program was built anew" a.bin
has "which is said" "sites has changed since the capture" out
check "and nothing is named" [ "$(grep -c many_times out)" -eq 0 ]
rm sites
run 0 "after it was removed" a.bin
has "which is said too" "sites is not there or cannot be read" out

run 0 "--stacks where there are none" a.bin --stacks
has "how to get them" "SYSCAP_STACK=N" out
# A stream's writes are made by libstdc++: with stacks they are put down to the function that used the stream.
cat >stream.cc <<'C'
#include <fstream>
__attribute__((noinline)) void fill(std::ofstream &out, const char *bytes)
{
    for (int i = 0; i < 30; i++) {
        out.write(bytes, 9000);
        out.flush();
    }
}
int main(int count, char **)
{
    static char bytes[9000] = "x";
    std::ofstream out("out.dat");
    for (int i = 0; i < count; i++)
        fill(out, bytes);
}
C
if g++ -O1 -g -o stream stream.cc 2>/dev/null; then
    cat >tree.py <<'PY'
import json
report = json.load(open("out"))
for run, calls in zip(report["runs"], (90, 30)):
    tips = [s for s in run["stacks"] if (s["name"] or "").endswith("writev") and s["calls"] == calls]
    over = [s for s in run["stacks"] if s["name"] == "fill" and s["calls"] == calls and s["bytes"] == calls * 9000]
    assert tips and over, run["stacks"]
cause = report["comparison"]["causes"][0]
assert cause["calls_diff"] == 60 and cause["bytes_diff"] == 540000, cause
assert [(s["site"], s["calls_diff"], s["bytes_diff"]) for s in cause["sites"]] == [("fill (stream.cc:5) [stream]", 60, 540000)], cause
PY
    for mode in interpose full; do
        SYSCAP_STACK=32 SYSCAP_MODE=$mode "$RECORD" -o many.bin -- ./stream x x
        SYSCAP_STACK=32 SYSCAP_MODE=$mode "$RECORD" -o few.bin -- ./stream
        run 0 "$mode: two runs with stacks" many.bin few.bin --stacks
        has "$mode: the tree" "fill > std::ostream::write > std::basic_filebuf" out
        has "$mode: the cause's place" "bytes 0 to 810000, from fill (stream.cc:5) [stream], +540000 bytes" out
        run 0 "$mode: as json" many.bin few.bin --stacks --format json
        check "$mode: its counts" python3 tree.py
    done
    SYSCAP_MODE=full "$RECORD" -o many.bin -- ./stream x x
    SYSCAP_MODE=full "$RECORD" -o few.bin -- ./stream
    run 0 "full: without stacks" many.bin few.bin
    has "full: the cause's place too" "bytes 0 to 810000, from fill (stream.cc:5) [stream], +540000 bytes" out
    cat >endl.cc <<'C'
#include <fstream>
int main()
{
    std::ofstream out("out.dat");
    for (int i = 0; i < 20; i++)
        out << i << std::endl;
}
C
    g++ -O1 -g -o endl endl.cc
    SYSCAP_MODE=full "$RECORD" -o endl.bin -- ./endl
    run 0 "full: endl" endl.bin
    has "full: the program's function comes first" "write           main (endl.cc:6)" out
else
    echo "skip 14 - the stacks of C++ streams (no g++)"
fi

small_log true rust_x.strace
run 0 "a log has no call sites" rust_x.strace
check "no section" [ "$(grep -c '## Call sites' out)" -eq 0 ]
run 0 "log as json" rust_x.strace --format json
check "null" python3 -c 'import json; assert json.load(open("out"))["runs"][0]["call_sites"] is None'
finish
