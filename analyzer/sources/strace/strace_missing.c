/*
 * strace_missing.c: calls that strace was told to leave out, as far as what it printed shows it: children without -f;
 * -e trace=, -z and -Z. What is not seen in a log is otherwise taken for what did not happen.
 */
#include "strace_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_OWN = 3 }; /* descriptors below it are given to a program by its parent */

static bool opens(const struct sc_call_desc *desc)
{
    return desc->fd_effect != SC_FD_NONE && desc->fd_effect != SC_FD_CLOSES && desc->fd_effect != SC_FD_CLOSES_RANGE;
}

static void note_descriptors(struct sc_strace_seen *seen, const struct sc_event *event)
{
    seen->opened |= opens(event->desc);
    for (unsigned i = 0; i < event->nargs; i++) {
        bool descriptor = event->args[i].kind == SC_KIND_FD || event->args[i].kind == SC_KIND_MAP_FD;
        seen->used_own |= descriptor && sc_event_value(event, i) >= FIRST_OWN;
    }
}

static bool names(const struct sc_event *event, unsigned at, const char *path)
{
    const struct sc_arg *arg = &event->args[at];
    return event->nargs > at && arg->text && arg->text_len == strlen(path) &&
           memcmp(arg->text, path, arg->text_len) == 0;
}

void sc_strace_see(struct sc_strace_log *log, const struct sc_event *event, bool child, bool as_thread)
{
    struct sc_strace_seen *seen = &log->seen;
    enum sc_means means = event->desc->means;
    bool failed = sc_event_failed(event);
    seen->children_made += child && !as_thread;
    seen->threads_made += child && as_thread;
    seen->mapped |= means == SC_MEANS_MAP;
    seen->exits |= event->desc->ret == SC_RET_N;
    seen->failed |= failed;
    seen->went_well |= event->outcome == SC_DONE && !failed;
    if (event->outcome == SC_DONE && !failed)
        note_descriptors(seen, event);
    seen->loader |= means == SC_MEANS_OPEN && names(event, 1, "/etc/ld.so.cache");
    seen->preload |= names(event, 0, "/etc/ld.so.preload") || names(event, 1, "/etc/ld.so.preload");
}

static void warn_children(struct sc_strace_log *log)
{
    const struct sc_strace_seen *seen = &log->seen;
    char children[40] = "", threads[40] = "", *text = NULL;
    if (log->multi || !(seen->children_made + seen->threads_made))
        return;
    if (seen->children_made)
        snprintf(children, sizeof children, "%llu process%s", (unsigned long long)seen->children_made,
                 seen->children_made == 1 ? "" : "es");
    if (seen->threads_made)
        snprintf(threads, sizeof threads, "%llu thread%s", (unsigned long long)seen->threads_made,
                 seen->threads_made == 1 ? "" : "s");
    if (asprintf(&text, "%s%s%s started, and no call of theirs is in the log: strace had no -f.", children,
                 *children && *threads ? " and " : "", threads) >= 0)
        sc_strace_warn(log, text);
}

/* The one thing that shows it best; NULL where nothing does. */
static const char *what_shows_a_filter(const struct sc_strace_log *log)
{
    const struct sc_strace_seen *seen = &log->seen;
    if (seen->failed && !seen->went_well)
        return "holds failed calls only: strace left the others out (-Z).";
    if (seen->loader && !seen->mapped)
        return "holds the loader's calls without those that map memory: strace left calls out (-e trace=).";
    if (seen->loader && !seen->preload) /* it always asks for it, and seldom finds it */
        return seen->failed
                   ? "holds the loader's calls without its access: strace left calls out (-e trace=)."
                   : "holds no call that failed, as the loader's access does: strace left calls out (-z, -e trace=).";
    if (log->from_exec && seen->used_own && !seen->opened)
        return "holds calls with descriptors and none that opens one: strace left calls out (-e trace=).";
    if (log->source.run.end.kind == SC_ENDED_EXITED && !seen->exits)
        return "holds no exit of a program that exited: strace left calls out (-e trace=, -z).";
    return NULL;
}

void sc_strace_warn_missing(struct sc_strace_log *log)
{
    warn_children(log);
    const char *shows = what_shows_a_filter(log);
    char *text = shows ? strdup(shows) : NULL;
    if (text)
        sc_strace_warn(log, text);
    else if (shows)
        log->failure = -ENOMEM;
}
