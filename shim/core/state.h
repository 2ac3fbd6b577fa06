/*
 * state.h: what a traced process keeps for recording, and who owns it.
 *
 * A writer is one writer's place in one chunk. Every thread has one; a signal handler that interrupts its thread in the
 * middle of storing a record gets another (nested). Only its thread touches a writer, so nothing on the hot path is
 * locked or atomic. Writers live in private pages that the kernel wipes in a forked child: there every writer's chunk
 * is NULL, which sends the child's first call down the slow path, however it was forked.
 */
#ifndef SC_STATE_H
#define SC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../common/codec.h"
#include "current.h"
#include "readable.h"

#define SC_LIKELY(x) __builtin_expect(!!(x), 1)
#define SC_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define SC_BARRIER() __asm__ volatile("" ::: "memory")

enum {
    SC_STRING_SLOTS = 64,
    SC_STACK_SLOTS = 128,
    SC_PATH_BYTES = 4096,
    SC_SCRATCH_BYTES = 4096,
    SC_CHUNK_FIRST = 16 * 1024, /* many processes are short: a small start */
    SC_CHUNK_NEXT = 64 * 1024,
    SC_CHUNK_LARGEST = 256 * 1024, /* its pages take the kernel 0.1 to 0.7 ms, which is one call's delay */
};

/* Our own reads and writes in the program's thread, which the kernel counts as the program's. */
struct sc_own_io {
    uint64_t reads, read_bytes, writes, written_bytes;
};

/* A call that started a child in our memory (vfork_child.h): the writer's state before it. */
struct sc_vfork_child {
    struct sc_own_io own;
    uint64_t start;
    uint64_t flags;
    uint32_t nr;
    uint32_t tid;
    uint32_t process;
    bool shared;
};
enum { SC_MAX_VFORK_CHILDREN = 4 };

enum { SC_STACK_MOST = 64 };

/* The caller that a site had last time, and where on the stack its address was. */
struct sc_cached_caller {
    uint64_t after; /* address after the site's syscall; 0: none */
    uint64_t caller;
    uint32_t at; /* bytes above the site's stack pointer */
};
enum { SC_CALLER_CACHE = 16 };

/*
 * A walk up the stack that was made before. It leads to the same frames again where the registers that it began with
 * and all words that it read are the same; so those are kept, and compared before it is believed.
 */
enum { SC_WALKS = 16, SC_WALK_READS = 48, SC_WALK_FRAMES = 24 };
struct sc_stack_word {
    uint64_t at, value;
};
struct sc_kept_walk {
    uint64_t sp, bp;
    uint64_t low, high; /* the words that were read lie in between */
    uint32_t epoch;     /* sc_modules_epoch() */
    uint32_t offset;    /* of the STACK record in the writer's chunk; 0: it is not there */
    uint32_t reads;     /* more than SC_WALK_READS: not kept */
    uint32_t count;     /* of addresses; 0: none is kept here */
    bool by_bp;         /* it depends on bp */
    struct sc_stack_word read[SC_WALK_READS];
    uint64_t addresses[SC_WALK_FRAMES];
};

struct sc_writer {
    struct sc_chunk *chunk;             /* NULL: none yet, or wiped by a fork */
    uint32_t busy;                      /* a record is being stored here */
    uint32_t depth;                     /* how many writers this one is nested in */
    uint32_t in_flight;                 /* how many of the chunk's in-flight slots are taken */
    uint32_t limit;                     /* a record may begin while chunk->used is not above this */
    uint32_t plain_limit;               /* the same for a record of numbers only; 0 if stacks are recorded */
    uintptr_t at[SC_INFLIGHT_SLOTS];    /* the stack addresses of the calls in them */
    uint64_t looked[SC_INFLIGHT_SLOTS]; /* for calls without a frame on the stack: what others keep in their frame
                                           (written.h) */
    uint32_t tid;
    uint32_t
        process; /* process number in the session: the process's own, or that of a vfork child that uses this writer */
    uint32_t vfork_count;
    struct sc_codec_base base;
    struct sc_writer *nested;   /* for records made while this one is busy */
    uint32_t next_bytes;        /* size of the next chunk */
    uint32_t dtor_rounds;       /* how often the thread's key destructor has run */
    struct sc_writer *next;     /* in the list of idle writers */
    struct sc_writer *all_next; /* in the list of all writers of the process */
    void *exec_area;            /* scratch space mapped for exec's environment, kept for the next exec */
    size_t exec_bytes;
    char *exec_found; /* mapped, SC_PATH_BYTES, kept likewise: what a search along PATH has found */
    void *exec_stack; /* mapped, kept likewise: where an exec is prepared that has hardly any (sc_helper_on_stack) */
    bool kept;        /* its chunks hold what must stay (kept.h) */
    bool vforked;     /* interpose mode: its thread may have a child in our memory, see fd_class.h */
    uint32_t live;    /* belongs to a thread, and is not its nested one */
    struct sc_own_io own;
    struct sc_writer
        *shares; /* this writer stands in for that one: a process that shares its thread's storage runs beside it */
    struct sc_vfork_child vfork_children[SC_MAX_VFORK_CHILDREN];
    struct sc_cached_caller cached[SC_CALLER_CACHE]; /* by the site's address */
    uint32_t strings[SC_STRING_SLOTS];               /* offsets of STRING records in the chunk, by hash; 0: none */
    uint32_t stacks[SC_STACK_SLOTS][2];              /* the same for STACK records, two per hash */
    /* The record being made while the writer is busy. Not on the program's stack, which may be small. */
    struct sc_record record;
    struct sc_readable stack_known; /* the thread's stack, valid while stack_epoch is sc_unmap_epoch() */
    uint32_t stack_epoch;
    uint64_t stack[SC_STACK_MOST];
    uint8_t stack_payload[SC_STACK_BYTES(SC_STACK_MOST) + 8];
    /* The last: pages that are touched only when a write's bytes are copied for examination, and with SYSCAP_STACK. */
    uint8_t scratch[SC_SCRATCH_BYTES];
    struct sc_kept_walk *walk; /* of the record being made */
    struct sc_kept_walk walks[SC_WALKS];
} __attribute__((aligned(64)));

