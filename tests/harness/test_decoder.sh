#!/bin/bash
# Our decoder beside Capstone's, on what every program loads; tests/long/test_decoder.sh does it for whole installations.
. "$(dirname "$0")/../cli/lib.sh"
. "$HERE/../decoder/lib_decoder.sh"
build_compare 3
for name in libc.so.6 libstdc++.so.6 ld-linux-x86-64.so.2; do
    file=$("${CC:-cc}" -print-file-name=$name)
    [ $name = ld-linux-x86-64.so.2 ] && file=/lib64/$name
    agrees $name "$file"
done
finish
