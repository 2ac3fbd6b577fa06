/*
 * xlat.h: what the numbers in arguments are called, in both directions, from xlat.def.
 */
#ifndef SC_XLAT_H
#define SC_XLAT_H

#include <stdbool.h>

#include "../../common/calls.h"
#include "string_builder.h"

/* Calls that share a kind and yet name its bits otherwise; numbered behind the kinds. */
enum sc_xlat_variant {
    SC_KIND_PIPE_FLAGS = SC_KIND_COUNT, /* of OPEN_FLAGS: without an access mode (pipe2, dup3) */
    SC_KIND_EPOLL_FLAGS,
    SC_KIND_EVENTFD_FLAGS,
    SC_KIND_SIGNALFD_FLAGS,
    SC_KIND_TIMERFD_FLAGS,
    SC_KIND_INOTIFY_FLAGS,
    SC_KIND_AT_STATX, /* of AT_FLAGS */
    SC_KIND_AT_EACCESS,
    SC_KIND_AT_HANDLE,
    SC_KIND_UNSHARE_FLAGS, /* of CLONE_FLAGS: without a signal */
    SC_KIND_FILE_MODE,     /* of MODE: with the type of the file, S_IFREG|0644 */
    SC_KIND_LOCK_TYPE,     /* behind fcntl's commands */
    SC_KIND_FD_FLAGS,
    SC_KIND_SEALS,
    SC_KIND_RESOLVE,    /* openat2 */
    SC_KIND_TCP_OPTION, /* of SOCK_OPTION, by the level before it */
    SC_KIND_IP_OPTION,
    SC_KIND_IPV6_OPTION,
    SC_KIND_EPOLL_EVENTS, /* in struct epoll_event */
    SC_KIND_POLL_EVENTS,  /* in struct pollfd */
    SC_KIND_ALL
};

/* The variant of kind that this call uses; kind itself for most. */
unsigned sc_xlat_variant(unsigned nr, unsigned kind);

/* The variant of SOCK_OPTION for that level. */
unsigned sc_option_variant(int64_t level);

/* Appends a value of that kind (or variant) as strace prints it: flag names, octal modes, plain numbers. */
void sc_out_value(struct sc_out *out, unsigned kind, int64_t value);

/* The same into text, NUL-terminated (capacity at least 1). Returns the length. */
size_t sc_format_value(unsigned kind, int64_t value, char *text, size_t capacity);

/*
 * The other way: the number that strace's text for that kind means. Names of all variants are understood, numbers in
 * any base, joined by |, with or without comments; and "A or B", as strace has for ioctl commands.
 * 0, or -EINVAL where it is no such text.
 */
int sc_parse_value(unsigned kind, const char *text, size_t len, int64_t *ret_value);

/* The number of one name, looked for in kind's names and then in all. 0, or -EINVAL. */
int sc_xlat_of_name(unsigned kind, const char *name, size_t len, uint32_t *ret_number);

/* "SIGABRT"; NULL where there is no such signal's name in the table (real-time signals beyond the first). */
const char *sc_signal_name(int signal);

#endif
