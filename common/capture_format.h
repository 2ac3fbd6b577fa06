/*
 * capture_format.h: the capture file's fixed structures, as docs/FORMAT.md specifies them byte by byte.
 *
 * A capture is a header, a table of calls and then chunks. A chunk is written by one thread at a time through a shared
 * mapping, so that what was stored before a kill is in the file. All integers are little-endian, as x86-64 stores them.
 */
#ifndef SC_CAPTURE_FORMAT_H
#define SC_CAPTURE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "calls.h"

#define SC_MAGIC "SYSCAP\r\n" /* the line end shows a copy that went through a text-mode transfer */

enum {
    SC_VERSION = 7,
    SC_VERSION_READ = 2,     /* the oldest that this reader takes: later ones only added meta types and header fields */
    SC_VERSION_REQUESTS = 4, /* the first with records of requests */
    SC_VERSION_RINGS = 5,    /* of those of io_uring, */
    SC_VERSION_MAPPED = 5,   /* and of mapped files */
    SC_VERSION_ONLY = 6,     /* that says what alone was recorded */
    SC_VERSION_KEEP = 7,     /* whose chunks may be used again */
    SC_GRANULE = 4096,       /* chunks begin and end at multiples of it */
    SC_CHUNK_MAX = 1 << 20,  /* no chunk is larger, so that offsets in it stay short */
    SC_RECORD_MAX = 256,     /* no call record is larger; a writer keeps that much room */
    SC_TEXT_MAX = 4096,      /* longer strings are cut there: PATH_MAX */
    SC_META_MAX = 0xffff,    /* payload of a meta record */
};

enum sc_clock { SC_CLOCK_TSC = 1, SC_CLOCK_MONOTONIC = 2 };
enum sc_mode { SC_MODE_INTERPOSE = 1, SC_MODE_FULL = 2 };

/* At offset 0. */
struct sc_file_header {
    char magic[8];
    uint32_t version;
    uint32_t first_chunk;  /* file offset where the chunks begin */
    uint64_t nonce;        /* names the session; repeated in every chunk */
    uint32_t calls_offset; /* the table of calls: */
    uint32_t calls_count;
    uint32_t calls_bytes; /* size of a row */
    uint32_t granule;
    uint32_t clock; /* enum sc_clock: what a tick is */
    uint32_t root_pid;
    uint64_t created_real; /* CLOCK_REALTIME, ns */
    uint64_t tick0;        /* one instant in both clocks: */
    uint64_t mono0;        /* CLOCK_MONOTONIC, ns */
    uint64_t tick1;        /* and a later one, to convert between them; the root process renews it when it ends */
    uint64_t mono1;
    uint32_t stack_depth; /* SYSCAP_STACK */
    uint32_t
        cache_offset; /* a table that the writers keep for themselves (shim/rewrite/site_cache.h); readers skip it */
    uint32_t cache_bytes;
    uint32_t turned_away; /* programs that wanted this file for a session of their own while it was recorded */
    uint32_t tick_rate;   /* for the writers: ticks a ns, shifted up by 20 bits; 0: nobody had to know */
    /* SYSCAP_KEEP=last: chunks lie in slots of one size, which are used again (shim/core/ring.h); else all 0 */
    uint32_t slots_offset; /* of the writers' own table of slots, 8 bytes each; readers skip it */
    uint32_t slots;        /* how many, from first_chunk on */
    uint32_t slot_bytes;
    uint32_t pid_space;  /* for the writers: the inode of the root's pid namespace; 0: not known */
    uint32_t kept_slots; /* for the writers: how many slots hold what must stay */
    /* written by syscap-record */
    uint32_t launched;          /* 0 plain LD_PRELOAD, 1 launched, 2 launched and ended: */
    int32_t wait_status;        /* the root process's, as waitpid gave it */
    uint64_t overwritten_until; /* ticks: no call that was overwritten began later; 0: none was */
    uint64_t hand;              /* for the writers: slots looked at so far; the next is this one modulo slots */
    uint64_t left_kept;         /* for the writers: as left_chunks, of chunks that hold what must stay */
    uint64_t reserved1[4];
    /* shared by all processes of the session; changed with atomic instructions only */
    uint64_t next;      /* file offset of the first byte that belongs to no chunk */
    uint64_t size;      /* the file reaches at least so far */
    uint64_t limit;     /* SYSCAP_MAX_SIZE, 0: none */
    uint32_t processes; /* process numbers given out */
    /* the same of processes that never had a chunk, see struct sc_chunk: */
    uint32_t stop_reason;
    uint64_t lost;
    uint32_t stop_errno;
    uint32_t any_stop;       /* enum sc_stop: why recording stopped in the first process where it did */
    uint32_t any_stop_errno; /* and the error, 0: none */
    uint32_t reserved2;
    uint64_t left_chunks; /* for the writers: chunks that ended processes left to others */
};
_Static_assert(offsetof(struct sc_file_header, launched) == 128, "a fixed place for syscap-record");
_Static_assert(offsetof(struct sc_file_header, next) == 192, "a cache line of its own");
_Static_assert(sizeof(struct sc_file_header) == 256, "fixed by docs/FORMAT.md");

