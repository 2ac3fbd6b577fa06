#!/bin/sh
# The page of --html as a person uses it, by mouse and keys in Chromium (playwright-core), and as axe-core judges it.
. "$(dirname "$0")/lib.sh"
RECORD=${BUILD:-$HERE/../../build}/syscap-record
TESTS=16
if ! find_browser || ! find_packages; then
    skip $TESTS "the page used and judged" "$WHY"
    finish
fi

cat >guest.py <<'PY'
import os, sys
zeros = sys.argv[1] == "zeros"
os.makedirs("<", exist_ok=True)
os.makedirs("</script><b>bold<", exist_ok=True)
for name in ["<img src=x onerror=alert(1)>", "</script><b>bold</b>", "'\"><svg onload=alert(2)>"]:
    f = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for i in range(64):
        os.lseek(f, 8192 * i, os.SEEK_SET)
        os.write(f, bytes(4096) if zeros else b"x" * 4096)
        if zeros:
            os.lseek(f, 8192 * i, os.SEEK_SET)
            os.write(f, bytes(10))
    for i in range(16 + 16 * zeros):
        os.pread(f, 100, 8192 * i)
    os.close(f)
for i in range(60 + 10 * zeros):
    os.close(os.open(f"file{i}", os.O_RDWR | os.O_CREAT))
for i in range(3):
    try:
        os.stat("<b>gone")
    except OSError:
        pass
if os.fork() == 0:
    os.execlp("cat", "cat", "file0", "/gone")
os.wait()
PY
for run in zeros data; do
    "$RECORD" --stack 8 -o $run.bin -- /usr/bin/python3 guest.py $run >/dev/null 2>&1
done
for runs in "zeros.bin data.bin" "data.bin"; do
    "$ANALYZE" $runs --summary-only --format json --html page.html >report || not_ok "the page"
    judge page.mjs page.html report | sed "s/^ok /&$runs: /; s/^not ok /&$runs: /" >told
    cat told
    ! grep -q '^not ok' told || FAILED=1
    count=$((${count:-0} + $(grep -c '^ok' told)))
done
check "all of them ran" test "$count" -eq $((TESTS - 1))
finish
