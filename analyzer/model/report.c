#include "report.h"

#include <stdlib.h>

void sc_report_process_free(struct sc_report_process *process)
{
    free(process->program);
    sc_strings_free(&process->command);
}

static void free_run(struct sc_report_run *run)
{
    free(run->label);
    free(run->source);
    sc_strings_free(&run->command);
    for (size_t i = 0; i < run->failed_count; i++)
        free(run->failed[i].command);
    free(run->failed);
    sc_counts_free(&run->counts);
    for (size_t i = 0; i < run->file_count; i++) {
        free(run->files[i].path);
        free(run->files[i].first_path);
        free(run->files[i].first_role);
        free(run->files[i].role);
        free(run->files[i].zeros);
    }
    free(run->files);
    sc_report_sites_free(&run->sites);
    free(run->over_time);
    for (size_t i = 0; i < run->process_count; i++)
        sc_report_process_free(&run->process_table[i]);
    free(run->process_table);
    free(run->recorded_only);
    free(run->startup_names);
    free(run->runtime_names);
    free(run->runtime_languages);
    sc_findings_free(run->findings, run->finding_count);
    for (size_t i = 0; i < run->way_count; i++)
        free(run->ways[i].role);
    free(run->ways);
    sc_strings_free(&run->problems);
    sc_strings_free(&run->warnings);
    sc_strings_free(&run->sites_left);
    for (size_t i = 0; i < run->program_count; i++)
        free(run->programs[i].program);
    free(run->programs);
    for (size_t i = 0; i < run->untraced_count; i++)
        free(run->untraced[i].name);
    free(run->untraced);
    sc_strings_free(&run->uncounted);
    sc_strings_free(&run->mappings);
}

void sc_report_free(struct sc_report *report)
{
    for (unsigned i = 0; i < report->run_count; i++)
        free_run(&report->runs[i]);
    sc_causes_free(report->causes, report->cause_count);
    for (size_t i = 0; i < report->failure_count; i++) {
        free(report->failures[i].call);
        free(report->failures[i].error);
        sc_strings_free(&report->failures[i].names);
    }
    free(report->failures);
    free(report->name);
    free(report->filter);
    free(report->why_not);
    sc_report_side_by_side_free(&report->sides);
    free(report->parting.next[0]);
    free(report->parting.next[1]);
    sc_strings_free(&report->differences);
    sc_strings_free(&report->other_names);
    sc_strings_free(&report->notes);
    sc_strings_free(&report->written);
    *report = (struct sc_report){0};
}

void sc_report_batch_free(struct sc_report_batch *batch)
{
    free(batch->labels[0]);
    free(batch->labels[1]);
    for (size_t i = 0; i < batch->pair_count; i++)
        sc_report_free(&batch->pairs[i]);
    free(batch->pairs);
    sc_strings_free(&batch->unpaired);
    sc_strings_free(&batch->unreadable);
    *batch = (struct sc_report_batch){0};
}

bool sc_report_is_identical(const struct sc_report *report)
{
    return !report->differ && !report->runs[0].problems.count && !report->runs[1].problems.count;
}

bool sc_end_is_good(const struct sc_end *end)
{
    return end->kind == SC_ENDED_EXITED && end->code == 0;
}
