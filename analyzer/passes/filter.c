#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "../../common/name_match.h"
#include "../model/array.h"

enum verdict { UNKNOWN, PASSES, FAILS };

/* Names of which one has to fit, as items or as a list; and which files it does, asked once: enum verdict, by number.
 */
struct patterns {
    const char *const *items;
    size_t count;
    const char *list; /* see sc_name_fits_one; or NULL */
    uint8_t *files;
    size_t file_capacity;
};

struct sc_filter {
    const struct sc_filter_rules *rules;
    const struct sc_filter_known *known;
    const struct sc_run *run;
    double since, until; /* seconds from the run's begin */
    struct patterns asked, recorded;
    uint8_t *programs; /* enum verdict, by number */
    size_t program_capacity;
    struct {
        uint64_t site;
        uint8_t verdict;
    } sites[1024];
};

static double seconds_of(const struct sc_event_span *span, const struct sc_moment *moment)
{
    return moment->is_share ? moment->value * (double)(span->end_ns - span->begin_ns) / 1e9 : moment->value;
}

struct sc_filter *sc_filter_new(const struct sc_filter_rules *rules, const struct sc_filter_known *known)
{
    struct sc_filter *filter = calloc(1, sizeof *filter);
    if (filter) {
        filter->rules = rules;
        filter->known = known;
        filter->asked = (struct patterns){.items = rules->paths, .count = rules->path_count};
        filter->since = seconds_of(&known->span, &rules->since);
        filter->until = seconds_of(&known->span, &rules->until);
    }
    return filter;
}

void sc_filter_free(struct sc_filter *filter)
{
    if (!filter)
        return;
    free(filter->programs);
    free(filter->asked.files);
    free(filter->recorded.files);
    free(filter);
}

void sc_filter_begin(struct sc_filter *filter, const struct sc_run *run)
{
    if (!filter)
        return;
    filter->run = run;
    filter->recorded.list = run->only_paths;
    if (filter->programs)
        memset(filter->programs, UNKNOWN, filter->program_capacity);
}

static bool fits_one(const char *const *patterns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (sc_name_fits(patterns[i], name))
            return true;
    return false;
}

static bool name_fits_any(const struct patterns *patterns, const char *name)
{
    return fits_one(patterns->items, patterns->count, name) ||
           (patterns->list && sc_name_fits_one(patterns->list, name));
}

static bool names_fit(const struct sc_filter *filter, const struct patterns *patterns, uint32_t number)
{
    const struct sc_file *file = sc_files_get_last(filter->known->files, number);
    return name_fits_any(patterns, file->path) || name_fits_any(patterns, file->first_path);
}

/* By its number, which it has in every reading; asked once. */
static bool is_file(const struct sc_filter *filter, struct patterns *patterns, uint32_t file)
{
    if (file == SC_NO_FILE || file >= sc_files_count(filter->known->files))
        return false;
    if (SC_RESERVE_ZERO(patterns->files, patterns->file_capacity, (size_t)file + 1))
        return names_fit(filter, patterns, file);
    if (patterns->files[file] == UNKNOWN)
        patterns->files[file] = names_fit(filter, patterns, file) ? PASSES : FAILS;
    return patterns->files[file] == PASSES;
}

static bool is_path(const struct sc_filter *filter, struct patterns *patterns, const struct sc_access *access)
{
    if (!patterns->count && !patterns->list)
        return true;
    if (is_file(filter, patterns, access->file) || is_file(filter, patterns, access->second_file))
        return true;
    return access->file == SC_NO_FILE && access->path && name_fits_any(patterns, access->path);
}

static bool is_call(const struct sc_call_set *calls, const struct sc_event *event)
{
    return !calls || sc_call_set_has(calls, event->desc->name ? event->desc->nr : SC_NR_LIMIT);
}

static bool name_fits(const struct sc_filter *filter, uint32_t program)
{
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(filter->run, program, &kind);
    return name && sc_name_fits(filter->rules->program, name);
}

static bool is_program(struct sc_filter *filter, uint32_t program)
{
    if (program == SC_NO_PROGRAM || SC_RESERVE_ZERO(filter->programs, filter->program_capacity, (size_t)program + 1))
        return name_fits(filter, program);
    if (filter->programs[program] == UNKNOWN)
        filter->programs[program] = name_fits(filter, program) ? PASSES : FAILS;
    return filter->programs[program] == PASSES;
}

static bool is_process(const struct sc_filter *filter, const struct sc_event *event)
{
    uint64_t wanted = filter->rules->process;
    return (uint64_t)event->pid == wanted || sc_thread_number_of(&filter->known->numbers, event).process == wanted;
}

static bool is_thread(const struct sc_filter *filter, const struct sc_event *event)
{
    const struct sc_thread_number *wanted = &filter->rules->thread;
    struct sc_thread_number number = sc_thread_number_of(&filter->known->numbers, event);
    return number.process == wanted->process && number.thread == wanted->thread;
}

/* A call belongs to the moment in which it begins. */
static bool is_in_time(const struct sc_filter *filter, const struct sc_event *event)
{
    const struct sc_filter_rules *rules = filter->rules;
    if (!event->has_start)
        return false;
    uint64_t begin_ns = filter->known->span.begin_ns;
    double at = event->start_ns > begin_ns ? (double)(event->start_ns - begin_ns) / 1e9 : 0;
    return (!rules->since.given || at >= filter->since) && (!rules->until.given || at < filter->until);
}

static bool calls_from(const struct sc_filter *filter, uint64_t site)
{
    const struct sc_filter_rules *rules = filter->rules;
    const struct sc_symbol *symbol = site ? sc_symbols_find(filter->known->symbols, site) : NULL;
    if (!symbol)
        return false;
    for (size_t i = 0; i < symbol->frame_count; i++)
        for (size_t k = 0; k < rules->caller_count; k++)
            if (sc_matches(rules->callers[k], symbol->frames[i].function))
                return true;
    return symbol->module && fits_one(rules->callers, rules->caller_count, symbol->module);
}

static bool is_caller(struct sc_filter *filter, uint64_t site)
{
    size_t slot = (site ^ site >> 10) % (sizeof filter->sites / sizeof filter->sites[0]);
    if (filter->sites[slot].verdict == UNKNOWN || filter->sites[slot].site != site) {
        filter->sites[slot].site = site;
        filter->sites[slot].verdict = calls_from(filter, site) ? PASSES : FAILS;
    }
    return filter->sites[slot].verdict == PASSES;
}

bool sc_filter_passes(struct sc_filter *filter, const struct sc_event *event, const struct sc_access *access)
{
    if (!filter)
        return true;
    const struct sc_filter_rules *rules = filter->rules;
    bool in_time = (!rules->since.given && !rules->until.given) || is_in_time(filter, event);
    bool failed = sc_event_failed(event);
    return in_time && !(rules->failed && !failed) && !(rules->succeeded && (failed || event->outcome != SC_DONE)) &&
           is_call(rules->calls, event) && is_call(filter->run->only_set, event) &&
           is_path(filter, &filter->asked, access) && is_path(filter, &filter->recorded, access) &&
           (!rules->program || is_program(filter, event->program)) &&
           (!rules->by_process || is_process(filter, event)) && (!rules->by_id || (uint64_t)event->tid == rules->id) &&
           (!rules->by_thread || is_thread(filter, event)) && (!rules->caller_count || is_caller(filter, event->site));
}
