#include "peek.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#include "../../common/zero.h"
#include "raw_syscall.h"
#include "state.h"

/* enum sc_not_looked_at: why the kernel can't copy for us; 0 if it can. */
static uint32_t refused;

/*
 * A filter older than the session may kill on a call it does not know, and filters often leave out process_vm_readv.
 * The other calls we ask by are used by every C library.
 */
void sc_peek_begin(void)
{
    if (sc_syscall(SYS_prctl, PR_GET_SECCOMP) != 0)
        refused = SC_NOT_ALLOWED;
}

unsigned sc_copied_refused(void)
{
    return refused;
}

void sc_proved_copy(void *to, sc_addr from, size_t bytes)
{
    __builtin_memcpy(to, (const void *)from, bytes);
}

bool sc_proved_zero(sc_addr from, size_t bytes)
{
    return sc_is_zero((const void *)from, bytes);
}

size_t sc_proved_length(sc_addr text, size_t limit)
{
    const char *at = (const char *)text;
    size_t length = 0;
    while (length < limit && at[length])
        length++;
    return length;
}

bool sc_proved_equal(sc_addr a, const void *b, size_t bytes)
{
    return __builtin_memcmp((const void *)a, b, bytes) == 0;
}

bool sc_proved_begins(sc_addr text, const char *with)
{
    const char *at = (const char *)text;
    while (*with)
        if (*at++ != *with++)
            return false;
    return true;
}

size_t sc_proved_until(sc_addr text, char stop)
{
    const char *at = (const char *)text;
    size_t length = 0;
    while (at[length] && at[length] != stop)
        length++;
    return length;
}

uint32_t sc_proved_hash(sc_addr from, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)from;
    uint32_t hash = (uint32_t)bytes;
    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ at[i]) * UINT32_C(16777619);
    return hash;
}

/*
 * rt_sigprocmask reads the eight bytes of the new mask before it looks at "how": with an invalid "how" it answers
 * EFAULT or EINVAL and changes nothing. (Abseil's AddressIsReadable asks in the same way.)
 */
static bool word_is_readable(sc_addr address)
{
    enum { NO_HOW = -1, MASK_BYTES = 8 };
    return sc_syscall(SYS_rt_sigprocmask, NO_HOW, address & ~UINT64_C(7), 0, MASK_BYTES) == -EINVAL;
}

bool sc_asked(sc_addr from, size_t bytes)
{
    if (sc_process.no_syscalls || from + bytes < from)
        return false;
    const uint64_t page = SC_GRANULE;
    for (sc_addr at = from; at < from + bytes; at = (at | (page - 1)) + 1)
        if (!word_is_readable(at))
            return false;
    return true;
}

bool sc_asked_copy(void *to, sc_addr from, size_t bytes)
{
    if (!sc_asked(from, bytes))
        return false;
    sc_proved_copy(to, from, bytes);
    return true;
}

bool sc_asked_length(sc_addr text, size_t limit, size_t *ret_length)
{
    struct sc_readable known = sc_readable_nothing();
    return sc_readable_length(&known, text, limit, ret_length);
}

bool sc_copied(void *to, sc_addr from, size_t bytes)
{
    if (sc_process.no_syscalls || __atomic_load_n(&refused, __ATOMIC_RELAXED))
        return false;
    const struct sc_writer *writer = sc_current()->writer;
    /* A child in our memory has a number of its own; any thread's number will do for the process. */
    int self = writer && writer->tid ? (int)writer->tid : sc_process.pid;
    struct iovec local = {to, bytes}, remote = {(void *)from, bytes};
    long got = sc_syscall(SYS_process_vm_readv, self, &local, 1, &remote, 1, 0);
    if (got == -EPERM || got == -ENOSYS || got == -ESRCH)
        __atomic_store_n(&refused, SC_NOT_READABLE, __ATOMIC_RELAXED);
    return got == (long)bytes;
}

bool sc_answer(sc_addr to, const void *bytes, size_t count, size_t written)
{
    struct iovec from = {(void *)(uintptr_t)bytes, count}, there = {(void *)to, count};
    if (count > written)
        return !refused && !sc_process.no_syscalls &&
               sc_syscall(SYS_process_vm_writev, sc_syscall(SYS_getpid, 0), &from, 1, &there, 1, 0) == (long)count;
    __builtin_memcpy((void *)to, bytes, count);
    return true;
}

