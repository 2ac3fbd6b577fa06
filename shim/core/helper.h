/*
 * helper.h: runs what needs a descriptor or a file, so that the program cannot meet either.
 *
 * A process that shares its descriptors with nobody opens, reads and closes with signals blocked: nobody can look in
 * between, and no thread is made. If others share them (threads), a thread of ours with a copy of the table does it. It
 * is no child, so no wait finds it. A thread or process that ends gives up its share instead.
 *
 * The kernel counts what we read and write in the program's own thread as the program's: sc_own_* keep the account,
 * which counters.c subtracts.
 */
#ifndef SC_HELPER_H
#define SC_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Runs function(argument) with all signals blocked and no descriptor shared with others, and waits for it. function
 * must use nothing but sc_syscall and sc_own_*. 0, or -errno if that can't be done.
 */
int sc_helper_run(void (*function)(void *argument), void *argument);

/*
 * Nobody runs in this memory except the calling thread, or a vfork child that it waits for. False if that can't be
 * told.
 */
bool sc_is_alone(void);

/* The same, for the last thing a thread does before it ends: what it opens from here on is its own. */
int sc_helper_run_at_end(void (*function)(void *argument), void *argument);

/* A process that shares our descriptors was made; it is no thread of ours. */
void sc_helper_shared(void);

/* pread64 (read if at is -1) and pwrite64, with an account. */
long sc_own_read(long fd, void *buffer, size_t bytes, int64_t at);
long sc_own_write(long fd, const void *buffer, size_t bytes, uint64_t at);

/*
 * Runs it in this thread, on the stack that *stack leads to, which is mapped and kept there if it is NULL. On the
 * program's stack where there is none to be had.
 */
void sc_helper_on_stack(void **stack, void (*function)(void *argument), void *argument);

#endif
