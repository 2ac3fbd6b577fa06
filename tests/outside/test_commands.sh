#!/bin/bash
# Real commands: standard output, standard error, status and the files left without syscap and with it, in both modes.
. "$(dirname "$0")/lib_outside.sh"
grep -v '^#' "$LIB_ROOT/tests/outside/commands.list" >list
[ "$OUTSIDE" = short ] && sed -i 25q list

# said MODE COMMAND: what can be seen of it, without the repositories' own files, which hold the time.
said() {
    rm -rf run && mkdir run
    # Only what the command writes itself: not what the outer shell says of a command that a signal ended.
    (cd run && side "$1" "$WORK/c.$1.bin" timeout 60 sh -c "$2" >../out 2>../err </dev/null; echo "status $?" >>../out) 2>/dev/null
    cat out err
    (cd run && tree | grep -v '\.git/')
}

while IFS= read -r line <&8; do
    said native "$line" >said.native
    if [ "$line" != nosuchcommand ] && grep -q 'not found$' said.native; then
        skip 2 "$line" "$(grep -m 1 'not found$' said.native)"
        continue
    fi
    for mode in interpose full; do
        said $mode "$line" >said.$mode
        if cmp -s said.native said.$mode && [ -s c.$mode.bin ]; then
            ok "- $mode: $line"
        else
            diff said.native said.$mode | head -5 | sed 's/^/    /'
            not_ok "- $mode: $line"
        fi
    done
    rm -f c.*.bin
done 8<list
finish
