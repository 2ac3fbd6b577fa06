/* ledger_facts.c: what a call alone, and what the model of the files made of it, tell. */
#include "ledger_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>

/* What a program that polls or is interrupted meets all the time. */
static bool is_failure(const struct sc_event *event)
{
    if (!sc_event_failed(event) || event->errno_name)
        return false;
    int64_t error = -event->result;
    return error != EAGAIN && error != EINTR && error != EINPROGRESS;
}

static bool is_lock(const struct sc_event *event)
{
    int64_t command = sc_event_value(event, 1);
    return event->desc->kinds[1] == SC_KIND_FLOCK_OP ||
           (event->desc->means == SC_MEANS_FCNTL &&
            (command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW));
}

static bool is_shared_map(const struct sc_event *event, const struct sc_access *access)
{
    int64_t flags = sc_event_value(event, 3);
    return event->desc->means == SC_MEANS_MAP && access->file != SC_NO_FILE && flags >= 0 &&
           (flags & MAP_TYPE) != MAP_PRIVATE;
}

/* Of clone3 a capture has no flags: it makes threads, and processes that run a program, whose execve is seen. */
static bool is_fork(const struct sc_event *event)
{
    bool told = event->desc->kinds[0] == SC_KIND_CLONE_FLAGS;
    if (event->desc->means != SC_MEANS_FORK || (event->desc->nargs && !told) || sc_event_failed(event))
        return false;
    int64_t flags = told ? sc_event_value(event, 0) : 0;
    return flags >= 0 && !(flags & CLONE_THREAD);
}

/* One that tells about a file by its name in a directory. */
static bool is_named_stat(const struct sc_event *event)
{
    if (event->desc->means != SC_MEANS_STAT || event->outcome != SC_DONE || event->result != 0)
        return false;
    unsigned path = event->args[0].kind == SC_KIND_DIRFD;
    return event->args[path].kind == SC_KIND_PATH && event->args[path].state & SC_ARG_TEXT &&
           event->args[path].text_len;
}

/* Where it lies in the file, be it read or written. */
static uint32_t place_facts(const struct sc_event *event, const struct sc_access *access, bool regular)
{
    if (!regular || event->outcome != SC_DONE || event->result <= 0 || access->grows)
        return 0;
    bool askew = access->offset > 0 && access->offset % SC_PAGE && event->result >= SC_PAGE;
    return (access->random ? SC_FACT_RANDOM : 0) | (askew ? SC_FACT_ASKEW : 0);
}

static uint32_t write_facts(const struct sc_ledger_sizes *small, const struct sc_event *event,
                            const struct sc_access *access, bool regular)
{
    uint32_t facts = 0;
    if (!regular || event->outcome != SC_DONE || event->result <= 0)
        return 0;
    if (access->grows)
        return SC_FACT_GROW;
    facts |= access->again > 0 ? SC_FACT_REWRITE : 0;
    if (event->data == SC_DATA_ZERO)
        facts |= SC_FACT_ZERO;
    else if (access->follows && event->result < small->write)
        facts |= SC_FACT_SMALL; /* zeros are better not written at all */
    return facts;
}

/* Small is what was asked for: much may be asked for, of which there is little. */
static bool is_small_read(const struct sc_ledger_sizes *small, const struct sc_event *event,
                          const struct sc_access *access)
{
    bool counted = event->desc->means == SC_MEANS_READ || event->desc->means == SC_MEANS_PREAD;
    int64_t asked = counted && event->args[2].kind == SC_KIND_SIZE ? sc_event_value(event, 2) : -1;
    return access->follows && event->outcome == SC_DONE && event->result > 0 && event->result < small->read &&
           asked < small->read;
}

static uint32_t read_facts(const struct sc_ledger_sizes *small, const struct sc_event *event,
                           const struct sc_access *access, bool regular)
{
    if (!regular)
        return 0;
    return (access->again > 0 ? SC_FACT_REREAD : 0) | (is_small_read(small, event, access) ? SC_FACT_SMALL : 0);
}

uint32_t sc_call_facts(const struct sc_ledger_sizes *small, const struct sc_event *event,
                       const struct sc_access *access, bool regular)
{
    uint32_t facts = event->startup ? SC_FACT_STARTUP : 0;
    if (is_failure(event))
        return facts | SC_FACT_FAILED;
    switch (event->desc->category) {
    case SC_CAT_WRITE: return facts | write_facts(small, event, access, regular) | place_facts(event, access, regular);
    case SC_CAT_READ: return facts | read_facts(small, event, access, regular) | place_facts(event, access, regular);
    case SC_CAT_SEEK: return facts | (access->redundant_seek ? SC_FACT_STILL : 0);
    default: break;
    }
    facts |= is_lock(event) ? SC_FACT_LOCK : 0;
    facts |= is_fork(event) ? SC_FACT_FORK : 0;
    facts |= access->empties ? SC_FACT_EMPTIES : 0;
    facts |= is_named_stat(event) ? SC_FACT_NAMED : 0;
    return facts | (is_shared_map(event, access) ? SC_FACT_SHARED : 0);
}
