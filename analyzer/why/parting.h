/*
 * parting.h: where two runs first part ways.
 */
#ifndef SC_PARTING_H
#define SC_PARTING_H

#include "../model/report.h"
#include "../text/sequence.h"

/* What a thread does, by lines as they are in the log without its name, its start-up and languages' runtimes aside. */
struct sc_thread_calls {
    uint32_t process, thread; /* as the logs number them */
    struct sc_sequence calls;
};

/* Of a run. All zero is none. */
struct sc_run_calls {
    struct sc_thread_calls *items;
    size_t count;
};
void sc_run_calls_free(struct sc_run_calls *run);

/* Sorts the threads of both runs, whose lines are lines. 0, or -ENOMEM. */
int sc_find_parting(const struct sc_lines *lines, struct sc_run_calls *a, struct sc_run_calls *b,
                    struct sc_parting *ret_parting);

#endif
