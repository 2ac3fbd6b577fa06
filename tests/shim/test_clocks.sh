#!/bin/bash
# Clocks that the kernel's object (vDSO) can't tell are system calls, and recorded one by one, as strace has them; those
# that it tells are none.
. "$(dirname "$0")/../lib.sh"

# Those that were asked for there.
by='sum(s["calls"] for s in r["call_sites"] if s["call"] == "clock_gettime" and %s in s["name"])'
recorded='c.get("clock_gettime", 0), c.get("clock_getres", 0), c.get("gettimeofday", 0)'

same clocks "$GUESTS/clocks"
did clocks "a clock that is told, to a bad address: signal 11"
did clocks "a CPU's, to a bad address -1 errno 14, other 0"
asks clocks "each of a CPU's, and of those that are none, and no other" "($recorded) == (86, 11, 0)"
asks clocks "clock() by its caller" "${by/\%s/'"ask_libc"'} == 30"
asks clocks "and the others by theirs" "${by/\%s/'"say"'} == 56"
asks clocks "as they were asked" 'len(lines("clock_gettime\\(CLOCK_THREAD_CPUTIME_ID, ")) == 22'
asks clocks "and answered" 'len(lines("clock_gettime\\(CLOCK_PROCESS_CPUTIME_ID, .* EFAULT")) == 3'

# Who goes by libc altogether is seen in full mode.
same direct "$GUESTS/clocks" direct
did direct "no clock -22 errno 4711, other 0"
asks direct "the object's own calls" "($recorded) == ((17, 0, 0) if full else (0, 0, 0))"
same moved "$GUESTS/clocks" moved
if grep -q '^cannot ' "$WORK/moved.native"; then # sealed
    skip 2 "- where it is moved it is the kernel's again" "it can't be moved here"
else
    did moved "unmapped"
    asks moved "where it is moved it is the kernel's again" "($recorded) == (0, 0, 0)"
fi

# Where it can tell no clock, all are calls; and those on our own behalf are nobody's.
same no_counter "$GUESTS/no_counter" "$GUESTS/clocks" direct
did no_counter "a clock that is told, to a bad address: signal 0"
asks no_counter "all are calls, and ours are not among them" "($recorded) == ((7018, 0, 0) if full else (0, 0, 0))"

if strace -o "$WORK/log" -f -e trace=clock_gettime,clock_getres,gettimeofday,time "$GUESTS/clocks" >"$WORK/out" 2>&1; then
    counted="($(grep -c 'clock_gettime(' "$WORK/log"), $(grep -c 'clock_getres(' "$WORK/log"), $(grep -c 'gettimeofday(' "$WORK/log"))"
    asks clocks "as many as strace has" "($recorded) == $counted"
else
    skip 1 "- as many as strace has" "strace can't trace here"
fi
finish
