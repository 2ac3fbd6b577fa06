/* sqlite_report.c: what the report knows of whole runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_tables.h"

/* The words with blanks between them. NULL where memory is short. */
static char *command_text(const struct sc_strings *words)
{
    size_t bytes = 1;
    for (size_t i = 0; i < words->count; i++)
        bytes += strlen(words->items[i]) + 1;
    char *text = calloc(bytes, 1), *at = text;
    for (size_t i = 0; text && i < words->count; i++)
        at = stpcpy(stpcpy(at, i ? " " : ""), words->items[i]);
    return text;
}

static int add_run(struct sc_rows *table, const struct sc_report *report, unsigned number)
{
    const struct sc_report_run *run = &report->runs[number];
    char end[64];
    char *command = command_text(&run->command);
    if (!command)
        return -ENOMEM;
    sc_rows_number(table, number);
    sc_rows_text(table, run->label);
    sc_rows_text(table, run->source);
    sc_rows_text(table, run->kind != SC_RUN_CAPTURE ? "strace" : run->mode == SC_MODE_FULL ? "full" : "interpose");
    sc_rows_text(table, run->command_known ? command : NULL);
    sc_rows_text(table, sc_end_text(&run->end, end, sizeof end));
    sc_rows_known(table, run->complete != SC_NOT_KNOWN, run->complete == SC_YES);
    sc_rows_number(table, (int64_t)run->counts.total);
    sc_rows_number(table, (int64_t)run->total);
    sc_rows_known(table, run->times_known, (int64_t)run->counts.time_total);
    sc_rows_known(table, run->times_known, (int64_t)run->waiting_ns);
    sc_rows_known(table, run->wall_known, (int64_t)run->wall_ns);
    sc_rows_text(table, report->filter);
    int error = sc_rows_end_row(table);
    free(command);
    return error;
}

static int add_process(struct sc_rows *table, unsigned number, const struct sc_report_process *process)
{
    char end[64];
    sc_rows_number(table, number);
    sc_rows_number(table, process->number);
    sc_rows_known(table, process->parent != process->number, process->parent);
    sc_rows_known(table, process->pid != 0, process->pid);
    sc_rows_text(table, process->program);
    sc_rows_number(table, process->copy);
    sc_rows_known(table, process->times_known, (int64_t)process->begin_ns);
    sc_rows_known(table, process->times_known, (int64_t)process->end_ns);
    sc_rows_text(table, sc_end_text(&process->end, end, sizeof end));
    sc_rows_number(table, (int64_t)process->calls);
    sc_rows_number(table, (int64_t)process->bytes);
    sc_rows_number(table, (int64_t)process->io_ns);
    sc_rows_number(table, (int64_t)process->waiting_ns);
    return sc_rows_end_row(table);
}

static int add_finding(struct sc_rows *table, unsigned number, const struct sc_finding *finding)
{
    sc_rows_known(table, false, 0); /* SQLite counts */
    sc_rows_number(table, number);
    sc_rows_text(table, finding->id);
    sc_rows_text(table, finding->file);
    sc_rows_number(table, (int64_t)finding->calls);
    sc_rows_number(table, (int64_t)finding->bytes);
    sc_rows_number(table, (int64_t)finding->time_ns);
    sc_rows_number(table, (int64_t)finding->saved_calls);
    sc_rows_number(table, (int64_t)finding->saved_ns);
    sc_rows_text(table, finding->detail);
    sc_rows_text(table, finding->advice);
    return sc_rows_end_row(table);
}

static int add_cause(struct sc_rows *table, const struct sc_cause *cause)
{
    sc_rows_known(table, false, 0);
    sc_rows_text(table, cause->role);
    sc_rows_text(table, cause->pattern);
    sc_rows_text(table, cause->runtime);
    for (int i = 0; i < 2; i++)
        sc_rows_number(table, (int64_t)cause->calls[i]);
    for (int i = 0; i < 2; i++)
        sc_rows_number(table, (int64_t)cause->bytes[i]);
    for (int i = 0; i < 2; i++)
        sc_rows_number(table, (int64_t)cause->time_ns[i]);
    return sc_rows_end_row(table);
}

int sc_sqlite_report(sqlite3 *db, const struct sc_report *report)
{
    struct sc_rows runs = {0}, processes = {0}, findings = {0}, causes = {0};
    int error = sc_rows_open(db, "runs", &runs);
    error = error ? error : sc_rows_open(db, "processes", &processes);
    error = error ? error : sc_rows_open(db, "findings", &findings);
    error = error ? error : sc_rows_open(db, "causes", &causes);
    for (unsigned i = 0; i < report->run_count && !error; i++) {
        const struct sc_report_run *run = &report->runs[i];
        error = add_run(&runs, report, i);
        for (size_t j = 0; j < run->process_count && !error; j++)
            error = add_process(&processes, i, &run->process_table[j]);
        for (size_t j = 0; j < run->finding_count && !error; j++)
            error = add_finding(&findings, i, &run->findings[j]);
    }
    for (size_t i = 0; i < report->cause_count && !error; i++)
        error = add_cause(&causes, &report->causes[i]);
    sc_rows_close(&runs);
    sc_rows_close(&processes);
    sc_rows_close(&findings);
    sc_rows_close(&causes);
    return error;
}
