/* capture_meta.c: the records that are no calls, and whose the calls are. */
#include "../../model/array.h"
#include "../../model/subcommand.h"
#include "capture.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>

void sc_end_from_wait(struct sc_end *end, int status)
{
    if (WIFEXITED(status))
        *end = (struct sc_end){.kind = SC_ENDED_EXITED, .code = WEXITSTATUS(status)};
    else if (WIFSIGNALED(status))
        *end = (struct sc_end){.kind = SC_ENDED_SIGNALED, .signal = WTERMSIG(status)};
}

struct sc_cap_process *sc_capture_process(struct sc_capture *capture, uint32_t number)
{
    uint32_t at = sc_index_get(&capture->process_numbers, number);
    if (at != SC_INDEX_NONE)
        return &capture->processes[at];
    at = (uint32_t)capture->process_count;
    if (SC_RESERVE(capture->processes, capture->process_capacity, (size_t)at + 1) ||
        sc_index_put(&capture->process_numbers, number, at) != 0) {
        capture->failed = -ENOMEM;
        return NULL;
    }
    capture->process_count++;
    capture->processes[at] = (struct sc_cap_process){.number = number, .parent = at};
    return &capture->processes[at];
}

/* fresh: a thread that has ended is not meant, its number may have been given to a new one. */
struct sc_cap_thread *sc_capture_thread(struct sc_capture *capture, uint32_t process, uint32_t tid, bool fresh)
{
    uint64_t key = (uint64_t)process << 32 | tid;
    uint32_t at = sc_index_get(&capture->thread_numbers, key);
    if (at != SC_INDEX_NONE && !(fresh && capture->threads[at].ended))
        return &capture->threads[at];
    const struct sc_cap_process *owner = sc_capture_process(capture, process);
    at = (uint32_t)capture->thread_count;
    if (!owner || SC_RESERVE(capture->threads, capture->thread_capacity, (size_t)at + 1) ||
        sc_index_put(&capture->thread_numbers, key, at) != 0) {
        capture->failed = -ENOMEM;
        return NULL;
    }
    capture->thread_count++;
    capture->threads[at] = (struct sc_cap_thread){.process = (uint32_t)(owner - capture->processes), .tid = tid};
    return &capture->threads[at];
}

static struct sc_cap_thread *thread_of(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item)
{
    if (stream->thread_segment != item->segment) {
        struct sc_cap_thread *thread = sc_capture_thread(capture, item->process, item->tid, true);
        if (!thread)
            return NULL;
        stream->thread = (uint32_t)(thread - capture->threads);
        stream->thread_segment = item->segment;
    }
    return &capture->threads[stream->thread];
}

/* What came before the calls that were overwritten comes where those that are there begin: time is theirs alone. */
void sc_capture_set_event(const struct sc_capture *capture, const struct sc_cap_process *process, uint64_t tick,
                          enum sc_event_type type, struct sc_event *event)
{
    memset(event, 0, offsetof(struct sc_event, args));
    event->type = (uint8_t)type;
    event->desc = sc_call(SC_NR_LIMIT);
    event->outcome = SC_UNKNOWN;
    event->process = (uint32_t)(process - capture->processes);
    event->parent = process->parent;
    event->pid = process->pid;
    event->tid = process->pid;
    event->has_start = capture->times_known;
    event->start_ns =
        sc_tick_to_ns(capture, sc_capture_is_overwritten(capture, tick) ? capture->header.overwritten_until : tick);
}

/* A new program may come with a number of its own; it is the same process then. */
static struct sc_cap_process *process_after_exec(struct sc_capture *capture, const struct sc_process *info)
{
    uint32_t at = sc_index_get(&capture->process_numbers, info->process);
    uint32_t same = sc_index_get(&capture->pids, info->pid);
    if (at == SC_INDEX_NONE && same != SC_INDEX_NONE) {
        if (sc_index_put(&capture->process_numbers, info->process, same) != 0)
            capture->failed = -ENOMEM;
        return &capture->processes[same];
    }
    return sc_capture_process(capture, info->process);
}

