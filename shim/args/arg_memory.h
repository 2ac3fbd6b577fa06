/*
 * arg_memory.h: what a call's pointers lead to: strings, and the few values that the reader needs.
 *
 * Values are read after success only; names also after failures, if the kernel says that they can be read.
 */
#ifndef SC_ARG_MEMORY_H
#define SC_ARG_MEMORY_H

#include "../core/writer.h"

static inline bool sc_arg_memory_wanted(const struct sc_call_desc *desc)
{
    return desc->looked;
}

/* Adds the values that args point to, for a call that returned result. */
void sc_arg_memory_values(struct sc_record *record, const uint64_t *args, int64_t result);

/*
 * Stores the strings that args point to in writer's chunk, each once, adds the references, and keeps room for the
 * record itself. forgotten: nobody knows whether the pointers are still good, so none is followed. False if there is no
 * room.
 */
bool sc_arg_memory_texts(struct sc_writer *writer, struct sc_record *record, const uint64_t *args, bool forgotten);

#endif
