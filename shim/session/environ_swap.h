/*
 * environ_swap.h: environ, as system and popen hand it to their shell, with the session in it while one of them runs.
 */
#ifndef SC_LEND_H
#define SC_LEND_H

/*
 * environ becomes an array with the session in it, or, where other threads have borrowed it already, stays so. To be
 * followed by one sc_environ_swap_end, also where the thread is cancelled in between; that of the last one puts environ
 * back.
 */
void sc_environ_swap_begin(void);
void sc_environ_swap_end(void *unused);

/* In a forked child, into which the borrowing threads have not come along. */
void sc_environ_swap_forked(void);

#endif
