#include "history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

void sc_history_free(struct sc_history *history)
{
    free(history->threads);
    free(history->processes);
    free(history->files);
}

static bool sends(const struct sc_event *event)
{
    return event->desc->category == SC_CAT_WRITE || event->desc->means == SC_MEANS_SEND;
}

static bool waits(const struct sc_event *event)
{
    switch (event->desc->means) {
    case SC_MEANS_WAIT:
    case SC_MEANS_AIO_EVENTS:
    case SC_MEANS_ACCEPT:
    case SC_MEANS_RECEIVE:
    case SC_MEANS_WAIT_CHILD: return true;
    default: return false;
    }
}

/*
 * A small write behind another one could have waited for it, unless the program heard something in between: then the
 * first one may have been a question.
 */
static uint32_t sent(const struct sc_history *history, const struct sc_ledger_sizes *small,
                     const struct sc_event *event, const struct sc_past_process *process, struct sc_past_file *file)
{
    bool behind = file->written > process->waited;
    file->written = history->order;
    return behind && event->result < small->output ? SC_FACT_TRICKLE : 0;
}

/* Of a descriptor: a futex means another thing by it. */
static uint32_t asked(const struct sc_event *event, const struct sc_access *access, struct sc_past_thread *thread)
{
    bool would_wait = event->outcome == SC_DONE && event->result == -EAGAIN && access->file != SC_NO_FILE;
    bool again = thread->would_wait && would_wait;
    thread->would_wait = would_wait;
    return (would_wait ? SC_FACT_WAITS : 0) | (again ? SC_FACT_SPIN : 0);
}

/* What is unmapped is known by its address; the last one with the same bits of it is. */
static uint32_t mapped(struct sc_history *history, const struct sc_event *event, const struct sc_access *access)
{
    bool maps = event->desc->means == SC_MEANS_MAP;
    bool unmaps = event->desc->means == SC_MEANS_UNMAP;
    if (event->outcome != SC_DONE || sc_event_failed(event) || (!maps && !unmaps))
        return 0;
    int64_t address = maps ? event->result : sc_event_value(event, 0);
    struct sc_past_map *map = &history->maps[(uint64_t)address / SC_PAGE % SC_PAST_MAPS];
    if (maps) {
        struct sc_past_file *of = access->file == SC_NO_FILE ? &history->anonymous : &history->files[access->file];
        bool again = of->unmapped;
        of->unmapped = false;
        *map = (struct sc_past_map){address, access->file};
        return again ? SC_FACT_REMAP : 0;
    }
    if (map->address == address && address > 0) {
        (map->file == SC_NO_FILE ? &history->anonymous : &history->files[map->file])->unmapped = true;
        map->address = 0;
    }
    return 0;
}

static int64_t open_flags(const struct sc_event *event)
{
    for (unsigned i = 0; i < event->nargs; i++)
        if (event->args[i].kind == SC_KIND_OPEN_HOW)
            return event->args[i].extra_count ? event->args[i].extra[0] : 0;
        else if (event->args[i].kind == SC_KIND_OPEN_FLAGS)
            return event->args[i].state & SC_ARG_VALUE ? event->args[i].value : 0;
    return event->desc->kinds[1] == SC_KIND_MODE ? O_CREAT | O_TRUNC : 0; /* creat's */
}

/* By the last open of the file: descriptors of one file that differ in that are rare. */
static uint32_t synchronous(const struct sc_event *event, const struct sc_past_file *file)
{
    bool writes = event->desc->category == SC_CAT_WRITE;
    if (!file->flags || (!writes && event->desc->category != SC_CAT_READ))
        return 0;
    return (writes && file->flags & O_DSYNC ? SC_FACT_SYNCED : 0) | (file->flags & O_DIRECT ? SC_FACT_DIRECT : 0);
}

/* A compressor writes as much as it reads now and then: all that was read since the last write has to be what is
 * written. */
static uint32_t copied(const struct sc_event *event, const struct sc_access *access, bool regular,
                       struct sc_past_thread *thread)
{
    bool done = event->outcome == SC_DONE && event->result > 0;
    bool copies =
        done && event->desc->category == SC_CAT_WRITE && event->result == thread->read && access->file != thread->file;
    bool reads = done && regular && event->desc->category == SC_CAT_READ;
    if (event->desc->category != SC_CAT_SEEK) {
        thread->read = !reads ? 0 : thread->file == access->file ? thread->read + event->result : event->result;
        thread->file = access->file;
    }
    return copies ? SC_FACT_COPY : 0;
}

static uint32_t read_by(const struct sc_event *event, const struct sc_access *access, struct sc_past_file *file)
{
    if (!file->reader)
        file->reader = event->process + 1;
    return access->again > 0 && file->reader != event->process + 1 ? SC_FACT_ANOTHERS : 0;
}

static uint64_t last_sync(const struct sc_history *history, const struct sc_past_file *file)
{
    return file->synced > history->synced ? file->synced : history->synced;
}

