#include "written.h"

#include <limits.h>

#include "fd_class.h"

struct part { /* struct iovec */
    sc_addr base;
    uint64_t length;
};

static uint64_t looked_word(const struct sc_first_byte *first)
{
    unsigned how = !first->found ? SC_LOOKED_ZERO_BEFORE : first->at_most ? SC_LOOKED_AT_OR_BEFORE : SC_LOOKED_EXACT;
    return first->at << SC_LOOK_SHIFT | how;
}

/* A nonzero byte ends the search; an all-zero part continues it in the next. */
static struct sc_first_byte first_in_parts(sc_addr parts, uint64_t count, void *scratch, size_t bytes)
{
    struct sc_first_byte sum = {.found = true};
    for (uint64_t i = 0; i < count; i++) {
        struct part part;
        if (!sc_copied(&part, parts + i * sizeof part, sizeof part))
            return (struct sc_first_byte){.at = sum.at};
        struct sc_first_byte first = sc_copied_first_byte(part.base, part.length, scratch, bytes);
        sum.at += first.at;
        sum.found = first.found;
        sum.at_most = first.at_most;
        if (!first.found || first.at < part.length)
            break;
    }
    return sum;
}

/* Noted once a process; the report says it if such writes happen. */
static void note_refusal(void)
{
    static bool noted; /* counts the parent's before a fork too: the report covers all of them */
    if (sc_copied_refused() && !__atomic_exchange_n(&noted, true, __ATOMIC_RELAXED))
        sc_put_note(SC_NOTE_NOT_LOOKED_AT, sc_copied_refused(), 0);
}

static uint64_t look(struct sc_writer *writer, const struct sc_call_desc *desc, const uint64_t *args)
{
    struct sc_first_byte first;
    struct sc_writer *entered =
        sc_writer_enter(writer); /* for its scratch buffer: a handler that interrupts uses another writer's */
    if (!entered)
        return SC_LOOK_NEVER;
    if (desc->kinds[1] == SC_KIND_IOV_IN)
        first = first_in_parts(args[1], args[2] <= IOV_MAX ? args[2] : 0, entered->scratch, sizeof entered->scratch);
    else
        first = sc_copied_first_byte(args[1], args[2], entered->scratch, sizeof entered->scratch);
    sc_writer_leave(entered);
    if (!first.found)
        note_refusal();
    return looked_word(&first);
}

uint64_t sc_written_look(struct sc_writer *writer, const struct sc_call_desc *desc, const uint64_t *args,
                         enum sc_fd_class fd_class)
{
    return fd_class == SC_FD_HANDS ? look(writer, desc, args) : SC_LOOK_NEVER;
}

static enum sc_data parts_data(sc_addr parts, uint64_t bytes)
{
    for (; bytes; parts += sizeof(struct part)) {
        struct part part;
        sc_proved_copy(&part, parts, sizeof part);
        uint64_t length = part.length < bytes ? part.length : bytes;
        if (!sc_proved_zero(part.base, length))
            return SC_DATA_SOME;
        bytes -= length;
    }
    return SC_DATA_ZERO;
}

unsigned sc_written_tell(const struct sc_call_desc *desc, const uint64_t *args, int64_t result, uint64_t looked)
{
    uint64_t first = looked >> SC_LOOK_SHIFT, patched = (uint64_t)result;
    switch (looked & SC_LOOK_MASK) {
    case SC_LOOK_AFTER:
        if (desc->kinds[1] == SC_KIND_IOV_IN)
            return parts_data(args[1], patched);
        return sc_proved_zero(args[1], patched) ? SC_DATA_ZERO : SC_DATA_SOME;
    case SC_LOOKED_EXACT: return patched <= first ? SC_DATA_ZERO : SC_DATA_SOME;
    case SC_LOOKED_ZERO_BEFORE: return patched <= first ? SC_DATA_ZERO : SC_DATA_UNSEEN;
    case SC_LOOKED_AT_OR_BEFORE: return patched > first ? SC_DATA_SOME : SC_DATA_UNSEEN;
    default: return SC_DATA_UNSEEN;
    }
}
