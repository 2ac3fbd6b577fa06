/* sites.c: the counting; at most one look-up in a hash table per call, and one more for its stack. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "sites_internal.h"

struct sc_sites *sc_sites_new(bool stacks)
{
    struct sc_sites *sites = calloc(1, sizeof *sites);
    if (sites)
        sites->want_stacks = stacks;
    return sites;
}

void sc_sites_free(struct sc_sites *sites)
{
    if (!sites)
        return;
    for (size_t i = 0; i < sites->used; i++)
        sc_sizes_free(sites->items[i].sizes);
    free(sites->items);
    sc_intern_free(&sites->keys);
    free(sites->stack_counts);
    sc_intern_free(&sites->stacks);
    free(sites);
}

static void count(struct sc_site_counts *counts, const struct sc_event *event)
{
    counts->calls++;
    counts->errors += sc_event_failed(event);
    counts->time_ns += sc_event_took(event);
    counts->bytes += sc_event_bytes(event);
}

static int count_stack(struct sc_sites *sites, const struct sc_event *event)
{
    struct {
        struct sc_stack_key key;
        uint64_t frames[SC_STACK_FRAMES];
    } whole = {.key = {event->startup, event->desc}};
    size_t depth = event->stack_depth < SC_STACK_FRAMES ? event->stack_depth : SC_STACK_FRAMES;
    size_t bytes = sizeof whole.key + depth * sizeof whole.frames[0];
    memcpy(whole.frames, event->stack, depth * sizeof whole.frames[0]);
    uint32_t id = sc_intern_find(&sites->stacks, (const char *)&whole, bytes);
    if (id == SC_NOT_INTERNED && sites->stacks.count >= SC_STACKS_MAX) {
        sites->stacks_lost++;
        return 0;
    }
    if (id == SC_NOT_INTERNED && sc_intern_add(&sites->stacks, (const char *)&whole, bytes, &id))
        return -ENOMEM;
    if (SC_RESERVE_ZERO(sites->stack_counts, sites->stack_capacity, (size_t)id + 1))
        return -ENOMEM;
    count(&sites->stack_counts[id], event);
    return 0;
}

/* The item of the event's call and site, made where it is missing. 0 or -ENOMEM. */
static int find_item(struct sc_sites *sites, const struct sc_event *event, uint32_t *ret_item)
{
    uint32_t *near = &sites->near[(event->site ^ event->desc->nr) * UINT64_C(0x9e3779b97f4a7c15) >> 56];
    const struct sc_site *last = *near ? &sites->items[*near - 1] : NULL;
    if (last && last->address == event->site && last->desc == event->desc && last->startup == event->startup) {
        *ret_item = *near - 1;
        return 0;
    }
    struct sc_site_key key = {event->site, {event->startup, event->desc}};
    if (sc_intern_add(&sites->keys, (const char *)&key, sizeof key, ret_item))
        return -ENOMEM;
    if (SC_RESERVE(sites->items, sites->capacity, (size_t)*ret_item + 1))
        return -ENOMEM;
    if (*ret_item == sites->used)
        sites->items[sites->used++] =
            (struct sc_site){.address = event->site, .startup = event->startup, .desc = event->desc};
    *near = *ret_item + 1;
    return 0;
}

static int count_call(struct sc_sites *sites, const struct sc_event *event)
{
    uint32_t id;
    if (find_item(sites, event, &id))
        return -ENOMEM;
    count(&sites->items[id].counts, event);
    if (sc_event_bytes(event) && sc_sizes_add(&sites->items[id].sizes, sc_event_bytes(event)))
        return -ENOMEM;
    return sites->want_stacks && event->stack_depth ? count_stack(sites, event) : 0;
}

int sc_sites_add(struct sc_sites *sites, const struct sc_event *events, size_t event_count)
{
    int error = 0;
    for (size_t i = 0; i < event_count && !error; i++)
        if (events[i].type == SC_EVENT_CALL && events[i].site)
            error = count_call(sites, &events[i]);
    return error;
}
