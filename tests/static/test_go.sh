#!/bin/bash
# Go's programs, which have no C library: goroutines on many threads and small stacks, os/exec, signals, os.Executable; with
# symbols and without, anywhere in memory, and with C linked in.
. "$(dirname "$0")/lib_static.sh"
if ! command -v go >/dev/null; then
    skip 38 '- Go' 'no compiler (golang-go)'
    finish
fi
export GOCACHE=$WORK/gocache GO111MODULE=off GOFLAGS= HOME=$WORK
# go_build KIND: $WORK/work_KIND
go_build() {
    local out=$WORK/work_$1
    case $1 in
    plain) CGO_ENABLED=0 go build -o "$out" "$SOURCES/work.go" ;;
    stripped) CGO_ENABLED=0 go build -ldflags '-s -w' -o "$out" "$SOURCES/work.go" ;;
    with_c)
        sed 's/^import (/import "C"\n&/' "$SOURCES/work.go" >with_c.go
        CGO_ENABLED=1 go build -ldflags '-linkmode external -extldflags -static' -o "$out" with_c.go
        ;;
    anywhere)
        cp with_c.go anywhere.go
        CGO_ENABLED=1 go build -buildmode pie -ldflags '-linkmode external -extldflags -static-pie' -o "$out" anywhere.go
        ;;
    esac >build.log 2>&1
}
for kind in plain stripped with_c anywhere; do
    if ! go_build $kind; then
        skip 9 "- a Go program, $kind" "$(tail -n 1 build.log)"
        continue
    fi
    alike $kind "$WORK/work_$kind"
    did $kind 'signals 20'
    did $kind "work_$kind [itself]"
    did $kind 'open /nonesuch: no such file or directory'
    asks $kind 'nothing was missed' 'r["coverage"]["complete"] and r["writes"]["data"] >= 5500'
    asks $kind 'each file is there' 'f("/of_goroutine_7")["writes"] == 100 and f("/of_goroutine_52")["writes"] == 100'
    asks $kind 'itself and by name' 'r["coverage"]["static_programs"] == 3'
    beside_strace $kind 'write kill getppid' "$WORK/work_$kind"
done
asks plain 'all sites of a plain one are watched' 'next(p["sites_left"] for p in r["coverage"]["programs"] if p["program"] == "work_plain") == 0'
# What a scheduler may come upon is not there each time.
failed=0
"$WORK/work_plain" >once.out 2>&1
for i in 1 2 3 4 5 6 7 8 9 10; do
    "$RECORD" -q -o "$WORK/again.bin" "$WORK/work_plain" >again.out 2>&1 && cmp -s again.out once.out || failed=$((failed + 1))
    rm -f of_goroutine_*
done
check '- ten times the same' [ $failed -eq 0 ]
finish
