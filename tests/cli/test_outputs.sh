#!/bin/sh
# The files of a comparison: their names, that patch can apply the diff, that nothing half-written is left.
. "$(dirname "$0")/lib.sh"
small_log true rust_x.strace
small_log false cpp_x.strace

run 0 "pair" rust_x.strace -c cpp_x.strace --output-dir deep/er
cd deep/er || exit 1
check "names" [ "$(echo *)" = \
    "comparison_summary.txt cpp_x_formatted.txt rust_x_formatted.txt x_comparison.diff x_focused.txt" ]
check "nothing temporary is left" [ -z "$(ls -A | grep '^\.')" ]
story() {
    sed '/^## FILE_OPS/,$d' "$1"
}
cp rust_x_formatted.txt patched
check "patch applies the diff" patch -s -F0 patched x_comparison.diff
check "and tells the other side's story" [ "$(story patched)" = "$(story cpp_x_formatted.txt)" ]
check "with its own calls below" [ "$(sed -n '/^## FILE_OPS/,$p' patched)" = \
    "$(sed -n '/^## FILE_OPS/,$p' rust_x_formatted.txt)" ]
cmp -s rust_x_formatted.txt cpp_x_formatted.txt && not_ok "they differ" || ok "they differ"
has "section with its count" "## WRITE_OPS (5 calls)" rust_x_formatted.txt
has "zero writes under it" "# Zero writes: 4" rust_x_formatted.txt
has "data writes under it" "# Data writes: 1" rust_x_formatted.txt
has "small writes under it" "# Small writes: 1" rust_x_formatted.txt
has "large writes under it" "# Large writes: 4" rust_x_formatted.txt
check "sections in the order of the categories" [ "$(grep -o '^## [A-Z_]*' cpp_x_formatted.txt | tr -d '\n')" = \
    "## TIMELINE## FILE_OPS## MEMORY## WRITE_OPS## READ_OPS## SEEK_OPS## OTHER" ]
has "focused has both sides" "seek_ops" x_focused.txt
check "summary is what was printed" cmp comparison_summary.txt ../../out
cd ../..

run 0 "every call" rust_x.strace -c cpp_x.strace --output-dir full --full-diff
cp full/rust_x_formatted.txt patched
check "patch applies the diff of all calls" patch -s -F0 patched full/x_comparison.diff
check "and gives the other side" cmp patched full/cpp_x_formatted.txt

# A loop that one side does not have: a thousand calls are a line of the diff, unless every call is asked for.
loop_log() { # LAST-RESULT TIMES
    echo '1 execve("/bin/p", ["p"], 0x7ffe /* 0 vars */) = 0'
    echo '1 openat(AT_FDCWD, "/d/f", O_RDWR) = 3'
    i=0
    while [ $i -lt "$2" ]; do
        echo "1 lseek(3, $((i * 100)), SEEK_SET) = $((i * 100))"
        echo '1 read(3, "x"..., 10) = 10'
        i=$((i + 1))
    done
    echo "1 lseek(3, 0, SEEK_END) = $1"
    echo '1 close(3) = 0'
    echo '1 +++ exited with 0 +++'
}
loop_log 7000 500 >l1.strace
loop_log 7000 0 >l2.strace
loop_log 8000 0 >l3.strace
changed() {
    grep -c '^[-+][^-+]' "$1"
}
run 0 "a loop on one side" l1.strace l2.strace --output-dir d7
check "is few lines of the diff" [ "$(changed d7/l1_vs_l2_comparison.diff)" -lt 10 ]
has "with how often it runs" "499 x {" d7/l1_vs_l2_comparison.diff
run 0 "with every call" l1.strace l2.strace --output-dir d7 --full-diff
check "is all of them" [ "$(changed d7/l1_vs_l2_comparison.diff)" -gt 1000 ]
run 1 "what only the calls tell" l2.strace l3.strace --output-dir d7 --exit-code
has "is in the diff too" "+lseek(<f>, 0, SEEK_END) = 8000" d7/l2_vs_l3_comparison.diff

mkdir one two
cp rust_x.strace one/run.strace
cp cpp_x.strace two/run.strace
run 0 "equal stems" one/run.strace two/run.strace --output-dir d2
check "A_ and B_" [ -f d2/A_run_formatted.txt -a -f d2/B_run_formatted.txt -a -f d2/A_run_vs_B_run_comparison.diff ]
run 0 "other names" rust_x.strace two/run.strace --output-dir d3
check "STEMA_vs_STEMB" [ -f d3/rust_x_vs_run_focused.txt ]

