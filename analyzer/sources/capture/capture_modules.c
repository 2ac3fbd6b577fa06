/*
 * capture_modules.c: what was mapped where in each process, and what an address of a call means because of it.
 *
 * Modules come and go, and one address can be a different one's in every process and at every time; a record's
 * addresses are those of its own. An event's mean one place in one module: the first module at some addresses keeps
 * them, later ones that are not the same are moved (model/run.h). Where nothing was moved or is gone, which is the
 * usual case, addresses stay as they are and nothing is looked up.
 */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

/* The same file at the same addresses is the same module, in whatever process. SC_INDEX_NONE where memory is short. */
static uint32_t module_number(struct sc_capture *capture, const struct sc_module *info, const char *path, size_t len)
{
    struct sc_run *run = &capture->source.run;
    struct sc_module head = *info;
    char key[sizeof head + SC_TEXT_MAX];
    len = strnlen(path, len < SC_TEXT_MAX ? len : SC_TEXT_MAX);
    head.process = 0;
    memcpy(key, &head, sizeof head);
    memcpy(key + sizeof head, path, len);
    uint32_t number;
    if (sc_intern_add(&capture->module_keys, key, sizeof head + len, &number) != 0)
        return SC_INDEX_NONE;
    if (number < run->module_count)
        return number;
    struct sc_module_map module = {
        .begin = info->begin,
        .end = info->end,
        .bias = info->bias,
        .build_id_bytes = info->build_id_bytes <= sizeof info->build_id ? info->build_id_bytes : 0,
        .path = strndup(path, len),
    };
    memcpy(module.build_id, info->build_id, sizeof module.build_id);
    if (module.path && sc_run_add_module(run, module) == 0)
        return number;
    free(module.path);
    return SC_INDEX_NONE;
}

/* From then on the module is at its addresses in that process, whatever was there. */
static void map_module(struct sc_capture *capture, const struct sc_module *info, const uint8_t *path, size_t len)
{
    struct sc_cap_process *process = sc_capture_process(capture, info->process);
    uint32_t number = process ? module_number(capture, info, (const char *)path, len) : SC_INDEX_NONE;
    if (number == SC_INDEX_NONE) {
        capture->failed = -ENOMEM;
        return;
    }
    uint64_t distance = capture->source.run.modules[number].begin - info->begin;
    process->moved |= distance != 0;
    if (sc_addresses_set(&capture->addresses, &process->mapped, info->begin, info->end, distance) != 0)
        capture->failed = -ENOMEM;
}

void sc_capture_take_module(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_module info;
    memcpy(&info, item->payload, sizeof info);
    map_module(capture, &info, item->payload + sizeof info, item->bytes - sizeof info);
}

void sc_capture_take_loaded(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_module_loaded info;
    memcpy(&info, item->payload, sizeof info);
    map_module(capture, &info.module, item->payload + sizeof info, item->bytes - sizeof info);
}

void sc_capture_take_unloaded(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_module_unloaded info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process || !sc_addresses_overlap(&capture->addresses, &process->mapped, info.begin, info.end))
        return;
    process->moved = true;
    /* What lost a part is no module any more. */
    sc_addresses_widen(&capture->addresses, &process->mapped, &info.begin, &info.end);
    if (sc_addresses_set(&capture->addresses, &process->mapped, info.begin, info.end, SC_ADDRESS_GONE) != 0)
        capture->failed = -ENOMEM;
}

static uint64_t fork_key(const struct sc_capture *capture, const struct sc_cap_process *parent, uint32_t pid)
{
    return (uint64_t)(parent - capture->processes) << 32 | pid;
}

void sc_capture_note_fork(struct sc_capture *capture, struct sc_cap_process *parent, uint32_t pid)
{
    if (SC_RESERVE(capture->forks, capture->fork_capacity, capture->fork_count + 1) ||
        sc_index_put(&capture->fork_numbers, fork_key(capture, parent, pid), (uint32_t)capture->fork_count)) {
        capture->failed = -ENOMEM;
        return;
    }
    capture->forks[capture->fork_count++] =
        (struct sc_cap_fork){sc_addresses_fork(&capture->addresses, &parent->mapped), parent->moved};
}

void sc_capture_fork_modules(struct sc_capture *capture, struct sc_cap_process *process, struct sc_cap_process *parent)
{
    if (process == parent)
        return;
    uint32_t at = sc_index_get(&capture->fork_numbers, fork_key(capture, parent, (uint32_t)process->pid));
    struct sc_address_map *mapped = at == SC_INDEX_NONE ? &parent->mapped : &capture->forks[at].mapped;
    process->mapped = sc_addresses_fork(&capture->addresses, mapped);
    process->moved = at == SC_INDEX_NONE ? parent->moved : capture->forks[at].moved;
}

uint64_t sc_capture_address(const struct sc_capture *capture, const struct sc_cap_process *process, uint64_t address)
{
    uint64_t distance;
    if (!process->moved || !sc_addresses_find(&capture->addresses, &process->mapped, address - 1, &distance))
        return address;
    return address + distance;
}
