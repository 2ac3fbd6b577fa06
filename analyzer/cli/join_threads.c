#include "join_threads.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/string_builder.h"

enum { NAME_BYTES = 40, LINE_BYTES = 16384 + NAME_BYTES };

void sc_call_lines_free(struct sc_call_lines *lines)
{
    sc_sequence_free(&lines->timeline);
    for (unsigned i = 0; i < SC_CAT_COUNT; i++)
        sc_sequence_free(&lines->sections[i]);
    sc_sequence_free(&lines->chance);
    free(lines->order);
}

int sc_call_lines_order(struct sc_call_lines *lines, unsigned category, bool aside)
{
    if (SC_RESERVE(lines->order, lines->order_capacity, lines->order_count + 1))
        return -ENOMEM;
    lines->order[lines->order_count++] = (uint8_t)(category | (aside ? SC_ORDER_ASIDE : 0));
    return 0;
}

struct sc_call_lines *sc_thread_lines_get(struct sc_thread_lines *threads, uint32_t thread)
{
    if (SC_RESERVE_ZERO(threads->items, threads->capacity, (size_t)thread + 1))
        return NULL;
    if (threads->count <= thread)
        threads->count = (size_t)thread + 1;
    if (!threads->items[thread])
        threads->items[thread] = calloc(1, sizeof **threads->items);
    return threads->items[thread];
}

void sc_thread_lines_free(struct sc_thread_lines *threads)
{
    for (size_t i = 0; i < threads->count; i++) {
        if (threads->items[i])
            sc_call_lines_free(threads->items[i]);
        free(threads->items[i]);
    }
    free(threads->items);
    *threads = (struct sc_thread_lines){0};
}

/* Threads while it is found out what they do. */
struct ranking {
    const struct sc_lines *lines;
    const struct sc_thread_lines *threads;
};

static int compare_sequences(const struct sc_lines *lines, const struct sc_sequence *a, const struct sc_sequence *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->ids[i] != b->ids[i])
            return strcmp(sc_lines_text(lines, a->ids[i]), sc_lines_text(lines, b->ids[i]));
    return a->count < b->count ? -1 : a->count > b->count;
}

static int by_content(const void *left, const void *right, void *context)
{
    const struct ranking *ranking = context;
    const struct sc_call_lines *a = ranking->threads->items[*(const uint32_t *)left];
    const struct sc_call_lines *b = ranking->threads->items[*(const uint32_t *)right];
    if (!a || !b)
        return a ? -1 : b != NULL;
    int order = compare_sequences(ranking->lines, &a->timeline, &b->timeline);
    for (unsigned i = 0; i < SC_CAT_COUNT && !order; i++)
        order = compare_sequences(ranking->lines, &a->sections[i], &b->sections[i]);
    return order;
}

/* By number in the source: the place among all when they are sorted by what they do. NULL where memory is short. */
static uint32_t *rank(const struct sc_thread_lines *threads, const struct sc_lines *lines)
{
    uint32_t *sorted = malloc((threads->count + 1) * sizeof *sorted);
    uint32_t *ranks = malloc((threads->count + 1) * sizeof *ranks);
    if (sorted && ranks) {
        for (size_t i = 0; i < threads->count; i++)
            sorted[i] = (uint32_t)i;
        qsort_r(sorted, threads->count, sizeof *sorted, by_content, &(struct ranking){lines, threads});
        for (size_t i = 0; i < threads->count; i++)
            ranks[sorted[i]] = (uint32_t)i;
    } else {
        free(ranks);
        ranks = NULL;
    }
    free(sorted);
    return ranks;
}

/* While lines get their thread's name. */
struct naming {
    struct sc_lines *lines;
    char name[NAME_BYTES];
    size_t len;
    uint32_t turn; /* the how manieth thread, from 1 on */
    struct named {
        uint32_t turn, id;
    } * named; /* by number of a line: what it is with this thread's name, if it has been asked for in this turn */
    size_t capacity;
};

static int name_line(struct naming *naming, uint32_t id, uint32_t *ret_id)
{
    if (SC_RESERVE_ZERO(naming->named, naming->capacity, (size_t)id + 1))
        return -ENOMEM;
    struct named *named = &naming->named[id];
    if (named->turn != naming->turn) {
        char line[LINE_BYTES];
        size_t len;
        const char *text = sc_lines_get(naming->lines, id, &len);
        memcpy(line, naming->name, naming->len);
        memcpy(line + naming->len, text, len);
        named->turn = naming->turn;
        if (sc_lines_intern(naming->lines, line, naming->len + len, &named->id))
            return -ENOMEM;
    }
    *ret_id = named->id;
    return 0;
}