/* Behind the header, of zeros before version 6: what alone was to be recorded. Texts end with a NUL; empty: all. */
struct sc_file_only {
    char trace[512];  /* SYSCAP_TRACE */
    char paths[2048]; /* SYSCAP_PATHS */
};
_Static_assert(sizeof(struct sc_file_header) + sizeof(struct sc_file_only) <= 4096, "what a process maps of a capture");

/* header: as it lies in a mapping of the file's first granule. */
static inline struct sc_file_only *sc_file_only_of(struct sc_file_header *header)
{
    return (struct sc_file_only *)(header + 1);
}

/* The table of calls carries what this writer knew, so that an older reader understands newer captures. */
struct sc_file_call {
    uint16_t nr;
    uint8_t nargs;
    uint8_t ret;
    uint8_t expect;
    uint8_t category;
    uint8_t stored;
    uint8_t skipped;
    uint8_t text;
    uint8_t kinds[SC_MAX_ARGS];
    char name[33]; /* NUL-terminated */
};
_Static_assert(sizeof(struct sc_file_call) == 48, "fixed by docs/FORMAT.md");

#define SC_CHUNK_MAGIC UINT64_C(0x4b4e484353435953) /* "SYSCCHNK" but for its reader; see docs/FORMAT.md */

/* A call that a thread has begun and not ended. */
struct sc_inflight {
    uint64_t nr1;   /* number + 1; 0: none */
    uint64_t start; /* ticks */
    uint64_t args[3];
};

/* The call, one in a signal handler that interrupted it, one in a handler that interrupted that, ... */
enum { SC_INFLIGHT_SLOTS = 4 };

struct sc_chunk {
    uint64_t magic;
    uint64_t nonce;
    uint32_t bytes;     /* whole chunk, header included */
    uint32_t process;   /* the session's number of the process that owns it */
    uint64_t open_tick; /* when it was taken into use, in both clocks */
    uint64_t open_mono;
    uint32_t stop_reason; /* enum sc_stop: recording ended in the process that owns this chunk */
    uint32_t stop_errno;
    uint64_t lost;      /* calls that finished and found no place */
    uint32_t granule;   /* for the writers: where the chunk lies in the file, in granules, */
    uint32_t next_left; /* and the next one in the header's list */
    /* the writer's cache line */
    uint32_t used;       /* offset from the chunk's start to the first byte that holds no finished record */
    uint32_t generation; /* how often it was used again; changes in one store with used */
    struct sc_inflight inflight[SC_INFLIGHT_SLOTS]; /* the outermost first */
    uint64_t overwritten[2];                        /* [generation % 2]: calls that stood here and were overwritten */
    uint64_t reserved2;
};
_Static_assert(offsetof(struct sc_chunk, used) == 64, "a cache line of its own");
_Static_assert(offsetof(struct sc_chunk, generation) == offsetof(struct sc_chunk, used) + 4, "stored together");
_Static_assert(sizeof(struct sc_chunk) == 256, "fixed by docs/FORMAT.md");

