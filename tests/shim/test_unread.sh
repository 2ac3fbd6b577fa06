#!/bin/bash
# What the kernel did not read we don't read either: calls with bad pointers among their arguments, in both modes.
. "$(dirname "$0")/../lib.sh"
for mode in interpose full; do
    export SYSCAP_MODE=$mode
    same unread_$mode "$GUESTS/unread"
    did unread_$mode 'link("missing", bad) -1 2'
    did unread_$mode 'connect(s, bad, 10) -1 14'
done
finish
