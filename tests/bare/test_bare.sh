#!/bin/bash
# The library's core in a program without a C library: it links, and what it records in a capture can be read.
. "$(dirname "$0")/../lib.sh"
if ! make -s -C "$LIB_ROOT" bare BUILD="$BUILD" >make.log 2>&1; then
    sed 's/^/    /' make.log
    not_ok '- the core links without a C library'
    finish
fi
check '- the core links without a C library' [ -z "$(nm -u "$BUILD/tests/bare")" ]
"$RECORD" -o bare.bin true
"$BUILD/tests/bare" "$WORK/bare.bin"
check '- it runs' [ $? -eq 0 ]
"$ANALYZE" bare.bin --format json >bare.json 2>err
check '- every note of its three threads is in the capture' grep -q '15000 of 15000 requests of io_uring' bare.json
check '- with the process that left them' python3 -c 'import json; assert json.load(open("bare.json"))["runs"][0]["processes"] == 2'
finish