enum sc_stop {
    SC_STOP_NONE,
    SC_STOP_LIMIT,    /* SYSCAP_MAX_SIZE reached */
    SC_STOP_SPACE,    /* no space, or a file size limit */
    SC_STOP_MEMORY,   /* no mapping to be had */
    SC_STOP_SECCOMP,  /* the program installed a filter: no system call of ours may follow */
    SC_STOP_FILE,     /* the capture's file could not be reached */
    SC_STOP_DISPATCH, /* the program has system calls handed back to it (PR_SET_SYSCALL_USER_DISPATCH): the same */
    SC_STOP_GS,       /* a statically linked program uses the register that our loader keeps its data by */
    SC_STOP_LAST = SC_STOP_GS,
};

/*
 * The head of a record: the low ten bits are the call's number, or, from SC_NR_LIMIT on, the type of a meta record.
 * The bits above belong to call records.
 */
enum {
    SC_HEAD_NR = 0x03ff,
    SC_HEAD_EXPECTED = 1 << 10, /* the result is the expected one (see calls.def) and is left out */
    SC_HEAD_EXTRAS = 1 << 11,   /* extras follow */
    SC_HEAD_DATA_SHIFT = 12,    /* two bits: enum sc_data */
    SC_HEAD_NORETURN = 1 << 14, /* recorded before the call, which does not return when it succeeds */
    SC_HEAD_NULLS = 1 << 15,    /* a byte follows: which of the pointers left out were NULL */
};

/* What the bytes of a successful write were. */
enum sc_data { SC_DATA_NONE, SC_DATA_ZERO, SC_DATA_SOME, SC_DATA_UNSEEN };

enum sc_extra_type {
    SC_EXTRA_TEXT,  /* value: offset in this chunk of the STRING record that argument points to */
    SC_EXTRA_VALUE, /* value: something behind that argument's pointer; what and in which order goes by its kind */
    SC_EXTRA_STACK, /* value: offset in this chunk of the STACK record */
};

enum { SC_MAX_EXTRAS = 15 };

enum sc_meta {
    SC_META_PAD = SC_NR_LIMIT, /* skip */
    SC_META_STRING,            /* bytes, referred to by their record's offset in the chunk */
    SC_META_STACK,       /* return addresses, innermost first, each as the difference to the one before; likewise */
    SC_META_SEGMENT,     /* struct sc_segment: what follows was written by this thread */
    SC_META_PROCESS,     /* struct sc_process: a process, or a new program in one (exec) */
    SC_META_TEXT,        /* struct sc_text and bytes: command line and the like */
    SC_META_MODULE,      /* struct sc_module and the path */
    SC_META_THREAD_END,  /* struct sc_thread_end */
    SC_META_COUNTERS,    /* struct sc_counters */
    SC_META_PROCESS_END, /* struct sc_process_end */
    SC_META_CHILD_END,   /* struct sc_child_end */
    SC_META_MARK,        /* struct sc_mark */
    SC_META_NOTE,        /* struct sc_note: something that could not be seen */
    /* since version 3: */
    SC_META_UNTRACED, /* struct sc_untraced_program and its name: a program or process that is not recorded */
    SC_META_LOADED,   /* struct sc_module_loaded and the path: a module that came while the program ran (dlopen) */
    SC_META_UNLOADED, /* struct sc_module_unloaded: what was mapped there is gone (dlclose) */
    /* since version 4: */
    SC_META_REQUESTS, /* struct sc_requests_head and requests (request_codec.h): a call is about to hand them over */
    SC_META_RESULTS,  /* the same head and results: what became of requests */
    /* since version 5: */
    SC_META_MAPPED, /* struct sc_mapped and runs of pages (mapped_codec.h): a mapping of a file */
    SC_META_LAST = SC_META_MAPPED,
};

/* Every meta record begins with this; payload bytes follow. Packed: it stands at any address. */
struct sc_meta_head {
    uint16_t head;  /* enum sc_meta */
    uint16_t bytes; /* of payload */
} __attribute__((packed));
_Static_assert(sizeof(struct sc_meta_head) == 4, "fixed by docs/FORMAT.md");

