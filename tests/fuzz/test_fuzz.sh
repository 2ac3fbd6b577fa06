#!/bin/bash
# A fixed number of inputs for each reader; `make fuzz` goes on for longer.
cd "$(dirname "$0")/../.." || exit 1
CC=${FUZZ_CC:-clang}
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d && n ? 0 : 0; }' >"$WORK/a.c"
if ! "$CC" -fsanitize=fuzzer,address -o "$WORK/a" "$WORK/a.c" 2>/dev/null; then
    echo "skip 4 - fuzz-check ($CC with its runtime is not here: clang, libclang-rt-14-dev)"
    exit 0
fi
make -s -j2 fuzz-build FUZZ_CC="$CC" || { echo 'not ok - the fuzz targets build'; exit 1; }
make -s fuzz-check FUZZ_CC="$CC"
