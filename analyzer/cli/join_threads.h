/*
 * join_threads.h: the calls of a run as lines, thread by thread while it is read, and then one thread after the other:
 * how they took turns is chance, and no difference.
 */
#ifndef SC_JOIN_THREADS_H
#define SC_JOIN_THREADS_H

#include "../model/counts.h"
#include "../passes/thread_order.h"
#include "../text/sequence.h"
#include "../why/parting.h"

/* A call's category, and: it is the start-up's or a language runtime's. */
enum { SC_ORDER_ASIDE = 0x80 };

/* Of a thread, or of a run. */
struct sc_call_lines {
    struct sc_sequence timeline; /* in their order, with offsets as steps */
    struct sc_sequence sections[SC_CAT_COUNT];
    uint8_t *order; /* of a thread's: for each call in which section it stands, and SC_ORDER_ASIDE */
    size_t order_count, order_capacity;
    struct sc_sequence chance; /* those that scheduling made, which stand nowhere else */
};
void sc_call_lines_free(struct sc_call_lines *lines);
/* The next call's place in order. 0, or -ENOMEM. */
int sc_call_lines_order(struct sc_call_lines *lines, unsigned category, bool aside);

struct sc_thread_lines {
    struct sc_call_lines **items; /* by number in the source; NULL: none */
    size_t count, capacity;
};
/* A thread's, which stay where they are. NULL where memory is short. */
struct sc_call_lines *sc_thread_lines_get(struct sc_thread_lines *threads, uint32_t thread);
void sc_thread_lines_free(struct sc_thread_lines *threads);

/*
 * All of them into ret_lines, which are empty, and out of threads. named: there is more than one, and each line begins
 * with whose it is, "[P0.T1] ", threads numbered within their process. ret_calls: what each does; NULL where nobody
 * wants it. 0, or -ENOMEM.
 */
int sc_join_threads(struct sc_thread_lines *threads, const struct sc_threads *order, bool named, struct sc_lines *lines,
                    struct sc_call_lines *ret_lines, struct sc_run_calls *ret_calls);

#endif
