#include "../text_util.h"

#include <stdlib.h>
#include <string.h>

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* How much there is to see in the pair: the whole of one run, or what differs between two. */
static uint64_t file_weight(const struct sc_file_pair *pair)
{
    static const struct sc_report_file none;
    const struct sc_report_file *a = pair->files[0] ? pair->files[0] : &none;
    const struct sc_report_file *b = pair->files[1] ? pair->files[1] : &none;
    return distance(a->counts.opens, b->counts.opens) + distance(a->counts.reads, b->counts.reads) +
           distance(a->counts.writes, b->counts.writes) + distance(a->counts.seeks, b->counts.seeks) +
           distance(a->counts.zero_writes, b->counts.zero_writes);
}

static uint64_t file_activity(const struct sc_file_pair *pair)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < 2; i++)
        if (pair->files[i])
            sum += pair->files[i]->counts.opens + pair->files[i]->counts.reads + pair->files[i]->counts.writes +
                   pair->files[i]->counts.seeks;
    return sum;
}

static int files_by_weight(const void *left, const void *right)
{
    const struct sc_file_pair *a = left, *b = right;
    uint64_t weight_a = file_weight(a), weight_b = file_weight(b);
    if (weight_a == weight_b) {
        weight_a = file_activity(a);
        weight_b = file_activity(b);
    }
    if (weight_a != weight_b)
        return weight_a < weight_b ? 1 : -1;
    return strcmp(a->role, b->role);
}

static int files_by_role(const void *left, const void *right)
{
    const struct sc_file_pair *a = left, *b = right;
    int order = strcmp(a->role, b->role);
    return order ? order : (b->files[0] != NULL) - (a->files[0] != NULL);
}

struct sc_file_pair *sc_pair_files(const struct sc_report *report, size_t *ret_count)
{
    size_t count = 0, kept = 0;
    for (unsigned run = 0; run < report->run_count; run++)
        count += report->runs[run].file_count;
    struct sc_file_pair *pairs = calloc(count + 1, sizeof *pairs);
    if (!pairs)
        return NULL;
    count = 0;
    for (unsigned run = 0; run < report->run_count; run++) {
        for (size_t i = 0; i < report->runs[run].file_count; i++) {
            const struct sc_report_file *file = &report->runs[run].files[i];
            pairs[count].role = file->role;
            pairs[count++].files[run] = file;
        }
    }
    qsort(pairs, count, sizeof *pairs, files_by_role);
    for (size_t i = 0; i < count; i++) {
        struct sc_file_pair *last = kept ? &pairs[kept - 1] : NULL;
        if (last && pairs[i].files[1] && !last->files[1] && strcmp(last->role, pairs[i].role) == 0)
            last->files[1] = pairs[i].files[1];
        else
            pairs[kept++] = pairs[i];
    }
    qsort(pairs, kept, sizeof *pairs, files_by_weight);
    *ret_count = kept;
    return pairs;
}

static int calls_by_difference(const void *left, const void *right)
{
    const struct sc_call_pair *a = left, *b = right;
    uint64_t diff_a = distance(a->calls[0], a->calls[1]), diff_b = distance(b->calls[0], b->calls[1]);
    if (diff_a == diff_b) {
        diff_a = a->calls[0] + a->calls[1];
        diff_b = b->calls[0] + b->calls[1];
    }
    if (diff_a != diff_b)
        return diff_a < diff_b ? 1 : -1;
    return strcmp(a->name, b->name);
}

/* Both lists are in the order of names: one pass merges them. */
struct sc_call_pair *sc_pair_calls(const struct sc_report *report, size_t *ret_count)
{
    const struct sc_counts *a = &report->runs[0].counts, *b = &report->runs[1].counts;
    struct sc_call_pair *pairs = calloc(a->call_count + b->call_count + 1, sizeof *pairs);
    if (!pairs)
        return NULL;
    size_t count = 0;
    for (size_t i = 0, k = 0; i < a->call_count || k < b->call_count;) {
        int order = i == a->call_count ? 1 : k == b->call_count ? -1 : strcmp(a->calls[i].name, b->calls[k].name);
        struct sc_call_pair *pair = &pairs[count++];
        const struct sc_named_count *first = order <= 0 ? &a->calls[i] : &b->calls[k];
        pair->name = first->name;
        pair->category = first->category;
        if (order <= 0) {
            pair->calls[0] = a->calls[i].calls;
            pair->errors[0] = a->calls[i++].errors;
        }
        if (order >= 0) {
            pair->calls[1] = b->calls[k].calls;
            pair->errors[1] = b->calls[k++].errors;
        }
    }
    qsort(pairs, count, sizeof *pairs, calls_by_difference);
    *ret_count = count;
    return pairs;
}
