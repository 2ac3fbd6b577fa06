/*
 * dump_events: what a source yields, as counts per call name or call by call; for tests and for measuring.
 *
 *     dump_events [-e | -q] FILE
 *
 * Without an option: "name calls errors zero data cut unseen" for each name, sorted, and a "#" line on the run.
 * -e: one line per event. -q: reads all and prints the total only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../analyzer/sources/source.h"

enum { BATCH = 256, NAMES = 4096 };

struct row {
    char name[48];
    unsigned long calls, errors, zero, data, cut, unseen;
};

static struct row *row_of(struct row *rows, size_t *count, const char *name, size_t len)
{
    for (size_t i = 0; i < *count; i++)
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            return &rows[i];
    if (*count == NAMES || len >= sizeof rows->name)
        abort();
    struct row *row = &rows[(*count)++];
    memcpy(row->name, name, len);
    return row;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static void count(struct row *row, const struct sc_event *event)
{
    row->calls++;
    row->errors += event->outcome == SC_DONE && event->result < 0 && event->result > -4096;
    row->zero += event->data == SC_DATA_ZERO;
    row->data += event->data == SC_DATA_SOME;
    row->unseen += event->data == SC_DATA_UNSEEN;
    row->cut += event->data_cut;
}

static void show(const struct sc_event *event)
{
    static const char *const types[] = {"call", "process", "exec", "main", "end"};
    printf("%s p%u t%u pid %d tid %d", types[event->type], event->process, event->thread, event->pid, event->tid);
    if (event->type == SC_EVENT_PROCESS)
        printf(" parent %u origin %u", event->parent, event->origin);
    if (event->type == SC_EVENT_CALL) {
        printf(" %.*s outcome %u result %lld %s data %u%s%s", (int)event->name_len, event->name, event->outcome,
               (long long)event->result, event->errno_name ? event->errno_name : "-", event->data,
               event->data_cut ? " cut" : "", event->startup ? " startup" : "");
        if (event->has_start)
            printf(" at %llu", (unsigned long long)event->start_ns);
        if (event->has_duration)
            printf(" for %llu", (unsigned long long)event->duration_ns);
        for (unsigned i = 0; i < event->nargs; i++) {
            const struct sc_arg *arg = &event->args[i];
            printf(" | %s", sc_kind(arg->kind)->name);
            if (arg->state & SC_ARG_VALUE)
                printf(" %lld", (long long)arg->value);
            if (arg->state & SC_ARG_NULL)
                printf(" null");
            if (arg->state & SC_ARG_TEXT)
                printf(" text[%zu]%s", arg->text_len, arg->state & SC_ARG_CUT ? "..." : "");
            for (unsigned j = 0; j < arg->extra_count; j++)
                printf(" +%lld", (long long)arg->extra[j]);
            printf(" `%.*s`", (int)arg->raw_len, arg->raw);
        }
    }
    printf("\n");
}

static void show_run(const struct sc_run *run)
{
    printf("# end %d %d %d root %d processes %u threads %u startup %d times %d exe %s cwd %s argc %zu%s\n",
           run->end.kind, run->end.code, run->end.signal, run->root_pid, run->processes, run->threads,
           run->startup_seen, run->has_times, run->exe ? run->exe : "-", run->cwd ? run->cwd : "-", run->argc,
           run->argv_cut ? " cut" : "");
    for (size_t i = 0; i < run->child_count; i++)
        printf("# child %d process %d %s end %d %d %d\n", run->children[i].pid, (int)run->children[i].process,
               run->children[i].command ? run->children[i].command : "-", run->children[i].end.kind,
               run->children[i].end.code, run->children[i].end.signal);
    for (size_t i = 0; i < run->warning_count; i++)
        printf("# warning: %s\n", run->warnings[i]);
}

int main(int argc, char **argv)
{
    const char *option = argc > 2 ? argv[1] : "";
    static struct sc_event events[BATCH];
    struct row *rows = calloc(NAMES, sizeof *rows);
    struct sc_source *source;
    struct sc_error error;
    size_t names = 0;
    if (argc < 2 || !rows || sc_source_open(argv[argc - 1], &source, &error)) {
        fprintf(stderr, "%s\n", argc < 2 ? "dump_events FILE" : error.text);
        free(rows);
        return 2;
    }
    unsigned long total = 0;
    int64_t got;
    while ((got = sc_source_next(source, events, BATCH, &error)) > 0)
        for (int64_t i = 0; i < got; i++) {
            total += events[i].type == SC_EVENT_CALL;
            if (strcmp(option, "-e") == 0)
                show(&events[i]);
            else if (strcmp(option, "-q") != 0 && events[i].type == SC_EVENT_CALL)
                count(row_of(rows, &names, events[i].name, events[i].name_len), &events[i]);
        }
    const struct sc_counted_call *counted;
    size_t counted_rows = 0;
    if (sc_source_counts(source, &counted, &counted_rows) == 0)
        for (size_t i = 0; i < counted_rows; i++) {
            struct row *row = row_of(rows, &names, counted[i].name, strlen(counted[i].name));
            row->calls = counted[i].calls;
            row->errors = counted[i].errors;
            total += counted[i].calls;
        }
    qsort(rows, names, sizeof *rows, by_name);
    for (size_t i = 0; i < names; i++)
        printf("%s %lu %lu %lu %lu %lu %lu\n", rows[i].name, rows[i].calls, rows[i].errors, rows[i].zero, rows[i].data,
               rows[i].cut, rows[i].unseen);
    printf("# total %lu\n", total);
    show_run(sc_source_run(source));
    sc_source_close(source);
    free(rows);
    if (got < 0)
        fprintf(stderr, "%s\n", error.text);
    return got < 0;
}
