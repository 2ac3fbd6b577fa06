#!/bin/bash
# Real commands: standard output, standard error and status without syscap and with it, in both modes.
. "$(dirname "$0")/lib_outside.sh"
grep -v '^#' "$LIB_ROOT/tests/outside/commands.list" >list
[ "$OUTSIDE" = short ] && sed -i 26q list
while IFS= read -r line <&8; do
    for mode in native interpose full; do
        rm -rf run && mkdir run
        # Only what the command writes itself: not what the outer shell says of a command that a signal ended.
        (cd run && side $mode "$WORK/c.$mode.bin" timeout 60 sh -c "$line" >../out 2>../err </dev/null; echo "status $?" >>../out) 2>/dev/null
        cat out err >said.$mode
    done
    for mode in interpose full; do
        # The user's own variables LD_PRELOAD and SYSCAP_... stay visible.
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
