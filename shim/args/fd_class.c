#include "fd_class.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../core/peek.h"
#include "../core/raw_syscall.h"
#include "../core/writer.h"

enum { CHANGING = 0xff };

uint8_t sc_fd_classes[SC_FDS_REMEMBERED]; /* zero pages until touched */
uint8_t sc_fds_wanted[SC_FDS_REMEMBERED];
void (*sc_fd_made)(unsigned nr, const uint64_t *args, int64_t fd);
static uint32_t highest;   /* of the numbers that were ever remembered */
static uint32_t forgetful; /* number of reasons to remember nothing */

static uint8_t find_out(int fd)
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

/* Its child has our storage, but not its thread's number. */
void sc_fd_look_for_parent(void)
{
    struct sc_writer *writer = __atomic_load_n(&forgetful, __ATOMIC_ACQUIRE) ? sc_writer_own() : NULL;
    if (writer && writer->vforked && !sc_process.no_syscalls && (uint32_t)sc_syscall(SYS_gettid, 0) == writer->tid)
        sc_fd_vfork_gone(writer);
}

/* From now on what is known of fd is to be forgotten in time. */
static void count_remembered(int fd)
{
    uint32_t most = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    while (most < (uint32_t)fd &&
           !__atomic_compare_exchange_n(&highest, &most, (uint32_t)fd, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
}

uint8_t sc_fd_recall(uint8_t *table, int fd, uint8_t (*find)(int fd))
{
    sc_fd_look_for_parent();
    if (fd >= SC_FDS_REMEMBERED || __atomic_load_n(&forgetful, __ATOMIC_ACQUIRE))
        return find(fd);
    uint8_t known = __atomic_load_n(&table[fd], __ATOMIC_RELAXED), unknown = SC_FD_UNKNOWN;
    if (known != SC_FD_UNKNOWN && known != CHANGING)
        return known;
    uint8_t found = find(fd);
    count_remembered(fd);
    __atomic_compare_exchange_n(&table[fd], &unknown, found, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return found;
}

void sc_fd_remember(uint8_t *table, int fd, uint8_t value)
{
    if (fd < 0 || fd >= SC_FDS_REMEMBERED || __atomic_load_n(&forgetful, __ATOMIC_ACQUIRE))
        return;
    count_remembered(fd);
    __atomic_store_n(&table[fd], value, __ATOMIC_RELAXED);
}

enum sc_fd_class sc_fd_find_class(int fd)
{
    return fd < 0 ? SC_FD_UNKNOWN : (enum sc_fd_class)sc_fd_recall(sc_fd_classes, fd, find_out);
}

static enum sc_fd_effect effect_of(unsigned nr)
{
    return (enum sc_fd_effect)sc_call_table[nr].fd_effect; /* none where there is no row */
}

static void set(uint64_t first, uint64_t last, uint8_t value)
{
    uint32_t most = __atomic_load_n(&highest, __ATOMIC_RELAXED);
    for (; first <= last && first <= most; first++) {
        __atomic_store_n(&sc_fd_classes[first], value, __ATOMIC_RELAXED);
        if (SC_UNLIKELY(sc_fd_made)) /* no page of it is touched without a filter by files */
            __atomic_store_n(&sc_fds_wanted[first], value, __ATOMIC_RELAXED);
    }
}

static void set_by_call(enum sc_fd_effect effect, const uint64_t *args, uint8_t value)
{
    switch (effect) {
    case SC_FD_CLOSES: set((unsigned)args[0], (unsigned)args[0], value); break;
    case SC_FD_CLOSES_RANGE: set((unsigned)args[0], (unsigned)args[1], value); break;
    case SC_FD_REPLACES: set((unsigned)args[1], (unsigned)args[1], value); break;
    default: break;
    }
}

void sc_fd_before(unsigned nr, const uint64_t *args)
{
    enum sc_fd_effect effect = effect_of(nr);
    if (effect == SC_FD_NONE)
        return;
    sc_fd_look_for_parent();
    set_by_call(effect, args, CHANGING);
}

static void tell_made(unsigned nr, const uint64_t *args, int64_t fd)
{
    if (SC_UNLIKELY(sc_fd_made))
        sc_fd_made(nr, args, fd);
}

void sc_fd_after(unsigned nr, const uint64_t *args, int64_t result)
{
    enum sc_fd_effect effect = effect_of(nr);
    set_by_call(effect, args, SC_FD_UNKNOWN);
    if (result < 0)
        return;
    switch (effect) {
    case SC_FD_GIVES_BY_COMMAND:
        if (args[1] != F_DUPFD && args[1] != F_DUPFD_CLOEXEC)
            break;
        /* fall through */
    case SC_FD_GIVES:
        set((uint64_t)result, (uint64_t)result, SC_FD_UNKNOWN);
        tell_made(nr, args, result);
        break;
    case SC_FD_REPLACES: tell_made(nr, args, result); break;
    case SC_FD_GIVES_TWO:
    case SC_FD_GIVES_TWO_4TH: {
        sc_addr pair = args[effect == SC_FD_GIVES_TWO ? 0 : 3];
        for (unsigned i = 0; i < 2; i++) {
            uint32_t fd = (uint32_t)sc_proved_i32(pair + i * sizeof(int32_t));
            set(fd, fd, SC_FD_UNKNOWN);
        }
        break;
    }
    case SC_FD_RECEIVES: set(0, UINT32_MAX, SC_FD_UNKNOWN); break;
    default: break;
    }
}

void sc_fd_forget(int fd)
{
    if (fd >= 0)
        set((unsigned)fd, (unsigned)fd, SC_FD_UNKNOWN);
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

void sc_fd_vfork_begins(void)
{
    struct sc_writer *writer = sc_writer_get();
    if (!writer || writer->vforked)
        return;
    writer->vforked = true;
    sc_fd_child_begins();
}

void sc_fd_vfork_gone(struct sc_writer *writer)
{
    if (!writer->vforked)
        return;
    writer->vforked = false;
    sc_fd_child_gone();
}

void sc_fd_forked(void)
{
    __atomic_store_n(&forgetful, 0, __ATOMIC_RELEASE);
    set(0, UINT32_MAX, SC_FD_UNKNOWN);
}

void sc_fd_not_shared(void)
{
    sc_fd_child_begins(); /* and none of them is ever gone */
}