/* A forked process goes on with its parent's program and modules; any other one begins with none. */
static void begin_program(struct sc_capture *capture, struct sc_cap_process *process, bool forked, bool first)
{
    struct sc_run *run = &capture->source.run;
    if (forked && first) {
        process->program = sc_run_forked(run, capture->processes[process->parent].program);
        sc_capture_fork_modules(capture, process, &capture->processes[process->parent]);
    } else if (!forked) {
        process->program = SC_NO_PROGRAM; /* until it is named */
        process->mapped = (struct sc_address_map){0};
        process->moved = false;
        sc_capture_new_image(capture, process);
    }
}

static bool take_process(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item,
                         struct sc_event *event)
{
    struct sc_process info;
    memcpy(&info, item->payload, sizeof info);
    bool exec = info.origin == SC_ORIGIN_EXEC;
    struct sc_cap_process *process =
        exec ? process_after_exec(capture, &info) : sc_capture_process(capture, info.process);
    if (!process)
        return false;
    bool first = !process->announced;
    process->announced = true;
    process->pid = (int32_t)info.pid;
    uint32_t number = (uint32_t)(process - capture->processes);
    if (sc_index_put(&capture->pids, info.pid, number) != 0)
        capture->failed = -ENOMEM;
    if (first && info.origin != SC_ORIGIN_ROOT) {
        uint32_t parent = sc_index_get(&capture->process_numbers, info.parent);
        process->parent = parent == SC_INDEX_NONE ? number : parent;
    }
    if (exec && !first) {
        process->became = 0;
        process->end = (struct sc_end){0};
        sc_capture_count_exec(capture, info.process, info.pid);
    }
    begin_program(capture, process, info.origin == SC_ORIGIN_FORK, first);
    process->before_main = info.origin != SC_ORIGIN_FORK && sc_stream_finds_main(capture, stream, info.process);
    struct sc_run *run = &capture->source.run;
    if (number == 0) {
        run->main_marked |= process->before_main;
        run->mode = info.mode == SC_MODE_FULL ? SC_MODE_FULL : SC_MODE_INTERPOSE;
    }
    sc_capture_set_event(capture, process, info.tick, exec && !first ? SC_EVENT_EXEC : SC_EVENT_PROCESS, event);
    event->origin = (uint8_t)(exec && first ? SC_ORIGIN_SPAWN : info.origin);
    event->startup = process->before_main && !capture->source.terms.loader_only;
    if (exec && !first)
        process->mappings = 0;
    else if (info.origin == SC_ORIGIN_FORK && first)
        process->mappings = capture->processes[process->parent].mappings;
    return true;
}

static char *copy_bytes(const uint8_t *bytes, size_t len)
{
    char *copy = malloc(len + 1);
    if (copy) {
        memcpy(copy, bytes, len);
        copy[len] = '\0';
    }
    return copy;
}

/* Strings with a NUL each as an array of them, NULL at its end; the array and its bytes are one allocation. */
static char **split(const uint8_t *bytes, size_t len, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += bytes[i] == '\0' || i + 1 == len;
    char **list = malloc((count + 1) * sizeof *list + len + 1);
    if (!list)
        return NULL;
    char *at = memcpy(list + count + 1, bytes, len);
    at[len] = '\0';
    for (size_t i = 0; i < count; i++) {
        list[i] = at;
        at += strlen(at) + 1;
    }
    list[count] = NULL;
    *ret_count = count;
    return list;
}

static void take_root_text(struct sc_run *run, uint32_t what, bool cut, const uint8_t *text, size_t len)
{
    size_t count;
    if (what == SC_TEXT_EXE && !run->exe) {
        run->exe = copy_bytes(text, len);
    } else if (what == SC_TEXT_CWD && !run->cwd) {
        run->cwd = copy_bytes(text, len);
    } else if (what == SC_TEXT_ARGV && !run->argv) {
        run->argv = split(text, len, &run->argc);
        run->argv_cut = cut;
    } else if (what == SC_TEXT_ENVIRON && !run->environ) {
        run->environ = split(text, len, &count);
    }
}

