#include "../text_util.h"

#include <stdlib.h>
#include <string.h>

/* How much there is to see in the pair: the whole of one run, or what differs between two. */
static uint64_t file_weight(const struct sc_file_pair *pair)
{
    static const struct sc_report_file none;
    const struct sc_report_file *a = pair->files[0] ? pair->files[0] : &none;
    const struct sc_report_file *b = pair->files[1] ? pair->files[1] : &none;
    return sc_distance(a->counts.opens, b->counts.opens) + sc_distance(a->counts.reads, b->counts.reads) +
           sc_distance(a->counts.writes, b->counts.writes) + sc_distance(a->counts.seeks, b->counts.seeks) +
           sc_distance(a->counts.zero_writes, b->counts.zero_writes);
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

/* By how much the two differ in time or bytes moved; of one run all of it. */
static uint64_t file_rank(const struct sc_file_pair *pair, enum sc_rank rank)
{
    uint64_t of[2] = {0, 0};
    for (size_t i = 0; i < 2; i++)
        if (pair->files[i])
            of[i] = rank == SC_RANK_TIME ? pair->files[i]->counts.time_ns
                                         : pair->files[i]->counts.bytes_read + pair->files[i]->counts.bytes_written;
    return sc_distance(of[0], of[1]);
}

static int files_by_weight(const void *left, const void *right, void *rank)
{
    const struct sc_file_pair *a = left, *b = right;
    enum sc_rank by = *(const enum sc_rank *)rank;
    bool ranked = by == SC_RANK_TIME || by == SC_RANK_BYTES;
    uint64_t weight_a = ranked ? file_rank(a, by) : file_weight(a),
             weight_b = ranked ? file_rank(b, by) : file_weight(b);
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
    enum sc_rank rank = report->ranking.by;
    qsort_r(pairs, kept, sizeof *pairs, files_by_weight, &rank);
    *ret_count = kept;
    return pairs;
}

static int calls_by_difference(const void *left, const void *right, void *rank)
{
    const struct sc_call_pair *a = left, *b = right;
    bool by_time = *(const enum sc_rank *)rank == SC_RANK_TIME;
    int order = by_time ? sc_by_difference(a->time_ns, b->time_ns) : sc_by_difference(a->calls, b->calls);
    uint64_t all_a = a->calls[0] + a->calls[1], all_b = b->calls[0] + b->calls[1];
    order = order ? order : (all_a < all_b) - (all_a > all_b);
    return order ? order : strcmp(a->name, b->name);
}

static void set_side(struct sc_call_pair *pair, unsigned run, const struct sc_named_count *call)
{
    pair->calls[run] = call->calls;
    pair->errors[run] = call->errors;
    pair->time_ns[run] = call->time_ns;
    pair->sizes[run] = call->sizes;
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
        if (order <= 0)
            set_side(pair, 0, &a->calls[i++]);
        if (order >= 0)
            set_side(pair, 1, &b->calls[k++]);
    }
    enum sc_rank rank = report->ranking.by;
    qsort_r(pairs, count, sizeof *pairs, calls_by_difference, &rank);
    *ret_count = count;
    return pairs;
}
