#include "scheduling.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../model/addresses.h"
#include "../model/array.h"

/* malloc/arena.c: a heap lies at a multiple of its size, for which twice as much is mapped and the rest given back. */
#define HEAP_BYTES (INT64_C(64) << 20)

struct sc_scheduling {
    struct sc_addresses addresses;
    struct sc_address_map *maps; /* by process: what is mapped for threads has a value */
    size_t capacity;
};

struct sc_scheduling *sc_scheduling_new(void)
{
    return calloc(1, sizeof(struct sc_scheduling));
}

void sc_scheduling_free(struct sc_scheduling *scheduling)
{
    if (!scheduling)
        return;
    sc_addresses_free(&scheduling->addresses);
    free(scheduling->maps);
    free(scheduling);
}

static bool is_for_threads(const struct sc_event *event)
{
    int64_t size = sc_event_value(event, 1), flags = sc_event_value(event, 3);
    if (flags < 0 || !(flags & MAP_ANONYMOUS))
        return false;
    bool heap =
        sc_event_value(event, 2) == PROT_NONE && !(flags & MAP_FIXED) && (size == HEAP_BYTES || size == 2 * HEAP_BYTES);
    return flags & MAP_STACK || heap;
}

/*
 * What is unmapped keeps its value until something else is mapped there: calls come in the order in which they began,
 * and a thread that maps what another one gives back may have begun first.
 */
static int step_memory(struct sc_scheduling *scheduling, const struct sc_event *event, bool *ret_chance)
{
    if (SC_RESERVE_ZERO(scheduling->maps, scheduling->capacity, (size_t)event->process + 1))
        return -ENOMEM;
    struct sc_address_map *map = &scheduling->maps[event->process];
    bool maps = event->desc->means == SC_MEANS_MAP;
    uint64_t begin = (uint64_t)(maps ? event->result : sc_event_value(event, 0)), value;
    uint64_t size = (uint64_t)sc_event_value(event, 1), end;
    if (event->outcome != SC_DONE || sc_event_failed(event) || __builtin_add_overflow(begin, size, &end))
        return 0;
    *ret_chance = maps ? is_for_threads(event) : sc_addresses_find(&scheduling->addresses, map, begin, &value) && value;
    if (maps && (*ret_chance || sc_addresses_overlap(&scheduling->addresses, map, begin, end)))
        return sc_addresses_set(&scheduling->addresses, map, begin, end, *ret_chance);
    return 0;
}

int sc_scheduling_step(struct sc_scheduling *scheduling, const struct sc_event *event, bool *ret_chance)
{
    *ret_chance = false;
    if (event->type == SC_EVENT_EXEC && event->process < scheduling->capacity)
        scheduling->maps[event->process] = (struct sc_address_map){0};
    if (event->type != SC_EVENT_CALL || event->startup)
        return 0;
    const struct sc_call_desc *desc = event->desc;
    *ret_chance = desc->means == SC_MEANS_TURN;
    bool memory = desc->category == SC_CAT_MEM && desc->kinds[0] == SC_KIND_ADDR && desc->kinds[1] == SC_KIND_SIZE;
    return memory ? step_memory(scheduling, event, ret_chance) : 0;
}
