#!/bin/sh
# Whole outputs against tests/golden/small: a change in any line is seen. UPDATE=1 renews them, to be read in the diff.
. "$(dirname "$0")/lib.sh"
GOLDEN=$HERE/../golden/small
cp "$GOLDEN"/*.strace .
run 0 "text" rust_small.strace -c cpp_small.strace --output-dir files
run 0 "single" rust_small.strace
mv out single.txt
run 0 "json" rust_small.strace cpp_small.strace --output-dir files --format json
mv out summary.json
mv files/* .
for file in comparison_summary.txt single.txt summary.json small_comparison.diff small_focused.txt \
    rust_small_formatted.txt cpp_small_formatted.txt; do
    [ "${UPDATE:-}" ] && cp "$file" "$GOLDEN/$file"
    if diff -u "$GOLDEN/$file" "$file"; then ok "golden $file"; else not_ok "golden $file"; fi
done
finish
