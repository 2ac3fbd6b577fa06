#include "filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

enum verdict { UNKNOWN, PASSES, FAILS };

struct sc_filter {
    const struct sc_filter_rules *rules;
    const struct sc_filter_known *known;
    const struct sc_run *run;
    uint8_t *files, *programs; /* enum verdict, by number */
    size_t file_capacity, program_capacity;
    struct {
        uint64_t site;
        uint8_t verdict;
    } sites[1024];
};

static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

struct sc_filter *sc_filter_new(const struct sc_filter_rules *rules, const struct sc_filter_known *known)
{
    struct sc_filter *filter = calloc(1, sizeof *filter);
    if (filter) {
        filter->rules = rules;
        filter->known = known;
    }
    return filter;
}

void sc_filter_free(struct sc_filter *filter)
{
    if (!filter)
        return;
    free(filter->programs);
    free(filter->files);
    free(filter);
}

void sc_filter_begin(struct sc_filter *filter, const struct sc_run *run)
{
    if (!filter)
        return;
    filter->run = run;
    if (filter->programs)
        memset(filter->programs, UNKNOWN, filter->program_capacity);
}

static bool fits(const char *pattern, const char *name)
{
    const char *slash = strrchr(name, '/');
    return fnmatch(pattern, name, 0) == 0 || (slash && !strchr(pattern, '/') && fnmatch(pattern, slash + 1, 0) == 0);
}

static bool fits_one(const char *const *patterns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (fits(patterns[i], name))
            return true;
    return false;
}

static bool names_fit(const struct sc_filter *filter, uint32_t number)
{
    const struct sc_filter_rules *rules = filter->rules;
    const struct sc_file *file = sc_files_get(filter->known->files, number);
    if (file->same_as != SC_NO_FILE)
        file = sc_files_get(filter->known->files, file->same_as);
    return fits_one(rules->paths, rules->path_count, file->path) ||
           fits_one(rules->paths, rules->path_count, file->first_path);
}

/* By its number, which it has in every reading; asked once. */
static bool is_file(struct sc_filter *filter, uint32_t file)
{
    if (file == SC_NO_FILE || file >= sc_files_count(filter->known->files))
        return false;
    if (SC_RESERVE_ZERO(filter->files, filter->file_capacity, (size_t)file + 1))
        return names_fit(filter, file);
    if (filter->files[file] == UNKNOWN)
        filter->files[file] = names_fit(filter, file) ? PASSES : FAILS;
    return filter->files[file] == PASSES;
}

static bool is_path(struct sc_filter *filter, const struct sc_access *access)
{
    if (is_file(filter, access->file) || is_file(filter, access->second_file))
        return true;
    return access->file == SC_NO_FILE && access->path &&
           fits_one(filter->rules->paths, filter->rules->path_count, access->path);
}

static bool is_program(struct sc_filter *filter, uint32_t program)
{
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(filter->run, program, &kind);
    return name && fits(filter->rules->process, name);
}

static bool is_process(struct sc_filter *filter, const struct sc_event *event)
{
    const char *wanted = filter->rules->process;
    if (is_number(wanted)) {
        unsigned long number = strtoul(wanted, NULL, 10);
        return (unsigned long)event->pid == number || (event->process < filter->known->process_count &&
                                                       filter->known->process_numbers[event->process] == number);
    }
    if (event->program == SC_NO_PROGRAM ||
        SC_RESERVE_ZERO(filter->programs, filter->program_capacity, (size_t)event->program + 1))
        return is_program(filter, event->program);
    if (filter->programs[event->program] == UNKNOWN)
        filter->programs[event->program] = is_program(filter, event->program) ? PASSES : FAILS;
    return filter->programs[event->program] == PASSES;
}

static bool is_thread(const struct sc_filter *filter, const struct sc_event *event)
{
    unsigned process, thread;
    if (is_number(filter->rules->thread))
        return (unsigned long)event->tid == strtoul(filter->rules->thread, NULL, 10);
    if (sscanf(filter->rules->thread, "P%u.T%u", &process, &thread) != 2) /* NOLINT(cert-err34-c): options.c checked */
        return false;
    for (size_t i = 0; i < filter->known->thread_count; i++)
        if (filter->known->threads[i].source == event->thread)
            return filter->known->threads[i].process == process && filter->known->threads[i].thread == thread;
    return false;
}

static double seconds_of(const struct sc_filter *filter, const struct sc_moment *moment)
{
    return moment->is_share ? moment->value * (double)(filter->known->end_ns - filter->known->begin_ns) / 1e9
                            : moment->value;
}

/* A call belongs to the moment in which it begins. */
static bool is_in_time(const struct sc_filter *filter, const struct sc_event *event)
{
    const struct sc_filter_rules *rules = filter->rules;
    if (!event->has_start)
        return false;
    uint64_t begin_ns = filter->known->begin_ns;
    double at = event->start_ns > begin_ns ? (double)(event->start_ns - begin_ns) / 1e9 : 0;
    return (!rules->since.given || at >= seconds_of(filter, &rules->since)) &&
           (!rules->until.given || at < seconds_of(filter, &rules->until));
}

static bool calls_from(const struct sc_filter *filter, uint64_t site)
{
    const struct sc_filter_rules *rules = filter->rules;
    const struct sc_symbol *symbol = site ? sc_symbols_find(filter->known->symbols, site) : NULL;
    if (!symbol)
        return false;
    for (size_t i = 0; i < symbol->frame_count; i++)
        for (size_t k = 0; k < rules->caller_count; k++)
            if (fnmatch(rules->callers[k], symbol->frames[i].function, 0) == 0)
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
           (!rules->calls || sc_call_set_has(rules->calls, event)) && (!rules->path_count || is_path(filter, access)) &&
           (!rules->process || is_process(filter, event)) && (!rules->thread || is_thread(filter, event)) &&
           (!rules->caller_count || is_caller(filter, event->site));
}
