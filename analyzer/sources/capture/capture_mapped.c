/* capture_mapped.c: mappings that store into files: what was touched through them, and what nobody looked at. */
#include "capture.h"

/* Runs take two bytes and more each, so no more of them are made than the record has bytes. */
static struct sc_mapped_pages *read_runs(struct sc_capture *capture, const struct sc_item *item, bool any)
{
    const uint8_t *at = item->payload + sizeof(struct sc_mapped), *end = item->payload + item->bytes;
    size_t most = any ? (size_t)(end - at) / 2 : 0;
    struct sc_mapped_pages *mapped = sc_capture_block(capture, sizeof *mapped + most * sizeof *mapped->runs);
    if (!mapped)
        return NULL;
    *mapped = (struct sc_mapped_pages){.count = 0};
    uint64_t before = 0;
    while (mapped->count < most && at < end && sc_get_page_run(&at, end, &before, &mapped->runs[mapped->count]) == 0)
        mapped->count++;
    return mapped;
}

bool sc_capture_take_mapped(struct sc_capture *capture, const struct sc_item *item, struct sc_event *event)
{
    struct sc_mapped info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_coverage *seen = &capture->source.run.coverage;
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process)
        return false;
    bool began = info.what == SC_MAPPED_BEGAN, names = (began || info.what == SC_MAPPED_READ) && info.descriptor >= 0;
    seen->mappings += began;
    process->mappings += began;
    seen->mappings_missed += info.what == SC_MAPPED_MISSED;
    process->mappings -= info.what == SC_MAPPED_GONE && process->mappings;
    if ((!names && info.what != SC_MAPPED_TOUCHED) || sc_capture_is_overwritten(capture, info.tick))
        return false; /* of which file is known by calls that are not there */
    struct sc_mapped_pages *mapped = read_runs(capture, item, !names);
    if (!mapped)
        return false;
    mapped->mapping = (uint64_t)info.owner << 32 | info.number;
    mapped->began = names;
    mapped->descriptor = info.descriptor;
    sc_capture_set_event(capture, process, info.tick, SC_EVENT_MAPPED, event);
    event->desc = sc_call_by_name("mmap", sizeof "mmap" - 1); /* for filters */
    event->program = process->program;
    event->mapped = mapped;
    return true;
}

/* Of a process that was killed nobody looked at what it had mapped in the end. */
void sc_capture_finish_mapped(struct sc_capture *capture)
{
    struct sc_coverage *seen = &capture->source.run.coverage;
    seen->mapped_known = capture->header.version >= SC_VERSION_MAPPED;
    for (size_t i = 0; i < capture->process_count; i++)
        seen->mappings_missed += capture->processes[i].mappings;
}
