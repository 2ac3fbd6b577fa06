/*
 * extras.h: what stands behind a call's pointers: strings, and the few values that the reader needs.
 *
 * Looked at only where the kernel has proved that it could: after success, and for names also after the failures that
 * come from looking the name up.
 */
#ifndef SC_EXTRAS_H
#define SC_EXTRAS_H

#include "lane.h"

struct sc_iovec {
    void *base;
    uint64_t length;
};

static inline bool sc_extras_wanted(const struct sc_call_desc *desc)
{
    return desc->looked;
}

/* Adds the values behind args, of a call that returned result. */
void sc_extras_values(struct sc_record *record, const uint64_t *args, int64_t result);

/*
 * Stores the strings that args point to in lane's chunk, each once, and adds the references, with room left for the
 * record itself. False where there is no room.
 */
bool sc_extras_texts(struct sc_lane *lane, struct sc_record *record, const uint64_t *args);

#endif