struct sc_segment {
    uint64_t tick; /* base of the next record's start; also resets the caller's base to 0 */
    uint64_t mono;
    uint32_t process;
    uint32_t tid;
};

enum sc_origin { SC_ORIGIN_ROOT, SC_ORIGIN_FORK, SC_ORIGIN_EXEC, SC_ORIGIN_SPAWN };

struct sc_process {
    uint32_t process; /* the session's number, from 0 */
    uint32_t parent;  /* the session's number of the parent; its own for the root */
    uint32_t pid;
    uint32_t ppid;
    uint32_t execs;  /* how many times this process has replaced its program while captured */
    uint32_t origin; /* enum sc_origin */
    uint32_t mode;   /* enum sc_mode */
    uint32_t reserved;
    uint64_t start_time; /* field 22 of /proc/PID/stat, 0: not known */
    uint64_t tick;
    uint64_t real; /* CLOCK_REALTIME, ns */
};

enum sc_text_what {
    SC_TEXT_EXE = 1,
    SC_TEXT_CWD,
    SC_TEXT_ARGV,
    SC_TEXT_ENVIRON, /* of each program: those variables whose values are always of interest */
    /* struct sc_variables: all others, of the root's first program only; several records follow each other */
    SC_TEXT_HASHES, /* NAME, NUL, u64 sc_variable_hash */
    SC_TEXT_NAMES,  /* NAME, NUL; those of ENVIRON among them, which is not there */
    SC_TEXT_VALUES, /* NAME=VALUE, NUL */
};

/* ARGV and ENVIRON: each string ends with a NUL. */
struct sc_text {
    uint32_t process;
    uint32_t what; /* enum sc_text_what; bit 31: cut */
};
#define SC_TEXT_CUT UINT32_C(0x80000000)

struct sc_variables {
    struct sc_text text;
    uint32_t left_out; /* in the last record: variables that are not kept, being too long or too many */
};

struct sc_module {
    uint32_t process;
    uint32_t build_id_bytes; /* of those below */
    uint8_t build_id[24];
    uint64_t bias;  /* load address minus link address */
    uint64_t begin; /* addresses of the module's executable part: begin <= a < end */
    uint64_t end;
};

struct sc_module_loaded {
    uint64_t tick;
    struct sc_module module;
};

struct sc_module_unloaded {
    uint64_t tick;
    uint32_t process;
    uint32_t reserved;
    uint64_t begin; /* addresses that were unmapped or mapped over */
    uint64_t end;
};

/* Written in place of the program's own records, by the process that starts it or would have become it. */
struct sc_untraced_program {
    uint64_t tick;
    uint32_t process;  /* that started it, or that it replaces */
    uint32_t reason;   /* enum sc_untraced, common/elf_probe.h */
    uint32_t replaces; /* 1: by exec, so that this process's own records end here; 0: in a child */
    uint32_t reserved;
};

struct sc_thread_end {
    uint64_t tick;
    uint32_t process;
    uint32_t tid;
};

/* /proc/PID/task/TID/io, our own calls already taken off. */
struct sc_counters {
    uint32_t process;
    uint32_t tid;
    uint32_t at_end; /* 0: where recording began in this thread, 1: where it ended */
    uint32_t known;  /* 0: could not be read; the rest is 0 then */
    uint64_t rchar;
    uint64_t wchar;
    uint64_t syscr;
    uint64_t syscw;
};

enum sc_end_how { SC_END_EXIT = 1, SC_END_IMMEDIATE, SC_END_ABORT };

struct sc_process_end {
    uint64_t tick;
    uint64_t mono;
    uint32_t process;
    uint32_t how;   /* enum sc_end_how: exit or return from main; _exit and its kind; abort */
    int32_t status; /* exit status, 0 for abort */
    uint32_t reserved;
};

struct sc_child_end {
    uint64_t tick;
    uint32_t process; /* the waiting parent */
    uint32_t pid;
    int32_t status; /* as waitpid gives it */
    uint32_t reserved;
};

enum sc_mark_what { SC_MARK_MAIN = 1 };

struct sc_mark {
    uint64_t tick;
    uint32_t process;
    uint32_t what; /* enum sc_mark_what */
};

enum { SC_SITES_NAMED = 16 };

