/* ledger_internal.h: a ledger from within, for the rows (ledger.c) and for what pairs an lseek with what follows it. */
#ifndef SC_LEDGER_INTERNAL_H
#define SC_LEDGER_INTERNAL_H

#include "attribution.h"
#include "history.h"
#include "ledger.h"

enum {
    SC_LEDGER_CACHE = 256, /* what eight bits of a hash can tell apart */
    SC_LEDGER_LINE = 400,
};

/* An lseek whose purpose the next call on its description tells. */
struct sc_pending_seek {
    uint32_t row; /* + 1; 0: none */
    uint32_t process;
    const struct sc_call_desc *desc;
    uint64_t duration_ns, order;
    int64_t fd, offset, whence, result;
};

struct sc_ledger {
    struct sc_row *rows;
    size_t count, capacity;
    struct sc_intern keys;           /* struct key; the number is the row's */
    uint32_t cache[SC_LEDGER_CACHE]; /* row + 1 of the last one with that hash */
    struct sc_intern paths, names, lines;
    struct sc_intern asked;          /* struct question: those of work that were met */
    struct sc_pending_seek *pending; /* by number of the open file description */
    size_t pending_capacity;
    struct sc_runtime runtime;
    struct sc_history history;
    struct sc_attribution attribution;
    uint32_t last_row; /* of the call before, + 1: the runtime's first one is recognised by its second */
    uint32_t last_thread;
    uint64_t last_ns;
    uint64_t order;
    uint32_t *running; /* by number of the process: its program + 1, once it made a call; 0: a new one begins */
    size_t running_capacity;
    uint64_t *processes; /* by number of the program */
    size_t processes_capacity;
    struct sc_ledger_sizes small;
    struct sc_normaliser *normaliser;
    bool keep_names;
    char line[SC_LEDGER_LINE];
};

/* The row covers these offsets of its file too. */
void sc_ledger_touch(struct sc_row *row, int64_t begin, int64_t end);

/* A call that was counted in the row `from` belongs to the one with more facts. 0 or -ENOMEM. */
int sc_ledger_move(struct sc_ledger *ledger, uint32_t from, uint32_t added, uint64_t ns, uint32_t *ret_to);

/* The event as a line, as evidence; what is short of memory shows less. */
void sc_ledger_show(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                    const struct sc_event *event, const struct sc_access *access, uint32_t number, uint64_t order);

/* An lseek waits for what follows it on its description; a read or write tells. row: the event's. 0 or -ENOMEM. */
int sc_ledger_pair_seeks(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                         const struct sc_event *event, const struct sc_access *access, uint32_t row);

#endif
