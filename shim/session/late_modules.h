/*
 * late_modules.h: objects that dlopen brings, in interpose mode.
 *
 * Nobody tells us when one comes: dlopen looks where its caller lies, so that nothing can stand before it. What is
 * known is asked for when a call comes from a page that was not seen yet, and before that call begins. dlclose makes
 * everything unseen.
 */
#ifndef SC_LATE_MODULES_H
#define SC_LATE_MODULES_H

#include "../core/state.h"

enum { SC_SEEN = 256, SC_SEEN_PAGE_BITS = 36 };

/* By page, each with the number of changes when it was seen: what was seen before the last one matches nothing. */
extern uint64_t sc_seen[SC_SEEN];
extern uint64_t sc_seen_changes;

void sc_late_modules_look(uint64_t caller);

/* Before a call from there is recorded. */
static inline void sc_late_modules_caller(const void *caller)
{
    uint64_t page = (uint64_t)caller / SC_GRANULE;
    uint64_t key = page | __atomic_load_n(&sc_seen_changes, __ATOMIC_RELAXED) << SC_SEEN_PAGE_BITS;
    if (SC_UNLIKELY(__atomic_load_n(&sc_seen[page % SC_SEEN], __ATOMIC_RELAXED) != key))
        sc_late_modules_look((uint64_t)caller);
}

/* By the constructor. */
void sc_late_modules_begin(void);

/* Around a dlclose. */
void sc_late_modules_closing(void);
void sc_late_modules_closed(void);

#endif
