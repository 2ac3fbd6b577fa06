/*
 * pager.h: long output on a terminal goes through a pager, as git's does.
 */
#ifndef SC_PAGER_H
#define SC_PAGER_H

/*
 * From here on standard output is what PAGER (or less) reads, where it was a terminal; nothing where PAGER is empty or
 * cat. To be called right before the first output: until then ^C ends the program, and afterwards it is the pager's.
 */
void sc_pager_begin(void);

/* Waits for it, where there is one. That it was left before the end is no error of writing. */
void sc_pager_end(void);

#endif
