#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/add_counters.h"
#include "../model/array.h"
#include "../model/intern.h"

struct call_count {
    const struct sc_call_desc *desc; /* of the first such call */
    uint64_t calls, errors, time_ns;
    struct sc_sizes *sizes; /* of those that read or wrote; NULL: none did */
};

struct unknown_call {
    uint64_t calls, errors, time_ns;
};

/*
 * A call that only the default taxonomy takes for a write (or read) goes to index 0, one that both do to index 1: so
 * one increment serves both. No call is a write in the seed taxonomy alone.
 */
struct part {
    uint64_t total;
    struct sc_event_span span;
    struct call_count calls[SC_NR_LIMIT];
    struct sc_write_counts writes[2];
    uint64_t read_bytes[2];
    uint64_t copied_bytes[2];     /* of the writes: by calls that read them from a descriptor */
    struct sc_intern names;       /* of calls without a row */
    struct unknown_call *unknown; /* by number in names */
    size_t unknown_capacity;
};

struct sc_tally {
    struct part parts[2];  /* 1: before main */
    uint64_t constructors; /* of part 0 */
};

struct sc_tally *sc_tally_new(void)
{
    return calloc(1, sizeof(struct sc_tally));
}

void sc_tally_free(struct sc_tally *tally)
{
    if (!tally)
        return;
    for (size_t p = 0; p < 2; p++) {
        sc_intern_free(&tally->parts[p].names);
        for (size_t nr = 0; nr < SC_NR_LIMIT; nr++)
            sc_sizes_free(tally->parts[p].calls[nr].sizes);
        free(tally->parts[p].unknown);
    }
    free(tally);
}

static void count_write(struct sc_write_counts *writes, const struct sc_event *event)
{
    if (event->outcome != SC_DONE) {
        writes->unfinished++;
    } else if (event->result < 0) {
        writes->failed++;
    } else if (event->result == 0) {
        writes->empty++;
    } else {
        uint64_t bytes = (uint64_t)event->result;
        writes->bytes += bytes;
        if (bytes <= SC_SMALL_WRITE)
            writes->small++;
        else
            writes->large++;
        if (event->data == SC_DATA_ZERO) {
            writes->zero++;
            writes->zero_bytes += bytes;
            writes->zero_cut += event->data_cut;
        } else if (event->data == SC_DATA_SOME) {
            writes->data++;
        } else {
            writes->unseen++;
        }
    }
}

/* The place of a name without a row. NULL where memory is short. */
static struct unknown_call *find_unknown(struct part *part, const char *name, size_t len)
{
    uint32_t number;
    if (sc_intern_add(&part->names, name, strnlen(name, len), &number))
        return NULL;
    if (SC_RESERVE_ZERO(part->unknown, part->unknown_capacity, (size_t)number + 1))
        return NULL;
    return &part->unknown[number];
}

static int count_unknown(struct part *part, const struct sc_event *event)
{
    struct unknown_call *call =
        event->name_len ? find_unknown(part, event->name, event->name_len) : find_unknown(part, "unknown", 7);
    if (!call)
        return -ENOMEM;
    call->calls++;
    call->errors += sc_event_failed(event);
    call->time_ns += sc_event_took(event);
    return 0;
}

static int count_event(struct sc_tally *tally, const struct sc_event *event)
{
    struct part *part = &tally->parts[event->startup];
    tally->constructors += event->constructor;
    const struct sc_call_desc *desc = event->desc;
    part->total++;
    if (__builtin_expect(desc->nr >= SC_NR_LIMIT || !desc->name, 0))
        return count_unknown(part, event);
    struct call_count *call = &part->calls[desc->nr];
    call->desc = desc;
    call->calls++;
    call->errors += sc_event_failed(event);
    call->time_ns += sc_event_took(event);
    if (desc->category == SC_CAT_WRITE) {
        count_write(&part->writes[desc->seed == SC_CAT_WRITE], event);
        if (sc_call_copies(desc) && event->outcome == SC_DONE && event->result > 0)
            part->copied_bytes[desc->seed == SC_CAT_WRITE] += (uint64_t)event->result;
    } else if (desc->category == SC_CAT_READ && event->outcome == SC_DONE && event->result > 0)
        part->read_bytes[desc->seed == SC_CAT_READ] += (uint64_t)event->result;
    return sc_event_bytes(event) ? sc_sizes_add(&call->sizes, sc_event_bytes(event)) : 0;
}

int sc_tally_add(struct sc_tally *tally, const struct sc_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sc_event_span_add(&tally->parts[events[i].startup].span, &events[i]);
        if (events[i].type != SC_EVENT_CALL)
            continue;
        int error = count_event(tally, &events[i]);
        if (error)
            return error;
    }
    return 0;
}

int sc_tally_add_count(struct sc_tally *tally, const char *name, uint64_t calls, uint64_t errors, uint64_t time_ns)
{
    struct part *part = &tally->parts[0];
    size_t len = strlen(name);
    const struct sc_call_desc *desc = sc_call_by_name(name, len);
    part->total += calls;
    if (desc) {
        struct call_count *call = &part->calls[desc->nr];
        call->desc = desc;
        call->calls += calls;
        call->errors += errors;
        call->time_ns += time_ns;
        return 0;
    }
    struct unknown_call *call = find_unknown(part, name, len);
    if (!call)
        return -ENOMEM;
    call->calls += calls;
    call->errors += errors;
    call->time_ns += time_ns;
    return 0;
}

