/*
 * dump_capture: what a capture or a strace log holds, one line per event, for parity.py to compare.
 *
 *     dump_capture FILE
 *
 * Fields are separated by tabs. A call:
 *
 *     call PROCESS THREAD PID TID STARTUP NAME OUTCOME RESULT ERRNO DATA ARGUMENT...
 *
 * An ARGUMENT is KIND, then "=value", "~null", "+extra" for each extra and "`text" (C escapes) as far as they are
 * known. Other events: TYPE PROCESS THREAD PID TID. Lines of one thread stand in the order in which its calls began.
 * Warnings of the run follow as "warning" lines.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "../../analyzer/sources/source.h"

enum { BATCH = 256 };

static void show_text(const char *text, size_t len)
{
    putchar('`');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (isprint(c) && c != '\\')
            putchar(c);
        else
            printf("\\x%02x", c);
    }
}

static void show_arg(const struct sc_arg *arg)
{
    printf("\t%s", sc_kind(arg->kind)->name);
    /* Of a pointer that a capture leaves out strace prints the address. */
    if (arg->state & SC_ARG_VALUE && sc_kind(arg->kind)->stored == SC_STORED_VALUE)
        printf("=%" PRId64, arg->value);
    if (arg->state & SC_ARG_NULL)
        printf("~null");
    for (unsigned i = 0; i < arg->extra_count; i++)
        printf("+%" PRId64, arg->extra[i]);
    if (arg->state & SC_ARG_TEXT && sc_kind(arg->kind)->stored == SC_STORED_TEXT)
        show_text(arg->text, arg->text_len);
}

static void show(const struct sc_event *event)
{
    static const char *const types[] = {"call", "process", "exec", "main", "end"};
    static const char *const outcomes[] = {"done", "noreturn", "unfinished", "unknown"};
    printf("%s\t%u\t%u\t%d\t%d", types[event->type], event->process, event->thread, event->pid, event->tid);
    if (event->type == SC_EVENT_CALL) {
        printf("\t%d\t%.*s\t%s\t%" PRId64 "\t%s\t%u", event->startup, (int)event->name_len, event->name,
               outcomes[event->outcome], event->result, event->errno_name ? event->errno_name : "-", event->data);
        for (unsigned i = 0; i < event->nargs; i++)
            show_arg(&event->args[i]);
    }
    putchar('\n');
}

int main(int argc, char **argv)
{
    static struct sc_event events[BATCH];
    struct sc_source *source;
    struct sc_error error;
    if (argc != 2 || sc_source_open(argv[1], &source, &error)) {
        fprintf(stderr, "%s\n", argc == 2 ? error.text : "dump_capture FILE");
        return 2;
    }
    int64_t got;
    while ((got = sc_source_next(source, events, BATCH, &error)) > 0)
        for (int64_t i = 0; i < got; i++)
            show(&events[i]);
    const struct sc_run *run = sc_source_run(source);
    for (size_t i = 0; i < run->warning_count; i++)
        printf("warning\t%s\n", run->warnings[i]);
    sc_source_close(source);
    if (got < 0)
        fprintf(stderr, "%s\n", error.text);
    return got < 0;
}
