#include "process_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

struct counts {
    uint64_t calls, bytes, io_ns, waiting_ns;
};

struct process {
    uint32_t parent, program;
    int32_t pid;
    uint64_t begin_ns, end_ns; /* 0: of no event is the time known */
    struct counts parts[2];    /* behind the start-up, and of it */
};

struct sc_process_table {
    struct process *items; /* by number */
    size_t count, capacity;
};

struct sc_process_table *sc_process_table_new(void)
{
    return calloc(1, sizeof(struct sc_process_table));
}

void sc_process_table_free(struct sc_process_table *table)
{
    if (!table)
        return;
    free(table->items);
    free(table);
}

static struct process *process_of(struct sc_process_table *table, const struct sc_event *event)
{
    size_t number = event->process;
    if (number >= table->count) {
        if (SC_RESERVE(table->items, table->capacity, number + 1))
            return NULL;
        for (; table->count <= number; table->count++)
            table->items[table->count] = (struct process){.parent = (uint32_t)table->count, .program = SC_NO_PROGRAM};
    }
    return &table->items[number];
}

int sc_process_table_add(struct sc_process_table *table, const struct sc_files *files, const struct sc_event *event,
                         const struct sc_access *access)
{
    struct process *process = process_of(table, event);
    if (!process)
        return -ENOMEM;
    uint64_t took = sc_event_took(event);
    if (event->has_start) {
        process->begin_ns = process->begin_ns ? process->begin_ns : event->start_ns;
        process->end_ns = event->start_ns + took > process->end_ns ? event->start_ns + took : process->end_ns;
    }
    process->pid = event->pid ? event->pid : process->pid;
    if (event->type == SC_EVENT_PROCESS)
        process->parent = event->parent;
    if (event->type != SC_EVENT_CALL)
        return 0;
    struct counts *counts = &process->parts[event->startup];
    process->program = event->program;
    counts->calls++;
    counts->bytes += sc_event_bytes(event);
    *(sc_files_waits(files, event->desc, access->file) ? &counts->waiting_ns : &counts->io_ns) += took;
    return 0;
}

static int fill(const struct process *process, const struct sc_run *run, bool with_startup, uint64_t run_begin_ns,
                struct sc_report_process *to)
{
    enum sc_program_kind kind = SC_PROGRAM_ROOT;
    const char *program = sc_run_program_name(run, process->program, &kind);
    *to = (struct sc_report_process){
        .number = to->number,
        .parent = process->parent,
        .pid = process->pid,
        .program = program ? strdup(program) : NULL,
        .copy = kind == SC_PROGRAM_FORK,
        .times_known = process->end_ns > 0,
        .begin_ns = process->begin_ns - run_begin_ns,
        .end_ns = process->end_ns - run_begin_ns,
    };
    for (unsigned part = 0; part <= with_startup; part++) {
        to->calls += process->parts[part].calls;
        to->bytes += process->parts[part].bytes;
        to->io_ns += process->parts[part].io_ns;
        to->waiting_ns += process->parts[part].waiting_ns;
    }
    return program && !to->program ? -ENOMEM : 0;
}

/* How it ended, and what it ran last. The root's command is that of the program that was asked for. */
static int fill_end(const struct sc_run *run, const struct sc_child *child, struct sc_report_process *to)
{
    char *const *words = to->number == 0 ? run->argv : child && !to->copy ? child->argv : NULL;
    if (to->number == 0)
        to->end = run->end;
    else if (child)
        to->end = child->end;
    to->command_cut = to->number == 0 ? run->argv_cut || run->argv_elided : child && child->argv_cut;
    for (; words && *words; words++)
        sc_strings_add(&to->command, *words);
    return to->command.failed ? -ENOMEM : 0;
}

static int by_cost(const void *left, const void *right)
{
    const struct sc_report_process *a = left, *b = right;
    if (a->io_ns != b->io_ns)
        return a->io_ns < b->io_ns ? 1 : -1;
    if (a->calls != b->calls)
        return a->calls < b->calls ? 1 : -1;
    return (a->number > b->number) - (a->number < b->number);
}

int sc_process_table_report(const struct sc_process_table *table, const struct sc_run *run, bool with_startup,
                            struct sc_report_run *report)
{
    uint64_t begin_ns = UINT64_MAX;
    const struct sc_child **children = sc_run_children(run, table->count);
    report->process_table = calloc(table->count + 1, sizeof *report->process_table);
    int error = children && report->process_table ? 0 : -ENOMEM;
    for (size_t i = 0; i < table->count; i++)
        if (table->items[i].end_ns && table->items[i].begin_ns < begin_ns)
            begin_ns = table->items[i].begin_ns;
    for (size_t i = 0; i < table->count && !error; i++) {
        struct sc_report_process *to = &report->process_table[report->process_count++];
        *to = (struct sc_report_process){.number = (uint32_t)i};
        error = fill(&table->items[i], run, with_startup, begin_ns, to);
        if (!error)
            error = fill_end(run, children[i], to);
    }
    if (!error)
        qsort(report->process_table, report->process_count, sizeof *report->process_table, by_cost);
    free(children);
    return error;
}
