/*
 * written.h: whether the bytes of a write are all zeros.
 *
 * If the kernel copies them (regular files, disks), they are read after the call, exactly those that it took. If it
 * gives them to somebody else (pipes, sockets, terminals), the receiver may have them unmapped before the call returns:
 * so before the call the kernel is asked where the first nonzero byte is, and how far the call got then decides.
 */
#ifndef SC_WRITTEN_H
#define SC_WRITTEN_H

#include "../core/peek.h"
#include "../core/writer.h"
#include "fd_class.h"

/* What is known before the call; fits into one word of the frame or slot. */
enum {
    SC_LOOK_NEVER, /* nothing will be known */
    SC_LOOK_AFTER,
    /* the offset of the first nonzero byte is in the bits above: */
    SC_LOOKED_EXACT,
    SC_LOOKED_ZERO_BEFORE, /* zeros up to there, unknown from there on */
    SC_LOOKED_AT_OR_BEFORE,
    SC_LOOK_SHIFT = 3,
    SC_LOOK_MASK = (1 << SC_LOOK_SHIFT) - 1,
};

/* Before a call that writes from buffers of the program (SC_CARE_LOOK). */
uint64_t sc_written_look(struct sc_writer *writer, const struct sc_call_desc *desc, const uint64_t *args,
                         enum sc_fd_class fd_class);

static inline uint64_t sc_written_before(struct sc_writer *writer, const struct sc_call_desc *desc,
                                         const uint64_t *args)
{
    enum sc_fd_class fd_class = sc_fd_class_of((int)args[0]);
    return SC_LIKELY(fd_class == SC_FD_KEEPS) ? SC_LOOK_AFTER : sc_written_look(writer, desc, args, fd_class);
}

/* After the call: enum sc_data. looked: what the function above returned. */
unsigned sc_written_tell(const struct sc_call_desc *desc, const uint64_t *args, int64_t result, uint64_t looked);

/* Does the first word tell that they are not all zeros? Mostly it does. */
static inline bool sc_written_some(const struct sc_call_desc *desc, const uint64_t *args, int64_t result,
                                   uint64_t looked)
{
    return looked == SC_LOOK_AFTER && desc->kinds[1] == SC_KIND_BUF_IN && result >= 8 && sc_proved_u64(args[1]);
}

static inline unsigned sc_written_after(const struct sc_call_desc *desc, const uint64_t *args, int64_t result,
                                        uint64_t looked)
{
    if (result <= 0)
        return SC_DATA_NONE;
    return sc_written_some(desc, args, result, looked) ? SC_DATA_SOME : sc_written_tell(desc, args, result, looked);
}

#endif
