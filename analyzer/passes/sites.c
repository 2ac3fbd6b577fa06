/* sites.c: the counting; one look-up in a hash table per call. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/index.h"
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
    free(sites->slots);
    free(sites->stack_counts);
    sc_intern_free(&sites->stacks);
    free(sites);
}

static size_t slot_of(const struct sc_sites *sites, const struct sc_site *key)
{
    uint64_t hash = sc_mix(key->address ^ (uint64_t)key->desc->nr << 33 ^ (uint64_t)key->startup << 61);
    size_t at = hash & (sites->slot_count - 1);
    for (;; at = (at + 1) & (sites->slot_count - 1)) {
        const struct sc_site *site = &sites->slots[at];
        if (!site->desc || (site->address == key->address && site->desc == key->desc && site->startup == key->startup))
            return at;
    }
}

static int grow_slots(struct sc_sites *sites)
{
    struct sc_sites bigger = {.slot_count = sites->slot_count ? 2 * sites->slot_count : 256};
    bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots);
    if (!bigger.slots)
        return -ENOMEM;
    for (size_t i = 0; i < sites->slot_count; i++)
        if (sites->slots[i].desc)
            bigger.slots[slot_of(&bigger, &sites->slots[i])] = sites->slots[i];
    free(sites->slots);
    sites->slots = bigger.slots;
    sites->slot_count = bigger.slot_count;
    return 0;
}

static void count(struct sc_site_counts *counts, const struct sc_event *event)
{
    const struct sc_call_desc *desc = event->desc;
    counts->calls++;
    counts->time_ns += event->has_duration ? event->duration_ns : 0;
    if ((desc->category == SC_CAT_WRITE || desc->category == SC_CAT_READ) && event->outcome == SC_DONE &&
        event->result > 0)
        counts->bytes += (uint64_t)event->result;
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

static int count_call(struct sc_sites *sites, const struct sc_event *event)
{
    if (2 * sites->used >= sites->slot_count && grow_slots(sites))
        return -ENOMEM;
    struct sc_site key = {.address = event->site, .startup = event->startup, .desc = event->desc};
    struct sc_site *site = &sites->slots[slot_of(sites, &key)];
    if (!site->desc) {
        *site = key;
        sites->used++;
    }
    count(&site->counts, event);
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
