/* at_a_time.h: two runs at a time. */
#ifndef SC_AT_A_TIME_H
#define SC_AT_A_TIME_H

/* The same work for each run, on a core of its own where there is one. second: NULL where there is one run. */
void sc_at_a_time(void *(*work)(void *), void *first, void *second);

#endif
