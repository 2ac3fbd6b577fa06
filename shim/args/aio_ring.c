#include "aio_ring.h"

#include "../core/state.h"

#define MAGIC UINT32_C(0xa10a10a1) /* by which libaio knows a ring that it may read */

enum {
    CONTEXTS = 64,
    QUIET = 32, /* after so many looks that found no more than what calls returned: this program asks the kernel */
};

/* The beginning of a ring. */
struct ring {
    uint32_t id, places, head, tail, magic, compat, incompat, header_bytes;
};

struct context {
    uint64_t address;     /* 0: free */
    uint64_t calls;       /* of io_getevents: begun in the upper half, ended in the lower one */
    uint64_t seen;        /* the head at the last look in the upper half, what calls returned since in the lower one */
    uint64_t outstanding; /* requests that the kernel took, less the results that are known */
    uint32_t places;      /* of the ring; 0: not known yet */
    uint32_t quiet;
};

static struct context contexts[CONTEXTS];

static struct context *find(uint64_t address)
{
    for (unsigned i = 0; i < CONTEXTS && address; i++)
        if (__atomic_load_n(&contexts[i].address, __ATOMIC_ACQUIRE) == address)
            return &contexts[i];
    return NULL;
}

static struct context *take_place(uint64_t address)
{
    for (unsigned i = 0; i < CONTEXTS; i++) {
        uint64_t none = 0;
        if (__atomic_compare_exchange_n(&contexts[i].address, &none, address, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED))
            return &contexts[i];
    }
    return NULL;
}

void sc_aio_ring_begin(uint64_t address)
{
    struct context *context = find(address); /* there: one of a forked process's parent */
    if (!context && !(context = take_place(address)))
        return;
    /* Nobody uses it yet, as the program has not been told its address. */
    context->calls = context->seen = context->outstanding = 0;
    context->places = context->quiet = 0;
}

void sc_aio_ring_end(uint64_t address)
{
    struct context *context = find(address);
    if (context)
        __atomic_store_n(&context->address, 0, __ATOMIC_RELEASE);
}

void sc_aio_ring_call_begins(uint64_t address)
{
    struct context *context = find(address);
    if (context)
        __atomic_fetch_add(&context->calls, UINT64_C(1) << 32, __ATOMIC_ACQ_REL);
}

void sc_aio_ring_call_ends(uint64_t address, uint64_t count)
{
    struct context *context = find(address);
    if (!context)
        return;
    __atomic_fetch_add(&context->seen, count, __ATOMIC_ACQ_REL);
    __atomic_fetch_sub(&context->outstanding, count, __ATOMIC_RELAXED);
    __atomic_fetch_add(&context->calls, 1, __ATOMIC_ACQ_REL);
}

void sc_aio_ring_submitted(uint64_t address, uint64_t count)
{
    struct context *context = find(address);
    if (context)
        __atomic_fetch_add(&context->outstanding, count, __ATOMIC_RELAXED);
}

/* Of one that asks the kernel only where more is outstanding than it will have asked for: half of the ring's places. */
static bool is_due(const struct context *context)
{
    uint64_t outstanding = __atomic_load_n(&context->outstanding, __ATOMIC_RELAXED);
    uint32_t quiet = __atomic_load_n(&context->quiet, __ATOMIC_RELAXED);
    return quiet < QUIET || outstanding > __atomic_load_n(&context->places, __ATOMIC_RELAXED) / 2;
}

static void note_look(struct context *context, uint32_t places, uint32_t returned, uint32_t taken)
{
    __atomic_store_n(&context->places, places, __ATOMIC_RELAXED);
    if (taken)
        __atomic_store_n(&context->quiet, 0, __ATOMIC_RELAXED);
    else if (returned)
        __atomic_fetch_add(&context->quiet, 1, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&context->outstanding, taken, __ATOMIC_RELAXED);
}

/*
 * The kernel copies the ring's beginning: another thread may end the context at any moment. The head and what calls
 * returned belong together where no call was under way meanwhile, and then only one thread gets to move "seen" on.
 * There is a look before each call, so what the program took comes first, and what that call returned behind it.
 */
bool sc_aio_ring_look(uint64_t address, bool ends, struct sc_aio_ring_taken *ret_taken)
{
    struct context *context = find(address);
    struct ring ring;
    if (!context || (!ends && !is_due(context)))
        return false;
    uint64_t calls = __atomic_load_n(&context->calls, __ATOMIC_ACQUIRE);
    uint64_t seen = __atomic_load_n(&context->seen, __ATOMIC_ACQUIRE);
    uint32_t from = (uint32_t)(seen >> 32), returned = (uint32_t)seen;
    if ((uint32_t)(calls >> 32) != (uint32_t)calls || !sc_copied(&ring, address, sizeof ring) || ring.magic != MAGIC ||
        ring.incompat || ring.head >= ring.places || ring.tail >= ring.places || from >= ring.places ||
        ring.header_bytes < sizeof ring)
        return false;
    if (__atomic_load_n(&context->calls, __ATOMIC_ACQUIRE) != calls ||
        !__atomic_compare_exchange_n(&context->seen, &seen, (uint64_t)ring.head << 32, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED))
        return false;
    uint32_t moved = ((ends ? ring.tail : ring.head) + ring.places - from) % ring.places;
    uint32_t taken = (moved + ring.places - returned % ring.places) % ring.places;
    note_look(context, ring.places, returned, taken);
    *ret_taken = (struct sc_aio_ring_taken){
        .from = from, .to = (from + taken) % ring.places, .places = ring.places, .events = address + ring.header_bytes};
    return taken;
}
