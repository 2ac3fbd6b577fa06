/*
 * mappings.h: what is mapped at an address. Which address it is means nothing; what lies there does, and is what shows
 * that memory which is given back or synchronised is that which was mapped before.
 */
#ifndef SC_MAPPINGS_H
#define SC_MAPPINGS_H

#include "../model/event.h"
#include "../model/files.h"

struct sc_mappings;
struct sc_mappings *sc_mappings_new(void); /* NULL where memory is short */
void sc_mappings_free(struct sc_mappings *mappings);

/* An event, in order, formatted already. files: in the state behind it. 0, or -ENOMEM. */
int sc_mappings_apply(struct sc_mappings *mappings, const struct sc_files *files, const struct sc_event *event);

struct sc_mapping {
    uint32_t file;   /* or SC_NO_FILE: memory */
    uint64_t size;   /* as it was mapped, or as it was last changed */
    uint64_t begin;  /* the address */
    uint64_t offset; /* of the file, there */
};

/* What lies at an address, until the next event is applied. NULL where that is not known. */
const struct sc_mapping *sc_mappings_find(const struct sc_mappings *mappings, uint32_t process, uint64_t address);

#endif
