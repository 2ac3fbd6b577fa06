/*
 * filter.h: which calls are looked at. What is filtered out is followed all the same, so that descriptors, offsets and
 * what a call means because of those before it stay right; it is only not counted or shown.
 */
#ifndef SC_FILTER_H
#define SC_FILTER_H

#include "../../common/call_set.h"
#include "../model/event.h"
#include "../model/files.h"
#include "symbols.h"
#include "thread_numbers.h"

/* A time in a run, from its first event on. */
struct sc_moment {
    bool given, is_share;
    double value; /* seconds, or of the whole 0 to 1 */
};

/* As the user gave it. Of each list one has to fit; of the kinds all. Strings are the caller's. */
struct sc_filter_rules {
    struct sc_call_set *calls; /* or NULL: all */
    const char **paths, **callers;
    size_t path_count, caller_count;
    const char *program; /* its name, * and ? allowed; or NULL */
    bool by_process, by_id, by_thread;
    uint64_t process, id;           /* a pid, or the process's number in the tables; a thread's id */
    struct sc_thread_number thread; /* P1.T2 of the logs */
    struct sc_moment since, until;
    bool failed, succeeded;
    char *text; /* "--trace=%file --failed"; NULL: there is no filter */
};

/* What about a run has to be known before its first call is judged, from a reading before: cli/filtering.h. All zero
 * where nothing is needed. */
struct sc_filter_known {
    struct sc_files *files; /* as the run left them: a file goes by its first name and by its last */
    struct sc_symbols *symbols;
    struct sc_event_span span;
    struct sc_thread_numbers numbers;
};

static inline bool sc_filter_needs(const struct sc_filter_rules *rules)
{
    return rules->path_count || rules->caller_count || rules->by_process || rules->by_thread || rules->since.given ||
           rules->until.given;
}

struct sc_filter;

/* Of one run. rules and known stay the caller's. NULL where memory is short. */
struct sc_filter *sc_filter_new(const struct sc_filter_rules *rules, const struct sc_filter_known *known);
void sc_filter_free(struct sc_filter *filter);

/* The run is read from its begin; what alone was to be recorded of it is a rule like others. NULL: there is no filter.
 */
void sc_filter_begin(struct sc_filter *filter, const struct sc_run *run);

/* Does the call pass? access: what sc_files_apply just made of it. NULL lets all through. */
bool sc_filter_passes(struct sc_filter *filter, const struct sc_event *event, const struct sc_access *access);

#endif
