#!/bin/bash
# Inputs that are no files to be read in place: standard input, pipes, and what gzip, bzip2, xz, zstd and lz4 have packed. Each
# report is the one of the same input as it lies in a file.
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-$HERE/../../build}
command -v python3 >/dev/null || { echo 'skip 101 - packed inputs (no python3)'; exit 0; }
unset TMPDIR

# pack ENDING FILE: FILE.ENDING beside it. 1: there is no such packer here.
pack() {
    case $1 in
    gz) gzip -nc "$2" >"$2.gz" ;;
    xz) xz -c "$2" >"$2.xz" ;;
    bz2) command -v bzip2 >/dev/null && bzip2 -c "$2" >"$2.bz2" ;;
    zst) command -v zstd >/dev/null && zstd -qc "$2" >"$2.zst" ;;
    esac
}

# report FILE ARGUMENT...: what is printed, without the inputs' own names. Its standard input is this one's.
report() {
    "$ANALYZE" "${@:2}" >raw 2>err
    local status=$?
    sed -E 's/"source": "[^"]*"/"source": ""/; s/^([A-Za-z+]+ [0-9]: )[^ ,]*/\1/' raw >"$1"
    return $status
}

# equal NAME FILE FILE: both are there and alike.
equal() {
    if [ -s "$2" ] && cmp -s "$2" "$3"; then ok "$1"; else diff "$2" "$3" | head -5; not_ok "$1"; fi
}

head -c 5000 /dev/zero >data
for mode in full interpose; do
    mkdir -p $mode
    SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o "$WORK/$mode/rust_x.bin" -- cat data >/dev/null
    SYSCAP_MODE=$mode timeout 60 "$BUILD/syscap-record" -o "$WORK/$mode/cpp_x.bin" -- cat data data >/dev/null
done
mkdir logs
small_log true logs/rust_x.strace
small_log false logs/cpp_x.strace
printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' '------ ----------- ----------- --------- --------- ----------------' \
    ' 75.00    0.000300          30        10           write' ' 25.00    0.000100          20         5         1 read' \
    '------ ----------- ----------- --------- --------- ----------------' '100.00    0.000400                    15         1 total' >logs/rust_table.txt

# One run: by a file, on standard input, through both kinds of pipes, packed, and packed through a pipe.
mkfifo fifo
for file in full/rust_x.bin interpose/rust_x.bin logs/rust_x.strace logs/rust_table.txt; do
    report plain "$file" --label R --format json || not_ok "$file"
    report other - --label R --format json <"$file"
    equal "$file: standard input" plain other
    cat "$file" | report other - --label R --format json
    equal "$file: a pipe" plain other
    report other <(cat "$file") --label R --format json
    equal "$file: a pipe with a name in /dev/fd" plain other
    cat "$file" >fifo &
    report other fifo --label R --format json
    wait $!
    equal "$file: a named pipe" plain other
    for ending in gz xz bz2 zst; do
        if ! pack $ending "$file"; then
            echo "skip 2 - $file: $ending (its packer is not here)"
            continue
        fi
        report other "$file.$ending" --label R --format json
        equal "$file.$ending" plain other
        report other - --label R --format json <"$file.$ending"
        equal "$file.$ending: standard input" plain other
    done
done

# By its content, not by its name.
cp logs/rust_x.strace.xz logs/misnamed.gz
report plain logs/rust_x.strace --label R
report other logs/misnamed.gz --label R
equal 'the name does not count' plain other

# The formatted log is read from the same bytes a second time.
run 0 'a log of a file' full/rust_x.bin -o plain.txt
cat full/rust_x.bin.gz | "$ANALYZE" - -o other.txt >out 2>err
equal 'a formatted log of a packed pipe' plain.txt other.txt

# Two runs, and labels and names of files from what was packed.
report plain logs/rust_x.strace logs/cpp_x.strace --output-dir d
mv d plain.d
pack gz logs/cpp_x.strace
report other logs/rust_x.strace.gz logs/cpp_x.strace.gz --output-dir d
equal 'two packed runs' plain other
equal 'their diff' plain.d/x_comparison.diff d/x_comparison.diff
check 'their files are called as those of the plain ones' [ "$(ls plain.d)" = "$(ls d)" ]
report other logs/rust_x.strace.gz <(xz -c logs/cpp_x.strace) --label Rust,C++ --output-dir e
sed -i '/^[de]\//d' plain other
equal 'a packed file and a packed pipe' plain other
run 0 'names from a packed file' full/rust_x.bin.gz --format json
has 'run.bin.gz is run' '"label": "Rust"' out
cp full/rust_x.bin.gz run.bin.gz
run 0 'its name' run.bin.gz --format json
has 'run.bin.gz is run' '"label": "run"' out
"$ANALYZE" - --format json <run.bin.gz >out 2>err
has 'standard input has a name' '"label": "stdin"' out
run 2 'standard input twice' - -
has 'is refused' "'-': standard input is one run" err

# A batch: what is packed beside what is not.
mkdir batch
cp logs/rust_x.strace.gz batch/
cp logs/cpp_x.strace batch/
run 0 'a batch' --batch batch --format json
has 'has the pair' '"name": "x"' out
for number in 1 2; do
    small_log true batch/rust_y.$number
    small_log false batch/cpp_y.$number
    gzip -n batch/rust_y.$number
