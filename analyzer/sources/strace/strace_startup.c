/*
 * strace_startup.c: what a program's first calls tell: the root's command line, and where the loader's work ends.
 *
 * Each program image has it, a child's too: a capture has neither. The loader's last call is the munmap of
 * /etc/ld.so.cache; a capture begins right there. Behind it come the constructors. Only those of libstdc++ are known by
 * their calls: its emergency pool makes malloc set itself up (futex, getrandom, brk, brk), and it counts as start-up
 * where libstdc++ was loaded and the calls follow directly; but not beside a capture, which has those of all
 * constructors (struct sc_terms). In a C program the same calls come from main. Where no cache was mapped (a static
 * program, a cache that is absent), start-up ends at the first call that is not typical of a loader.
 */
#include "../../model/array.h"
#include "../../model/xlat.h"
#include "strace_log.h"

#include <errno.h>
#include <stdlib.h>

static bool is_library(struct sc_span path)
{
    return memmem(path.at, path.len, ".so", 3) != NULL;
}

static bool typical(const struct sc_event *event)
{
    switch (event->desc->nr) {
    case SC_NR_openat:
    case SC_NR_open: {
        const struct sc_arg *path = &event->args[event->desc->nr == SC_NR_openat];
        return event->nargs > 1 && path->text && is_library((struct sc_span){path->text, path->text_len});
    }
    case SC_NR_execve:
    case SC_NR_brk:
    case SC_NR_arch_prctl:
    case SC_NR_mmap:
    case SC_NR_access:
    case SC_NR_fstat:
    case SC_NR_newfstatat:
    case SC_NR_stat:
    case SC_NR_read:
    case SC_NR_pread64:
    case SC_NR_close:
    case SC_NR_mprotect:
    case SC_NR_set_tid_address:
    case SC_NR_set_robust_list:
    case SC_NR_rseq:
    case SC_NR_prlimit64:
    case SC_NR_munmap:
    case SC_NR_readlink:
    case SC_NR_getrandom:
    case SC_NR_uname: return true;
    default: return false;
    }
}

static bool sets_malloc_up(const struct sc_event *event)
{
    unsigned nr = event->desc->nr;
    return nr == SC_NR_getrandom || nr == SC_NR_brk || nr == SC_NR_futex;
}

static void note_opened(struct sc_strace_start *start, const struct sc_event *event)
{
    const struct sc_arg *path = &event->args[event->desc->nr == SC_NR_openat];
    if (event->nargs < 2 || !path->text || event->result < 0)
        return;
    struct sc_span name = {path->text, path->text_len};
    if (sc_span_is(name, "/etc/ld.so.cache"))
        start->cache_fd = event->result;
    else if (memmem(name.at, name.len, "libstdc++.so", 12))
        start->cpp_runtime = true;
}

/* The working directory, where strace -y printed it. */
static void note_directory(struct sc_strace_log *log, const struct sc_event *event)
{
    const struct sc_arg *arg = &event->args[0];
    if (!log->source.run.cwd && event->nargs && arg->kind == SC_KIND_DIRFD && arg->value == -100 && arg->text_len)
        log->source.run.cwd = strndup(arg->text, arg->text_len);
}

/* One more call of a program that is being loaded: is it of that? */
static bool follow_loader(const struct sc_strace_log *log, struct sc_strace_start *start, const struct sc_event *event)
{
    unsigned nr = event->desc->nr;
    if (start->state == SC_STARTUP_CONSTRUCTORS && sets_malloc_up(event))
        return true;
    if (start->state == SC_STARTUP_CONSTRUCTORS || !typical(event)) {
        start->state = SC_STARTUP_OVER;
        return false;
    }
    if (nr == SC_NR_openat || nr == SC_NR_open)
        note_opened(start, event);
    else if (nr == SC_NR_mmap && event->nargs > 4 && event->args[4].value == start->cache_fd && start->cache_fd >= 0 &&
             start->cache_address == 0)
        start->cache_address = event->result;
    else if (nr == SC_NR_munmap && event->nargs && start->cache_address && event->args[0].value == start->cache_address)
        start->state = start->cpp_runtime && !log->source.terms.loader_only ? SC_STARTUP_CONSTRUCTORS : SC_STARTUP_OVER;
    return true;
}

/* Behind one of our own marks in an execve's environment; NULL where it is not there. */
static const char *behind_mark(const struct sc_event *event, const char *mark)
{
    unsigned environment = (event->desc->kinds[0] == SC_KIND_DIRFD) + 2;
    const struct sc_arg *arg = &event->args[environment];
    size_t len = strlen(mark);
    const char *at = environment < event->nargs ? memmem(arg->raw, arg->raw_len, mark, len) : NULL;
    return at ? at + len : NULL;
}

