#!/bin/sh
# The published comparison, from its own logs: reproduced to the digit, and void.
. "$(dirname "$0")/lib.sh"
if [ ! -d "$SHARED" ]; then
    echo "skip: no ../shared/strace_logs here"
    exit 0
fi
run 0 "published pair" "$SHARED/rust_row_put_bulk_detailed.strace" -c "$SHARED/cpp_row_put_bulk_detailed.strace" \
    --taxonomy seed
sed -n '1,/^## Write/p' out >head
check "the first lines" grep -q '^VOID: C++: killed by SIGABRT' head
check "no cause is told" [ "$(grep -c '^## Where the difference' out)" -eq 0 ]
sed -n '/^## Seeks/,/^## Calls/p' out >concluded
check "something is said of Rust's run" grep -q '^Rust: zero-fill' concluded
check "and nothing of the one that died" [ "$(grep -c 'C++' concluded)" -eq 0 ]
cat >want <<'END'
Rust: exited with 0
C++:  killed by SIGABRT
Rust total syscalls: 1716
C++ total syscalls:  104
Difference: +1612 (+1550.0%)
file_ops    : Rust  58, C++  23, Diff +35 (+152.2%)
memory      : Rust  37, C++  47, Diff -10 (-21.3%)
write_ops   : Rust 396, C++   6, Diff +390 (+6500.0%)
read_ops    : Rust 397, C++  11, Diff +386 (+3509.1%)
seek_ops    : Rust 779, C++   0, Diff +779 (C++ has 0 seeks!)
other       : Rust  49, C++  17, Diff +32 (+188.2%)
Rust zero writes: 353 (89% of all writes are zeros!)
C++ zero writes:  0
Rust data writes: 43
C++ data writes:  6
END
while IFS= read -r line; do
    check "$line" grep -qxF -- "$line" out
done <want
has "cut strings are said" "zero as far as seen" out
grep -v lseek "$SHARED/rust_row_put_bulk_detailed.strace" >rust_row_put_bulk_detailed.strace
run 0 "an altered copy" rust_row_put_bulk_detailed.strace "$SHARED/cpp_row_put_bulk_detailed.strace" --taxonomy seed
has "no constant" "Rust total syscalls: 937" out
run 0 "a table of counts" "$SHARED/rust_row_put_bulk.strace" "$SHARED/cpp_row_put_bulk.strace"
has "unknown is unknown" "Rust zero writes: unknown" out
run 0 "a log with a table" "$SHARED/rust_row_put_bulk_detailed.strace" "$SHARED/cpp_row_put_bulk.strace" --format json
check "null in the JSON" python3 -c '
import json
r = json.load(open("out"))["runs"]
assert r[0]["writes"]["zero"] == 353 and r[1]["writes"]["zero"] is None and r[1]["total"] == 90'
run 0 "published batch" --batch "$SHARED"
has "every pair has its line" "row_put_bulk_detailed" out
finish