/* The root's are of its first program, which is what was asked for; a child is named by its last one. */
static void take_text(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_text head;
    memcpy(&head, item->payload, sizeof head);
    const uint8_t *text = item->payload + sizeof head;
    size_t len = item->bytes - sizeof head;
    uint32_t what = head.what & ~SC_TEXT_CUT;
    struct sc_cap_process *process = sc_capture_process(capture, head.process);
    if (!process)
        return;
    if (what == SC_TEXT_EXE)
        sc_capture_name_image(capture, process, (const char *)text, len);
    if ((what == SC_TEXT_ARGV && len && *text) || (what == SC_TEXT_EXE && process->program == SC_NO_PROGRAM))
        process->program =
            sc_run_subprogram(&capture->source.run, process == capture->processes ? SC_PROGRAM_ROOT : SC_PROGRAM_CHILD,
                              (const char *)text, strnlen((const char *)text, len),
                              what == SC_TEXT_ARGV ? sc_subcommand((const char *)text, len) : NULL);
    if (what >= SC_TEXT_HASHES && what <= SC_TEXT_VALUES) {
        if (process == capture->processes)
            sc_capture_take_variables(capture, item);
    } else if (process == capture->processes) {
        take_root_text(&capture->source.run, what, head.what & SC_TEXT_CUT, text, len);
    } else if (what == SC_TEXT_ARGV || (what == SC_TEXT_EXE && !process->command)) {
        const uint8_t *nul = memchr(text, '\0', len);
        const uint8_t *end = nul ? nul : text + len;
        const uint8_t *slash = memrchr(text, '/', (size_t)(end - text));
        if (end == text)
            return;
        free(process->command);
        text = slash && slash + 1 < end ? slash + 1 : text;
        process->command = copy_bytes(text, (size_t)(end - text));
    }
    if (what == SC_TEXT_ARGV && process != capture->processes) {
        size_t count;
        free(process->argv);
        process->argv = split(item->payload + sizeof head, len, &count);
        process->argv_cut = head.what & SC_TEXT_CUT;
    }
}

static bool take_process_end(struct sc_capture *capture, const struct sc_item *item, struct sc_event *event)
{
    struct sc_process_end info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process)
        return false;
    if (!process->waited)
        process->end = info.how == SC_END_ABORT ? (struct sc_end){.kind = SC_ENDED_SIGNALED, .signal = 6}
                                                : (struct sc_end){.kind = SC_ENDED_EXITED, .code = info.status & 0xff};
    process->mappings = 0; /* all that they were is told */
    sc_capture_set_event(capture, process, info.tick, SC_EVENT_PROCESS_END, event);
    return true;
}

/* One that is looked at with WNOWAIT ends once more when it is taken: with the same status for the same parent. */
static void add_stray(struct sc_capture *capture, const struct sc_child_end *info)
{
    uint64_t key = (uint64_t)info->process << 32 | info->pid;
    uint32_t at = sc_index_get(&capture->stray_ends, key);
    if (at != SC_INDEX_NONE && capture->strays[at].status == info->status)
        return;
    at = (uint32_t)capture->stray_count;
    if (SC_RESERVE(capture->strays, capture->stray_capacity, (size_t)at + 1) ||
        sc_index_put(&capture->stray_ends, key, at) != 0) {
        capture->failed = -ENOMEM;
        return;
    }
    capture->strays[capture->stray_count++] = (struct sc_cap_stray){(int32_t)info->pid, info->status};
}

static void take_child_end(struct sc_capture *capture, const struct sc_item *item)
{
    struct sc_child_end info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_end end = {0};
    sc_end_from_wait(&end, info.status);
    if (end.kind == SC_ENDED_UNKNOWN)
        return; /* stopped or continued */
    uint32_t at = sc_index_get(&capture->pids, info.pid);
    if (at != SC_INDEX_NONE && at != 0) {
        struct sc_cap_process *child = &capture->processes[at];
        if (!child->waited) {
            child->end = end;
            child->wait_status = info.status;
            child->waited = true;
            return;
        }
        if (child->wait_status == info.status)
            return; /* looked at (WNOWAIT), then taken */
    }
    add_stray(capture, &info);
}

static bool take_mark(struct sc_capture *capture, const struct sc_item *item, struct sc_event *event)
{
    struct sc_mark info;
    memcpy(&info, item->payload, sizeof info);
    struct sc_cap_process *process = sc_capture_process(capture, info.process);
    if (!process || info.what != SC_MARK_MAIN)
        return false;
    process->before_main = false;
    sc_capture_set_event(capture, process, info.tick, SC_EVENT_MAIN, event);
    return true;
}