run 0 "-o" rust_x.strace -o one.txt
check "same as in a pair" cmp one.txt deep/er/rust_x_formatted.txt
run 0 "-o to a device" rust_x.strace -o /dev/null
check "the device is still one" [ -c /dev/null ]

echo old >keep.txt
if (ulimit -f 0; "$ANALYZE" rust_x.strace -o keep.txt >/dev/null 2>&1); then
    not_ok "a write that fails"
else
    check "a write that fails leaves the old file" [ "$(cat keep.txt)" = old ]
fi

# What is named anywhere must not steer a terminal: no C0, no C1, as bytes or as UTF-8.
quiet() { # NAME FILE...: whole lines of UTF-8 without a control character in them
    what=$1
    shift
    check "$what" python3 -c '
import sys, unicodedata
for name in sys.argv[1:]:
    for line in open(name, encoding="utf-8").read().split("\n"):
        assert not any(unicodedata.category(c) == "Cc" for c in line), (name, line)' "$@"
}
csi=$(printf '\302\23331mred') raw=$(printf '\23331mred') esc=$(printf '\033[31mred\177')
for side in rust_c cpp_c; do
    {
        say 'execve("./p\302\23331m", ["./p\302\23331m", "\2331m\33[31m\177"], 0x7ffc00000000 /* 1 var */) = 0'
        say 'openat(AT_FDCWD, "/data/\302\23331m'$side'", O_RDWR|O_CREAT, 0666) = 3'
        say 'openat(AT_FDCWD, "/data/\2331m\33[1m\177", O_RDWR|O_CREAT, 0666) = 4'
        say 'write(3, "\302\233", 2)                   = 2'
        say 'write(4, "\233", 1)                      = 1'
        say '+++ exited with 0 +++'
    } >"$side.strace"
done
cp rust_c.strace "a$csi.strace"
cp cpp_c.strace "b$esc$raw.strace"
run 0 "controls in names" "a$csi.strace" "b$esc$raw.strace" --output-dir d7
quiet "none in the summary" out d7/comparison_summary.txt
quiet "none in the other files" d7/*_formatted.txt d7/*.diff d7/*_focused.txt
run 0 "side by side" "a$csi.strace" "b$esc$raw.strace" --side-by-side
quiet "none side by side" out
run 0 "controls as JSON" "a$csi.strace" "b$esc$raw.strace" --format json
quiet "none in JSON" out
check "which is JSON" python3 -c 'import json; json.load(open("out"))'
run 2 "controls in a name that is not there" "no$csi$esc$raw"
quiet "none in the complaint" err
run 0 "labels with controls" rust_x.strace cpp_x.strace --label "A$csi,B$esc$raw"
quiet "none in labels" out

# Nothing brings a recording back that was written over.
refuse() { # NAME FILE ARGS...: exit 2 with one line that names FILE, which stays as it is.
    what=$1 file=$2
    shift 2
    before=$(cksum <"$file")
    run 2 "$what" "$@"
    has "$what: says why" "$file: cannot be written" err
    check "$what: it stays" [ "$(cksum <"$file")" = "$before" ]
}
SYSCAP_OUTPUT=a.bin LD_PRELOAD=${ANALYZE%/*}/libsyscap.so cat /dev/null
cp a.bin rust.bin
ln a.bin hard.txt
ln -s a.bin soft.txt
refuse "an output that is the input" a.bin a.bin -o a.bin
refuse "by another name" hard.txt a.bin -o hard.txt
refuse "by a link" soft.txt a.bin -o soft.txt
refuse "by another spelling" ./a.bin a.bin -o ./a.bin
refuse "another capture" rust.bin a.bin -o rust.bin
refuse "a strace log that is the input" rust_x.strace rust_x.strace -o rust_x.strace
cp rust_x.strace log.7
refuse "one of the files of strace -ff" log.7 log -o log.7
mkdir d4
cp a.bin d4/comparison_summary.txt
refuse "a capture in the place of a summary" d4/comparison_summary.txt rust_x.strace cpp_x.strace --output-dir d4
mkdir d5
cp a.bin d5/x_focused.txt
refuse "and of a part" d5/x_focused.txt rust_x.strace cpp_x.strace --output-dir d5
mkdir d6
cp rust_x.strace d6/rust_x.strace
cp cpp_x.strace d6/cpp_x.strace
cp a.bin d6/x_comparison.diff
refuse "and in a batch" d6/x_comparison.diff --batch d6 --output-dir d6
finish
