/*
 * arg_memory.h: what stands behind a call's pointers: strings, and the few values that the reader needs.
 *
 * Values are looked at after success only; names also after failures, where the kernel says that they can be read.
 */
#ifndef SC_EXTRAS_H
#define SC_EXTRAS_H

#include "../core/writer.h"

static inline bool sc_arg_memory_wanted(const struct sc_call_desc *desc)
{
    return desc->looked;
}

/* Adds the values behind args, of a call that returned result. */
void sc_arg_memory_values(struct sc_record *record, const uint64_t *args, int64_t result);

/*
 * Stores the strings that args point to in writer's chunk, each once, and adds the references, with room left for the
 * record itself. forgotten: nobody knows any more whether the pointers are good, and none is followed. False where
 * there is no room.
 */
bool sc_arg_memory_texts(struct sc_writer *writer, struct sc_record *record, const uint64_t *args, bool forgotten);

#endif
