/*
 * uring_rings.h: the rings of io_uring that this process has set up: where they lie in its memory and what was seen of
 * them.
 *
 * A small table; a ring that finds no place there is not followed. Nothing is locked: a ring is set up before its
 * descriptor is told to anybody, and looks at the completion queue are shared out by one compare-and-swap. The program
 * may unmap a ring at any moment, so the kernel copies what stands there (sc_copied), and nothing in it is changed.
 */
#ifndef SC_URING_RINGS_H
#define SC_URING_RINGS_H

#include <linux/io_uring.h>

#include "../core/peek.h"
#include "../core/state.h"

/* Setup flags that Debian 12's headers do not have yet. */
enum {
    SC_RING_NO_MMAP = 1 << 14,     /* the program gave the memory */
    SC_RING_REGISTERED = 1 << 15,  /* what setup returns is the index of a registered ring, no descriptor */
    SC_RING_NO_ARRAY = 1 << 16,    /* requests stand in order */
    SC_RING_MIXED = 1 << 18,       /* completions of two sizes */
    SC_RING_KNOWN = (1 << 19) - 1, /* a ring with others may look in ways that we do not know */
};

struct sc_ring {
    uint64_t name;       /* 0: free; else the descriptor + 1 */
    uint32_t number;     /* in its process, from 1 */
    uint32_t flags;      /* of setup */
    uint32_t sq_entries; /* powers of two */
    uint32_t cq_entries;
    struct io_sqring_offsets sq;
    struct io_cqring_offsets cq;
    sc_addr sq_at, cq_at, sqes_at; /* 0: not mapped */
    uint32_t seen;                 /* the completion queue's tail at the last look; changed with atomic instructions */
    uint32_t taken;                /* requests that calls took, likewise */
    bool shots;                    /* one of them had several completions */
    bool fills;                    /* one of them was to read into memory */
    uint32_t polled;               /* requests that the kernel's thread took and that were said */
};

/* Is there any? Asked before all else, since most programs have none. */
extern uint32_t sc_ring_count;
static inline bool sc_rings_any(void)
{
    return SC_UNLIKELY(__atomic_load_n(&sc_ring_count, __ATOMIC_ACQUIRE));
}

/* One was set up with these parameters. NULL: not followed. */
struct sc_ring *sc_ring_add(int fd, const struct io_uring_params *params);

/* By its descriptor; by its index, if this thread registered it. NULL: not known. */
struct sc_ring *sc_ring_find(int fd, bool registered);

/* This thread can name the ring by that index from now on; or no ring, NULL. */
void sc_ring_registered(struct sc_ring *ring, uint32_t index);

/* One that the thread has by an index, which it loses when it ends. NULL: no more. */
struct sc_ring *sc_ring_lost(const struct sc_writer *writer);

/* Is there no descriptor of it, as far as is known? */
bool sc_ring_is_nameless(const struct sc_ring *ring);

/* It has other sizes from now on, and its memory is to be mapped again. */
void sc_ring_resized(struct sc_ring *ring, const struct io_uring_params *params);

/* A part of a ring was mapped: IORING_OFF_SQ_RING and others. */
void sc_ring_mapped(int fd, uint64_t offset, sc_addr at);

/* Every ring, one after the other: NULL first, NULL at the end. */
struct sc_ring *sc_ring_next(struct sc_ring *before);

/* Is one of its parts in [from, to)? */
bool sc_ring_lies_in(const struct sc_ring *ring, sc_addr from, sc_addr to);

/* These parts are no more. */
void sc_ring_unmapped(struct sc_ring *ring, sc_addr from, sc_addr to);

/* Its descriptor is closed: it lives on where a thread has it by an index. */
void sc_ring_closed(struct sc_ring *ring);

/* A forked child has none of its own: its parent sees to those. */
void sc_rings_forked(void);

/* The submission queue's ends. What stands from head to tail is the kernel's to take. False: not to be had. */
struct sc_ring_ends {
    uint32_t head, tail;
};
bool sc_ring_submissions(const struct sc_ring *ring, struct sc_ring_ends *ret_ends);

/* The request at that place of the queue, of which ret_sqe gets the part that all have. */
bool sc_ring_request(const struct sc_ring *ring, uint32_t place, struct io_uring_sqe *ret_sqe);

/*
 * The completions since the last look, each once: false where there is none. Places that the kernel has used again by
 * now are left out.
 */
bool sc_ring_look(struct sc_ring *ring, struct sc_ring_ends *ret_new);

/* As many of those as fit, from that place on: the number of places that they take, 0 if they can't be had. */
enum { SC_COMPLETIONS = 16 };
struct sc_completion {
    uint64_t key;
    int32_t result;
    uint32_t flags;
};
uint32_t sc_ring_completions(const struct sc_ring *ring, struct sc_ring_ends left,
                             struct sc_completion ret_completions[SC_COMPLETIONS], uint32_t *ret_count);

#endif
