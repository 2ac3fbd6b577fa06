/* sites.c: the counting; one look-up in a hash table per call. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/index.h"
#include "sites_inner.h"

/* Which program a process runs, in images, and how often it has replaced it. */
struct sc_site_process {
    uint32_t image; /* + 1; 0: not met yet */
    uint32_t execs;
};

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
    free(sites->images);
    free(sites->processes);
    free(sites->stack_counts);
    sc_intern_free(&sites->stacks);
    free(sites);
}

static size_t slot_of(const struct sc_sites *sites, const struct sc_site *key)
{
    uint64_t hash = sc_mix(key->address ^ (uint64_t)key->image << 48 ^ (uint64_t)key->desc->nr << 33 ^
                           (uint64_t)key->startup << 63);
    size_t at = hash & (sites->slot_count - 1);
    for (;; at = (at + 1) & (sites->slot_count - 1)) {
        const struct sc_site *site = &sites->slots[at];
        if (!site->desc || (site->address == key->address && site->image == key->image && site->desc == key->desc &&
                            site->startup == key->startup))
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

static struct sc_site_process *process_of(struct sc_sites *sites, uint32_t process)
{
    if (process >= sites->process_capacity) {
        size_t capacity = (size_t)process + process / 2 + 16;
        struct sc_site_process *grown = reallocarray(sites->processes, capacity, sizeof *grown);
        if (!grown)
            return NULL;
        memset(grown + sites->process_capacity, 0, (capacity - sites->process_capacity) * sizeof *grown);
        sites->processes = grown;
        sites->process_capacity = capacity;
    }
    return &sites->processes[process];
}

static int new_image(struct sc_sites *sites, uint32_t process, uint32_t image, uint32_t *ret_number)
{
    if (sites->image_count == sites->image_capacity) {
        size_t capacity = sites->image_capacity ? 2 * sites->image_capacity : 16;
        struct sc_site_image *grown = reallocarray(sites->images, capacity, sizeof *grown);
        if (!grown)
            return -ENOMEM;
        sites->images = grown;
        sites->image_capacity = capacity;
    }
    sites->images[sites->image_count++] = (struct sc_site_image){process, image};
    *ret_number = (uint32_t)sites->image_count; /* + 1 */
    return 0;
}

/* A forked process goes on with its parent's program and modules. */
static int follow(struct sc_sites *sites, const struct sc_event *event)
{
    const struct sc_site_process *parent = process_of(sites, event->parent);
    uint32_t inherited =
        parent && event->type == SC_EVENT_PROCESS && event->origin == SC_ORIGIN_FORK ? parent->image : 0;
    struct sc_site_process *process = process_of(sites, event->process);
    if (!parent || !process)
        return -ENOMEM;
    if (inherited) {
        process->image = inherited;
        return 0;
    }
    process->execs += event->type == SC_EVENT_EXEC;
    return new_image(sites, event->process, process->execs, &process->image);
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

static int count_stack(struct sc_sites *sites, const struct sc_event *event, uint32_t image)
{
    struct {
        struct sc_stack_key key;
        uint64_t frames[SC_STACK_FRAMES];
    } whole = {.key = {image, event->startup, event->desc}};
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
    if (id >= sites->stack_capacity) {
        size_t capacity = 2 * (size_t)id + 64;
        struct sc_site_counts *grown = reallocarray(sites->stack_counts, capacity, sizeof *grown);
        if (!grown)
            return -ENOMEM;
        memset(grown + sites->stack_capacity, 0, (capacity - sites->stack_capacity) * sizeof *grown);
        sites->stack_counts = grown;
        sites->stack_capacity = capacity;
    }
    count(&sites->stack_counts[id], event);
    return 0;
}

static int count_call(struct sc_sites *sites, const struct sc_event *event)
{
    struct sc_site_process *process = process_of(sites, event->process);
    if (!process || (2 * sites->used >= sites->slot_count && grow_slots(sites)) ||
        (!process->image && new_image(sites, event->process, process->execs, &process->image)))
        return -ENOMEM;
    struct sc_site key = {
        .address = event->site, .image = process->image - 1, .startup = event->startup, .desc = event->desc};
    struct sc_site *site = &sites->slots[slot_of(sites, &key)];
    if (!site->desc) {
        *site = key;
        sites->used++;
    }
    count(&site->counts, event);
    return sites->want_stacks && event->stack_depth ? count_stack(sites, event, key.image) : 0;
}

int sc_sites_add(struct sc_sites *sites, const struct sc_event *events, size_t event_count)
{
    int error = 0;
    for (size_t i = 0; i < event_count && !error; i++) {
        if (events[i].type == SC_EVENT_CALL)
            error = events[i].site ? count_call(sites, &events[i]) : 0;
        else if (events[i].type == SC_EVENT_PROCESS || events[i].type == SC_EVENT_EXEC)
            error = follow(sites, &events[i]);
    }
    return error;
}
