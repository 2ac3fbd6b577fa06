/*
 * history.h: what is noticed about a call because of those before it, of its thread, its process and its file. A few
 * bytes for each of these, none for a call.
 */
#ifndef SC_HISTORY_H
#define SC_HISTORY_H

#include "ledger_facts.h"

/* What a thread did last. */
struct sc_past_thread {
    bool would_wait; /* EAGAIN */
    int64_t read;    /* bytes of a file, with nothing but seeks since; or 0 */
    uint32_t file;   /* that file */
};

/* What a process, and what a file, did last; as the number of a call, 0: never. */
struct sc_past_process {
    uint64_t waited; /* for an answer, or anything else from outside */
};

enum sc_past_kind { SC_PAST_UNKNOWN, SC_PAST_CARRIES /* bytes to somebody */, SC_PAST_KEEPS };

struct sc_past_file {
    uint64_t written, changed, synced; /* changed: written, or its size */
    int64_t flags;                     /* of its last open */
    uint32_t reader;                   /* the process that read it first, + 1; 0: none */
    uint8_t kind;                      /* enum sc_past_kind */
    bool unmapped;                     /* and not mapped since */
};

enum { SC_PAST_MAPS = 256 /* those that are looked after at a time */ };

/* What lies at an address. */
struct sc_past_map {
    int64_t address;
    uint32_t file; /* or SC_NO_FILE */
};

/* All bits zero is the state before the first call. */
struct sc_history {
    uint64_t order;
    uint64_t synced; /* all files */
    struct sc_past_thread *threads;
    struct sc_past_process *processes;
    struct sc_past_file *files;
    struct sc_past_file anonymous; /* memory of no file */
    struct sc_past_map maps[SC_PAST_MAPS];
    size_t thread_capacity, process_capacity, file_capacity;
};

/* Adds the call's facts to ret_facts, which has those of the call itself. 0 or -ENOMEM. */
int sc_history_facts(struct sc_history *history, const struct sc_ledger_sizes *small, const struct sc_files *files,
                     const struct sc_event *event, const struct sc_access *access, uint32_t *ret_facts);
void sc_history_free(struct sc_history *history);

#endif
