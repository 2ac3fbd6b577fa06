#include "site_guard.h"

#include <string.h>

struct sc_guards sc_guards;

void sc_guards_clear(void)
{
    sc_guards.count = 0;
    memset(sc_guards.filter, 0, sizeof sc_guards.filter);
    memset(sc_guards.windows, 0, sizeof sc_guards.windows);
}

static void fall(const struct sc_guard *guard)
{
    guard->site->possible &= (uint16_t)~guard->ways;
}

void sc_guards_add(uint64_t address, struct sc_found_site *site, uint16_t ways)
{
    struct sc_guard guard = {address, site, ways};
    if (sc_guards.count == SC_GUARDS) {
        fall(&guard);
        return;
    }
    sc_guards.list[sc_guards.count++] = guard;
    sc_guards.filter[(address & 0xffff) >> 5] |= 1u << (address & 31);
    /* what lies in a window is reached from this one's end and from the next one's */
    for (uint64_t window = address / SC_GUARD_WINDOW, i = 0; i < 2; window++, i++)
        sc_guards.windows[(window & 0xffff) >> 5] |= 1u << (window & 31);
}

/* By insertion: sites ascend, so they are in order but for a few. */
void sc_guards_close(void)
{
    struct sc_guard *list = sc_guards.list;
    for (uint32_t i = 1; i < sc_guards.count; i++) {
        struct sc_guard moving = list[i];
        uint32_t to = i;
        for (; to > 0 && list[to - 1].address > moving.address; to--)
            list[to] = list[to - 1];
        list[to] = moving;
    }
}

/* Index of the first whose address is not below. */
static uint32_t lower_bound(uint64_t address)
{
    uint32_t low = 0, high = sc_guards.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (sc_guards.list[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void hit(const struct sc_guard *guard, uint64_t from)
{
    if (from < guard->site->function.begin || from >= guard->site->function.end)
        fall(guard);
}

void sc_guards_hit(uint64_t address, uint64_t from)
{
    for (uint32_t i = lower_bound(address); i < sc_guards.count && sc_guards.list[i].address == address; i++)
        hit(&sc_guards.list[i], from);
}

void sc_guards_hit_window(uint64_t last, uint64_t from)
{
    for (uint32_t i = lower_bound(last - SC_GUARD_WINDOW + 1); i < sc_guards.count; i++) {
        uint64_t address = sc_guards.list[i].address;
        if (address > last)
            return;
        if ((last - address) % 4 == 0)
            hit(&sc_guards.list[i], from);
    }
}

void sc_guards_fall(void)
{
    for (uint32_t i = 0; i < sc_guards.count; i++)
        fall(&sc_guards.list[i]);
}