static int append(struct naming *naming, const struct sc_sequence *from, struct sc_sequence *to)
{
    int error = 0;
    for (size_t i = 0; i < from->count && !error; i++) {
        uint32_t id;
        error = name_line(naming, from->ids[i], &id);
        if (!error)
            error = sc_sequence_add(to, id);
    }
    return error;
}

static int append_thread(struct naming *naming, const struct sc_thread_number *number, struct sc_call_lines *from,
                         struct sc_call_lines *to)
{
    struct sc_out out;
    sc_out_begin(&out, naming->name, sizeof naming->name);
    sc_out_text(&out, "[P");
    sc_out_unsigned(&out, number->process);
    sc_out_text(&out, ".T");
    sc_out_unsigned(&out, number->thread);
    sc_out_text(&out, "] ");
    naming->len = sc_out_end(&out);
    naming->turn++;
    int error = append(naming, &from->timeline, &to->timeline);
    for (unsigned i = 0; i < SC_CAT_COUNT && !error; i++)
        error = append(naming, &from->sections[i], &to->sections[i]);
    if (!error)
        error = append(naming, &from->chance, &to->chance);
    sc_call_lines_free(from);
    *from = (struct sc_call_lines){0};
    return error;
}

/* A section holds its calls in their order: the next call's line is the next one of its section. */
static int list_calls(const struct sc_call_lines *from, const struct sc_thread_number *number, struct sc_run_calls *run)
{
    size_t next[SC_CAT_COUNT] = {0};
    struct sc_thread_calls *thread = &run->items[run->count++];
    thread->process = number->process;
    thread->thread = number->thread;
    int error = 0;
    for (size_t i = 0; i < from->order_count && !error; i++) {
        unsigned category = from->order[i] & ~(unsigned)SC_ORDER_ASIDE;
        uint32_t id = from->sections[category].ids[next[category]++];
        if (!(from->order[i] & SC_ORDER_ASIDE))
            error = sc_sequence_add(&thread->calls, id);
    }
    return error;
}

/* There is one at most. */
static int join_one(struct sc_thread_lines *threads, struct sc_call_lines *ret_lines, struct sc_run_calls *ret_calls)
{
    int error = 0;
    for (size_t i = 0; i < threads->count && !error; i++) {
        if (!threads->items[i])
            continue;
        if (ret_calls)
            error = list_calls(threads->items[i], &(struct sc_thread_number){0}, ret_calls);
        *ret_lines = *threads->items[i];
        *threads->items[i] = (struct sc_call_lines){0};
    }
    return error;
}

static int join_many(struct sc_thread_lines *threads, const struct sc_threads *order, struct sc_lines *lines,
                     struct sc_call_lines *ret_lines, struct sc_run_calls *ret_calls)
{
    uint32_t *ranks = rank(threads, lines);
    struct sc_thread_number *numbers = NULL;
    size_t count = 0;
    int error = ranks ? sc_threads_order(order, ranks, (uint32_t)threads->count, &numbers, &count) : -ENOMEM;
    struct naming naming = {.lines = lines};
    for (size_t i = 0; i < count && !error; i++) {
        uint32_t source = numbers[i].source;
        if (source >= threads->count || !threads->items[source])
            continue;
        if (ret_calls)
            error = list_calls(threads->items[source], &numbers[i], ret_calls);
        if (!error)
            error = append_thread(&naming, &numbers[i], threads->items[source], ret_lines);
    }
    free(naming.named);
    free(numbers);
    free(ranks);
    return error;
}

int sc_join_threads(struct sc_thread_lines *threads, const struct sc_threads *order, bool named, struct sc_lines *lines,
                    struct sc_call_lines *ret_lines, struct sc_run_calls *ret_calls)
{
    if (ret_calls) {
        *ret_calls = (struct sc_run_calls){.items = calloc(threads->count + 1, sizeof *ret_calls->items)};
        if (!ret_calls->items)
            return -ENOMEM;
    }
    return named ? join_many(threads, order, lines, ret_lines, ret_calls) : join_one(threads, ret_lines, ret_calls);
}
