/*
 * peek.h: the one way to the program's memory.
 *
 * A pointer that the program gave us is a number here (sc_addr), or an opaque sc_ptr where it is a wrapper's parameter:
 * nothing but peek.[ch] can dereference either. tests/check_layers.sh holds the other files to it. Three kinds of
 * verbs, each with its proof:
 *
 *   sc_proved_*  The kernel has just read or written exactly these bytes for this thread, and has told nobody of it who
 *                could have them unmapped. Or libc's own code has. They are read directly.
 *   sc_asked_*   The kernel is asked first whether the bytes can be read, page by page; then they are read directly.
 *                For what the program is about to give to the kernel itself: only a thread that unmaps it in this very
 *                moment could do harm, and would to the program's own call.
 *   sc_copied_*  The kernel copies the bytes (process_vm_readv): nothing that another thread does can make that fault.
 *                For what may be gone at any moment. Not to be had under a seccomp filter that was there before us.
 *
 * What none of them can do is refused: the caller gets false, and the record says that it is unknown.
 */
#ifndef SC_PEEK_H
#define SC_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "readable.h"

/* An address in a wrapper's parameters. The struct is defined nowhere, so that dereferencing it does not compile. */
typedef struct sc_program_memory *sc_ptr;

static inline sc_addr sc_addr_of(sc_ptr pointer)
{
    return (sc_addr)pointer;
}

/* By the constructor: finds out which kinds of access the kernel allows. */
void sc_peek_begin(void);

void sc_proved_copy(void *to, sc_addr from, size_t bytes);

/* The few reads that every call makes are inlined here. */
static inline uint64_t sc_proved_u64(sc_addr from)
{
    uint64_t value;
    __builtin_memcpy(&value, (const void *)from, sizeof value);
    return value;
}

static inline int32_t sc_proved_i32(sc_addr from)
{
    int32_t value;
    sc_proved_copy(&value, from, sizeof value);
    return value;
}

/* Are all bytes 0? Reads no further than needed. */
bool sc_proved_zero(sc_addr from, size_t bytes);

/* Bytes before the first NUL, at most limit. */
size_t sc_proved_length(sc_addr text, size_t limit);

/* The same texts compared. */
bool sc_proved_equal(sc_addr a, const void *b, size_t bytes);

/* Does the text begin so? */
bool sc_proved_begins(sc_addr text, const char *with);

/* Bytes before the NUL or the end. */
size_t sc_proved_until(sc_addr text, char stop);

/* FNV-1a of the bytes. */
uint32_t sc_proved_hash(sc_addr from, size_t bytes);

/* Can [from, from + bytes) be read now? Makes one system call a page. */
bool sc_asked(sc_addr from, size_t bytes);

/* Copies them if so. */
bool sc_asked_copy(void *to, sc_addr from, size_t bytes);

/* As sc_proved_length, asking page by page. False if the text has no readable end. */
bool sc_asked_length(sc_addr text, size_t limit, size_t *ret_length);

/* Changes when memory is unmapped, as far as we see it (full mode, with SYSCAP_STACK). */
uint32_t sc_unmap_epoch(void);
void sc_unmapped(void);

/* The word at that address. Asks for what is not yet known to be readable. */
bool sc_readable_ask(struct sc_readable *known, sc_addr from, size_t bytes);
static inline bool sc_readable_u64(struct sc_readable *known, sc_addr from, uint64_t *ret_value)
{
    if ((from < known->low || from > known->high - sizeof *ret_value) &&
        !sc_readable_ask(known, from, sizeof *ret_value))
        return false;
    *ret_value = sc_proved_u64(from);
    return true;
}

/* Copies them, at most a page of them, asking for what is not yet known to be readable. */
bool sc_readable_copy(struct sc_readable *known, void *to, sc_addr from, size_t bytes);

/* Are all bytes 0, asking as sc_readable_copy does? Reads no further than needed. False if one of those is unreadable.
 */
bool sc_readable_zero(struct sc_readable *known, sc_addr from, uint64_t bytes, bool *ret_zero);

/* As sc_asked_length, without asking again for what is known to be readable. */
bool sc_readable_length(struct sc_readable *known, sc_addr text, size_t limit, size_t *ret_length);

/* All bytes, copied by the kernel; false if it refuses or one of them cannot be read. */
bool sc_copied(void *to, sc_addr from, size_t bytes);

/* The kernel has just seen that the aligned word there is not 0. False: it is, or can't be read, or told. */
bool sc_copied_not_zero(sc_addr word);

/*
 * Puts bytes where the kernel has just put some of its own, written of them: more than those only by way of the kernel.
 * False: nothing was put.
 */
bool sc_answer(sc_addr to, const void *bytes, size_t count, size_t written);

/*
 * The offset of the first nonzero byte in a buffer (one part, or several as struct iovec), or the sum of all parts if
 * there is none. found false: the bytes from there on could not be examined.
 */
struct sc_first_byte {
    uint64_t at;
    bool found;
    bool at_most; /* the nonzero byte is at this offset or before it: no more could be told */
};
struct sc_first_byte sc_copied_first_byte(sc_addr buffer, uint64_t bytes, void *scratch, size_t scratch_bytes);

/* Why sc_copied refuses everything: enum sc_not_looked_at, 0 if it does not. */
unsigned sc_copied_refused(void);

#endif
