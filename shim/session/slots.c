#include "slots.h"

#include <sys/stat.h>

#include "../core/raw_syscall.h"

/* Small ones where there is little room, as every thread has one; large ones are changed less often. */
struct sc_slots sc_slots_plan(const struct sc_user_options *asked, uint32_t table)
{
    struct sc_slots slots = {.table = table, .first_chunk = table};
    if (!asked->keep_last)
        return slots;
    slots.bytes = asked->max_size < UINT64_C(64) << 20  ? SC_CHUNK_LARGEST / 8
                  : asked->max_size < UINT64_C(1) << 30 ? SC_CHUNK_LARGEST / 2
                                                        : SC_CHUNK_LARGEST;
    uint64_t count = (asked->max_size - table - SC_GRANULE) / (slots.bytes + sizeof *sc_process.slots);
    const uint64_t most = 1 << 22; /* whose table is 32 MiB */
    slots.count = (uint32_t)(count < most ? count : most);
    uint64_t bytes = slots.count * sizeof *sc_process.slots;
    slots.first_chunk += (uint32_t)((bytes + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE);
    return slots;
}

void sc_slots_put(struct sc_file_header *header, const struct sc_slots *slots)
{
    struct stat st;
    header->first_chunk = slots->first_chunk;
    header->next = slots->first_chunk;
    if (!slots->count)
        return;
    header->slots_offset = slots->table;
    header->slots = slots->count;
    header->slot_bytes = slots->bytes;
    header->pid_space = sc_syscall(SYS_stat, "/proc/self/ns/pid", &st) == 0 ? (uint32_t)st.st_ino : 0;
}
