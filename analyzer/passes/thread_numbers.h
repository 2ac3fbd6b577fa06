/*
 * thread_numbers.h: what the report and the formatted logs call each thread: P0.T1.
 */
#ifndef SC_THREAD_NUMBERS_H
#define SC_THREAD_NUMBERS_H

#include "thread_order.h"

/* All zero is empty. */
struct sc_thread_numbers {
    struct sc_thread_number *items; /* by number in the source */
    size_t count;
};

/* 0, or -ENOMEM. */
int sc_thread_numbers_make(const struct sc_threads *threads, struct sc_thread_numbers *ret_numbers);
void sc_thread_numbers_free(struct sc_thread_numbers *numbers);

/* Of a call's thread. */
struct sc_thread_number sc_thread_number_of(const struct sc_thread_numbers *numbers, const struct sc_event *event);

#endif
