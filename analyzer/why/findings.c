#include "findings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 65536 /* what small writes could be collected in, and small reads taken from */ };

/* Which rows a finding is made of. */

static bool is_still(const struct sc_row *row)
{
    return row->facts & SC_FACT_STILL;
}

static bool is_seek_write(const struct sc_row *row)
{
    return row->facts & SC_FACT_SEEK_WRITE;
}

static bool is_seek_read(const struct sc_row *row)
{
    return row->facts & SC_FACT_SEEK_READ;
}

static bool is_small_write(const struct sc_row *row)
{
    return row->facts & SC_FACT_SMALL && sc_row_is_write(row);
}

static bool is_small_read(const struct sc_row *row)
{
    return row->facts & SC_FACT_SMALL && sc_row_is_read(row);
}

static bool is_trickle(const struct sc_row *row)
{
    return row->facts & SC_FACT_TRICKLE;
}

static bool is_spin(const struct sc_row *row)
{
    return row->facts & SC_FACT_SPIN;
}

static bool is_remap(const struct sc_row *row)
{
    return row->facts & SC_FACT_REMAP;
}

static bool is_synchronous(const struct sc_row *row)
{
    return row->facts & (SC_FACT_SYNCED | SC_FACT_DIRECT);
}

static bool is_synced(const struct sc_row *row)
{
    return row->facts & SC_FACT_SYNCED;
}

static bool is_copy(const struct sc_row *row)
{
    return row->facts & SC_FACT_COPY;
}

static bool is_anothers(const struct sc_row *row)
{
    return row->facts & SC_FACT_ANOTHERS;
}

static bool is_unsynced(const struct sc_row *row)
{
    return row->facts & SC_FACT_UNSYNCED;
}

static bool is_needless(const struct sc_row *row)
{
    return row->facts & SC_FACT_NEEDLESS;
}

static bool is_rewrite(const struct sc_row *row)
{
    return row->facts & SC_FACT_REWRITE;
}

static bool is_reread(const struct sc_row *row)
{
    return row->facts & SC_FACT_REREAD;
}

static bool means(const struct sc_row *row, enum sc_means means)
{
    return sc_call_means(row->nr, means);
}

static bool is_open(const struct sc_row *row)
{
    return !(row->facts & SC_FACT_FAILED) && means(row, SC_MEANS_OPEN);
}

static bool is_close(const struct sc_row *row)
{
    return means(row, SC_MEANS_CLOSE);
}

/* Failed ones too: to ask again what is not there is asking again. */
static bool is_stat(const struct sc_row *row)
{
    return means(row, SC_MEANS_ASK) || means(row, SC_MEANS_STAT);
}

static bool is_sync(const struct sc_row *row)
{
    return !(row->facts & SC_FACT_FAILED) &&
           (means(row, SC_MEANS_SYNC) || means(row, SC_MEANS_SYNC_MAPPED) || means(row, SC_MEANS_SYNC_ALL));
}

static bool is_random(const struct sc_row *row)
{
    return row->facts & SC_FACT_RANDOM;
}

static bool is_askew(const struct sc_row *row)
{
    return row->facts & SC_FACT_ASKEW;
}

static bool is_lock(const struct sc_row *row)
{
    return row->facts & SC_FACT_LOCK;
}

/* What they would save; the sum is of the finding's rows. */

static uint64_t save_all(const struct sc_sum *sum)
{
    return sum->calls;
}

static uint64_t save_all_but_one(const struct sc_sum *sum)
{
    return sum->calls - 1;
}

/* All but the first of each process. */
static uint64_t save_repeats(const struct sc_sum *sum)
{
    return sum->repeats;
}

/* What costs is each call's own work, and there would be as many of them. */
static uint64_t save_none(const struct sc_sum *sum)
{
    (void)sum;
    return 0;
}

static uint64_t save_all_but_two(const struct sc_sum *sum)
{
    return sum->calls > 2 ? sum->calls - 2 : 0;
}

static uint64_t save_by_buffer(const struct sc_sum *sum)
{
    uint64_t needed = sum->bytes ? (sum->bytes + BUFFER - 1) / BUFFER : 1; /* of sendto no bytes are summed */
    return sum->calls > needed ? sum->calls - needed : 0;
}

/* Only the part that is done again could go. */
static uint64_t save_again(const struct sc_sum *sum)
{
    return sum->bytes ? (uint64_t)((double)sum->calls * ((double)sum->again / (double)sum->bytes)) : 0;
}

struct rule {
    const char *id;
    sc_row_match *match;
    enum sc_threshold calls;
    int share; /* enum sc_threshold, or -1: of the calls that whole matches */
    sc_row_match *whole;
    uint64_t (*save)(const struct sc_sum *sum);
    const char *advice;
};

