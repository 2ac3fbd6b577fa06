/*
 * clock.h: where sc_monotonic and sc_realtime (state.h) come from.
 */
#ifndef SC_CLOCK_H
#define SC_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Call once, before any time is taken. vdso: address of the vDSO (AT_SYSINFO_EHDR), 0 if unknown. */
void sc_clock_find(uint64_t vdso);

/* Call after joining a session: use its ticks. False if they can't be had. */
bool sc_clock_follow(void);

/*
 * The time stamp counter must not be read from now on, nor the vDSO, which reads it: times come from a system call,
 * still in the capture's ticks. The other function undoes this. True if anything changed.
 */
void sc_clock_without_counter(void);
bool sc_clock_with_counter(void);

/* A clock_gettime that the kernel's object makes, to leave the time there: is it on our behalf? */
bool sc_clock_asks(uint64_t time);

/* That object is about to be moved or unmapped. */
void sc_clock_without_object(void);

/* No clock at all from now on: all times are this one. And on again. */
void sc_clock_stop(void);
void sc_clock_go_on(void);

#endif
