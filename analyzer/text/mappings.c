#include "mappings.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../model/addresses.h"
#include "../model/array.h"

enum { MAP_ARGUMENT_FLAGS = 3, MAP_ARGUMENT_FD, MAP_ARGUMENT_OFFSET };

struct sc_mappings {
    struct sc_addresses addresses;
    struct sc_address_map *processes; /* places in items; 0: nothing is there any more */
    size_t process_capacity;
    struct sc_mapping *items; /* from 1 on */
    size_t count, capacity;
};

struct sc_mappings *sc_mappings_new(void)
{
    return calloc(1, sizeof(struct sc_mappings));
}

void sc_mappings_free(struct sc_mappings *mappings)
{
    if (!mappings)
        return;
    sc_addresses_free(&mappings->addresses);
    free(mappings->processes);
    free(mappings->items);
    free(mappings);
}

const struct sc_mapping *sc_mappings_find(const struct sc_mappings *mappings, uint32_t process, uint64_t address)
{
    uint64_t place = 0;
    return process < mappings->process_capacity &&
                   sc_addresses_find(&mappings->addresses, &mappings->processes[process], address, &place) && place
               ? &mappings->items[place]
               : NULL;
}

static int map(struct sc_mappings *mappings, uint32_t process, struct sc_mapping mapping)
{
    uint64_t end;
    if (!mapping.size || __builtin_add_overflow(mapping.begin, mapping.size, &end))
        return 0;
    if (SC_RESERVE(mappings->items, mappings->capacity, mappings->count + 2))
        return -ENOMEM;
    mappings->items[++mappings->count] = mapping; /* NOLINT(clang-analyzer-core.NullDereference): reserved just now */
    return sc_addresses_set(&mappings->addresses, &mappings->processes[process], mapping.begin, end, mappings->count);
}

static int unmap(struct sc_mappings *mappings, uint32_t process, uint64_t begin, uint64_t size)
{
    struct sc_address_map *map = &mappings->processes[process];
    uint64_t end;
    if (__builtin_add_overflow(begin, size, &end) || !sc_addresses_overlap(&mappings->addresses, map, begin, end))
        return 0;
    return sc_addresses_set(&mappings->addresses, map, begin, end, 0);
}

static uint64_t whole_pages(int64_t size)
{
    return ((uint64_t)size + SC_PAGE - 1) & ~(uint64_t)(SC_PAGE - 1);
}

static int apply_map(struct sc_mappings *mappings, const struct sc_files *files, const struct sc_event *event)
{
    int64_t flags = sc_event_value(event, MAP_ARGUMENT_FLAGS), fd = sc_event_value(event, MAP_ARGUMENT_FD);
    struct sc_mapping mapping = {SC_NO_FILE, whole_pages(sc_event_value(event, 1)), (uint64_t)event->result, 0};
    if (fd >= 0 && !(flags & MAP_ANONYMOUS)) {
        mapping.file = sc_files_of_descriptor(files, event->process, (int)fd);
        mapping.offset = (uint64_t)sc_event_value(event, MAP_ARGUMENT_OFFSET);
    }
    return map(mappings, event->process, mapping);
}

/* mremap: the same thing, longer or shorter, perhaps elsewhere. */
static int apply_move(struct sc_mappings *mappings, const struct sc_event *event)
{
    uint64_t from = (uint64_t)sc_event_value(event, 0);
    const struct sc_mapping *before = sc_mappings_find(mappings, event->process, from);
    struct sc_mapping moved = before ? *before : (struct sc_mapping){.file = SC_NO_FILE, .begin = from};
    moved.offset += from - moved.begin;
    moved.begin = (uint64_t)event->result;
    moved.size = whole_pages(sc_event_value(event, 2));
    int error = unmap(mappings, event->process, from, whole_pages(sc_event_value(event, 1)));
    return error ? error : map(mappings, event->process, moved);
}

int sc_mappings_apply(struct sc_mappings *mappings, const struct sc_files *files, const struct sc_event *event)
{
    if (event->type == SC_EVENT_EXEC && event->process < mappings->process_capacity)
        mappings->processes[event->process] = (struct sc_address_map){0};
    unsigned means = event->type == SC_EVENT_CALL ? event->desc->means : SC_MEANS__;
    bool concerns = means == SC_MEANS_MAP || means == SC_MEANS_UNMAP || means == SC_MEANS_REMAP;
    if (!concerns || event->outcome != SC_DONE || sc_event_failed(event))
        return 0;
    if (SC_RESERVE_ZERO(mappings->processes, mappings->process_capacity, (size_t)event->process + 1))
        return -ENOMEM;
    if (means == SC_MEANS_MAP)
        return apply_map(mappings, files, event);
    return means == SC_MEANS_REMAP ? apply_move(mappings, event)
                                   : unmap(mappings, event->process, (uint64_t)sc_event_value(event, 0),
                                           whole_pages(sc_event_value(event, 1)));
}
