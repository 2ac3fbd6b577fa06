/* uring_ring.h: a ring of io_uring by its system calls, without liburing, for the guest uring. */
#ifndef URING_RING_H
#define URING_RING_H

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NO_MMAP = 1 << 14, REGISTERED_ONLY = 1 << 15, NO_ARRAY = 1 << 16, MIXED = 1 << 18 };

struct ring {
    int fd;
    unsigned enter_flags, flags;
    unsigned entries, *head, *tail, *array;
    unsigned cq_entries, *cq_head, *cq_tail;
    char *cqes, *sqes;
    char *memory;
    size_t bytes, sqe_bytes, cqe_bytes, sqes_bytes;
    unsigned to_submit;
};

static void *shared(size_t bytes, int fd, off_t at)
{
    int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED | MAP_POPULATE;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, at);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return memory;
}

/* Where the kernel says that everything is. */
static void ring_map(struct ring *ring, const struct io_uring_params *params)
{
    if (!(ring->flags & NO_MMAP)) {
        size_t sq = params->sq_off.array + params->sq_entries * sizeof(unsigned);
        size_t cq = params->cq_off.cqes + params->cq_entries * ring->cqe_bytes;
        ring->bytes = sq > cq ? sq : cq;
        ring->sqes_bytes = params->sq_entries * ring->sqe_bytes;
        ring->memory = shared(ring->bytes, ring->fd, IORING_OFF_SQ_RING);
        ring->sqes = shared(ring->sqes_bytes, ring->fd, IORING_OFF_SQES);
    }
    ring->entries = params->sq_entries;
    ring->head = (unsigned *)(ring->memory + params->sq_off.head);
    ring->tail = (unsigned *)(ring->memory + params->sq_off.tail);
    ring->array = ring->flags & NO_ARRAY ? NULL : (unsigned *)(ring->memory + params->sq_off.array);
    ring->cq_entries = params->cq_entries;
    ring->cq_head = (unsigned *)(ring->memory + params->cq_off.head);
    ring->cq_tail = (unsigned *)(ring->memory + params->cq_off.tail);
    ring->cqes = ring->memory + params->cq_off.cqes;
}

/* False: this kernel has no such ring. */
static int ring_open(struct ring *ring, unsigned entries, unsigned flags)
{
    struct io_uring_params params = {.flags = flags};
    *ring = (struct ring){.fd = -1, .flags = flags};
    ring->sqe_bytes = flags & IORING_SETUP_SQE128 ? 128 : 64;
    ring->cqe_bytes = flags & IORING_SETUP_CQE32 ? 32 : 16;
    ring->bytes = 4096;
    ring->sqes_bytes = 4096;
    if (flags & NO_MMAP) { /* a page for each: entries are few enough */
        ring->memory = shared(ring->bytes, -1, 0);
        ring->sqes = shared(ring->sqes_bytes, -1, 0);
        memcpy((char *)&params.cq_off + 32, &ring->memory, sizeof ring->memory);
        memcpy((char *)&params.sq_off + 32, &ring->sqes, sizeof ring->sqes);
    }
    ring->fd = (int)syscall(SYS_io_uring_setup, entries, &params);
    if (ring->fd < 0)
        return 0;
    if (flags & REGISTERED_ONLY)
        ring->enter_flags = IORING_ENTER_REGISTERED_RING;
    ring_map(ring, &params);
    return 1;
}

static void ring_close(struct ring *ring)
{
    munmap(ring->sqes, ring->sqes_bytes);
    munmap(ring->memory, ring->bytes);
    if (!(ring->flags & REGISTERED_ONLY))
        close(ring->fd);
}

/* The next request, zeroed. From the end of the array on, so that its places are not in order. */
static struct io_uring_sqe *ring_next(struct ring *ring, unsigned operation, int fd)
{
    unsigned place = (*ring->tail + ring->to_submit) & (ring->entries - 1);
    unsigned index = ring->array ? ring->entries - 1 - place : place;
    struct io_uring_sqe *sqe = (struct io_uring_sqe *)(ring->sqes + index * ring->sqe_bytes);
    memset(sqe, 0, ring->sqe_bytes);
    if (ring->array)
        ring->array[place] = index;
    ring->to_submit++;
    sqe->opcode = (unsigned char)operation;
    sqe->fd = fd;
    return sqe;
}

static struct io_uring_sqe *ring_rw(struct ring *ring, unsigned operation, int fd, const void *buffer, unsigned bytes,
                                    long long offset)
{
    struct io_uring_sqe *sqe = ring_next(ring, operation, fd);
    sqe->addr = (unsigned long)buffer;
    sqe->len = bytes;
    sqe->off = (unsigned long long)offset;
    return sqe;
}

static long ring_enter(struct ring *ring, unsigned wait)
{
    unsigned submit = ring->to_submit;
    __atomic_store_n(ring->tail, *ring->tail + submit, __ATOMIC_RELEASE);
    ring->to_submit = 0;
    long taken = syscall(SYS_io_uring_enter, ring->fd, submit, wait,
                         ring->enter_flags | (wait ? IORING_ENTER_GETEVENTS : 0), NULL, 0);
    return taken < 0 ? -errno : taken;
}

/* The next completion, or NULL. */
static struct io_uring_cqe *ring_take(struct ring *ring)
{
    for (;;) {
        unsigned head = *ring->cq_head;
        if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
            return NULL;
        struct io_uring_cqe *cqe =
            (struct io_uring_cqe *)(ring->cqes + (head & (ring->cq_entries - 1)) * ring->cqe_bytes);
        unsigned places = ring->flags & MIXED && cqe->flags & 1 << 15 ? 2 : 1;
        __atomic_store_n(ring->cq_head, head + places, __ATOMIC_RELEASE);
        if (!(ring->flags & MIXED && cqe->flags & 1 << 5))
            return cqe;
    }
}

/* Hands over what was prepared, waits for that many: the sum of the results. */
static long long ring_run(struct ring *ring)
{
    unsigned count = ring->to_submit;
    long long sum = 0;
    long taken = ring_enter(ring, count);
    for (unsigned got = 0; got < count;) {
        struct io_uring_cqe *cqe = ring_take(ring);
        if (cqe) {
            sum += cqe->res;
            got++;
        } else if (ring_enter(ring, 1) < 0) {
            return -1;
        }
    }
    return taken == (long)count ? sum : -2;
}

static int make(const char *name)
{
    return open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

#endif
