#include "build_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/add_counters.h"
#include "../passes/health.h"
#include "file_roles.h"
#include "input_diff.h"
#include "map_hint.h"
#include "param_diff.h"

void sc_startup_counts(enum sc_startup startup, const struct sc_run *const runs[2], unsigned count, bool ret_with[2])
{
    bool mixed = count == 2 && runs[0]->startup_seen != runs[1]->startup_seen;
    for (unsigned i = 0; i < count; i++)
        ret_with[i] =
            startup == SC_STARTUP_INCLUDE || (startup == SC_STARTUP_AUTO && !(mixed && runs[i]->startup_seen));
}

static int copy_command(const struct sc_run *source, struct sc_report_run *run)
{
    run->command_known = source->argv != NULL;
    run->command_cut = source->argv_cut || source->argv_elided;
    for (size_t i = 0; source->argv && source->argv[i]; i++)
        sc_strings_add(&run->command, source->argv[i]);
    return run->command.failed ? -ENOMEM : 0;
}

/* The ranges of the first file of that path that has some. */
static int copy_zeros(const struct sc_extents *zeros, struct sc_report_file *copy)
{
    copy->zero_total += zeros->count;
    if (!zeros->count || copy->zeros)
        return 0;
    copy->zeros = calloc(SC_FINDING_RANGES, sizeof *copy->zeros);
    if (!copy->zeros)
        return -ENOMEM;
    copy->zero_count = (uint32_t)sc_extents_list(zeros, copy->zeros, SC_FINDING_RANGES);
    return 0;
}

static int copy_file(const struct sc_report_input *input, const struct sc_file *file, struct sc_report_file *copy)
{
    copy->path = strdup(file->path);
    copy->role = sc_make_file_role(input->normaliser, file->path, file->regular);
    return copy->path && copy->role ? 0 : -ENOMEM;
}

static int copy_first_path(const struct sc_report_input *input, const struct sc_file *file, struct sc_report_file *copy)
{
    if (copy->first_path || strcmp(file->first_path, file->path) == 0)
        return 0;
    copy->first_path = strdup(file->first_path);
    copy->first_role = sc_make_file_role(input->normaliser, file->first_path, file->regular);
    return copy->first_path && copy->first_role ? 0 : -ENOMEM;
}

static bool is_used(const struct sc_file_counts *counts)
{
    static const struct sc_file_counts none;
    return memcmp(counts, &none, sizeof none) != 0;
}

/* Those that had one path, one after the other, are one in the report: programs make a lock or a table anew often. */
static int copy_files(const struct sc_report_input *input, struct sc_report_run *run)
{
    size_t count = input->files ? sc_files_count(input->files) : 0;
    size_t names = input->files ? sc_files_names(input->files) : 0;
    struct sc_report_file **of_name = calloc(names + 1, sizeof *of_name);
    struct sc_sizes **sizes = calloc(count + 1, sizeof(struct sc_sizes *));
    run->files = calloc(count + 1, sizeof *run->files);
    int error = run->files && of_name && sizes ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && !error; i++) {
        const struct sc_file *file = sc_files_get(input->files, (uint32_t)i);
        if (file->same_as != SC_NO_FILE)
            continue; /* what was done to it is told of the other */
        const struct sc_file_counts *counts =
            input->shown ? sc_file_tally_counts(input->shown, (uint32_t)i) : &file->counts;
        if (input->shown && !is_used(counts))
            continue;
        struct sc_report_file *copy = of_name[file->name];
        if (!copy) {
            of_name[file->name] = copy = &run->files[run->file_count++];
            error = copy_file(input, file, copy);
        }
        copy->made++;
        SC_ADD_COUNTERS(&copy->counts, counts);
        run->mapped.files += counts->touched_pages > 0;
        run->mapped.pages += counts->touched_pages;
        run->mapped.zero_pages += counts->touched_zero_pages;
        run->mapped.unseen_pages += counts->touched_unseen_pages;
        error = error ? error
                      : sc_sizes_join(&sizes[copy - run->files],
                                      input->shown ? sc_file_tally_sizes(input->shown, (uint32_t)i) : file->sizes);
        if (!error)
            error = copy_first_path(input, file, copy);
        if (!error && counts->zero_writes)
            error = copy_zeros(&sc_files_zeros(input->files, (uint32_t)i)->ever, copy);
    }
    for (size_t i = 0; sizes && i < run->file_count; i++) {
        error = error ? error : sc_sizes_summary((const struct sc_sizes *const *)&sizes[i], 1, &run->files[i].sizes);
        sc_sizes_free(sizes[i]);
    }
    free(sizes);
    free(of_name);
    return error;
}