bool sc_strace_is_stated(const struct sc_event *event)
{
    return behind_mark(event, SC_STATED_EXEC) != NULL;
}

/* The working directory behind the mark of the root's. */
static void take_directory(struct sc_strace_log *log, const struct sc_event *event)
{
    const char *quote = behind_mark(event, SC_STATED_EXEC) + 1, *end = event->args[2].raw + event->args[2].raw_len;
    const char *stop = quote < end && *quote == '"' ? sc_strace_string_end(quote, end) : NULL;
    struct sc_span bytes;
    if (!stop || log->source.run.cwd)
        return;
    if (sc_strace_unescape(&log->arena, (struct sc_span){quote + 1, (size_t)(stop - quote - 2)}, &bytes))
        log->failure = -ENOMEM;
    else
        log->source.run.cwd = strndup(bytes.at, bytes.len);
}

bool sc_strace_startup(struct sc_strace_log *log, struct sc_strace_process *process, const struct sc_event *event)
{
    if (event->desc->means == SC_MEANS_EXEC && event->outcome == SC_NO_RETURN) {
        bool stated = sc_strace_is_stated(event);
        bool loads = !stated && !behind_mark(event, SC_WITHOUT_LOADER);
        process->start =
            (struct sc_strace_start){.state = loads ? SC_STARTUP_LOADING : SC_STARTUP_OVER, .cache_fd = -1};
        log->source.run.startup_seen |= loads;
        if (stated && process->number == 0 && event->desc->kinds[0] == SC_KIND_PATH)
            take_directory(log, event);
        if (!log->first_call_seen)
            log->from_exec = true;
        return loads && !log->first_call_seen; /* another one is a call of the program before */
    }
    bool loading = process->start.state != SC_STARTUP_OVER;
    if (loading && process->number == 0)
        note_directory(log, event);
    return loading && follow_loader(log, &process->start, event);
}

void sc_strace_words_free(struct sc_strace_words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct sc_strace_words){0};
}

static int add_argument(struct sc_strace_words *words, struct sc_span bytes, bool cut)
{
    if (SC_RESERVE_NEXT(words->items, words->count + 1)) /* with the NULL behind it */
        return -ENOMEM;
    char *text = malloc(bytes.len + 4);
    if (!text)
        return -ENOMEM;
    memcpy(text, bytes.at, bytes.len);
    memcpy(text + bytes.len, cut ? "..." : "", cut ? 4 : 1);
    words->items[words->count++] = text;
    words->items[words->count] = NULL;
    return 0;
}

/* ["./program"..., "--rows", ...] */
static int parse_command(struct sc_strace_log *log, struct sc_span list, struct sc_strace_words *words)
{
    const char *p = list.at + 1, *end = list.at + list.len;
    while (p < end && *p != ']') {
        while (p < end && (*p == ' ' || *p == ','))
            p++;
        const char *stop = p < end && *p == '"' ? sc_strace_string_end(p, end) : NULL;
        if (!stop) {
            words->cut = p < end && *p != ']';
            break;
        }
        struct sc_span bytes, quoted = {p + 1, (size_t)(stop - p - 2)};
        bool cut = end - stop >= 3 && memcmp(stop, "...", 3) == 0;
        if (sc_strace_unescape(&log->arena, quoted, &bytes) || add_argument(words, bytes, cut))
            return -ENOMEM;
        words->elided |= cut;
        p = sc_strace_item_end(stop, end);
    }
    return 0;
}

void sc_strace_root_pid(struct sc_strace_log *log, const struct sc_event *event)
{
    if (event->desc->nr == SC_NR_set_tid_address && event->process == 0 && log->source.run.root_pid == 0)
        log->source.run.root_pid = (int32_t)event->result;
}

void sc_strace_command(struct sc_strace_log *log, struct sc_strace_process *process, const struct sc_event *event)
{
    struct sc_run *run = &log->source.run;
    unsigned at = event->desc->kinds[0] == SC_KIND_DIRFD;
    bool root = process->number == 0;
    if ((root && run->argv) || event->nargs < at + 2)
        return;
    const struct sc_arg *path = &event->args[at], *list = &event->args[at + 1];
    struct sc_strace_words words = {0};
    if (root && path->text && !run->exe)
        run->exe = strndup(path->text, path->text_len);
    if (list->raw_len && list->raw[0] == '[' && parse_command(log, (struct sc_span){list->raw, list->raw_len}, &words))
        log->failure = -ENOMEM;
    if (root) {
        run->argv = words.items;
        run->argc = words.count;
        run->argv_cut = words.cut;
        run->argv_elided = words.elided;
    } else {
        sc_strace_words_free(&process->argv);
        process->argv = words;
    }
}
