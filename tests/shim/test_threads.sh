#!/bin/bash
# Eight threads at once: exact counts for each.
. "$(dirname "$0")/../lib.sh"
same threads "$GUESTS/threads"
did threads done
for i in 0 1 2 3 4 5 6 7; do
    asks threads "thread $i" "(lambda x, n: [x[k] for k in ('opens', 'writes', 'seeks', 'reads', 'zero_writes', \
        'bytes_written', 'bytes_read', 'zero_bytes')] == [1, n, n, n, n // 4, 512 * n, n, 128 * n])(f('/thread$i'), 1000 * ($i + 1))"
done
asks threads "nine threads in one process" 'r["threads"] == 9 and r["processes"] == 1'
asks threads "nothing dropped" 'r["coverage"]["dropped_records"] == 0'
asks threads "what puts writes inside libc is seen in full mode, and known to be missing in the other" \
    'r["coverage"]["write_calls_kernel"] == 36001 and r["coverage"]["write_calls_seen"] == 36000 + full and
    r["coverage"]["complete"] is full'
asks threads "all reads seen" 'r["coverage"]["read_calls_seen"] == 36000 == r["coverage"]["read_calls_kernel"]'
asks threads "each thread's calls are its own" \
    'all(len({re.match(r"\[(\S+)\]", l).group(1) for l in lines(r"write\(<\S*thread%d>" % i)}) == 1 for i in range(8))'
asks threads "a thread that is waited for has no number that varies" 'not lines(r"futex\(.*FUTEX_CLOCK_REALTIME, [0-9]{2,}")'
finish