/* Who told the program the results of its requests. */
enum sc_told_by {
    SC_TOLD_BY_CALL, /* io_getevents */
    SC_TOLD_BY_RING, /* nobody: they stood in the ring, where it took them or left them, at some time before tick */
    SC_TOLD_BY_COMPLETION, /* the completion queue of an io_uring, in which they were found at tick */
};

struct sc_requests_head {
    uint64_t tick;    /* of requests: when the call that hands them over begins. Several records may go with one call */
    uint64_t context; /* of Linux AIO; or the number of an io_uring in its process, from 1 */
    uint32_t told_by; /* of results: enum sc_told_by */
    uint32_t reserved;
};

/* What a MAPPED record says of a mapping that stores into a file. */
enum sc_mapped_what {
    SC_MAPPED_BEGAN = 1, /* it is there from now on; descriptor says of which file */
    SC_MAPPED_TOUCHED,   /* these pages of the file were in the process's page table: it touched them, or the kernel
                            put them there beside one that it touched */
    SC_MAPPED_MISSED,    /* some of its pages could not be looked at */
    SC_MAPPED_GONE,      /* the process has nothing of it any more; all that was to be looked at was */
    SC_MAPPED_READ,      /* as BEGAN, but nothing is stored through it before a BEGAN, without a descriptor, says so */
};

struct sc_mapped {
    uint64_t tick;
    uint32_t process;
    uint32_t owner; /* the process that made it, which others inherited it from; and its number there: */
    uint32_t number;
    uint32_t what;      /* enum sc_mapped_what */
    int32_t descriptor; /* SC_MAPPED_BEGAN and READ, else -1 */
    uint32_t reserved;
};

enum sc_note_what {
    SC_NOTE_MODE_FALLBACK = 1, /* full mode asked for, not to be had: a is enum sc_fallback */
    SC_NOTE_IO_URING,          /* a ring was set up; a: descriptor, b: its flags (IORING_SETUP_*) */
    SC_NOTE_SHARED_MAPPING,    /* until version 4: a writable shared mapping of a file; a: descriptor */
    SC_NOTE_UNTRACED_CHILD,    /* a program was started that cannot load us; a: enum sc_untraced */
    SC_NOTE_SITES,             /* a: system call sites found, b: of which not rewritten */
    SC_NOTE_SITE_LEFT,         /* one that was not rewritten, the first SC_SITES_NAMED of them; a: its address */
    SC_NOTE_AIO,               /* a context for Linux AIO was set up (io_setup) */
    SC_NOTE_NOT_LOOKED_AT, /* bytes of some writes could not be looked at; a: enum sc_not_looked_at. Once a reason */
    SC_NOTE_NAME_TAKEN,    /* the capture has another name than asked for: that file was being recorded */
    SC_NOTE_CLOCK,         /* from here on times are worse; a: enum sc_clock_change */
    SC_NOTE_RING_UNSEEN,   /* an io_uring took requests of which no more is known; a: how many */
    SC_NOTE_STATIC,        /* a statically linked program, which our loader put into memory */
    SC_NOTE_LAST = SC_NOTE_STATIC,
};

/*
 * Why the bytes of a successful write were not looked at, where that is not a matter of the call or the device. To a
 * pipe, socket or terminal they are looked at before the call, by the kernel, since whoever receives them may have them
 * unmapped before the call is back.
 */
enum sc_not_looked_at {
    SC_NOT_ALLOWED = 1, /* a seccomp filter is in force that might not allow process_vm_readv */
    SC_NOT_READABLE,    /* process_vm_readv was refused */
};

/* The program forbade rdtsc (prctl PR_SET_TSC), or all calls but four (SECCOMP_MODE_STRICT). */
enum sc_clock_change {
    SC_CLOCK_BACK = 0,  /* as before */
    SC_CLOCK_CALL = 1,  /* a system call for each time */
    SC_CLOCK_STANDS = 2 /* no clock at all: all times are the last one */
};

struct sc_note {
    uint64_t tick;
    uint32_t process;
    uint32_t what; /* enum sc_note_what */
    uint64_t a;
    uint64_t b;
};

#endif
