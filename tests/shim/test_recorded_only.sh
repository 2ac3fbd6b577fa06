#!/bin/bash
# SYSCAP_TRACE and SYSCAP_PATHS: what is recorded is what the whole capture shows where it is filtered likewise, and the
# program does not notice.
. "$(dirname "$0")/../lib.sh"

# only NAME TRACE PATHS COMMAND...: recorded so, into NAME.bin, beside the whole in NAME_whole.bin, which is filtered then.
only() {
    local name=$1 trace=$2 paths=$3 filter=() path
    shift 3
    same "${name}_whole" "$@"
    [ -z "$trace" ] || filter+=(--trace "$trace")
    for path in ${paths//:/ }; do filter+=(--path "$path"); done
    (
        [ -z "$trace" ] || export SYSCAP_TRACE=$trace
        [ -z "$paths" ] || export SYSCAP_PATHS=$paths
        same "$name" "$@"
    )
    "$ANALYZE" "$WORK/${name}_whole.bin" "${filter[@]}" --format json >"$WORK/$name.want" 2>/dev/null
    json "$name"
    if python3 - "$WORK/$name.want" "$WORK/$name.json" <<'PYTHON'
import json, sys
want, have = (json.load(open(name))["runs"][0] for name in sys.argv[1:])
keys = ("reads", "writes", "zero_writes", "seeks", "bytes_read", "bytes_written", "errors")
def files(run):
    return {f["path"]: [f[k] for k in keys] for f in run["files"] if not f["path"].startswith(("pipe", "/proc"))}
for what, a, b in (("calls", want["calls"], have["calls"]), ("categories", want["categories"], have["categories"]), ("files", files(want), files(have))):
    if a != b:
        sys.exit(f"    {what}: " + str({k: (a.get(k), b.get(k)) for k in {**a, **b} if a.get(k) != b.get(k)}))
if not any(have["calls"].values()):
    sys.exit("    nothing was recorded")
PYTHON
    then ok "- $name: the same as the whole, filtered"; else not_ok "- $name: the same as the whole, filtered"; fi
    check "- $name: and no larger" test "$(records "$name")" -le "$(records "${name}_whole")"
}

# All calls that stand in the capture, those among them that are there for others to be understood.
records() {
    "$BUILD/syscap-analyze" "$WORK/$1.bin" --trace all --summary-only 2>/dev/null | sed -n 's/^FILTER: .*of the \([0-9]*\) calls.*/\1/p'
}

for part in numbers threads children; do
    only "writes_$part" %write_ops '' "$GUESTS/left_out" $part
    only "moves_$part" 'read,write,lseek' '' "$GUESTS/left_out" $part
    only "offsets_$part" '%read_ops,%write_ops,%seek_ops' '' "$GUESTS/left_out" $part
    only "path_$part" '' 'wanted*' "$GUESTS/left_out" $part
    only "both_$part" '!lseek' 'wanted*:nothing' "$GUESTS/left_out" $part
done
asks path_numbers "of a file all, by every number that meant it" 'f("/wanted")["writes"] == 15 and f("/other")["writes"] == 0'
check "- path_numbers: the rest is not there" test $(($(records path_numbers) + 33)) -le "$(records path_numbers_whole)"
asks path_numbers "and offsets are known" 'c["write"] == 15 and f("/wanted")["bytes_written"] == 1500'
asks path_children "children's, too" 'f("/wanted")["writes"] == 6 and f("/wanted")["bytes_written"] == 600'
prepare() {
    mkdir real
    ln -s real named
}
only path_links '' 'named/*' "$GUESTS/left_out" links
asks path_links "by the name that it was opened by" 'f("/x")["writes"] == 6 and len([x for x in r["files"] if x["path"].endswith("/y")]) == 0'
unset -f prepare
only writes_handlers %write_ops '' "$GUESTS/left_out" handlers
did writes_handlers "handlers 3"
only nothing 'exit_group' '' "$GUESTS/left_out" handlers

asks writes_numbers "what was asked for is said" 'r["recorded_only"] == "--trace=%write_ops" and r["end"]["kind"] == "exited"'
asks writes_numbers "writes are checked, reads can't be" \
    'r["coverage"]["complete"] is full and r["coverage"]["write_calls_seen"] == r["coverage"]["write_calls_kernel"] - (not full)'
asks both_numbers "where nothing can be checked nothing is claimed" 'r["coverage"]["complete"] is None'
"$ANALYZE" "$WORK/writes_numbers.bin" --output-dir "$WORK/d" >"$WORK/said" 2>&1
has "- the summary says it" "recorded only: --trace=%write_ops (other calls were left out when it was recorded)" "$WORK/said"
has "- coverage says it" "recorded, others left out" "$WORK/said"
asks offsets_numbers "offsets are known where all that moves them is there" 'f("/wanted")["zero_ranges"] == [[0, 1500]]'
asks path_numbers "and of wanted files" 'f("/wanted")["zero_ranges"] == [[0, 1500]]'
asks moves_numbers "and else they are not" 'f("/wanted")["zero_ranges"] == [] and f("/wanted")["zero_writes"] == 15'
"$ANALYZE" "$WORK/writes_numbers_whole.bin" "$WORK/writes_numbers.bin" --output-dir "$WORK/d" >"$WORK/said" 2>&1
has "- a pair of which one side is filtered is not comparable" "not identical operations: recorded only all / --trace=%write_ops" "$WORK/said"

# Children get it where the environment is emptied, and the program sees no variable that its user did not set.
cd "$WORK" || exit 1
printf '#!/bin/sh\nenv | grep SYSCAP_TRACE\nenv -i /bin/dd if=/dev/zero of=emptied bs=1k count=5 2>/dev/null\n' >script
chmod +x script
"$RECORD" --trace %write_ops --path 'emptied' -o "$WORK/launched.bin" ./script >out 2>&1
check "- launched: no variable is seen" test ! -s out
asks launched "launched: children whose environment is empty" 'c == {"write": 5} or {k: v for k, v in c.items() if v} == {"write": 5}'
if [ "${TEST_MODE-}" = full ]; then
    "$RECORD" --trace %write_ops -o "$WORK/static.bin" "$GUESTS/show_env_static" >/dev/null 2>&1
    asks static "a statically linked one" 'r["recorded_only"] == "--trace=%write_ops" and c["write"] > 0 and set(c) == {"write"}'
else
    skip 1 "a statically linked one" "full mode alone"
fi

# Values that are none.
for option in --trace=bogus --trace= --trace=write,,read --path=; do
    "$RECORD" $option -o none.bin true 2>said
    check "- $option is refused" test $? -eq 125
done
long=$(printf 'write,%.0s' {1..200})write
SYSCAP_TRACE=$long traced "$WORK/long.bin" true 2>said
has "- a set that is too long is no value" "SYSCAP_TRACE has a value that is none" said
check "- and the program runs" test ! -e long.bin

finish
