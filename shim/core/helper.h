/*
 * helper.h: what needs a descriptor or a file, done so that the program cannot meet either.
 *
 * A process that shares its descriptors with nobody opens, reads and closes while its signals are blocked: nobody can
 * look in between, and no process is made. Where others share them (threads), a thread of our own with a copy of the
 * table does it. It is no child: no wait finds it. A thread or process that ends gives up its share instead.
 *
 * What we read and write in the program's own thread the kernel counts as the program's: sc_own_* keep the account,
 * which counters.c takes off.
 */
#ifndef SC_HELPER_H
#define SC_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Runs function(argument) with all signals blocked where its descriptors are nobody else's, and waits for it. function
 * must use nothing but sc_syscall and sc_own_*. 0, or -errno where that was not to be had.
 */
int sc_helper_run(void (*function)(void *argument), void *argument);

/* Nobody but the calling thread runs in this memory, or a vfork child for whose end it waits; false where that can't be
 * told. */
bool sc_is_alone(void);

/* The same for the last that a thread does before it ends: what it opens from here on is its own. */
int sc_helper_run_at_end(void (*function)(void *argument), void *argument);

/* A process was made that shares our descriptors and is no thread of ours. */
void sc_helper_shared(void);

/* pread64 (at -1: read) and pwrite64, with an account. */
long sc_own_read(long fd, void *buffer, size_t bytes, int64_t at);
long sc_own_write(long fd, const void *buffer, size_t bytes, uint64_t at);

#endif