/* What all threads of the process share. Written by the constructor and by the only thread of a forked child. */
struct sc_process_state {
    bool active;      /* recording */
    bool interposing; /* the symbol wrappers record (they do not where full mode's sites do) */
    bool vdso_taken;  /* the calls that the kernel's object makes come by sites of its own */
    bool clock_tsc;
    bool follow;       /* SYSCAP_CHILDREN */
    bool leave_static; /* SYSCAP_STATIC */
    bool no_syscalls;  /* we may make no system call, because of a seccomp filter or the like (own_calls.h) */
    bool proc_matches; /* /proc shows this process under its own pid */
    bool can_populate; /* MADV_POPULATE_WRITE works (Linux 5.14) */
    bool forked;       /* a forked child: its program image is its parent's */
    bool ended;        /* the process's end is recorded */
    bool leaving;      /* exit_group is next: threads are counted, and one that begins now would not be */
    bool described;    /* the capture says who the process is */
    uint32_t process;  /* the session's number */
    uint32_t parent;
    uint32_t execs;
    int pid;
    int ppid;
    int exit_status; /* what main returned, or exit was called with, where that has to be noted (musl) */
    uint32_t stack_depth;
    uint32_t mode_asked;          /* enum sc_mode_asked */
    uint32_t env_asked;           /* enum sc_env_asked */
    _Atomic uint32_t stop_reason; /* set by the thread that finds that recording can't go on; read off the hot path */
    _Atomic uint32_t stop_errno;
    uint64_t dev, ino;             /* of the capture's file */
    struct sc_file_header *header; /* shared mapping of the capture's first granule */
    uint64_t *slots;               /* shared mapping of the table of slots (ring.h); NULL: there is none */
    uint32_t slot_pid;             /* ours in the namespace of header->pid_space; 0: not known */
    struct sc_chunk
        *_Atomic lost_chunk;     /* counts calls that find no chunk: the process's first chunk, never unmapped */
    char path[SC_PATH_BYTES];    /* the capture, absolute */
    char library[SC_PATH_BYTES]; /* this library (in a statically linked program libsyscap.so), absolute */
    char other[SC_PATH_BYTES];  /* where the one for the other C library belongs; empty if ours has a name of its own */
    bool musl;                  /* ours is the one for musl */
    char loader[SC_PATH_BYTES]; /* syscap-static, beside it */
};

extern struct sc_process_state sc_process __attribute__((visibility("hidden")));

/* The clock of the records, in ticks: sc_now. */
uint64_t sc_slow_now(void); /* where the counter is not read: see clock.h */

/* The system's clocks, in ns. */
uint64_t sc_monotonic(void);
uint64_t sc_realtime(void);

/* memcpy of any length without libc, whose version may use vector registers and may not be bound yet. */
static inline void sc_copy(void *to, const void *from, size_t bytes)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

/* sc_now where sc_process.clock_tsc. */
static inline uint64_t sc_counter(void)
{
    uint64_t low, high; /* whose upper halves are 0 then */
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return high << 32 | low;
}

static inline uint64_t sc_now(void)
{
    return SC_LIKELY(sc_process.clock_tsc) ? sc_counter() : sc_slow_now();
}

#endif
