#!/bin/bash
# What a program sees of its signals, and handlers that do I/O, leave by a jump, fork, or run on hardly any stack.
. "$(dirname "$0")/lib_hostile.sh"
S=$GUESTS/hostile_signals
# With a mask and a locale that nothing sets by itself.
umask 0026
LC_ALL=C.UTF-8 same state "$S" state
umask 022
did state "start: locale C"
did state "main begins with errno 0"
check "- state: the mask was looked at" grep -q '^end: Umask.*0026' state.native
check "- state: was looked at twice" [ "$(grep -c ': SigBlk' state.native)" -eq 2 ]
asks state "all writes" 'f("/loop")["writes"] == 40000 and r["coverage"]["dropped_records"] == 0'

# How often the timer came is in the capture twice: what the handlers wrote, and what main wrote of their number.
same timer "$S" timer
did timer "timer done"
asks timer "the loop's writes" 'f("/loop")["writes"] == 300000 and f("/loop")["bytes_written"] == 1200000'
asks timer "the handlers' writes" 'f("/handler")["writes"] == f("/times")["writes"] >= 2000 and
    f("/handler")["bytes_written"] == 7 * f("/times")["writes"]'
asks timer "nothing dropped" 'r["coverage"]["dropped_records"] == 0 and r["writes"]["unfinished"] == 0'

same jump "$S" jump
did jump "jump done"
asks jump "the handlers' writes, and those after" 'f("/handler")["writes"] == 3000 and
    f("/handler")["bytes_written"] == 2000 * 7 + 1000 * 5'
asks jump "what was left unfinished is marked as such, each at most once" \
    'f("/loop")["writes"] >= 2000 and r["writes"]["unfinished"] <= 2000'
# Most of the calls that are left had been made: the signal comes when the kernel returns. One that was not made yet is
# marked and not counted by the kernel; some ten of 2000, and none in some runs. The report takes as many of those that were left
# as the kernel has counted, so that a call that left no mark shows as soon as there are more of them than of calls that
# were not made. The guest makes each write itself: one that stdio does at exit would be such a call in interpose mode.
asks jump "everything that was left is marked" \
    'r["coverage"]["write_calls_kernel"] <= r["coverage"]["write_calls_seen"] and r["writes"]["unfinished"] > 200'
asks jump "nothing dropped" 'r["coverage"]["dropped_records"] == 0'

# What full mode needs where a call changes chunks: 832 bytes on Debian 12, up to 1024 on Debian 13.
same altstack "$S" altstack $([ "$TEST_MODE" = full ] && echo 1536 || echo 1024)
did altstack "altstack 3000"
asks altstack "all writes" 'f("/small")["writes"] == 30000 and f("/small")["opens"] == 3000'

same fork "$S" fork
did fork "fork done"
asks fork "every child and every write of theirs" \
    'r["processes"] >= 101 and f("/handler")["writes"] == 3 * (r["processes"] - 1) + max(0, 110 - (r["processes"] - 1))'

same sigsys "$S" sigsys
did sigsys "getpriority 77, handled 1"
asks sigsys "recording goes on as far as the mapped space" 'f("/loop")["writes"] == 100'
finish
