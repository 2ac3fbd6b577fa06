#!/bin/bash
# What statically linked programs cost: a call, beside the same one in full mode in a dynamic program, and the start of a Go
# program of ten megabytes, beside its bare start. Prints a table for docs/BENCHMARKS.md. Needs golang-go and musl-tools.
set -eu
ROOT=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-$ROOT/build}
RECORD=$BUILD/syscap-record
HERE=$ROOT/bench
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK"
export GOCACHE=$WORK/gocache GO111MODULE=off CGO_ENABLED=0 HOME=$WORK SYSCAP_OUTPUT=$WORK/capture.bin

cc -O2 -o dynamic "$HERE/static_calls.c"
cc -O2 -static -o glibc "$HERE/static_calls.c"
musl-gcc -O2 -static -o musl "$HERE/static_calls.c"
musl-gcc -O2 -o musl_dynamic "$HERE/static_calls.c"
go build -o go "$HERE/static_calls.go"
go build -o large "$HERE/static_large.go"
cc -O2 -static -o least -xc - <<<'int main(void) { return 0; }'
cc -O2 -o starts "$HERE/static_starts.c"

echo '| a call of lseek | bare, ns | recorded, ns | added |'
echo '| --- | ---: | ---: | ---: |'
for program in dynamic musl_dynamic glibc musl go; do
    bare=$(./$program) recorded=$("$RECORD" -q --mode full ./$program)
    awk -v p="${program/_/, }" -v a="$bare" -v b="$recorded" 'BEGIN { printf "| %s | %.0f | %.0f | %.0f |\n", p, a, b, b - a }'
done
echo
echo '| start and end, least of 200 | bytes | bare, ms | recorded, ms | added |'
echo '| --- | ---: | ---: | ---: | ---: |'
# Those after the first find the sites in the capture's cache.
for program in least large; do
    bare=$(./starts 200 ./$program) recorded=$("$RECORD" -q --mode full ./starts 200 ./$program)
    left=$("$RECORD" -q --mode full --static leave ./starts 200 ./$program)
    awk -v p=$program -v n="$(stat -c %s $program)" -v a="$bare" -v b="$recorded" -v l="$left" \
        'BEGIN { printf "| %s | %d | %.2f | %.2f | %.2f (left alone: %.2f) |\n", p, n, a, b, b - a, l - a }'
done
