#include "call_stack.h"

#include <string.h>

#include "../core/peek.h"
#include "unwind.h"

enum { OWN_FRAMES = 12 }; /* ours between a wrapper or site and here */

/* What was found readable of this thread's stack before, where no memory was unmapped since that we could see. */
static struct sc_readable known_part(const struct sc_writer *writer, uint64_t sp)
{
    bool holds = !sc_process.interposing && writer->stack_epoch == sc_unmap_epoch() && sp >= writer->stack_known.low &&
                 sp < writer->stack_known.high;
    uint64_t page = sp & ~(uint64_t)(SC_GRANULE - 1);
    return holds ? writer->stack_known : (struct sc_readable){page, page + SC_GRANULE};
}

unsigned sc_stack_collect(struct sc_writer *writer)
{
    struct sc_cursor cursor;
    unsigned count = 0, own = 0;
    uint32_t epoch = sc_unmap_epoch();
    __asm__ volatile("lea 1f(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2\n1:"
                     : "=r"(cursor.pc), "=r"(cursor.sp), "=r"(cursor.bp));
    cursor.pc++; /* looked up one lower, as a return address */
    struct sc_readable stack = known_part(writer, cursor.sp);
    for (bool more = true; more && count < sc_process.stack_depth && count < SC_STACK_MOST;) {
        uint64_t pc = cursor.pc;
        enum sc_owner owner;
        more = sc_unwind_step(&cursor, &stack, &owner);
        if (owner != SC_OWNER_SHIM)
            writer->stack[count++] = pc;
        else if (++own > OWN_FRAMES)
            break;
    }
    writer->stack_known = stack;
    writer->stack_epoch = epoch;
    return count;
}

static bool holds(const uint8_t *record, const uint8_t *payload, size_t bytes)
{
    struct sc_meta_head head;
    memcpy(&head, record, sizeof head);
    return head.bytes == bytes && memcmp(record + sizeof head, payload, bytes) == 0;
}

/*
 * Offset of the STACK record, which is written unless it is there. Two are remembered of each hash, the later one
 * first: two that a loop comes by in turn must not drive each other out.
 */
static uint32_t intern(struct sc_writer *writer, const uint64_t *addresses, unsigned count)
{
    const uint8_t *chunk = (const uint8_t *)writer->chunk;
    uint64_t hash = count;
    for (unsigned i = 0; i < count; i++)
        hash = (hash ^ addresses[i]) * UINT64_C(0x100000001b3); /* FNV-1a's prime, a word at a time */
    uint32_t *known = writer->stacks[(hash ^ hash >> 32) % SC_STACK_SLOTS];
    size_t bytes = sc_encode_stack(writer->stack_payload, addresses, count);
    for (unsigned i = 0; i < 2; i++)
        if (known[i] && holds(chunk + known[i], writer->stack_payload, bytes))
            return known[i];
    known[1] = known[0];
    known[0] = writer->chunk->used;
    sc_writer_meta(writer, SC_META_STACK, writer->stack_payload, bytes, NULL, 0);
    return known[0];
}

void sc_stack_add(struct sc_writer *writer, struct sc_record *record, const uint64_t *addresses, unsigned count)
{
    uint32_t at = intern(writer, addresses, count);
    struct sc_extra *extra = &record->extras[record->extra_count++];
    extra->type = SC_EXTRA_STACK;
    extra->arg = 0;
    extra->value = at;
}
