/*
 * wrap_libc_internal.h: which calls libc's functions make, where the C libraries differ: wrap_libc_glibc.c,
 * wrap_libc_musl.c.
 */
#ifndef SC_WRAP_LIBC_INTERNAL_H
#define SC_WRAP_LIBC_INTERNAL_H

#include "wrap.h"

/* Around a function that opens a path as open does. result: the kernel's. */
void sc_begin_open(struct sc_frame *frame, long flags, const void *caller);
void sc_leave_open(struct sc_frame *frame, sc_addr path, long flags, long mode, int64_t result, const void *caller);

/* After tmpfile. fd: the stream's, or -errno. */
void sc_leave_tmpfile(struct sc_frame *frame, int64_t fd, const void *caller);

/* openat's flags as libc passes them on. */
long sc_openat_flags(long flags);

/* What shm_open adds to its flags. */
long sc_shm_open_flags(long flags);

/* After fstat. result: libc's. */
void sc_leave_fstat(struct sc_frame *frame, int fd, sc_ptr st, int result, const void *caller);

/* The calls that these make, by number. */
unsigned sc_faccessat_nr(int flags);
unsigned sc_fork_nr(void);

/* After fchmodat or lchmod. result: libc's. */
void sc_leave_fchmodat(struct sc_frame *frame, int directory, sc_ptr path, unsigned mode, int flags, int result,
                       const void *caller);

/* Before remove: whether the path is a directory's, where it does not say so afterwards. */
bool sc_remove_meets_directory(sc_ptr path);

/* What isatty asks, and whether tcsetattr asks before and after. */
unsigned sc_isatty_command(void);
bool sc_tcsetattr_asks(void);

/* Calls the program's main; where nobody else will tell what it returned, that is noted. */
int sc_call_main(int (*program_main)(int, char **, char **), int argc, char **argv, char **environment);

#endif
