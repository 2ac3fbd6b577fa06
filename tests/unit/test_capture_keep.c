/* Captures whose oldest calls were overwritten: what is left is every call that began later than all of those. */
#include <criterion/criterion.h>

#include "../../common/count_records.h"
#include "build_capture.h"

enum { T = 1000000 };

/* Two seeks before the moment, two after it, and one in flight that began before. */
static void build_overwritten(struct build *build)
{
    build_root(build);
    for (int64_t i = 0; i < 4; i++)
        build_lseek(build, 3, i, 0, i, T + 10 * (uint64_t)i);
    build_header(build)->slots = 8;
    build_header(build)->slot_bytes = 32768;
    build_header(build)->overwritten_until = T + 10;
    struct sc_chunk *chunk = build_chunk_header(build);
    chunk->generation = 3;
    chunk->overwritten[0] = 77;
    chunk->overwritten[1] = 1000;
    chunk->inflight[0] = (struct sc_inflight){SC_NR_read + 1, T + 5, {0, 0, 1}};
}

static unsigned count_calls(const struct build_events *events, unsigned nr)
{
    unsigned count = 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->list[i].type == SC_EVENT_CALL && events->list[i].desc->nr == nr;
    return count;
}

Test(capture_keep, what_began_later_is_left)
{
    struct build build;
    build_overwritten(&build);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(count_calls(&events, SC_NR_lseek), 2);
    cr_expect_eq(count_calls(&events, SC_NR_read), 1);
    cr_expect_eq(events.run->coverage.overwritten_calls, 1000 + 2);
    cr_expect_not(events.run->coverage.counters_known);
    cr_expect_not(events.run->coverage.damaged);
    build_unload(&events);
}

/* So that what calls took is a part of the time that they are of. */
Test(capture_keep, time_begins_where_all_is_there)
{
    struct build build;
    build_overwritten(&build);
    struct build_events events = build_loaded(&build);
    uint64_t first = 0, first_call = 0;
    for (size_t i = 0; i < events.count; i++) {
        const struct sc_event *event = &events.list[i];
        uint64_t *least = event->type != SC_EVENT_CALL ? &first : event->desc->nr == SC_NR_lseek ? &first_call : NULL;
        if (least && (!*least || event->start_ns < *least))
            *least = event->start_ns;
    }
    cr_expect_eq(first_call - first, 10);
    build_unload(&events);
}

/* What is there now was reserved before. */
Test(capture_keep, not_in_older_captures)
{
    struct build build;
    build_overwritten(&build);
    build_header(&build)->version = SC_VERSION_KEEP - 1;
    struct build_events events = build_loaded(&build);
    cr_expect_eq(count_calls(&events, SC_NR_lseek), 4);
    cr_expect_eq(events.run->coverage.overwritten_calls, 0);
    build_unload(&events);
}

/* As the library and syscap-record count: by the same rule. */
Test(capture_keep, counted_as_they_are_read)
{
    struct build build;
    build_overwritten(&build);
    struct sc_chunk *chunk = build_chunk_header(&build);
    struct sc_record_count count = {.lookup = sc_call_of_table, .until = T + 10};
    struct sc_process process;
    unsigned processes = 0;
    int result;
    sc_count_begin(&count, chunk, chunk->used);
    while ((result = sc_count_next(&count, &process)) > 0)
        processes++;
    cr_expect_eq(result, 0);
    cr_expect_eq(processes, 1);
    cr_expect_eq(count.calls, 3);
    cr_expect_eq(count.older, 2);
    cr_expect_eq(count.latest, T + 30);
    sc_count_begin(&count, chunk, chunk->used - 1);
    while ((result = sc_count_next(&count, &process)) > 0)
        ;
    cr_expect_eq(result, -EBADMSG);
    build_free(&build);
}
