/* init.h: what the library does when it is loaded, and what each C library has to do for that (start_*.c). */
#ifndef SC_INIT_H
#define SC_INIT_H

/* By the constructor, with what the program was started with. */
void sc_begin(int argc, char **argv, char **environment);

/* Has sc_at_exit called with exit's status, as the last function that exit runs before it writes out its streams. */
void sc_start_exits(void);

#endif
