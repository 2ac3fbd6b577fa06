#include "over_time.h"

#include <errno.h>
#include <stdlib.h>

/*
 * How long a run will last is not known while it is read. It is counted in cells of a power of ten of nanoseconds, ten
 * of which become one where they are too many; in the end one, two, five or ten of them are an interval.
 */
enum { TEN = 10, CELLS = TEN * SC_INTERVALS_MOST };

/* Of the start-up, or of what is behind it. */
struct part {
    uint64_t width_ns; /* of a cell */
    size_t used;
    struct sc_interval cells[CELLS];
    struct sc_interval untimed;
    uint64_t read_sizes[SC_POWERS], write_sizes[SC_POWERS], took[SC_POWERS], waited[SC_POWERS];
};

struct sc_over_time {
    bool begun; /* an event had a time: begin_ns is the first one's */
    uint64_t begin_ns;
    struct part parts[2];
};

struct sc_over_time *sc_over_time_new(void)
{
    struct sc_over_time *over = calloc(1, sizeof *over);
    if (over)
        over->parts[0].width_ns = over->parts[1].width_ns = 1;
    return over;
}

void sc_over_time_free(struct sc_over_time *over)
{
    free(over);
}

/* So that a time is inside. */
static void reach(struct part *part, uint64_t offset_ns)
{
    while (offset_ns / part->width_ns >= CELLS) {
        for (size_t i = 0; i < part->used; i++) {
            struct sc_interval cell = part->cells[i];
            part->cells[i] = (struct sc_interval){0};
            sc_interval_add(&part->cells[i / TEN], &cell);
        }
        part->width_ns *= TEN;
        part->used = (part->used + TEN - 1) / TEN;
    }
    size_t needed = offset_ns / part->width_ns + 1;
    part->used = needed > part->used ? needed : part->used;
}

/* Each cell has the time that was waited in it. */
static void spread(struct part *part, uint64_t from_ns, uint64_t to_ns)
{
    while (from_ns < to_ns) {
        size_t at = from_ns / part->width_ns;
        uint64_t left_ns = part->width_ns - from_ns % part->width_ns;
        left_ns = left_ns < to_ns - from_ns ? left_ns : to_ns - from_ns;
        part->cells[at].waiting_ns += left_ns;
        from_ns += left_ns;
    }
}

static unsigned power_of(uint64_t value)
{
    return value ? 64 - (unsigned)__builtin_clzll(value) : 0;
}

static void count_sizes(struct part *part, const struct sc_event *event)
{
    unsigned category = event->desc->category;
    if (event->outcome != SC_DONE || event->result < 0)
        return;
    if (category == SC_CAT_READ)
        part->read_sizes[power_of((uint64_t)event->result)]++;
    else if (category == SC_CAT_WRITE)
        part->write_sizes[power_of((uint64_t)event->result)]++;
}

void sc_over_time_add(struct sc_over_time *over, const struct sc_files *files, const struct sc_event *event,
                      const struct sc_access *access, bool passes)
{
    if (event->has_start && !over->begun)
        over->begin_ns = event->start_ns;
    over->begun |= event->has_start;
    if (!passes || !sc_event_does(event))
        return;
    bool is_call = event->type == SC_EVENT_CALL; /* of a request its bytes: its time passes beside others' */
    struct part *part = &over->parts[event->startup];
    bool waits = is_call && sc_files_waits(files, event->desc, access->file);
    uint64_t bytes = sc_event_bytes(event), took = sc_event_took(event);
    bool writes = event->desc->category == SC_CAT_WRITE;
    const struct sc_interval call = {
        .calls = is_call,
        .bytes_read = !writes || sc_call_copies(event->desc) ? bytes : 0,
        .bytes_written = writes ? bytes : 0,
    };
    count_sizes(part, event);
    if (event->has_duration && is_call)
        (waits ? part->waited : part->took)[power_of(took)]++;
    if (!event->has_start) {
        sc_interval_add(&part->untimed, &call);
        part->untimed.waiting_ns += waits ? took : 0;
        return;
    }
    /* Of threads one may have begun before the event that was read first. */
    uint64_t offset = event->start_ns > over->begin_ns ? event->start_ns - over->begin_ns : 0;
    uint64_t end = waits && took < UINT64_MAX - offset ? offset + took : offset;
    reach(part, end > offset ? end - 1 : offset);
    sc_interval_add(&part->cells[offset / part->width_ns], &call);
    spread(part, offset, end);
}

/* The shortest round length of which not too many cover the cells. */
static uint64_t interval_of(const struct part *part)
{
    static const size_t steps[] = {1, 2, 5};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (part->used <= steps[i] * SC_INTERVALS_MOST)
            return steps[i] * part->width_ns;
    return TEN * part->width_ns;
}

static void add_powers(uint64_t to[SC_POWERS], const uint64_t more[SC_POWERS])
{
    for (unsigned i = 0; i < SC_POWERS; i++)
        to[i] += more[i];
}

static void add_part(const struct part *part, struct sc_report_over_time *to)
{
    for (size_t i = 0; i < part->used; i++) {
        size_t at = i * part->width_ns / to->interval_ns;
        sc_interval_add(&to->intervals[at], &part->cells[i]);
        to->count = at + 1 > to->count ? at + 1 : to->count;
    }
    sc_interval_add(&to->untimed, &part->untimed);
    add_powers(to->read_sizes, part->read_sizes);
    add_powers(to->write_sizes, part->write_sizes);
    add_powers(to->took, part->took);
    add_powers(to->waited, part->waited);
}

int sc_over_time_report(struct sc_over_time *const runs[2], const bool with_startup[2], struct sc_report *report)
{
    uint64_t longest = 1;
    for (unsigned i = 0; i < report->run_count; i++) {
        for (unsigned part = 0; runs[i] && part <= with_startup[i]; part++) {
            uint64_t interval = interval_of(&runs[i]->parts[part]);
            longest = interval > longest ? interval : longest;
        }
    }
    for (unsigned i = 0; i < report->run_count; i++) {
        if (!runs[i])
            continue;
        struct sc_report_over_time *over = calloc(1, sizeof *over);
        if (!over)
            return -ENOMEM;
        report->runs[i].over_time = over;
        over->times_known = runs[i]->begun;
        over->interval_ns = longest;
        for (unsigned part = 0; part <= with_startup[i]; part++)
            add_part(&runs[i]->parts[part], over);
    }
    return 0;
}
