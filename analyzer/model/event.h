/*
 * event.h: what every source yields, whatever it reads: calls, and what happens to processes.
 *
 * Strings in an event belong to the source and stay until its next batch is asked for.
 */
#ifndef SC_EVENT_H
#define SC_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../../common/calls.h"
#include "../../common/capture_format.h"
#include "../../common/mapped_codec.h"
#include "../../common/request_codec.h"

/* What is known of an argument. */
enum {
    SC_ARG_VALUE = 1 << 0, /* value holds the number (descriptor, size, flags, address ...) */
    SC_ARG_TEXT = 1 << 1,  /* text holds bytes: the path or string; for a descriptor the path that the source printed
                              beside it (strace -y); for a buffer the bytes seen */
    SC_ARG_CUT = 1 << 2,   /* text is only the beginning */
    SC_ARG_NULL = 1 << 3,  /* a NULL pointer */
    SC_ARG_RAW = 1 << 4,   /* raw holds the argument as strace printed it */
};

enum { SC_ARG_EXTRAS = 4 };

struct sc_arg {
    uint8_t kind;  /* enum sc_kind */
    uint8_t state; /* SC_ARG_* */
    uint8_t extra_count;
    int64_t value;
    const char *text; /* not NUL-terminated */
    size_t text_len;
    const char *raw; /* not NUL-terminated */
    size_t raw_len;
    int64_t extra[SC_ARG_EXTRAS]; /* what stood behind the pointer, by kind:
                                     STAT, STATX   st_mode, st_size (for devices: st_rdev); of regular files, where the
                                                   source tells them, st_dev and st_ino
                                     OFF_PTR       the offset before the call (where known: after minus result)
                                     FD_PAIR       both descriptors
                                     WAIT_STATUS   the status
                                     FCNTL_ARG     of struct flock: l_type, l_whence, l_start, l_len
                                     OPEN_HOW      flags, mode, resolve
                                     DENTS         number of entries
                                     SOCKADDR_IN   family; of AF_INET port and address, of AF_INET6 the port; of
                                                   AF_UNIX text holds the name
                                     EPOLL_EVENT   its events
                                     POLLFDS       descriptor and events of the first */
};

enum sc_event_type {
    SC_EVENT_CALL,
    SC_EVENT_PROCESS,     /* a process appears; origin says how */
    SC_EVENT_EXEC,        /* the process's program is replaced; descriptors with close-on-exec are gone */
    SC_EVENT_MAIN,        /* main begins in this process: what came before was start-up */
    SC_EVENT_PROCESS_END, /* no more calls of this process follow */
    SC_EVENT_REQUEST,     /* what became of a request, which is no call; see struct sc_request */
    SC_EVENT_MAPPED,      /* no call either: what a process did through its memory, see struct sc_mapped_pages */
};

enum sc_outcome {
    SC_DONE,       /* result holds what the kernel returned; below 0 it is -errno */
    SC_NO_RETURN,  /* exit_group, an execve that succeeded: strace prints = ? or 0 */
    SC_UNFINISHED, /* begun, never seen to end: killed, or the log was cut */
    SC_UNKNOWN,    /* the source does not say */
};

/* How what an event tells of came to pass. */
enum sc_way { SC_WAY_CALL, SC_WAY_AIO, SC_WAY_RING };

/*
 * What a program asks for without a call for each: requests of Linux AIO and of io_uring. The event of the call that
 * handed them over (AIO_SUBMIT, RING_ENTER) has all that are known of it, of which the kernel took the first ones. When
 * the program is told what became of one an event REQUEST follows, which looks as if a call had been made for it: desc,
 * arguments, result and data are those of pread64, fsync or whatever call does the same (a call without a row: none
 * does), its thread, site and start those of the call that handed it over. It is no system call, and in no count of
 * these. What a RING_REGISTER event has in their place are files of the ring's own table, SC_OP_RING_FILE.
 */
struct sc_request {
    uint32_t slot; /* of those taken: the number of the event REQUEST, of no other one until then */
    bool data_cut; /* as in an event */
    struct sc_request_fields is;
};

/*
 * Of a mapping that stores into a file: that it began, or pages of the file that the process touched through it. It
 * stored into these, or read them, or the kernel mapped them around one that it read: which of it nobody knows.
 */
struct sc_mapped_pages {
    uint64_t mapping; /* its number in the run; forked processes have their parent's */
    bool began;       /* the file is what descriptor means now; else: */
    int32_t descriptor;
    uint32_t count; /* of runs of pages */
    struct sc_page_run runs[];
};

