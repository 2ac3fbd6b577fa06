/* slots.h: SYSCAP_KEEP=last: the slots of one size that a capture has room for (../core/ring.h). */
#ifndef SC_SLOTS_H
#define SC_SLOTS_H

#include "../../common/user_options.h"
#include "../core/state.h"

struct sc_slots {
    uint32_t bytes, count;       /* of each, and how many; 0: chunks are of any size, and none is used again */
    uint32_t table, first_chunk; /* offsets in the file */
};

/* table: where the table may begin; without one the chunks do. */
struct sc_slots sc_slots_plan(const struct sc_user_options *asked, uint32_t table);

/* What the header says of them, and where the chunks begin. */
void sc_slots_put(struct sc_file_header *header, const struct sc_slots *slots);

#endif
