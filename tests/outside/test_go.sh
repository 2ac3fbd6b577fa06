#!/bin/bash
# Go's own tests of files, calls, processes and signals, in programs without C: each single test ends as it does without
# syscap, and nothing is missed where nothing was killed.
. "$(dirname "$0")/lib_outside.sh"
unset SYSCAP_MODE
export HOME=$WORK # where Go leaves files of its own
packages='io syscall os'
[ "$OUTSIDE" = short ] || packages="$packages io/ioutil os/exec os/signal net"
packages=${GO_PACKAGES:-$packages}
count=$(wc -w <<<"$packages")
if ! have golang-go || ! GOROOT=$(go env GOROOT 2>/dev/null) || [ ! -e "$GOROOT/src/os/os_test.go" ]; then
    skip $((3 * count + 1)) "Go's tests" 'golang-go is not there'
    finish
fi
export GOROOT GOCACHE=$WORK/gocache CGO_ENABLED=0
unset GOFLAGS GO111MODULE

# ends LOG: how each single test ended, without the time that it took.
ends() {
    grep -E '^ *(--- |PASS|FAIL|panic|fatal)' "$1" | sed -E 's/ \([0-9.]+s\)//' | sort
}

for package in $packages; do
    suite=${package//\//_}
    if ! go test -c -o "$WORK/$suite.test" "$package" >build.log 2>&1; then
        skip 3 "Go's $package" "its tests are not built: $(tail -n 1 build.log)"
        continue
    fi
    for side in native recorded; do
        [ $side = native ] && start=() || start=("$RECORD" -q -o "$WORK/$suite.bin")
        (cd "$GOROOT/src/$package" && ${start[@]+"${start[@]}"} timeout 300 "$WORK/$suite.test" -test.v -test.short) \
            >"$suite.$side" 2>&1 </dev/null
        echo "FAIL status $?" >>"$suite.$side"
    done
    check "- Go's $package: $(ends "$suite.native" | grep -c -- '--- PASS') tests, the same with and without" \
        cmp -s <(ends "$suite.native") <(ends "$suite.recorded")
    cmp -s <(ends "$suite.native") <(ends "$suite.recorded") ||
        diff <(ends "$suite.native") <(ends "$suite.recorded") | head -20 | sed 's/^/    /'
    check "- Go's $package: there were tests" [ "$(ends "$suite.native" | grep -c -- '--- PASS')" -ge 10 ]
    asks "$suite" 'they were recorded as statically linked' 'r["coverage"]["static_programs"] >= 1 and sum(c.values()) > 100'
done
asks io 'nothing was missed' 'r["coverage"]["complete"]'
finish
