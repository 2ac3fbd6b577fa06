#include "fd_class.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../core/peek.h"
#include "../core/raw_syscall.h"

enum { CHANGING = 0xff };

uint8_t sc_fd_classes[SC_FDS_REMEMBERED]; /* zero pages until touched */
static uint32_t highest;                  /* of the numbers that were ever remembered */
static uint32_t forgetful;                /* how many reasons there are to remember nothing */

static enum sc_fd_class find_out(int fd)
{
    struct stat st;
    if (sc_process.no_syscalls || sc_syscall(SYS_fstat, fd, &st) != 0)
        return SC_FD_UNKNOWN;
    if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode))
        return SC_FD_KEEPS;
    if (!S_ISCHR(st.st_mode))
        return SC_FD_HANDS;
    switch (major(st.st_rdev)) {
    case 4:   /* /dev/tty0 and on, serial lines */
    case 5:   /* /dev/tty, /dev/console, /dev/ptmx */
    case 136: /* /dev/pts/0 and on, up to 143 */
    case 137: return SC_FD_HANDS;
    default: return SC_FD_UNREAD;
    }
}

enum sc_fd_class sc_fd_find_class(int fd)
{
    if (fd < 0)
        return SC_FD_UNKNOWN;
    if (fd >= SC_FDS_REMEMBERED || __atomic_load_n(&forgetful, __ATOMIC_ACQUIRE))
        return find_out(fd);
    uint8_t known = __atomic_load_n(&sc_fd_classes[fd], __ATOMIC_RELAXED);
    if (known != SC_FD_UNKNOWN && known != CHANGING)
        return (enum sc_fd_class)known;
    uint8_t found = find_out(fd), unknown = SC_FD_UNKNOWN;
    uint32_t most = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    while (most < (uint32_t)fd &&
           !__atomic_compare_exchange_n(&highest, &most, (uint32_t)fd, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    __atomic_compare_exchange_n(&sc_fd_classes[fd], &unknown, found, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return (enum sc_fd_class)found;
}

/* How a call changes what numbers mean. */
enum change {
    NOTHING,
    CLOSES,       /* its first argument */
    CLOSES_RANGE, /* from its first to its second */
    REPLACES,     /* its second argument, which it closes and gives out */
    GIVES,        /* its result */
    GIVES_BY_COMMAND,
    GIVES_TWO,     /* through the pointer in its first argument, */
    GIVES_TWO_4TH, /* or in its fourth */
    RECEIVES,      /* any number, by a message */
};

static const uint8_t changes[SC_NR_LIMIT] = {
    [SC_NR_close] = CLOSES,
    [SC_NR_close_range] = CLOSES_RANGE,
    [SC_NR_dup2] = REPLACES,
    [SC_NR_dup3] = REPLACES,
    [SC_NR_open] = GIVES,
    [SC_NR_openat] = GIVES,
    [SC_NR_openat2] = GIVES,
    [SC_NR_creat] = GIVES,
    [SC_NR_dup] = GIVES,
    [SC_NR_fcntl] = GIVES_BY_COMMAND,
    [SC_NR_socket] = GIVES,
    [SC_NR_accept] = GIVES,
    [SC_NR_accept4] = GIVES,
    [SC_NR_memfd_create] = GIVES,
    [SC_NR_pidfd_getfd] = GIVES,
    [SC_NR_open_by_handle_at] = GIVES,
    [SC_NR_eventfd] = GIVES,
    [SC_NR_eventfd2] = GIVES,
    [SC_NR_mq_open] = GIVES,
    [SC_NR_inotify_init] = GIVES,
    [SC_NR_inotify_init1] = GIVES,
    [SC_NR_timerfd_create] = GIVES,
    [SC_NR_signalfd4] = GIVES,
    [SC_NR_epoll_create1] = GIVES,
    [SC_NR_pipe] = GIVES_TWO,
    [SC_NR_pipe2] = GIVES_TWO,
    [SC_NR_socketpair] = GIVES_TWO_4TH,
    [SC_NR_recvmsg] = RECEIVES,
    [SC_NR_recvmmsg] = RECEIVES,
};

bool sc_fd_concerns(unsigned nr)
{
    return changes[nr] != NOTHING;
}

static void set(uint64_t first, uint64_t last, uint8_t value)
{
    uint32_t most = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    for (; first <= last && first <= most; first++)
        __atomic_store_n(&sc_fd_classes[first], value, __ATOMIC_RELAXED);
}

static void set_by_call(unsigned nr, const uint64_t *args, uint8_t value)
{
    switch (changes[nr]) {
    case CLOSES: set((unsigned)args[0], (unsigned)args[0], value); break;
    case CLOSES_RANGE: set((unsigned)args[0], (unsigned)args[1], value); break;
    case REPLACES: set((unsigned)args[1], (unsigned)args[1], value); break;
    default: break;
    }
}

void sc_fd_before(unsigned nr, const uint64_t *args)
{
    set_by_call(nr, args, CHANGING);
}

void sc_fd_after(unsigned nr, const uint64_t *args, int64_t result)
{
    set_by_call(nr, args, SC_FD_UNKNOWN);
    if (result < 0)
        return;
    switch (changes[nr]) {
    case GIVES_BY_COMMAND:
        if (args[1] != F_DUPFD && args[1] != F_DUPFD_CLOEXEC)
            break;
        /* fall through */
    case GIVES: set((uint64_t)result, (uint64_t)result, SC_FD_UNKNOWN); break;
    case GIVES_TWO:
    case GIVES_TWO_4TH: {
        sc_addr pair = args[changes[nr] == GIVES_TWO ? 0 : 3];
        for (unsigned i = 0; i < 2; i++) {
            uint32_t fd = (uint32_t)sc_proved_i32(pair + i * sizeof(int32_t));
            set(fd, fd, SC_FD_UNKNOWN);
        }
        break;
    }
    case RECEIVES: set(0, UINT32_MAX, SC_FD_UNKNOWN); break;
    default: break;
    }
}

void sc_fd_child_begins(void)
{
    __atomic_fetch_add(&forgetful, 1, __ATOMIC_ACQ_REL);
    set(0, UINT32_MAX, SC_FD_UNKNOWN);
}

void sc_fd_child_gone(void)
{
    __atomic_fetch_sub(&forgetful, 1, __ATOMIC_ACQ_REL);
}

void sc_fd_not_shared(void)
{
    sc_fd_child_begins(); /* and none of them is ever gone */
}
