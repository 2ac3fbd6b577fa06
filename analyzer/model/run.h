/*
 * run.h: what is known of a run beside its calls. A source fills it while it is read; it is complete after the last
 * batch. Everything here belongs to the source and lives as long as it does.
 */
#ifndef SC_RUN_H
#define SC_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../common/capture_format.h"
#include "addresses.h"
#include "intern.h"

enum sc_run_kind { SC_RUN_CAPTURE, SC_RUN_STRACE, SC_RUN_STRACE_SUMMARY };
enum sc_end_kind { SC_ENDED_UNKNOWN, SC_ENDED_EXITED, SC_ENDED_SIGNALED };

struct sc_end {
    enum sc_end_kind kind;
    int code;   /* exit status, where EXITED */
    int signal; /* signal number, where SIGNALED */
};

struct sc_child {
    uint32_t process; /* its number in the run, or UINT32_MAX where it was not captured itself */
    int32_t pid;
    char *command; /* or NULL */
    struct sc_end end;
    char **argv; /* of the last program it became, NULL-terminated; NULL: not known */
    bool argv_cut;
};

/*
 * A module as it was mapped, by any process. Addresses of events are given so that each means one place in one module,
 * whichever process made the call and whenever: where two modules were mapped at the same addresses, the second one's
 * are moved to where no program has any, and begin, end and bias are as moved.
 */
struct sc_module_map {
    uint64_t begin, end, bias;
    uint8_t build_id[24];
    uint32_t build_id_bytes;
    char *path;
};

/* Programs of one name that were started, or became a process's program, and are not recorded. */
struct sc_untraced_group {
    char *name;      /* or NULL */
    unsigned reason; /* enum sc_untraced, common/elf_probe.h */
    uint64_t count;
    int32_t pid; /* of the process that started the first of them, or that it replaced */
};

/* Places that make system calls in a program and its libraries, and those left alone: of its processes the most. */
struct sc_program_sites {
    const char *program;
    uint64_t found, left;
};

/* Reads and writes by the kernel's count and by ours, summed over the threads whose counters are known. */
struct sc_coverage {
    bool counters_known; /* false: the four below mean nothing and are null in the JSON */
    uint64_t write_calls_seen, write_calls_kernel;
    uint64_t read_calls_seen, read_calls_kernel;
    uint64_t write_calls_excess, read_calls_excess; /* of those seen: more than the kernel counted in their thread */
    uint64_t dropped_records;
    uint64_t overwritten_calls; /* older than all that there are (SYSCAP_KEEP=last), but for those in flight */
    enum sc_stop stop;          /* recording stopped early, see record.h */
    int stop_errno;
    uint64_t sites_found, sites_left; /* full mode: in the root's first program; see sc_program_sites */
    uint64_t rings;                   /* of io_uring */
    bool rings_known;                 /* their requests: those that end by themselves, which the kernel took; and of how
                                         many the end was seen */
    uint64_t ring_requests, ring_requests_told;
    uint64_t aio_contexts;    /* of Linux AIO */
    bool requests_known;      /* of Linux AIO: those that the kernel took, and those whose end was seen */
    uint64_t static_programs; /* statically linked ones, which syscap-static loaded: so often */
    uint64_t requests, requests_told;
    bool mapped_known; /* of mappings that store into files: how many there were, and how often one was not looked at */
    uint64_t mappings, mappings_missed;
    bool reads_left_out, writes_left_out; /* some of them, as the recording's user wished; of these four then no more
                                             than the kernel's numbers are said */
    bool damaged;                         /* part of the input was unreadable: said in warnings */
};

/* One of the environment's. */
struct sc_variable {
    char *entry;    /* NAME=VALUE, or the name alone where the value is not known */
    bool has_value; /* entry is whole */
    bool hashed;    /* hash is known, sc_variable_hash */
    uint64_t hash;
};

/* Those that are not in sc_run's environ. */
struct sc_variables_known {
    struct sc_variable *items;
    size_t count, capacity;
    bool listed;       /* the source has them: otherwise it says nothing of others than those in environ */
    uint64_t left_out; /* more of them, unknown even by name */
};