uint64_t sc_tally_total(const struct sc_tally *tally)
{
    return tally->parts[0].total + tally->parts[1].total;
}

uint64_t sc_tally_startup(const struct sc_tally *tally)
{
    return tally->parts[1].total + tally->constructors;
}

bool sc_tally_wall(const struct sc_tally *tally, bool with_startup, uint64_t *ret_ns)
{
    const struct sc_event_span *work = &tally->parts[0].span, *startup = &tally->parts[1].span;
    bool earlier = with_startup && startup->end_ns && (!work->end_ns || startup->begin_ns < work->begin_ns);
    uint64_t begin_ns = earlier ? startup->begin_ns : work->begin_ns;
    uint64_t end_ns = with_startup && startup->end_ns > work->end_ns ? startup->end_ns : work->end_ns;
    *ret_ns = end_ns - begin_ns;
    return end_ns > begin_ns;
}

/* Behind the others, so far without a name of its own; the same name may follow once more. */
static void add_named(struct sc_counts *counts, const char *name, const struct sc_named_count *value)
{
    counts->categories[value->category] += value->calls;
    counts->time_ns[value->category] += value->time_ns;
    counts->time_total += value->time_ns;
    counts->calls[counts->call_count] = *value;
    counts->calls[counts->call_count++].name = (char *)name;
}

static void sum_part(const struct part *part, enum sc_taxonomy taxonomy, struct sc_counts *counts)
{
    counts->total += part->total;
    for (size_t both = taxonomy == SC_TAXONOMY_SEED; both < 2; both++) {
        SC_ADD_COUNTERS(&counts->writes, &part->writes[both]);
        counts->read_bytes += part->read_bytes[both] + part->copied_bytes[both];
    }
    for (size_t both = 0; both < 2; both++)
        counts->moved_bytes += part->writes[both].bytes + part->read_bytes[both];
    for (size_t nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct call_count *call = &part->calls[nr];
        if (!call->desc)
            continue;
        unsigned category = taxonomy == SC_TAXONOMY_SEED ? call->desc->seed : call->desc->category;
        struct sc_named_count value = {.calls = call->calls,
                                       .errors = call->errors,
                                       .time_ns = call->time_ns,
                                       .category = category < SC_CAT_COUNT ? category : SC_CAT_OTHER};
        add_named(counts, call->desc->name, &value);
    }
    for (uint32_t i = 0; i < part->names.count; i++) {
        const struct unknown_call *call = &part->unknown[i];
        struct sc_named_count value = {
            .calls = call->calls, .errors = call->errors, .time_ns = call->time_ns, .category = SC_CAT_OTHER};
        add_named(counts, sc_intern_text(&part->names, i), &value);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct sc_named_count *one = a, *other = b;
    int order = strcmp(one->name, other->name);
    return order ? order : (int)one->category - (int)other->category;
}

/* Sorted, each name once, and the names the counts' own. 0, or -ENOMEM. */
static int finish_names(struct sc_counts *counts)
{
    size_t used = 0;
    if (counts->call_count)
        qsort(counts->calls, counts->call_count, sizeof *counts->calls, by_name);
    for (size_t i = 0; i < counts->call_count; i++) {
        struct sc_named_count *call = &counts->calls[i], *last = used ? &counts->calls[used - 1] : NULL;
        if (last && strcmp(last->name, call->name) == 0) {
            last->calls += call->calls;
            last->errors += call->errors;
            last->time_ns += call->time_ns;
        } else {
            counts->calls[used++] = *call;
        }
    }
    counts->call_count = 0;
    for (; counts->call_count < used; counts->call_count++)
        if (!(counts->calls[counts->call_count].name = strdup(counts->calls[counts->call_count].name)))
            return -ENOMEM;
    return 0;
}

int sc_tally_sum(const struct sc_tally *tally, bool with_startup, enum sc_taxonomy taxonomy,
                 struct sc_counts *ret_counts)
{
    *ret_counts = (struct sc_counts){0};
    size_t most = 2 * SC_NR_LIMIT + tally->parts[0].names.count + tally->parts[1].names.count;
    ret_counts->calls = calloc(most, sizeof *ret_counts->calls);
    if (!ret_counts->calls)
        return -ENOMEM;
    sum_part(&tally->parts[0], taxonomy, ret_counts);
    if (with_startup)
        sum_part(&tally->parts[1], taxonomy, ret_counts);
    int error = finish_names(ret_counts);
    for (size_t i = 0; i < ret_counts->call_count && !error; i++) {
        const struct sc_call_desc *desc = sc_call_by_name(ret_counts->calls[i].name, strlen(ret_counts->calls[i].name));
        if (!desc)
            continue;
        const struct sc_sizes *parts[2] = {tally->parts[0].calls[desc->nr].sizes,
                                           tally->parts[1].calls[desc->nr].sizes};
        error = sc_sizes_summary(parts, with_startup ? 2 : 1, &ret_counts->calls[i].sizes);
    }
    if (error)
        sc_counts_free(ret_counts);
    return error;
}
