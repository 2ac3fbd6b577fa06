#!/bin/bash
# The library's core in an ordinary program, see harness.h. SAN says with which sanitizer (make SAN=tsan ...).
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build${SAN:+-$SAN}}
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
status=0
make -s -j2 harness BUILD="$BUILD" || { echo 'not ok - the harness builds'; exit 1; }
for scene in options threads signals fork limit keep; do
    timeout 300 "$BUILD/tests/harness" "$scene" "$WORK" || { echo "not ok - $scene"; status=1; }
done
exit $status