/* Of what is mapped, and of directories, nobody sees the changes: these were read and written by no call. */
static uint32_t synced(struct sc_history *history, const struct sc_event *event, const struct sc_file *model,
                       struct sc_past_file *file)
{
    bool changed = file->changed > last_sync(history, file);
    bool seen = model->regular && model->counts.reads + model->counts.writes && !model->counts.maps;
    if (event->desc->means == SC_MEANS_SYNC_ALL)
        history->synced = history->order;
    if (event->desc->means != SC_MEANS_SYNC || event->desc->nargs != 1) /* of a range it is not all */
        return 0;
    file->synced = history->order;
    return seen && !changed ? SC_FACT_NEEDLESS : 0;
}

/* What reads and writes of a file tell, of which there are most. */
static uint32_t moved(struct sc_history *history, const struct sc_ledger_sizes *small, const struct sc_event *event,
                      const struct sc_access *access, const struct sc_file *file, struct sc_past_file *past)
{
    struct sc_past_process *process = &history->processes[event->process];
    uint32_t facts = past->flags ? synchronous(event, past) : 0;
    if (event->outcome != SC_DONE || event->result <= 0)
        return 0;
    if (event->desc->category == SC_CAT_READ) {
        if (file->regular)
            return facts | read_by(event, access, past);
        process->waited = history->order;
        return facts;
    }
    if (!past->kind)
        past->kind = sc_file_carries(file) ? SC_PAST_CARRIES : SC_PAST_KEEPS;
    if (past->kind == SC_PAST_CARRIES)
        return facts | sent(history, small, event, process, past);
    if (!(past->flags & O_DSYNC)) /* then it is on the disk already */
        past->written = past->changed = history->order;
    return facts;
}

/* What other calls tell about a file. */
static uint32_t done_to(struct sc_history *history, const struct sc_event *event, const struct sc_file *file,
                        struct sc_past_file *past)
{
    if (event->outcome != SC_DONE || event->result < 0)
        return 0;
    switch (event->desc->means) {
    case SC_MEANS_OPEN: {
        int64_t flags = open_flags(event);
        past->flags = flags & (O_SYNC | O_DSYNC | O_DIRECT);
        if (flags & (O_TRUNC | O_CREAT))
            past->changed = history->order;
        return 0;
    }
    case SC_MEANS_SYNC:
    case SC_MEANS_SYNC_ALL: return synced(history, event, file, past);
    case SC_MEANS_TRUNCATE:
    case SC_MEANS_ALLOCATE: past->changed = history->order; return 0;
    case SC_MEANS_RENAME: return file->regular && past->written > last_sync(history, past) ? SC_FACT_UNSYNCED : 0;
    default: return 0;
    }
}

static int make_room(struct sc_history *history, const struct sc_event *event, const struct sc_access *access)
{
    size_t files = access->file == SC_NO_FILE ? 0 : (size_t)access->file + 1;
    bool failed = SC_RESERVE_ZERO(history->processes, history->process_capacity, (size_t)event->process + 1) ||
                  SC_RESERVE_ZERO(history->threads, history->thread_capacity, (size_t)event->thread + 1) ||
                  SC_RESERVE_ZERO(history->files, history->file_capacity, files);
    return failed ? -ENOMEM : 0;
}

/* Behind a sync of what was written before: it can't be joined with that. */
static bool is_apart(const struct sc_history *history, const struct sc_event *event, const struct sc_past_file *past)
{
    return event->desc->category == SC_CAT_WRITE && past->written && last_sync(history, past) > past->written;
}

int sc_history_facts(struct sc_history *history, const struct sc_ledger_sizes *small, const struct sc_files *files,
                     const struct sc_event *event, const struct sc_access *access, uint32_t *ret_facts)
{
    bool about = access->file != SC_NO_FILE;
    unsigned category = event->desc->category;
    history->order++;
    bool room = event->process < history->process_capacity && event->thread < history->thread_capacity &&
                (!about || access->file < history->file_capacity);
    if (__builtin_expect(!room, 0) && make_room(history, event, access))
        return -ENOMEM;
    const struct sc_file *file = about ? sc_files_get(files, access->file) : NULL;
    struct sc_past_file *past = about ? &history->files[access->file] : NULL;
    struct sc_past_thread *thread = &history->threads[event->thread];
    *ret_facts |= copied(event, access, about && file->regular, thread) | asked(event, access, thread);
    if (category == SC_CAT_READ || category == SC_CAT_WRITE || sends(event)) {
        if (about && is_apart(history, event, past))
            *ret_facts &= ~(uint32_t)SC_FACT_SMALL;
        *ret_facts |= about ? moved(history, small, event, access, file, past) : 0;
        return 0;
    }
    if (waits(event))
        history->processes[event->process].waited = history->order;
    if (event->desc->means == SC_MEANS_MAP || event->desc->means == SC_MEANS_UNMAP)
        *ret_facts |= mapped(history, event, access);
    else if (about)
        *ret_facts |= done_to(history, event, file, past);
    if (sc_files_lost_offsets(files)) /* what was written before it may not be here */
        *ret_facts &= ~(uint32_t)SC_FACT_NEEDLESS;
    return 0;
}