struct sc_event {
    uint8_t type;     /* enum sc_event_type */
    uint8_t way;      /* enum sc_way; of a call always CALL */
    uint8_t outcome;  /* enum sc_outcome */
    uint8_t data;     /* enum sc_data: of a successful write, see record.h */
    bool data_cut;    /* data is ZERO as far as seen: the source cut the bytes */
    bool more_follow; /* REQUEST: its slot stays, as there are more results to come */
    bool startup;     /* before main, as far as the source can tell */
    bool constructor; /* before main too, and yet the program's: so it was agreed, see sc_terms */
    uint8_t nargs;
    bool has_start;
    bool has_duration;
    uint32_t process; /* numbers in order of creation within the run, from 0 */
    uint32_t thread;
    uint32_t program; /* CALL: what the process runs, see sc_run_program */
    int32_t pid;      /* 0: not known */
    int32_t tid;
    const struct sc_call_desc *desc; /* never NULL; desc->name is NULL for a call without a row */
    const char *name;                /* as the source named the call; not NUL-terminated */
    size_t name_len;
    int64_t result;
    const char *errno_name; /* where the source printed one and it differs from errno's own ("ERESTARTSYS"); or NULL */
    const char *opened;     /* OPEN: the kernel's name of what was opened, where the source printed it; or NULL */
    size_t opened_len;
    uint64_t start_ns; /* CLOCK_MONOTONIC or the log's clock */
    uint64_t duration_ns;
    uint64_t site;         /* the caller's return address, 0: not known */
    uint32_t parent;       /* PROCESS: the parent's number, own number for the root */
    uint8_t origin;        /* PROCESS: enum sc_origin */
    uint32_t stack_depth;  /* frames of stack */
    const uint64_t *stack; /* return addresses, innermost first, the call's own among them; NULL: not recorded */
    const struct sc_request *requests; /* of AIO_SUBMIT and RING_ENTER; or NULL */
    uint32_t request_count, requests_taken;
    uint32_t slot;      /* REQUEST */
    uint32_t ring;      /* of a ring's requests: its number in its process */
    uint32_t ring_file; /* REQUEST: index + 1 in the ring's table of files that the call's descriptor or result is; 0:
                           it is a descriptor */
    const struct sc_mapped_pages *mapped; /* MAPPED */
    struct sc_arg args[SC_MAX_ARGS];
};

static inline bool sc_event_failed(const struct sc_event *event)
{
    return event->outcome == SC_DONE && event->desc->ret != SC_RET_N && event->result < 0 && event->result > -4096;
}

/* Is it a call, or a request that did what one does? */
static inline bool sc_event_does(const struct sc_event *event)
{
    return event->type == SC_EVENT_CALL || event->type == SC_EVENT_REQUEST;
}

/* How long the call took; 0 where that is not known. */
static inline uint64_t sc_event_took(const struct sc_event *event)
{
    return event->has_duration ? event->duration_ns : 0;
}

/* From the begin of the first of some events to the end of the last; end_ns is 0 where none has a time. */
struct sc_event_span {
    uint64_t begin_ns, end_ns;
};

static inline void sc_event_span_add(struct sc_event_span *span, const struct sc_event *event)
{
    uint64_t end_ns = event->start_ns + sc_event_took(event);
    if (!event->has_start)
        return;
    if (!span->end_ns || event->start_ns < span->begin_ns)
        span->begin_ns = event->start_ns;
    span->end_ns = end_ns > span->end_ns ? end_ns : span->end_ns;
}

/* The bytes of file data that it moved; 0 where it moved none, or was not one to move any. */
static inline uint64_t sc_event_bytes(const struct sc_event *event)
{
    bool moves = event->desc->category == SC_CAT_WRITE || event->desc->category == SC_CAT_READ;
    return moves && event->outcome == SC_DONE && event->result > 0 ? (uint64_t)event->result : 0;
}

/* Does the call read what it writes, both from a descriptor? */
static inline bool sc_call_copies(const struct sc_call_desc *desc)
{
    switch (desc->means) {
    case SC_MEANS_SENDFILE:
    case SC_MEANS_COPY:
    case SC_MEANS_SPLICE:
    case SC_MEANS_TEE: return true;
    default: return false;
    }
}

/* The argument's value. -1 where it is not known. */
static inline int64_t sc_event_value(const struct sc_event *event, unsigned arg)
{
    return arg < event->nargs && event->args[arg].state & SC_ARG_VALUE ? event->args[arg].value : -1;
}

/* Has the call that argument, and the source its text? What lies in args behind nargs is of no event. */
static inline bool sc_event_has_text(const struct sc_event *event, unsigned arg)
{
    return arg < event->nargs && event->args[arg].state & SC_ARG_TEXT;
}

#endif
