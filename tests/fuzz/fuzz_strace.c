/*
 * fuzz_strace: any bytes as a strace log, or as a table of strace -c. libFuzzer:
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -o fuzz_strace tests/fuzz/fuzz_strace.c \
 *         analyzer/sources/strace_*.c analyzer/model/{values,values_parse,text}.c common/calls.c
 *
 * The bytes go through a file in memory, since that is what a source opens. What every event points to is read, so that
 * a stray pointer is found; and a batch of one must yield as many events as one of many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../analyzer/sources/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sink;

static void touch(const char *text, size_t len)
{
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (unsigned char)text[i];
    sink += sum;
}

static void touch_event(const struct sc_event *event)
{
    if (!event->desc)
        abort();
    if (event->type != SC_EVENT_CALL)
        return;
    touch(event->name, event->name_len);
    if (event->nargs > SC_MAX_ARGS)
        abort();
    for (unsigned i = 0; i < event->nargs; i++) {
        const struct sc_arg *arg = &event->args[i];
        if (arg->state & SC_ARG_TEXT)
            touch(arg->text, arg->text_len);
        if (arg->state & SC_ARG_RAW)
            touch(arg->raw, arg->raw_len);
        if (arg->extra_count > SC_ARG_EXTRAS)
            abort();
    }
}

static unsigned long read_all(const struct sc_source_ops *ops, const char *path, size_t batch)
{
    struct sc_source *source;
    struct sc_error error;
    struct sc_event events[64];
    unsigned long total = 0;
    int64_t got;
    if (ops->open(path, &source, &error))
        return 0;
    while ((got = ops->next(source, events, batch, &error)) > 0)
        for (int64_t i = 0; i < got; i++, total++)
            touch_event(&events[i]);
    const struct sc_run *run = &source->run;
    for (size_t i = 0; i < run->warning_count; i++)
        touch(run->warnings[i], 1);
    ops->close(source);
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("log", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
    (void)sc_strace_source.recognise(path, data, size < 4096 ? size : 4096);
    (void)sc_strace_summary_source.recognise(path, data, size < 4096 ? size : 4096);
    if (read_all(&sc_strace_source, path, 64) != read_all(&sc_strace_source, path, 1))
        abort();
    (void)read_all(&sc_strace_summary_source, path, 64);
    return 0;
}
