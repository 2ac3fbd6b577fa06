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

/* Into writer->stack; how many. */
static unsigned walk_up(struct sc_writer *writer, struct sc_stack_walk *walk, struct sc_cursor cursor)
{
    unsigned count = 0, own = 0;
    for (bool more = true; more && count < sc_process.stack_depth && count < SC_STACK_MOST;) {
        uint64_t pc = cursor.pc;
        enum sc_owner owner;
        more = sc_unwind_step(&cursor, walk, &owner);
        if (owner != SC_OWNER_SHIM)
            writer->stack[count++] = pc;
        else if (++own > OWN_FRAMES)
            break;
    }
    return count;
}

/* The words from low to high: page by page, as a walk asks. */
static bool is_readable(struct sc_readable *known, uint64_t low, uint64_t high)
{
    const uint64_t page = SC_GRANULE;
    uint64_t word;
    for (uint64_t at = low; at <= high; at = (at | (page - 1)) + 1)
        if (at >= known->high && !sc_readable_u64(known, at, &word))
            return false;
    return low >= known->low && high + sizeof word <= known->high;
}

static bool is_same_walk(const struct sc_kept_walk *kept, const struct sc_cursor *cursor, struct sc_readable *known)
{
    if (!kept->count || kept->sp != cursor->sp || kept->epoch != sc_modules_epoch() ||
        (kept->by_bp && kept->bp != cursor->bp))
        return false;
    if (!is_readable(known, kept->low, kept->high))
        return false;
    for (unsigned i = 0; i < kept->reads; i++)
        if (sc_proved_u64(kept->read[i].at) != kept->read[i].value)
            return false;
    return true;
}

static unsigned walk_and_keep(struct sc_writer *writer, struct sc_stack_walk *walk, struct sc_cursor cursor)
{
    struct sc_kept_walk *kept = walk->kept;
    kept->epoch = sc_modules_epoch(); /* before anything is looked up */
    kept->sp = cursor.sp;
    kept->bp = cursor.bp;
    kept->reads = kept->offset = 0;
    kept->by_bp = false;
    unsigned count = walk_up(writer, walk, cursor);
    kept->count = kept->reads <= SC_WALK_READS && count <= SC_WALK_FRAMES ? count : 0;
    for (unsigned i = 0; i < kept->count; i++)
        kept->addresses[i] = writer->stack[i];
    kept->low = kept->high = kept->read[0].at;
    for (unsigned i = 1; kept->count && i < kept->reads; i++) {
        uint64_t at = kept->read[i].at;
        kept->low = at < kept->low ? at : kept->low;
        kept->high = at > kept->high ? at : kept->high;
    }
    return count;
}

unsigned sc_stack_collect(struct sc_writer *writer)
{
    struct sc_cursor cursor;
    uint32_t epoch = sc_unmap_epoch();
    __asm__ volatile("lea 1f(%%rip), %0\n\tmov %%rsp, %1\n\tmov %%rbp, %2\n1:"
                     : "=r"(cursor.pc), "=r"(cursor.sp), "=r"(cursor.bp));
    cursor.pc++; /* looked up one lower, as a return address */
    uint64_t place = writer->record.site ^ cursor.sp >> 4;
    struct sc_kept_walk *kept = &writer->walks[(place ^ place >> 4 ^ place >> 8) % SC_WALKS];
    struct sc_stack_walk walk = {.known = known_part(writer, cursor.sp), .kept = kept};
    unsigned count = kept->count;
    if (!is_same_walk(kept, &cursor, &walk.known))
        count = walk_and_keep(writer, &walk, cursor);
    writer->walk = kept;
    writer->stack_known = walk.known;
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

void sc_stack_add(struct sc_writer *writer, struct sc_record *record, unsigned count)
{
    struct sc_kept_walk *kept = writer->walk;
    uint32_t at = kept->count ? kept->offset : 0;
    if (!at)
        at = intern(writer, kept->count ? kept->addresses : writer->stack, count);
    kept->offset = at;
    struct sc_extra *extra = &record->extras[record->extra_count++];
    extra->type = SC_EXTRA_STACK;
    extra->arg = 0;
    extra->value = at;
}
