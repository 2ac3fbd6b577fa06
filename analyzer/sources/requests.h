/*
 * requests.h: requests that were handed over and of whose end the program was not told yet (see struct sc_request), and
 * the events that come of their ends. Memory goes with how many are under way, and with the keys that were met.
 */
#ifndef SC_REQUESTS_H
#define SC_REQUESTS_H

#include "../model/event.h"
#include "../model/index.h"
#include "../model/intern.h"

/* One under way, and whose it is. */
struct sc_under_way {
    uint64_t context;
    uint32_t process, thread, program;
    int32_t pid, tid;
    bool startup, has_start, data_cut, waits; /* waits: for its end; else the slot is free */
    bool told;                                /* of one that has several results: the first was */
    uint64_t start_ns, site, call;            /* call: by which call it was handed over, counted */
    struct sc_request_fields is;
    uint32_t next; /* slot + 1 of the next younger one of its key, or of the next free one */
    uint32_t last; /* of the oldest one of a key: slot + 1 of the youngest */
};

/* All bits zero but for the first: none. */
struct sc_requests {
    bool keys_repeat; /* several under way may have one key: strace does not print the addresses of requests */
    struct sc_under_way *items; /* by slot */
    size_t count, capacity;
    uint32_t free;          /* slot + 1 */
    struct sc_index slots;  /* by a hash of process, context and key: slot + 1 of the oldest, or 0 */
    struct sc_intern texts; /* names in requests of rings */
    uint64_t calls;         /* that handed some over */
    struct sc_requests_seen {
        uint64_t handed_over; /* all that the kernel took, as the calls say; of a ring's those that end by themselves */
        uint64_t told;        /* those whose end is known, and what they were */
    } aio, ring;
};

void sc_requests_free(struct sc_requests *requests);

/* A request's names have to stay until it ends, and longer than the memory that they were read from. 0 or -ENOMEM. */
int sc_requests_keep_texts(struct sc_requests *requests, struct sc_request_fields *is);

/*
 * A call handed requests of that context over: those of list that it took get their slots and are under way from now
 * on (of a ring's call that never returned, which waited then, all); the event gets the list, which has to live as long
 * as it. 0 or -ENOMEM.
 */
int sc_requests_submit(struct sc_requests *requests, struct sc_event *event, uint64_t context, struct sc_request *list,
                       uint32_t count);

/*
 * One has ended, or one that has several results got one, at now_ns where times are known: fills the event. False: none
 * is under way that this could be, or there is nothing to tell of it.
 */
bool sc_requests_end(struct sc_requests *requests, uint32_t process, uint64_t context,
                     const struct sc_result_fields *result, uint64_t now_ns, struct sc_event *event);

#endif