/*
 * Is the aligned word at that place nonzero? The kernel compares it for FUTEX_CMP_REQUEUE, which is told to wake and
 * move nobody; EAGAIN says that it differs. No filter forbids the call that every lock uses.
 */
static bool word_is_not_zero(sc_addr word)
{
    return sc_syscall(SYS_futex, word, FUTEX_CMP_REQUEUE_PRIVATE, 0, 0, word, 0) == -EAGAIN;
}

bool sc_copied_not_zero(sc_addr word)
{
    return !sc_process.no_syscalls && word_is_not_zero(word);
}

/* The usual answer, at a third of a copy's cost: one of the first few bytes is nonzero, though not exactly which. */
static bool ask_first_word(sc_addr buffer, uint64_t bytes, struct sc_first_byte *ret_first)
{
    const uint64_t word = sizeof(uint32_t);
    sc_addr at = (buffer + word - 1) & ~(word - 1);
    if (sc_process.no_syscalls || at - buffer + word > bytes || !word_is_not_zero(at))
        return false;
    *ret_first = (struct sc_first_byte){.at = at - buffer + word - 1, .found = true, .at_most = true};
    return true;
}

static uint32_t unmap_epoch;

uint32_t sc_unmap_epoch(void)
{
    return __atomic_load_n(&unmap_epoch, __ATOMIC_ACQUIRE);
}

void sc_unmapped(void)
{
    if (sc_process.stack_depth)
        __atomic_fetch_add(&unmap_epoch, 1, __ATOMIC_RELEASE);
}

/* Is the page of that address readable? */
static bool page_is_readable(struct sc_readable *known, sc_addr address)
{
    if (address >= known->low && address < known->high)
        return true;
    if (!sc_asked(address, 1))
        return false;
    sc_addr page = address & ~(uint64_t)(SC_GRANULE - 1);
    if (page == known->high)
        known->high += SC_GRANULE;
    else
        *known = (struct sc_readable){page, page + SC_GRANULE};
    return true;
}

bool sc_readable_ask(struct sc_readable *known, sc_addr from, size_t bytes)
{
    return page_is_readable(known, from) && page_is_readable(known, from + bytes - 1);
}

bool sc_readable_copy(struct sc_readable *known, void *to, sc_addr from, size_t bytes)
{
    if (from + bytes < from || !sc_readable_ask(known, from, bytes))
        return false;
    sc_proved_copy(to, from, bytes);
    return true;
}

bool sc_readable_zero(struct sc_readable *known, sc_addr from, uint64_t bytes, bool *ret_zero)
{
    *ret_zero = true;
    while (bytes && *ret_zero) {
        uint64_t part = SC_GRANULE - from % SC_GRANULE;
        if (part > bytes)
            part = bytes;
        if (!page_is_readable(known, from))
            return false;
        *ret_zero = sc_proved_zero(from, part);
        from += part;
        bytes -= part;
    }
    return true;
}

bool sc_readable_length(struct sc_readable *known, sc_addr text, size_t limit, size_t *ret_length)
{
    size_t length = 0;
    while (length < limit) {
        sc_addr at = text + length;
        size_t part = SC_GRANULE - at % SC_GRANULE;
        if (part > limit - length)
            part = limit - length;
        if (!page_is_readable(known, at))
            return false;
        size_t before_end = sc_proved_length(at, part);
        length += before_end;
        if (before_end < part)
            break;
    }
    *ret_length = length;
    return true;
}

static uint64_t first_byte_in(const unsigned char *bytes, size_t count)
{
    size_t i = 0;
    while (i < count && !bytes[i])
        i++;
    return i;
}

struct sc_first_byte sc_copied_first_byte(sc_addr buffer, uint64_t bytes, void *scratch, size_t scratch_bytes)
{
    enum { FIRST = 64 }; /* mostly there is one among these */
    struct sc_first_byte first = {.at = 0};
    if (ask_first_word(buffer, bytes, &first))
        return first;
    while (first.at < bytes) {
        size_t most = first.at ? scratch_bytes : FIRST;
        size_t to_page_end = SC_GRANULE - (buffer + first.at) % SC_GRANULE;
        size_t part = bytes - first.at < most ? (size_t)(bytes - first.at) : most;
        if (part > to_page_end)
            part = to_page_end; /* the readable part is examined up to its last page */
        if (!sc_copied(scratch, buffer + first.at, part))
            return first;
        uint64_t at = sc_is_zero(scratch, part) ? part : first_byte_in(scratch, part);
        first.at += at;
        if (at < part)
            break;
    }
    first.found = true;
    return first;
}