static bool makes_process(const struct sc_record *record)
{
    bool thread = record->desc->kinds[0] == SC_KIND_CLONE_FLAGS && record->args[0] & CLONE_THREAD;
    return sc_call_means(record->nr, SC_MEANS_FORK) && !thread && record->result > 0;
}

/* May a record of requests stand before the call's? */
static bool hands_over(enum sc_means means)
{
    return means == SC_MEANS_AIO_SUBMIT || means == SC_MEANS_RING_ENTER || means == SC_MEANS_RING_REGISTER;
}

static bool take_call(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item,
                      struct sc_event *event)
{
    struct sc_cap_thread *thread = thread_of(capture, stream, item);
    if (!thread)
        return false;
    if (item->type == SC_ITEM_INFLIGHT) {
        /* Recorded before it was made (exit_group), or carried along from a chunk that was full. */
        if (item->key == thread->noreturn_start || item->key == thread->last_start ||
            item->key == thread->inflight_start)
            return false;
        thread->inflight_start = item->key;
        sc_capture_count_in_flight(capture, thread, (unsigned)stream->ref->inflight[item->offset].nr1 - 1);
    } else {
        thread->last_start = item->key;
        if (item->record.noreturn)
            thread->noreturn_start = item->key;
        if (makes_process(&item->record))
            sc_capture_note_fork(capture, &capture->processes[thread->process], (uint32_t)item->record.result);
        if (sc_capture_is_overwritten(capture, item->key)) {
            capture->source.run.coverage.overwritten_calls++;
            return false;
        }
        sc_capture_count(capture, thread, &item->record);
    }
    const struct sc_cap_process *process = &capture->processes[thread->process];
    sc_call_event(capture, stream, item, event);
    event->stack = NULL;
    event->stack_depth = 0;
    if (item->type != SC_ITEM_INFLIGHT && item->record.extra_count)
        sc_stack_event(capture, stream, &item->record, process, event);
    event->site = sc_capture_address(capture, process, event->site);
    event->constructor = process->before_main && capture->source.terms.loader_only;
    event->startup = process->before_main && !event->constructor;
    event->process = thread->process;
    event->program = process->program;
    event->thread = stream->thread;
    event->pid = process->pid;
    event->tid = (int32_t)thread->tid;
    if (hands_over(event->desc->means))
        sc_capture_add_requests(capture, event, item->key);
    return true;
}

static bool take_requests(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item,
                          struct sc_event *event)
{
    const struct sc_cap_thread *thread = thread_of(capture, stream, item);
    if (!thread)
        return false;
    if (item->type == SC_META_RESULTS)
        return sc_capture_take_result(capture, thread->process, item, event);
    sc_capture_take_requests(capture, stream->thread, item);
    return false;
}

bool sc_item_take(struct sc_capture *capture, struct sc_stream *stream, const struct sc_item *item,
                  struct sc_event *event)
{
    struct sc_thread_end ended;
    struct sc_cap_thread *thread;
    switch (item->type) {
    case 0:
    case SC_ITEM_INFLIGHT: return take_call(capture, stream, item, event);
    case SC_META_REQUESTS:
    case SC_META_RESULTS: return take_requests(capture, stream, item, event);
    case SC_META_MAPPED: return sc_capture_take_mapped(capture, item, event);
    case SC_META_PROCESS: return take_process(capture, stream, item, event);
    case SC_META_PROCESS_END: return take_process_end(capture, item, event);
    case SC_META_MARK: return take_mark(capture, item, event);
    case SC_META_TEXT: take_text(capture, item); break;
    case SC_META_MODULE: sc_capture_take_module(capture, item); break;
    case SC_META_LOADED: sc_capture_take_loaded(capture, item); break;
    case SC_META_UNLOADED: sc_capture_take_unloaded(capture, item); break;
    case SC_META_COUNTERS: sc_capture_take_counters(capture, item); break;
    case SC_META_CHILD_END: take_child_end(capture, item); break;
    case SC_META_NOTE: sc_capture_take_note(capture, item); break;
    case SC_META_UNTRACED: sc_capture_take_untraced(capture, item); break;
    case SC_META_THREAD_END:
        memcpy(&ended, item->payload, sizeof ended);
        if ((thread = sc_capture_thread(capture, ended.process, ended.tid, false)))
            thread->ended = true;
        break;
    default: break;
    }
    return false;
}