/* Last of all, since building the report itself may have met names for the first time. */
static int add_normalised(const struct sc_report_input *input, struct sc_report_run *run)
{
    const char *const *lines;
    for (size_t i = 0; i < input->run->warning_count; i++)
        sc_strings_addf(&run->warnings, "%s: %s", run->label, input->run->warnings[i]);
    if (input->normaliser) {
        size_t count = sc_normaliser_mappings(input->normaliser, &lines);
        for (size_t i = 0; i < count; i++)
            sc_strings_add(&run->mappings, lines[i]);
    }
    return run->warnings.failed || run->mappings.failed ? -ENOMEM : 0;
}

/* Last too. One line: a run may make thousands of temporary files. */
static int note_unlike_names(const struct sc_report_input *inputs, struct sc_report *report)
{
    struct sc_unlike_name first;
    const struct sc_normaliser *a = inputs[0].normaliser, *b = inputs[1].normaliser;
    size_t count = a && b ? sc_normaliser_unlike(a, b, &first) : 0;
    if (count)
        sc_strings_addf(&report->notes,
                        "%" PRIu32 " / %" PRIu32
                        " files would be called %s, and are numbered in the order of their use: which "
                        "stands for which is not known%s.",
                        first.files[0], first.files[1], first.name, count > 1 ? "; so it is with other names" : "");
    return report->notes.failed ? -ENOMEM : 0;
}

/* Processes of which no call passed the filter. */
static void drop_idle(struct sc_report_run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->process_count; i++)
        if (run->process_table[i].calls)
            run->process_table[kept++] = run->process_table[i];
        else
            sc_report_process_free(&run->process_table[i]);
    run->process_count = kept;
}

/* As syscap-record is told it; *ret_text stays as it is where all was recorded. */
static int say_recorded(const struct sc_run *source, char **ret_text)
{
    const char *calls = source->only_calls, *paths = source->only_paths;
    if (!calls && !paths)
        return 0;
    return asprintf(ret_text, "%s%s%s%s%s", calls ? "--trace=" : "", calls ? calls : "", calls && paths ? " " : "",
                    paths ? "--path=" : "", paths ? paths : "") < 0
               ? -ENOMEM
               : 0;
}

static int build_run(const struct sc_report_input *input, bool with_startup, bool pair, enum sc_taxonomy taxonomy,
                     struct sc_report_run *run)
{
    const struct sc_run *source = input->run;
    run->label = strdup(input->label);
    run->source = strdup(input->path);
    if (!run->label || !run->source)
        return -ENOMEM;
    run->kind = source->kind;
    run->mode = source->mode;
    run->end = source->end;
    run->coverage = source->coverage;
    for (size_t i = 0; source->sites_left && source->sites_left[i]; i++)
        sc_strings_add(&run->sites_left, source->sites_left[i]);
    run->calls_known = source->kind != SC_RUN_STRACE_SUMMARY;
    run->times_known = source->has_times;
    run->processes = source->processes;
    run->threads = source->threads;
    run->total = input->filter ? input->calls : sc_tally_total(input->tally);
    run->startup_calls = sc_tally_startup(input->tally);
    run->startup_known = source->kind == SC_RUN_STRACE || (source->kind == SC_RUN_CAPTURE && source->main_marked);
    run->startup_left_out = !with_startup && run->startup_calls > 0;
    int error = say_recorded(source, &run->recorded_only);
    if (!error)
        error = copy_command(source, run);
    if (!error)
        error = sc_tally_sum(input->tally, with_startup, taxonomy, &run->counts);
    if (!error && input->threads)
        sc_threads_mark_chance(input->threads, &run->counts);
    run->wall_known = sc_tally_wall(input->tally, with_startup, &run->wall_ns);
    if (!error)
        error = copy_files(input, run);
    if (!error && input->processes)
        error = sc_process_table_report(input->processes, source, with_startup, run);
    if (!error && input->processes && input->threads)
        error = sc_threads_number_processes(input->threads, run->process_table, run->process_count);
    if (input->filter)
        drop_idle(run);
    if (!error && input->sites)
        error = sc_sites_report(input->sites, input->symbols, with_startup, &run->sites);
    if (!error)
        error = sc_judge_health(source, pair, run);
    return error;
}

static bool same_end(const struct sc_end *a, const struct sc_end *b)
{
    return a->kind == b->kind && (a->kind != SC_ENDED_EXITED || a->code == b->code) &&
           (a->kind != SC_ENDED_SIGNALED || a->signal == b->signal);
}

/* The next call at or behind *at that was not made by chance alone. NULL where there is none. */
static const struct sc_named_count *next_meant(const struct sc_counts *counts, size_t *at)
{
    while (*at < counts->call_count && counts->calls[*at].calls == counts->calls[*at].chance)
        ++*at;
    return *at < counts->call_count ? &counts->calls[(*at)++] : NULL;
}

