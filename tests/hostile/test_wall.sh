#!/bin/bash
# Memory that is gone once the kernel has taken it, pointers that the kernel refuses: nothing is looked at that is not
# proved to be there, and what a write's bytes were is told of those that the kernel took.
. "$(dirname "$0")/lib_hostile.sh"

# 400 pages to a pipe and 400 to a socket, half of them zeros, in turn by write and by writev.
for how in handed reused lent; do
    same $how "$GUESTS/wall" $how
    did $how "$how done"
    asks $how "half are zeros, each told" 'r["writes"]["zero"] == 400 and r["writes"]["unseen"] == 0 and
        r["writes"]["bytes"] >= 800 * 4096 and r["writes"]["zero_bytes"] == 400 * 4096'
done
same left "$GUESTS/wall" left
did left "left done"
asks left "every call is there, none with a name that was not looked at" 'c["openat"] >= 50'
same refused "$GUESTS/wall" refused
did refused "refused done"
SYSCAP_STACK=16 same refused_stacks "$GUESTS/wall" refused
same names "$GUESTS/wall" names
did names "names done"
asks names "names are told whatever the error" 'len(lines("n{255}")) >= 1 and lines("mine/below") and
    any("mine" in line and "EFAULT" in line for line in lines("newfstatat"))'
asks names "but for those that the kernel did not read" 'any("EFAULT" in line for line in lines("newfstatat")) and
    any("missing" in line for line in lines("rename"))'
finish
