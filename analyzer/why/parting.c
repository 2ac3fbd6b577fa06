#include "parting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void sc_run_calls_free(struct sc_run_calls *run)
{
    for (size_t i = 0; i < run->count; i++)
        sc_sequence_free(&run->items[i].calls);
    free(run->items);
    *run = (struct sc_run_calls){0};
}

static int by_number(const void *left, const void *right)
{
    const struct sc_thread_calls *a = left, *b = right;
    if (a->process != b->process)
        return a->process < b->process ? -1 : 1;
    return a->thread < b->thread ? -1 : a->thread > b->thread;
}

static size_t count_equal(const struct sc_sequence *a, const struct sc_sequence *b)
{
    size_t equal = 0;
    while (equal < a->count && equal < b->count && a->ids[equal] == b->ids[equal])
        equal++;
    return equal;
}

static int part_in(const struct sc_lines *lines, const struct sc_thread_calls *thread,
                   const struct sc_sequence *const calls[2], size_t equal, struct sc_parting *ret_parting)
{
    *ret_parting =
        (struct sc_parting){.parted = true, .equal = equal, .process = thread->process, .thread = thread->thread};
    for (unsigned i = 0; i < 2; i++) {
        if (equal == calls[i]->count)
            continue;
        ret_parting->next[i] = strdup(sc_lines_text(lines, calls[i]->ids[equal]));
        if (!ret_parting->next[i])
            return -ENOMEM;
    }
    return 0;
}

int sc_find_parting(const struct sc_lines *lines, struct sc_run_calls *a, struct sc_run_calls *b,
                    struct sc_parting *ret_parting)
{
    static const struct sc_sequence none;
    *ret_parting = (struct sc_parting){0};
    if (a->count)
        qsort(a->items, a->count, sizeof *a->items, by_number);
    if (b->count)
        qsort(b->items, b->count, sizeof *b->items, by_number);
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        const struct sc_thread_calls *left = i < a->count ? &a->items[i] : NULL;
        const struct sc_thread_calls *right = j < b->count ? &b->items[j] : NULL;
        int order = !left ? 1 : !right ? -1 : by_number(left, right);
        const struct sc_sequence *const calls[2] = {order <= 0 ? &left->calls : &none,
                                                    order >= 0 ? &right->calls : &none};
        size_t equal = count_equal(calls[0], calls[1]);
        if (equal < calls[0]->count || equal < calls[1]->count)
            return part_in(lines, order <= 0 ? left : right, calls, equal, ret_parting);
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}
