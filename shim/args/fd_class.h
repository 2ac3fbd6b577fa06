/*
 * fd_class.h: what kind of file a descriptor is, which decides when the bytes of a write may be read.
 *
 * One byte a descriptor remembers the answer, found by one fstat at its first write. While a call closes the number or
 * gives it another meaning, nothing is remembered for it: another thread may get the number before that call returns.
 */
#ifndef SC_FD_CLASS_H
#define SC_FD_CLASS_H

#include "../core/state.h"

enum sc_fd_class {
    SC_FD_UNKNOWN,
    SC_FD_KEEPS,  /* regular files, disks: the kernel copies the bytes and gives them to nobody. Read after the call */
    SC_FD_HANDS,  /* pipes, sockets, terminals: whoever receives the bytes may have them unmapped. Read before the call
                   */
    SC_FD_UNREAD, /* /dev/null and its kind, and unknown devices: any pointer will do. Never read */
};

/* What is remembered: enum sc_fd_class, or a value beyond it while the number's meaning changes. */
enum { SC_FDS_REMEMBERED = 1 << 16 };
extern uint8_t sc_fd_classes[SC_FDS_REMEMBERED];

/* The same for left_out.h, whose questions go through sc_fd_recall. */
extern uint8_t sc_fds_wanted[SC_FDS_REMEMBERED];
/* Told of each number that a call made a descriptor of; NULL where nobody asks for wanted files. Set by the
 * constructor. */
extern void (*sc_fd_made)(unsigned nr, const uint64_t *args, int64_t fd);

/* What the table knows of fd, which is no less than 0; find tells what it does not, 0 being nothing to remember. */
uint8_t sc_fd_recall(uint8_t *table, int fd, uint8_t (*find)(int fd));
/* Of a descriptor that a call has just made; unless nothing may be remembered. */
void sc_fd_remember(uint8_t *table, int fd, uint8_t value);

enum sc_fd_class sc_fd_find_class(int fd);

static inline enum sc_fd_class sc_fd_class_of(int fd)
{
    uint8_t known = (unsigned)fd < SC_FDS_REMEMBERED ? __atomic_load_n(&sc_fd_classes[fd], __ATOMIC_RELAXED) : 0;
    return SC_LIKELY(known == SC_FD_KEEPS) ? SC_FD_KEEPS : sc_fd_find_class(fd);
}

/*
 * Around a call: where it closes descriptors or gives them out, forgets what is known of a number that is about to mean
 * something else.
 */
void sc_fd_before(unsigned nr, const uint64_t *args);
void sc_fd_after(unsigned nr, const uint64_t *args, int64_t result);

/* It is closed, or will be, without a call. */
void sc_fd_forget(int fd);

/*
 * A child runs in our memory with its own descriptor table until its parent continues: forget everything, and remember
 * nothing meanwhile in either.
 */
void sc_fd_child_begins(void);
void sc_fd_child_gone(void);

/*
 * The same in interpose mode, where nobody tells when the parent goes on: that is found out at the next descriptor of
 * its thread's, or when that ends.
 */
void sc_fd_vfork_begins(void);
void sc_fd_vfork_gone(struct sc_writer *writer);
void sc_fd_look_for_parent(void);

/* A forked child's table of descriptors is its own, and nobody else is there. */
void sc_fd_forked(void);

/* Threads of this process have descriptors of their own from now on (CLONE_FILES taken back): nothing is remembered. */
void sc_fd_not_shared(void);

#endif
