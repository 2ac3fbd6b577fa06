/*
 * clock.h: where sc_monotonic and sc_realtime (state.h) come from.
 */
#ifndef SC_SHIM_CLOCK_H
#define SC_SHIM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Called once, before the first time is taken. vdso: where the kernel's own object lies (AT_SYSINFO_EHDR), 0: nowhere
 * known. */
void sc_clock_find(uint64_t vdso);

/* Once a session is joined: its ticks are the session's. False where they can't be had. */
bool sc_clock_follow(void);

/*
 * The time stamp counter must not be read from now on, and so neither the kernel's object, which reads it: times come
 * by a system call, in the capture's ticks still. And back: true where that changed anything.
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
