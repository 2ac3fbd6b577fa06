#include "placement.h"

#include <sys/mman.h>

#include "raw_syscall.h"
#include "state.h"

/*
 * Below the addresses that the kernel gives out from the top down, and within the terabyte that sanitizers leave to
 * libraries. Pieces go downwards.
 */
static const uint64_t BELOW = UINT64_C(64) << 30, ROOM = UINT64_C(32) << 30;

static uint64_t top, next; /* 0: not begun */

void sc_placement_begin(uint64_t near)
{
    if (near > BELOW + ROOM)
        top = next = (near - BELOW) & ~(uint64_t)(SC_GRANULE - 1);
}

/* The next piece's address. When the room is used up, start again at the top, where much has been freed since. */
static uint64_t take_address(size_t bytes)
{
    uint64_t end = __atomic_load_n(&next, __ATOMIC_RELAXED), begin;
    do {
        uint64_t from = end < top - ROOM + bytes ? top : end;
        begin = from - bytes;
    } while (!__atomic_compare_exchange_n(&next, &end, begin, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return begin;
}

long sc_place_memory(size_t bytes, int protection)
{
    enum { TRIES = 16, FLAGS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };
    for (int i = 0; i < TRIES && top && bytes < ROOM / 2; i++) {
        long map = sc_syscall(SYS_mmap, take_address(bytes), bytes, protection, FLAGS | MAP_FIXED_NOREPLACE, -1);
        if (map != -EEXIST)
            return map;
    }
    return sc_syscall(SYS_mmap, 0, bytes, protection, FLAGS, -1);
}
