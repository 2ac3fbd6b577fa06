#!/bin/bash
# How much of the program's stack the library takes, path by path: not more than docs/COVERAGE.md says, which has the bounds.
. "$(dirname "$0")/lib_hostile.sh"
S=$GUESTS/stacks
DOC=$LIB_ROOT/docs/COVERAGE.md
column=$([ "$TEST_MODE" = full ] && echo 4 || echo 3)

# depth OUTPUT COMMAND...: what the guest printed, a number, is in $depth; false where it is none.
depth() {
    local output=$1
    shift
    "$@" >"$output" 2>&1 </dev/null
    depth=$(cat "$output")
    [[ $depth =~ ^[0-9]+$ ]] || sed 's/^/    /' "$output"
    [[ $depth =~ ^[0-9]+$ ]]
}

# takes FRAMES COLUMN PATH: its bound is the table's.
takes() {
    local bound native name="$3$([ "$1" -eq 0 ] || echo ", $1 frames of stack")"
    bound=$(awk -F' *[|] *' -v path="\`$3\`" -v column="$2" '$2 == path { print $column }' "$DOC")
    if ! [ "$bound" -gt 0 ] 2>/dev/null; then
        not_ok "- $name: the table has it"
    elif ! depth out "$S" "$3" "$GUESTS/rewrite_library.so"; then
        skip 1 "$name" 'it does not work here without the library either'
    elif native=$depth && SYSCAP_STACK=$1 depth out traced "$WORK/run.bin" "$S" "$3" "$GUESTS/rewrite_library.so"; then
        echo "    $((depth - native)) of at most $bound bytes"
        check "- $name: within its bound" [ $((depth - native)) -le "$bound" ]
    else
        not_ok "- $name: was measured"
    fi
}

while read -r path; do
    takes 0 "$column" "$path"
    takes 16 $((column + 2)) "$path"
done < <("$S")

# Before main, where there is nothing to measure with: the whole of a small stack does.
check "- a program starts on 32 KiB" traced "$WORK/start.bin" sh -c 'ulimit -s 32 && exec /bin/true'
asks start "and was recorded" 'r["end"]["kind"] == "exited" and r["coverage"]["dropped_records"] == 0'
finish
