/* environ_swap.h: puts the session into environ while system or popen runs, which give it to their shell. */
#ifndef SC_ENVIRON_SWAP_H
#define SC_ENVIRON_SWAP_H

/*
 * Makes environ an array with the session in it, or keeps it if other threads have done so. Follow with one
 * sc_environ_swap_end, also if the thread is cancelled in between; the last one puts environ back.
 */
void sc_environ_swap_begin(void);
void sc_environ_swap_end(void *unused);

/* In a forked child, which has none of the threads that were in a call. */
void sc_environ_swap_forked(void);

#endif
