#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "../model/safe.h"

enum { FIRST_NS = 500000000, EVERY_NS = 100000000, NS = 1000000000, TURNS = 64 };

static struct timespec later(struct timespec from, long ns)
{
    from.tv_nsec += ns;
    if (from.tv_nsec >= NS) {
        from.tv_nsec -= NS;
        from.tv_sec++;
    }
    return from;
}

void sc_progress_begin(struct sc_progress *progress, const char *what, const char *name)
{
    struct timespec now = {0};
    *progress = (struct sc_progress){.terminal = what && isatty(STDERR_FILENO) == 1, .what = what, .name = name};
    clock_gettime(CLOCK_MONOTONIC, &now);
    progress->next = later(now, FIRST_NS);
}

void sc_progress_step(struct sc_progress *progress, const struct sc_source *source)
{
    if (!progress->terminal || ++progress->turns % TURNS)
        return;
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec < progress->next.tv_sec ||
        (now.tv_sec == progress->next.tv_sec && now.tv_nsec < progress->next.tv_nsec))
        return;
    progress->next = later(now, EVERY_NS);
    uint64_t done = 0, total = 0;
    sc_source_progress(source, &done, &total);
    fprintf(stderr, "\r\033[K%s ", progress->what);
    sc_print_safe(stderr, progress->name, 0);
    fputs(": ", stderr);
    if (total)
        fprintf(stderr, "%.0f %% of %.1f MB", 100.0 * (double)done / (double)total, (double)total / 1e6);
    else
        fprintf(stderr, "%.1f MB", (double)done / 1e6);
    fflush(stderr);
    progress->shown = true;
}

void sc_progress_end(struct sc_progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