/* About files in directories. */
static const struct rule rules[] = {
    {"zero-fill", sc_row_is_zero, SC_T_ZERO_CALLS, -1, NULL, save_all_but_one,
     "One fallocate or ftruncate gives the same zeros without writing them."},
    {"redundant-seek", is_still, SC_T_STILL_CALLS, -1, NULL, save_all,
     "The offset is there already: leave these lseeks out."},
    {"seek-write", is_seek_write, SC_T_SEEK_WRITE_CALLS, -1, NULL, save_all,
     "pwrite takes the offset with it: one call in place of two."},
    {"seek-read", is_seek_read, SC_T_SEEK_READ_CALLS, -1, NULL, save_all,
     "pread takes the offset with it: one call in place of two."},
    {"small-writes", is_small_write, SC_T_SMALL_CALLS, SC_T_SMALL_SHARE, sc_row_is_write, save_by_buffer,
     "Collect writes that follow one another in a buffer of 64 KiB, or hand them over together with writev."},
    {"small-reads", is_small_read, SC_T_SMALL_READ_CALLS, SC_T_SMALL_READ_SHARE, sc_row_is_read, save_by_buffer,
     "Read 64 KiB at once into a buffer and take the parts from it."},
    {"rewritten-range", is_rewrite, SC_T_REWRITE_CALLS, SC_T_REWRITE_SHARE, sc_row_is_write, save_again,
     "Keep what changes again in memory and write it once, when it is final."},
    {"reread-range", is_reread, SC_T_REREAD_CALLS, SC_T_REREAD_SHARE, sc_row_is_read, save_again,
     "Keep what was read in a larger cache, or do all the work on a part while it is in memory."},
    {"read-by-processes", is_anothers, SC_T_READERS_CALLS, SC_T_READERS_SHARE, sc_row_is_read, save_again,
     "Let one process read it and hand on what the others need, or map it in all of them."},
    {"repeated-open", is_open, SC_T_OPEN_CALLS, -1, NULL, save_repeats,
     "Keep the file open and use its descriptor again."},
    {"repeated-stat", is_stat, SC_T_STAT_CALLS, -1, NULL, save_repeats,
     "Ask once and remember the answer, or go ahead and handle the error."},
    {"fsync-heavy", is_sync, SC_T_SYNC_CALLS, SC_T_SYNC_SHARE, sc_row_is_write, save_all_but_one,
     "Each one waits for the disk: sync once behind the last write that has to last."},
    {"synchronous-open", is_synchronous, SC_T_SYNCED_CALLS, -1, NULL, save_none,
     "Each call waits for the disk itself: open it without, and sync once behind the last write that has to last."},
    {"needless-sync", is_needless, SC_T_NEEDLESS_CALLS, -1, NULL, save_all,
     "A fact, no advice: this run changed nothing of the file since it was synced last."},
    {"rename-unsynced", is_unsynced, SC_T_UNSYNCED_CALLS, -1, NULL, save_none,
     "A fact, no advice: what was written was not synced, so after a crash the new name may hold less than the old one "
     "did."},
    {"misaligned", is_askew, SC_T_ASKEW_CALLS, SC_T_ASKEW_SHARE, sc_row_moves_bytes, save_none,
     "Begin at multiples of 4096: each of these touches a page more than its size needs, and writes parts of pages."},
    {"random-access", is_random, SC_T_RANDOM_CALLS, SC_T_RANDOM_SHARE, sc_row_moves_bytes, save_none,
     "Sort them by offset or move larger parts at once: reading ahead and merging writes need an order."},
    {"lock-churn", is_lock, SC_T_LOCK_CALLS, -1, NULL, save_all_but_two, "Lock once, do the work, unlock once."},
};

/* About anything: pipes, sockets, terminals, and calls about no file as well. */
static const struct rule rules_anywhere[] = {
    {"unbuffered-output", is_trickle, SC_T_OUTPUT_CALLS, -1, NULL, save_by_buffer,
     "Collect output in a buffer, as stdio does with setvbuf, and hand it over when it is full or somebody waits for "
     "it."},
    {"spinning", is_spin, SC_T_SPIN_CALLS, -1, NULL, save_all,
     "Let poll or epoll wait until there is something, or leave O_NONBLOCK out."},
    {"copy-by-hand", is_copy, SC_T_COPY_CALLS, SC_T_COPY_SHARE, sc_row_is_write, save_all_but_one,
     "Where the bytes stay as they are, copy_file_range to a file and sendfile to anything else spare them the way "
     "through the program; as many reads go too."},
    {"map-churn", is_remap, SC_T_REMAP_CALLS, -1, NULL, save_all,
     "Keep it mapped, or use the memory again: each mapping anew takes its pages anew, one fault after the other."},
};

static bool is_issue(const struct rule *rule, const struct sc_file_group *group, const struct sc_sum *sum,
                     const struct sc_thresholds *thresholds)
{
    if (!sum->calls || (int64_t)sum->calls < thresholds->values[rule->calls])
        return false;
    if (rule->save == save_repeats && (int64_t)sum->repeats + 1 < thresholds->values[rule->calls])
        return false;
    if (rule->match == sc_row_is_zero && (int64_t)sum->bytes < thresholds->values[SC_T_ZERO_BYTES])
        return false;
    if (rule->share < 0)
        return true;
    struct sc_sum whole;
    sc_sum_rows(group, rule->whole, &whole);
    return 100.0 * (double)sum->calls > (double)thresholds->values[rule->share] * (double)whole.calls;
}

