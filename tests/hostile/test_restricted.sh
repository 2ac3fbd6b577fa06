#!/bin/bash
# What the program gives up after it has begun: the time stamp counter, and system calls.
. "$(dirname "$0")/lib_hostile.sh"
same counter "$GUESTS/restricted" counter
did counter "counter done"
asks counter "all writes, before, without and again" 'f("/before")["writes"] == 100 and f("/without")["writes"] == 5000 and
    f("/again")["writes"] == 5000 and r["coverage"]["complete"] is True and r["coverage"]["dropped_records"] == 0'
same counters "$GUESTS/restricted" counters
did counters "counters done"
asks counters "threads and child" 'all(f("/" + n)["writes"] == 1000 for n in ("thread0", "thread1", "main", "child"))'
same strict "$GUESTS/restricted" strict
did strict "strict done"
cannot strict || asks strict "all writes" 'f("/strict")["writes"] == 300'
same filtered "$GUESTS/restricted" filtered
did filtered "the child ended well"
asks filtered "what has no place is counted: with what was recorded it is everything" \
    'f("/filtered")["writes"] >= 100 and f("/filtered")["writes"] + r["coverage"]["dropped_records"] >= 2100 and
     r["coverage"]["complete"] is not True'
same failing "$GUESTS/restricted" failing
did failing "failing done"
asks failing "nothing was given up" 'f("/after")["writes"] == 20000 and r["coverage"]["complete"] is True'
same dispatch "$GUESTS/restricted" dispatch
did dispatch "dispatch done"
same dispatched "$GUESTS/restricted" dispatched
did dispatched "dispatched done"
if cannot dispatch; then
    skip 1 "syscall user dispatch" "the kernel has none"
elif [ "$TEST_MODE" = full ]; then
    asks dispatch "recorded until the call is made, and the capture says that it ended there" \
        'f("/before")["writes"] == 50 and not any(x["path"].endswith(("/during", "/after")) for x in r["files"]) and
         r["coverage"]["complete"] is False and any("dispatch" in w for w in r["warnings"])'
else
    asks dispatch "what has no place meanwhile is counted, and the child has its own" \
        'f("/before")["writes"] == 50 and f("/child")["writes"] == 1000 and f("/after")["writes"] == 50 and
         r["writes"]["data"] + r["writes"]["unseen"] + r["coverage"]["dropped_records"] >= 3000'
fi
finish
