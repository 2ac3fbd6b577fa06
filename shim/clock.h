/*
 * clock.h: where sc_monotonic and sc_realtime (state.h) come from.
 */
#ifndef SC_SHIM_CLOCK_H
#define SC_SHIM_CLOCK_H

/* Called once, before the first time is taken. */
void sc_clock_find(void);

#endif
