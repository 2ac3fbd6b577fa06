/*
 * left_out.h: what is not to be recorded (SYSCAP_TRACE, SYSCAP_PATHS), as far as that can be told before the call. A
 * call of which it can't is recorded, and the reader leaves it out; so are those on which others' meaning depends (the
 * column filter of means.def).
 *
 * Of calls on descriptors one byte a number remembers whether its file is wanted, found by one readlink at the first of
 * them; fd_class.h says when it is forgotten.
 */
#ifndef SC_LEFT_OUT_H
#define SC_LEFT_OUT_H

#include "../../common/capture_format.h"
#include "fd_class.h"

enum sc_left_out { SC_LEFT_IN, SC_LEFT_OUT, SC_LEFT_OUT_BY_FD /* of its first argument */ };

/* By number: enum sc_left_out. Written by the constructor. */
extern uint8_t sc_left_out_calls[SC_NR_LIMIT] __attribute__((visibility("hidden")));

/* By the constructor, before any call is recorded. only has to stay where it is. */
void sc_left_out_begin(const struct sc_file_only *only);

/* Is the file behind that descriptor none of those that are wanted? */
bool sc_left_out_by_fd(int fd);

/* first: the call's first argument. */
static inline bool sc_is_left_out(unsigned nr, uint64_t first)
{
    uint8_t how = SC_LIKELY(nr < SC_NR_LIMIT) ? sc_left_out_calls[nr] : SC_LEFT_IN;
    return SC_UNLIKELY(how != SC_LEFT_IN) && (how == SC_LEFT_OUT || sc_left_out_by_fd((int)first));
}

#endif