struct sc_run {
    enum sc_run_kind kind;
    enum sc_mode mode;  /* captures only */
    bool mode_fallback; /* full mode was asked for and not to be had */
    char **argv;        /* of the root's program, NULL-terminated; NULL: not known */
    size_t argc;
    bool argv_cut;    /* the last is but a beginning, or there are more */
    bool argv_elided; /* one that ends with "..." may be but a beginning, as strace -s prints it */
    char **environ;   /* variables that are always recorded, NAME=VALUE, NULL-terminated; NULL: not known */
    struct sc_variables_known variables;
    char *exe; /* or NULL */
    char *cwd; /* of the root; or NULL */
    int32_t root_pid;
    struct sc_end end;         /* the root's */
    bool launched;             /* by syscap-record */
    struct sc_child *children; /* all processes but the root whose end is known */
    size_t child_count;
    uint32_t processes, threads;
    bool kernel_names;             /* the source has the kernel's names of descriptors (strace -y) */
    bool own_names;                /* they are left aside where the run itself opened what they name, see sc_terms */
    bool startup_seen;             /* the source holds the loader's calls (a strace log does, a capture does not) */
    bool main_marked;              /* the source says where main begins */
    bool has_times;                /* durations are known */
    uint64_t to_real_ns;           /* what events' start_ns lacks to be CLOCK_REALTIME; 0: nothing, or not known */
    char *only_calls, *only_paths; /* SYSCAP_TRACE, SYSCAP_PATHS: nothing else was to be recorded; NULL: all. What
                                      stands there beside is for others to be understood */
    struct sc_call_set *only_set;  /* what only_calls means */
    bool offsets_lost;             /* what moves them is not all recorded */
    struct sc_coverage coverage;
    struct sc_module_map *modules; /* see sc_run_add_module */
    size_t module_count, module_capacity;
    struct sc_addresses addresses;
    struct sc_address_map module_at; /* their numbers */
    uint64_t moved_bytes;
    char **warnings; /* complete sentences, NULL-terminated */
    size_t warning_count;
    struct sc_untraced_group *untraced;
    size_t untraced_count;
    struct sc_program_sites *programs; /* of full mode, by name: that with the most sites left alone first */
    size_t program_count;
    struct sc_intern program_keys; /* what processes run, see sc_run_program */
    char **uncounted;  /* "sh (pid 12): killed by SIGKILL": why counters are not known, NULL-terminated; or NULL */
    char **sites_left; /* "libc.so.6+0x27274", the first that were left alone, NULL-terminated; or NULL */
};

/*
 * What a process runs: a program of that name, in the root process (ROOT), in a process that became it by exec (CHILD),
 * or as a copy of a parent that runs it (FORK). Events of calls have its number.
 */
enum sc_program_kind { SC_PROGRAM_ROOT, SC_PROGRAM_CHILD, SC_PROGRAM_FORK };
enum { SC_NO_PROGRAM = UINT32_MAX };

/* The number of the program whose file is path. SC_NO_PROGRAM where memory is short. */
uint32_t sc_run_program(struct sc_run *run, enum sc_program_kind kind, const char *path, size_t len);
/* The same of a program that is many in one, by its subcommand; NULL: it is not, or that is not known. */
uint32_t sc_run_subprogram(struct sc_run *run, enum sc_program_kind kind, const char *path, size_t len,
                           const char *subcommand);
/* Of a copy of a process that runs parent. */
uint32_t sc_run_forked(struct sc_run *run, uint32_t parent);
/* The name, and what it is; NULL for one that is not known. */
const char *sc_run_program_name(const struct sc_run *run, uint32_t program, enum sc_program_kind *ret_kind);
/* Its subcommand, "" for none. */
const char *sc_run_subcommand(const struct sc_run *run, uint32_t program);

/* The child of each process by its number, of count processes; NULL for the root and for those whose end is not known.
 * To be freed; NULL where memory is short. */
const struct sc_child **sc_run_children(const struct sc_run *run, size_t count);

/* Adds a sentence, taken over, to the warnings; nothing else may. 0, or -ENOMEM, also for NULL. */
int sc_run_warn(struct sc_run *run, char *text);

/* Addresses of what is no module any more have this bit set: they are shown without it. */
#define SC_ADDRESS_GONE (UINT64_C(1) << 62)

/* Takes a module and its path over, moved where its addresses are another's. 0, or -ENOMEM: it is the caller's still.
 */
int sc_run_add_module(struct sc_run *run, struct sc_module_map module);
void sc_run_free_modules(struct sc_run *run);

/* Adds a variable whose bytes are copied. 0, or -ENOMEM. */
int sc_run_add_variable(struct sc_run *run, const char *entry, size_t bytes, struct sc_variable variable);
void sc_run_free_variables(struct sc_run *run);

/* The module that holds a call returning to that address of an event. NULL where there is none. */
const struct sc_module_map *sc_run_module(const struct sc_run *run, uint64_t address);

#endif
