#include "functions_internal.h"

/* Of one beginning, what is to be kept comes first: one with an unwind record, then the longest. */
static bool is_before(const struct sc_bounds *a, const struct sc_bounds *b)
{
    if (a->begin != b->begin)
        return a->begin < b->begin;
    if (!a->fde != !b->fde)
        return a->fde != 0;
    return a->end > b->end;
}

static void sift_down(struct sc_bounds *list, size_t from, size_t count)
{
    struct sc_bounds moving = list[from];
    for (size_t child; (child = 2 * from + 1) < count; from = child) {
        if (child + 1 < count && is_before(&list[child], &list[child + 1]))
            child++;
        if (!is_before(&moving, &list[child]))
            break;
        list[from] = list[child];
    }
    list[from] = moving;
}

static bool is_sorted(const struct sc_function_list *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (is_before(&list->at[i], &list->at[i - 1]))
            return false;
    return true;
}

/* In place and without recursion. Go's table alone comes in order. */
static void sort(struct sc_function_list *list)
{
    if (is_sorted(list))
        return;
    for (size_t i = list->count / 2; i-- > 0;)
        sift_down(list->at, i, list->count);
    for (size_t last = list->count; last-- > 1;) {
        struct sc_bounds largest = list->at[0];
        list->at[0] = list->at[last];
        list->at[last] = largest;
        sift_down(list->at, 0, last);
    }
}

/* Where the next one begins; what comes after the last is not known. */
static void lengthen(struct sc_function_list *list, size_t i)
{
    struct sc_bounds *bounds = &list->at[i];
    if (i + 1 < list->count && list->at[i + 1].begin - bounds->begin <= list->unknown_most)
        bounds->end = list->at[i + 1].begin;
}

void sc_functions_settle(struct sc_function_list *list)
{
    size_t kept = 0;
    sort(list);
    for (size_t i = 0; i < list->count; i++)
        if (!kept || list->at[i].begin != list->at[kept - 1].begin)
            list->at[kept++] = list->at[i];
    list->count = kept;
    for (size_t i = 0; i < list->count; i++)
        if (!list->at[i].fde && list->at[i].end == list->at[i].begin + 1)
            lengthen(list, i);
}

bool sc_functions_has(const struct sc_function_list *list, uint64_t address)
{
    size_t low = 0, high = list->settled;
    uint64_t at = address - list->base;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->at[middle].begin <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low && at < list->at[low - 1].end;
}