done
run 0 'a batch with families' --batch batch --format json
has 'has both pairs' '"name": "y"' out
check 'and no other' [ "$(grep -c '"name": "[a-z]"' out)" = 2 ]

# Several runs; a pipe that stands in for a missing run is not read twice.
for side in 1 2; do
    report plain --repeat logs/rust_x.strace logs/rust_x.strace logs/rust_x.strace --vs logs/cpp_x.strace logs/cpp_x.strace
    report other --repeat logs/rust_x.strace.gz logs/rust_x.strace <(cat logs/rust_x.strace) \
        --vs logs/cpp_x.strace <(cat logs/cpp_x.strace.gz)
done
equal 'several runs' plain other

# strace -ff: the files of a family, packed or not; one that lies there in both forms is one.
mkdir family
for number in 10 11 12; do small_log true family/log.$number "+++ exited with $((number - 10)) +++"; done
report plain family/log --label R --format json
cp -r family packed
gzip -n packed/log.10
xz packed/log.12
report other packed/log --label R --format json
equal 'a packed family' plain other
gzip -nk packed/log.11
report other packed/log --label R --format json
equal 'a file and its packed copy are one' plain other
cp packed/log.10.gz kept.gz
run 2 'a member as an output' packed/log -o packed/log.10.gz
check 'is not replaced' cmp -s kept.gz packed/log.10.gz
(
    ulimit -Sn 24
    mkdir many
    for number in $(seq 100 160); do gzip -nc family/log.11 >many/log.$number.gz; done
    "$ANALYZE" many/log --format json >many.out 2>err
)
check 'more packed files than descriptors' grep -q '"write": 305' many.out

# Never a packed input or capture replaced.
cp full/rust_x.bin.gz keep.gz
run 2 'a packed input as an output' keep.gz -o keep.gz
check 'is not replaced' cmp -s full/rust_x.bin.gz keep.gz
run 2 'a packed capture as an output' logs/rust_x.strace -o keep.gz
has 'is not replaced' 'it is a capture, which would be lost' err
"$ANALYZE" - -o keep.gz <keep.gz >out 2>err
check 'nor what standard input reads' cmp -s full/rust_x.bin.gz keep.gz

# What is damaged is read as far as it goes, and said.
python3 - <<'PYTHON'
import gzip
text = open("logs/rust_x.strace", "rb").read()
open("cut.gz", "wb").write(gzip.compress(text * 20000, mtime=0)[:-5000])
open("twice.gz", "wb").write(gzip.compress(gzip.compress(text, mtime=0), mtime=0))
open("two.gz", "wb").write(gzip.compress(text[:300], mtime=0) + gzip.compress(text[300:], mtime=0))
open("bomb.gz", "wb").write(gzip.compress(bytes(3 << 20), mtime=0))
PYTHON
run 0 'a cut packed log' cut.gz --format json
run 1 'an assertion of it' cut.gz --assert 'A.total > 1'
has 'fails' 'part of the input could not be read' err
has 'and says where' 'cut.gz: cannot be unpacked beyond byte' out
report plain logs/rust_x.strace --label R --format json
report other two.gz --label R --format json
equal 'two packed pieces in one file' plain other
run 2 'packed twice' twice.gz
has 'is refused' 'twice.gz: is packed more than once' err
run 2 'more than is allowed' bomb.gz --max-unpacked 2M
has 'is refused' 'bomb.gz: is larger than 2 MiB when unpacked; see --max-unpacked' err
run 2 'as much as is allowed' bomb.gz --max-unpacked 3M
has 'is read' 'bomb.gz: byte 0: neither a capture nor a strace log' err
cat /dev/zero | "$ANALYZE" - --max-unpacked 1M >out 2>err
check 'a pipe without end' grep -qF -- '-: is larger than 1 MiB; see --max-unpacked' err
run 2 'no size' bomb.gz --max-unpacked none
printf '\037\213\010garbage' >bad.gz
run 2 'no packed file' bad.gz
: | "$ANALYZE" - >out 2>err
has 'an empty pipe' '-: byte 0: the file is empty' err
gzip -nc </dev/null >empty.gz
run 2 'an empty packed file' empty.gz
has 'is empty' 'empty.gz: byte 0: the file is empty' err
run 2 'a folder' logs
"$ANALYZE" - <logs >out 2>err
has 'a folder as standard input' '-: is a directory' err

# Where no file can be made, memory holds what is unpacked; nothing is left behind.
report plain logs/rust_x.strace --label R
mkdir empty
TMPDIR=$WORK/empty report other logs/rust_x.strace.gz --label R
equal 'a folder of its own' plain other
check 'nothing is left in it' [ -z "$(ls -A empty)" ]
TMPDIR=$WORK/missing report other logs/rust_x.strace.gz --label R
equal 'no folder' plain other
(
    ulimit -f 1
    TMPDIR=$WORK/empty "$ANALYZE" bomb.gz >out 2>err
)
has 'no room' 'bomb.gz: cannot be unpacked into' err
finish
