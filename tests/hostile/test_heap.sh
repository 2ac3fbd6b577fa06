#!/bin/bash
# Nothing of ours is in the program's heap, and its allocator is never called for us.
. "$(dirname "$0")/lib_hostile.sh"
# Any library with a thread-local variable makes libc's own vector of these, one for each thread, an entry longer: where we
# are not, another such library is.
echo '__thread int one; int *get(void) { return &one; }' >one.c
"${CC:-cc}" -shared -fPIC -ftls-model=initial-exec -o one.so one.c || exit 1
for build in hostile_heap hostile_heap_counted; do
    same $build sh -c "export LD_PRELOAD=\${LD_PRELOAD:-$WORK/one.so}; exec $GUESTS/$build"
    check "- $build: was looked at to the end" grep -qE '^end: .*[1-9]' $build.native
    asks $build "every write, in threads and children" 'f("/written")["writes"] == 100000 and
        r["processes"] == 3 and r["coverage"]["dropped_records"] == 0'
done
finish
