#include "stack.h"

#include "unwind.h"

enum { OWN_FRAMES = 12 }; /* ours between a wrapper or site and here */

unsigned sc_stack_collect(uint64_t addresses[SC_STACK_MOST])
{
    struct sc_cursor cursor;
    unsigned count = 0, own = 0;
    __asm__ volatile("lea 1f(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2\n1:"
                     : "=r"(cursor.pc), "=r"(cursor.sp), "=r"(cursor.bp));
    cursor.pc++; /* looked up one lower, as a return address */
    while (count < sc_process.stack_depth && count < SC_STACK_MOST) {
        if (sc_unwind_owner(cursor.pc) != SC_OWNER_SHIM)
            addresses[count++] = cursor.pc;
        else if (++own > OWN_FRAMES)
            break;
        if (!sc_unwind_step(&cursor))
            break;
    }
    return count;
}

/* An address in a STACK record, which stands anywhere. */
struct stored {
    uint64_t address;
} __attribute__((packed));

static bool same(const struct stored *a, const uint64_t *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (a[i].address != b[i])
            return false;
    return true;
}

void sc_stack_add(struct sc_lane *lane, struct sc_record *record, const uint64_t *addresses, unsigned count)
{
    const char *chunk = (const char *)lane->chunk;
    uint64_t hash = count;
    for (unsigned i = 0; i < count; i++)
        hash = (hash ^ addresses[i]) * UINT64_C(0x100000001b3); /* FNV-1a's prime, a word at a time */
    uint32_t *slot = &lane->stacks[(hash ^ hash >> 32) % SC_STRING_SLOTS];
    const struct sc_meta_head *head = (const struct sc_meta_head *)(chunk + *slot);
    if (!*slot || head->bytes != count * sizeof *addresses ||
        !same((const struct stored *)(head + 1), addresses, count)) {
        *slot = lane->chunk->used;
        sc_lane_meta(lane, SC_META_STACK, addresses, count * sizeof *addresses, NULL, 0);
    }
    struct sc_extra *extra = &record->extras[record->extra_count++];
    extra->type = SC_EXTRA_STACK;
    extra->arg = 0;
    extra->value = *slot;
}
