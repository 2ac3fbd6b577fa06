#!/bin/sh
# A language's own calls, recognised in real recordings: by the library in both modes, and by strace.
. "$(dirname "$0")/lib.sh"
RECORD=$(dirname "$ANALYZE")/syscap-record

cat >job.py <<'PY'
out = open("out.dat", "wb", 0)
for i in range(20):
    out.write(b"x" * 5000)
PY
cat >left.py <<'PY'
# What is no runtime's and no heap's must be the script's: its file, from the open on, and how Python ends.
import json, sys
run = json.load(open("out"))["runs"][0]
assert run["runtime_languages"] == "Python", run["runtime_languages"]
work = run["total"] - run["startup_calls"] - run["runtime_calls"] - run["calls"].get("brk", 0)
assert 20 < work < 40 and run["runtime_calls"] > 100, (work, run["runtime_calls"])
assert run["writes"]["data"] == 20 and not run["findings"], run["findings"]
print(work, file=open(sys.argv[1], "w"))
PY
PYTHON=/usr/bin/python3
if [ -x "$PYTHON" ] && strace -f -o python.strace "$PYTHON" -I -S job.py 2>/dev/null; then
    for mode in interpose full; do
        SYSCAP_MODE=$mode "$RECORD" -o "python_$mode.bin" -- "$PYTHON" -I -S job.py
        run 0 "Python, $mode" "python_$mode.bin" --format json
        check "Python, $mode: what is left is the script's" python3 left.py "$mode"
    done
    run 0 "Python, strace" python.strace --format json
    check "Python, strace: likewise" python3 left.py strace
    # One call may count to the loader's start in the one and to Python's in the other, or be a brk of either.
    check "Python: strace and full mode leave the same" eval '[ $(($(cat strace) - $(cat full))) -le 1 ] && [ $(($(cat full) - $(cat strace))) -le 1 ]'
    run 0 "Python, both" python_full.bin python.strace
    has "is said by name" "of the runtime of Python, counted above and in no finding" out
else
    echo "skip 9 - Python's start (no /usr/bin/python3 or no strace)"
fi

cat >stream.cc <<'C'
#include <fstream>
#include <locale>
int main(int count, char **)
{
    if (count > 1)
        std::locale::global(std::locale("C.UTF-8"));
    std::ofstream("out.dat") << "hello";
}
C
if g++ -o stream stream.cc 2>/dev/null; then
    SYSCAP_MODE=full "$RECORD" -o with.bin -- ./stream locale
    SYSCAP_MODE=full "$RECORD" -o without.bin -- ./stream
    run 0 "C++" without.bin --format json
    # From 14 on libstdc++ initialises its locales without asking anybody.
    check "C++: what is initialised once" python3 -c '
import json, sys
run = json.load(open("out"))["runs"][0]
expected = (None, 0) if int(sys.argv[1]) >= 14 else ("C++", run["calls"]["futex"])
assert (run["runtime_languages"], run["runtime_calls"]) == expected, run["runtime_calls"]' "$(g++ -dumpversion | cut -d. -f1)"
    run 0 "C++ with a locale" with.bin without.bin
    has "is said by name too" "C++'s runtime: " out
    run 0 "C++ with a locale, as json" with.bin without.bin --format json
    check "all of the locale, and not the file" python3 -c '
import json
causes = [c for c in json.load(open("out"))["comparison"]["causes"] if c["calls_diff"] and "brk" not in c["pattern"]]
assert all(c["runtime"] for c in causes), [c for c in causes if not c["runtime"]]
assert any("locale/" in c["role"] for c in causes)'
else
    echo "skip 6 - C++ (no g++)"
fi
finish