/*
 * The merged ranges, how often they were written, and what became of the zeros. Of several files that had the name one
 * after the other: the ranges of the first.
 */
static int add_zeros(const struct sc_file_groups *groups, const struct sc_file_group *group, struct sc_finding *finding)
{
    const struct sc_files *files = groups->view->files;
    uint64_t bytes = 0, overwritten = 0;
    for (size_t i = 0; i < group->count; i++) {
        uint32_t file = group->rows[i]->subject;
        if (file & SC_SUBJECT_PATH || (i > 0 && file == group->rows[i - 1]->subject) ||
            !sc_files_zeros(files, file)->ever.count)
            continue;
        const struct sc_extents *ever = &sc_files_zeros(files, file)->ever;
        if (!bytes) {
            finding->has_range = true;
            finding->span = sc_extents_span(ever);
            finding->range_count = (uint32_t)sc_extents_list(ever, finding->ranges, SC_FINDING_RANGES);
        }
        finding->range_total += ever->count;
        bytes += ever->bytes;
        overwritten += sc_files_get(files, file)->counts.zeros_overwritten;
    }
    if (!bytes)
        return 0;
    if (finding->range_total < finding->calls)
        finding->saved_calls = finding->calls - finding->range_total;
    return asprintf(&finding->detail,
                    "%" PRIu64 " bytes in %" PRIu32 " range%s, written %.1f times over; data replaced %" PRIu64
                    " of the zeros later",
                    bytes, finding->range_total, finding->range_total == 1 ? "" : "s",
                    (double)finding->bytes / (double)bytes, overwritten) < 0
               ? -ENOMEM
               : 0;
}

static int finish(const struct sc_file_groups *groups, const struct sc_file_group *group, const struct rule *rule,
                  const struct sc_sum *sum, struct sc_finding *finding)
{
    finding->saved_calls = rule->save(sum);
    int error = 0;
    uint64_t closes = 0;
    if (rule->match == sc_row_is_zero) {
        error = add_zeros(groups, group, finding);
    } else if (rule->match == is_rewrite || rule->match == is_reread) {
        if (asprintf(&finding->detail, "%" PRIu64 " bytes %s before", sum->again,
                     rule->match == is_rewrite ? "had been written" : "had been read") < 0)
            error = -ENOMEM;
    } else if (rule->match == is_anothers) {
        if (asprintf(&finding->detail, "%" PRIu64 " bytes had been read before, and first by another process",
                     sum->again) < 0)
            error = -ENOMEM;
    } else if (rule->match == is_synchronous) {
        struct sc_sum synced;
        sc_sum_rows(group, is_synced, &synced);
        finding->detail = strdup(!synced.calls                ? "opened with O_DIRECT"
                                 : synced.calls == sum->calls ? "opened with O_SYNC or O_DSYNC"
                                                              : "opened with O_DIRECT and O_SYNC or O_DSYNC");
        error = finding->detail ? 0 : -ENOMEM;
    } else if (rule->match == is_open) {
        struct sc_sum close_sum;
        sc_sum_rows(group, is_close, &close_sum);
        closes = close_sum.calls < finding->saved_calls ? close_sum.calls : finding->saved_calls;
        finding->saved_ns = close_sum.calls ? close_sum.time_ns * closes / close_sum.calls : 0;
    }
    finding->saved_ns += (uint64_t)((double)finding->own_ns * ((double)finding->saved_calls / (double)sum->calls));
    finding->saved_calls += closes;
    finding->saved_closes = closes;
    finding->advice = strdup(rule->advice);
    return error || !finding->advice ? -ENOMEM : 0;
}

static int judge(const struct sc_file_groups *groups, const struct sc_file_group *group,
                 const struct sc_thresholds *thresholds, const struct rule *by, size_t count,
                 struct sc_finding_list *list)
{
    for (size_t i = 0; i < count; i++) {
        struct sc_sum sum;
        sc_sum_rows(group, by[i].match, &sum);
        if (!is_issue(&by[i], group, &sum, thresholds))
            continue;
        struct sc_finding *finding = sc_finding_new(list, groups, group, by[i].match, by[i].id);
        if (!finding || finish(groups, group, &by[i], &sum, finding))
            return -ENOMEM;
    }
    return 0;
}

int sc_find_findings(const struct sc_file_groups *groups, const struct sc_thresholds *thresholds,
                     struct sc_finding_list *list)
{
    int error = 0;
    for (size_t i = 0; i < groups->count && !error; i++) {
        const struct sc_file_group *group = &groups->items[i];
        if (group->regular)
            error = judge(groups, group, thresholds, rules, sizeof rules / sizeof rules[0], list);
        if (!error)
            error = judge(groups, group, thresholds, rules_anywhere, sizeof rules_anywhere / sizeof rules_anywhere[0],
                          list);
    }
    if (!error)
        error = sc_find_failures(groups, thresholds, list);
    if (!error)
        error = sc_find_among_many(groups, thresholds, list);
    return error;
}
