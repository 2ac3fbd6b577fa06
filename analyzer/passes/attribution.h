/*
 * attribution.h: the frame of a call stack that a call is put down to: the innermost one that is not in the C library,
 * the loader or a language's own library, since those do what they are told.
 */
#ifndef SC_ATTRIBUTION_H
#define SC_ATTRIBUTION_H

#include "../model/event.h"
#include "../model/run.h"

enum { SC_DECIDING_CACHE = 256 };

/* What was found out about addresses. All bits zero is empty. */
struct sc_attribution {
    struct {
        uint64_t address;
        bool known, library;
    } cache[SC_DECIDING_CACHE];
};

/* The event's site, or with a stack that frame. run: as far as it is known. */
uint64_t sc_attribution_site(struct sc_attribution *attribution, const struct sc_run *run,
                             const struct sc_event *event);

#endif
