/*
 * part_early.c: of a pair of which nothing but the summary is asked for, where it parts is all that is told of single
 * calls. Most pairs part soon: their beginnings are compared, longer ones each time, before both are read again. Those
 * that part late or never are read again all the same, and an eighth of them and a little once more.
 */
#include <stdlib.h>

#include "analyse_internal.h"
#include "at_a_time.h"

enum { FIRST_CALLS = 1 << 12, LONGER = 16, SHARE = 8 };

struct reading {
    struct sc_log_file what;
    uint64_t calls;
    struct sc_log_lines *lines;
    struct sc_error error;
    int result;
};

static void *read_beginning(void *argument)
{
    struct reading *reading = argument;
    reading->result = sc_read_beginning(&reading->what, reading->calls, reading->lines, &reading->error);
    return NULL;
}

/* Into both lines, whose numbers mean the same then. 0, or -errno and error filled. */
static int read_both(struct sc_analysis *analysis, uint64_t calls, struct sc_log_lines lines[2])
{
    struct sc_unseen unseen = {0};
    struct reading both[2];
    int error = 0;
    for (unsigned i = 0; i < 2; i++) {
        both[i] =
            (struct reading){.what = sc_log_of(analysis, i, &unseen), .calls = calls, .lines = &lines[i], .result = 0};
        both[i].what.silent = i == 1; /* the progress shown is the first one's */
        if (!error && sc_unseen_add(&unseen, analysis->normalisers[i], analysis->runs[i].files))
            error = sc_no_memory(analysis->error);
    }
    if (!error)
        sc_at_a_time(read_beginning, &both[0], &both[1]);
    sc_unseen_free(&unseen);
    for (unsigned i = 0; i < 2 && !error; i++) {
        if (both[i].result)
            *analysis->error = both[i].error;
        error = both[i].result;
    }
    return error;
}

/* As far as both are there. */
static bool differ(const struct sc_sequence *a, const struct sc_sequence *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->ids[i] != b->ids[i])
            return true;
    return false;
}

/* Whether the last call of a beginning is aside only the next one tells: they must part before it. */
static bool is_sure(const struct sc_parting *parting, const struct sc_log_lines lines[2])
{
    for (unsigned i = 0; i < 2; i++)
        if (!lines[i].calls.count || parting->equal + 1 >= lines[i].calls.items[0].calls.count)
            return false;
    return parting->parted;
}

/* The stories begin with these timelines: where these differ the logs do. 0 or -ENOMEM. */
static int compare(struct sc_log_lines lines[2], struct sc_report *report, bool *ret_parted)
{
    uint32_t *numbers;
    if (sc_lines_merge(lines[0].lines, lines[1].lines, &numbers))
        return -ENOMEM;
    sc_sequence_renumber(&lines[1].timeline, numbers);
    for (size_t i = 0; i < lines[1].calls.count; i++)
        sc_sequence_renumber(&lines[1].calls.items[i].calls, numbers);
    free(numbers);
    struct sc_parting parting;
    if (sc_find_parting(lines[0].lines, &lines[0].calls, &lines[1].calls, &parting))
        return -ENOMEM;
    *ret_parted = is_sure(&parting, lines) && differ(&lines[0].timeline, &lines[1].timeline);
    if (*ret_parted) {
        report->parting = parting;
        report->differ = true;
        return 0;
    }
    free(parting.next[0]);
    free(parting.next[1]);
    return 0;
}

int sc_part_early(struct sc_analysis *analysis, bool *ret_parted)
{
    uint64_t calls = UINT64_MAX;
    *ret_parted = false;
    for (unsigned i = 0; i < 2; i++) {
        const struct sc_run *run = analysis->runs[i].run;
        if (run->processes > 1 || run->threads > 1) /* threads are numbered by what they do to the end */
            return 0;
        calls = analysis->runs[i].calls < calls ? analysis->runs[i].calls : calls;
    }
    int error = 0;
    for (uint64_t first = FIRST_CALLS; first < calls / SHARE && !*ret_parted && !error; first *= LONGER) {
        struct sc_log_lines lines[2] = {{0}, {0}};
        error = read_both(analysis, first, lines);
        if (!error && compare(lines, analysis->report, ret_parted))
            error = sc_no_memory(analysis->error);
        sc_log_lines_free(&lines[0]);
        sc_log_lines_free(&lines[1]);
    }
    return error;
}
