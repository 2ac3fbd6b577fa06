#!/bin/bash
# Two runs of one program, with randomised addresses, another folder, pid, output name and number of open files: their
# formatted logs are the same to the byte.
. "$(dirname "$0")/../lib.sh"
# The folders' names have other lengths, and malloc asks for more where they happen to fill its last page: not here.
export MALLOC_TOP_PAD_=8388608
check "- addresses are randomised here" [ "$(cat /proc/sys/kernel/randomize_va_space)" -gt 0 ]
# twice NAME COMMAND...
twice() {
    local what=$1 first second
    shift
    first=$(mktemp -d /tmp/syscap-a-XXXXXX) || exit 1
    second=$(mktemp -d /tmp/syscap-another-longer-name-XXXXXX) || exit 1
    (cd "$first" && traced "$WORK/$what-1.bin" "$@") >/dev/null
    (cd "$second" && traced "$second/other.capture" "$@" 7</dev/null 3</dev/null) >/dev/null
    "$ANALYZE" "$what-1.bin" -o "$what-1.txt" >/dev/null 2>err
    "$ANALYZE" "$second/other.capture" -o "$what-2.txt" >/dev/null 2>err
    rm -rf "$first" "$second"
    check "- $what: something was recorded" [ "$(wc -l <"$what-1.txt")" -gt 20 ]
    if cmp -s "$what-1.txt" "$what-2.txt"; then
        ok "- $what: diff is empty"
    else
        diff "$what-1.txt" "$what-2.txt" | head -n 12 | sed 's/^/    /'
        not_ok "- $what: diff is empty"
    fi
}
if [ "$SYSCAP_MODE" = full ]; then
    twice repeats "$GUESTS/repeats" single
else
    twice repeats "$GUESTS/repeats"
fi
# Of one thread: of several it is not known which mapped an address first.
traced "$WORK/single.bin" "$GUESTS/repeats" single >/dev/null
"$ANALYZE" single.bin -o single.txt >/dev/null 2>err
has "- memory is what was mapped there" 'msync(0xADDR<by_main>, 65536, MS_SYNC) = 0' single.txt
twice processes "$GUESTS/processes" exec "$GUESTS/exits"
if [ -x "$BUILD/examples/plain_a" ]; then
    twice plain_a "$BUILD/examples/plain_a" --rows 70 --initialize true
else
    skip 2 "plain_a twice" "not built"
fi
if [ -x "$BUILD/examples/cpp_example" ]; then
    twice cpp_example "$BUILD/examples/cpp_example" --rows 100 --initialize true
else
    skip 2 "cpp_example twice" "not built"
fi
finish
