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

/* Kinds with values behind them, as a set; sc_call_desc.kinds are looked up in it. */
static inline bool sc_extras_kind(unsigned kind)
{
    const uint64_t low = UINT64_C(1) << SC_KIND_STAT | UINT64_C(1) << SC_KIND_STATX | UINT64_C(1) << SC_KIND_OFF_PTR |
                         UINT64_C(1) << SC_KIND_FCNTL_ARG | UINT64_C(1) << SC_KIND_OPEN_HOW |
                         UINT64_C(1) << SC_KIND_FD_PAIR | UINT64_C(1) << SC_KIND_DENTS;
    return kind < 64 ? low >> kind & 1 : kind == SC_KIND_WAIT_STATUS;
}

static inline bool sc_extras_wanted(const struct sc_call_desc *desc)
{
    bool wanted = false;
    for (unsigned i = 1; i < 5; i++) /* statx's is the fifth */
        wanted |= sc_extras_kind(desc->kinds[i]);
    return wanted | sc_extras_kind(desc->kinds[0]);
}

/* Adds the values behind args, of a call that returned result. */
void sc_extras_values(struct sc_record *record, const uint64_t *args, int64_t result);

/*
 * Stores the strings that args point to in lane's chunk, each once, and adds the references, with room left for the
 * record itself. False where there is no room.
 */
bool sc_extras_texts(struct sc_lane *lane, struct sc_record *record, const uint64_t *args);

#endif
