/*
 * xlat.h: what the numbers in arguments are called, in both directions, from xlat.def.
 */
#ifndef SC_XLAT_H
#define SC_XLAT_H

#include <stdbool.h>

#include "../../common/calls.h"
#include "string_builder.h"

/* What stands within an argument, or is told by another one; numbered behind the kinds. */
enum sc_xlat_kind {
    SC_KIND_LOCK_TYPE = SC_KIND_COUNT, /* behind fcntl's commands */
    SC_KIND_FD_FLAGS,
    SC_KIND_SEALS,
    SC_KIND_RESOLVE,    /* openat2 */
    SC_KIND_TCP_OPTION, /* of SOCK_OPTION, by the level before it */
    SC_KIND_IP_OPTION,
    SC_KIND_IPV6_OPTION,
    SC_KIND_EPOLL_EVENTS,  /* in struct epoll_event */
    SC_KIND_POLL_EVENTS,   /* in struct pollfd */
    SC_KIND_AIO_OPERATION, /* in struct iocb */
    SC_KIND_ALL
};

/*
 * These stand behind the environment of an execve that --export strace writes: the calls of the loader, which a log of
 * strace's has there, are not; and the second one where the execve itself is not among the calls either, but says what
 * the process runs. Behind that a blank and the working directory in quotes may follow. A comment's end stands last.
 */
#define SC_WITHOUT_LOADER "/* loader not traced"
#define SC_STATED_EXEC "/* neither this nor the loader traced"

/* Which kind SOCK_OPTION is for that level. */
unsigned sc_option_kind(int64_t level);

/* Appends a value of that kind as strace prints it: flag names, octal modes, plain numbers. */
void sc_out_value(struct sc_out *out, unsigned kind, int64_t value);

/* The same into text, NUL-terminated (capacity at least 1). Returns the length. */
size_t sc_format_value(unsigned kind, int64_t value, char *text, size_t capacity);

/*
 * The other way: the number that strace's text for that kind means. Names of all kinds are understood, numbers in
 * any base, joined by |, with or without comments; and "A or B", as strace has for ioctl commands.
 * 0, or -EINVAL where it is no such text.
 */
int sc_parse_value(unsigned kind, const char *text, size_t len, int64_t *ret_value);

/* The number of one name, looked for in kind's names and then in all. 0, or -EINVAL. */
int sc_xlat_of_name(unsigned kind, const char *name, size_t len, uint32_t *ret_number);

/* "SIGABRT"; NULL where there is no such signal's name in the table (real-time signals beyond the first). */
const char *sc_signal_name(int signal);

#endif