static bool runs_differ(const struct sc_report_run *a, const struct sc_report_run *b)
{
    const struct sc_named_count *left, *right;
    size_t left_at = 0, right_at = 0;
    if (!same_end(&a->end, &b->end))
        return true;
    do {
        left = next_meant(&a->counts, &left_at);
        right = next_meant(&b->counts, &right_at);
        if (left && right &&
            (left->calls - left->chance != right->calls - right->chance || strcmp(left->name, right->name) != 0))
            return true;
    } while (left && right);
    if (left || right)
        return true;
    return a->calls_known && b->calls_known && sc_writes_differ(&a->counts.writes, &b->counts.writes);
}

/* Two ways of looking at a program see different things, which must not be taken for a difference of the programs. */
static void add_notes(struct sc_report *report, const bool with_startup[2])
{
    const struct sc_report_run *runs = report->runs;
    for (unsigned i = 0; i < 2; i++) {
        const struct sc_report_run *run = &runs[i], *other = &runs[1 - i];
        if (run->kind == SC_RUN_CAPTURE && run->mode == SC_MODE_INTERPOSE &&
            (other->kind != SC_RUN_CAPTURE || other->mode == SC_MODE_FULL))
            sc_strings_addf(&report->notes,
                            "%s was recorded by symbol wrappers, which miss what libc does inside itself; %s was not.",
                            run->label, other->label);
        if (run->kind == SC_RUN_STRACE_SUMMARY && (other->kind == SC_RUN_CAPTURE || !with_startup[i]))
            sc_strings_addf(&report->notes,
                            "the counts of %s include its start-up, which a strace -c table can't tell apart.",
                            run->label);
    }
}

static int say_why_not(struct sc_report *report)
{
    size_t size = 0;
    FILE *out = open_memstream(&report->why_not, &size);
    if (!out)
        return -ENOMEM;
    const char *between = "";
    for (unsigned i = 0; i < report->run_count; i++) {
        for (size_t p = 0; p < report->runs[i].problems.count; p++, between = "; ")
            fprintf(out, "%s%s: %s", between, report->runs[i].label, report->runs[i].problems.items[p]);
    }
    if (report->differences.count) {
        fprintf(out, "%snot identical operations: ", between);
        for (size_t i = 0; i < report->differences.count; i++)
            fprintf(out, "%s%s", i ? "; " : "", report->differences.items[i]);
    }
    if (fclose(out))
        return -ENOMEM;
    report->comparable = size == 0;
    if (report->comparable) {
        free(report->why_not);
        report->why_not = NULL;
    }
    return 0;
}

static int build_comparison(const struct sc_report_input *inputs, const bool with_startup[2], struct sc_report *report)
{
    struct sc_side a = {inputs[0].run, inputs[0].normaliser, inputs[0].files};
    struct sc_side b = {inputs[1].run, inputs[1].normaliser, inputs[1].files};
    sc_find_param_diff(&a, &b, &report->differences, &report->other_names);
    sc_find_input_diff(&a, &b, &report->differences);
    const char *only[2] = {report->runs[0].recorded_only, report->runs[1].recorded_only};
    if ((only[0] || only[1]) && (!only[0] || !only[1] || strcmp(only[0], only[1]) != 0))
        sc_strings_addf(&report->differences, "recorded only %s / %s", only[0] ? only[0] : "all",
                        only[1] ? only[1] : "all");
    add_notes(report, with_startup);
    sc_add_map_hint(&a, &b, &report->notes);
    report->total_diff = (int64_t)(report->runs[0].counts.total - report->runs[1].counts.total);
    report->differ = runs_differ(&report->runs[0], &report->runs[1]);
    if (report->differences.failed || report->other_names.failed || report->notes.failed)
        return -ENOMEM;
    return say_why_not(report);
}

int sc_report_build(const struct sc_report_input *inputs, unsigned count, enum sc_taxonomy taxonomy,
                    enum sc_startup startup, const char *name, struct sc_report *ret_report)
{
    *ret_report = (struct sc_report){.taxonomy = taxonomy, .ranking = inputs[0].ranking};
    const struct sc_run *runs[2] = {inputs[0].run, count == 2 ? inputs[1].run : NULL};
    bool with_startup[2] = {true, true};
    sc_startup_counts(startup, runs, count, with_startup);
    int error = 0;
    if ((name && !(ret_report->name = strdup(name))) ||
        (inputs[0].filter && !(ret_report->filter = strdup(inputs[0].filter))))
        error = -ENOMEM;
    for (unsigned i = 0; i < count && !error; i++) {
        ret_report->run_count = i + 1;
        error = build_run(&inputs[i], with_startup[i], count == 2, taxonomy, &ret_report->runs[i]);
    }
    if (!error && count == 2)
        error = build_comparison(inputs, with_startup, ret_report);
    if (!error)
        error = sc_report_why(inputs, with_startup, ret_report);
    for (unsigned i = 0; i < count && !error; i++)
        error = add_normalised(&inputs[i], &ret_report->runs[i]);
    if (!error && count == 2)
        error = note_unlike_names(inputs, ret_report);
    if (error)
        sc_report_free(ret_report);
    return error;
}
