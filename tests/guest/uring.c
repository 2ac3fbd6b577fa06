/*
 * uring: requests of io_uring, by its system calls: known numbers of them. Prints no address and no time.
 *
 *   uring files      writes of zeros and of data, reads, vectors, syncs, at offsets and at the file's own
 *   uring names      opens, stats, renames, links, removes and closes files
 *   uring fixed      files and buffers that the ring has of its own, files that it opens itself, chains
 *   uring kinds      rings of each kind that there is
 *   uring poll       a ring whose requests the kernel's thread takes
 *   uring threads    a ring each; one ring where another thread waits
 *   uring fork       a child with a ring of its own
 *   uring left       requests whose results nobody asks for, or which never end
 *   uring shots      one request with several results
 *   uring bad        requests that fail, calls that do
 *   uring unmap      rings that another thread unmaps while this one waits
 *   uring filter     after a seccomp filter
 *   uring many       more than a record and more than a queue holds
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "uring_ring.h"

enum { BLOCK = 4096, DEPTH = 8, THREADS = 4, ROUNDS = 50 };

static char zeros[BLOCK], data[BLOCK], room[DEPTH][BLOCK];

static struct ring opened(unsigned entries, unsigned flags)
{
    struct ring ring;
    if (!ring_open(&ring, entries, flags)) {
        perror("io_uring_setup");
        exit(1);
    }
    return ring;
}

/* 8 writes of a block, three of them zeros; 8 reads of them. */
static void write_and_read(struct ring *ring, int fd)
{
    for (unsigned i = 0; i < DEPTH; i++)
        ring_rw(ring, IORING_OP_WRITE, fd, i < 3 ? zeros : data, BLOCK, i * BLOCK);
    printf("wrote %lld\n", ring_run(ring));
    for (unsigned i = 0; i < DEPTH; i++)
        ring_rw(ring, IORING_OP_READ, fd, room[i], BLOCK, i * BLOCK);
    printf("read %lld\n", ring_run(ring));
}

static int files(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("files"), other = make("vectors"), ends[2];
    write_and_read(&ring, fd);
    ring_next(&ring, IORING_OP_FSYNC, fd);
    ring_next(&ring, IORING_OP_FSYNC, fd)->fsync_flags = IORING_FSYNC_DATASYNC;
    printf("synced %lld\n", ring_run(&ring));
    struct iovec parts[2] = {{zeros, 100}, {zeros, 200}}, mixed[2] = {{zeros, 20}, {data, 10}};
    ring_rw(&ring, IORING_OP_WRITEV, other, parts, 2, 0);
    ring_rw(&ring, IORING_OP_WRITEV, other, mixed, 2, 300);
    printf("vectors %lld\n", ring_run(&ring));
    struct iovec into[2] = {{room[0], 1}, {room[1], 10}};
    ring_rw(&ring, IORING_OP_READV, other, into, 2, 0);
    printf("into %lld\n", ring_run(&ring));
    /* At the descriptor's own offset, one after the other. */
    for (int i = 0; i < 3; i++) {
        ring_rw(&ring, IORING_OP_WRITE, other, data, 50, -1);
        printf("at its offset %lld\n", ring_run(&ring));
    }
    printf("offset %lld\n", (long long)lseek(other, 0, SEEK_CUR));
    struct io_uring_sqe *sqe = ring_next(&ring, IORING_OP_FALLOCATE, other);
    sqe->off = BLOCK;
    sqe->addr = BLOCK;
    printf("allocated %lld\n", ring_run(&ring));
    pipe(ends);
    ring_rw(&ring, IORING_OP_WRITE, ends[1], zeros, 10, 0);
    printf("pipe %lld\n", ring_run(&ring));
    ring_close(&ring);
    return 0;
}

static struct io_uring_sqe *named(struct ring *ring, unsigned operation, const char *name)
{
    struct io_uring_sqe *sqe = ring_next(ring, operation, AT_FDCWD);
    sqe->addr = (unsigned long)name;
    return sqe;
}

static int names(void)
{
    struct ring ring = opened(DEPTH, 0);
    struct statx status;
    struct {
        unsigned long long flags, mode, resolve;
    } how = {O_RDONLY, 0, 0};
    struct io_uring_sqe *sqe = named(&ring, IORING_OP_OPENAT, "named");
    sqe->open_flags = O_RDWR | O_CREAT;
    sqe->len = 0600;
    int fd = (int)ring_run(&ring);
    ring_rw(&ring, IORING_OP_WRITE, fd, data, 100, 0);
    printf("wrote %lld\n", ring_run(&ring));
    sqe = named(&ring, IORING_OP_STATX, "named");
    sqe->off = (unsigned long)&status;
    sqe->len = STATX_SIZE;
    long long asked = ring_run(&ring);
    printf("statx %lld, %lld bytes\n", asked, (long long)status.stx_size);
    ring_next(&ring, IORING_OP_CLOSE, fd);
    printf("closed %lld\n", ring_run(&ring));
    sqe = named(&ring, IORING_OP_RENAMEAT, "named");
    sqe->len = (unsigned)AT_FDCWD;
    sqe->off = (unsigned long)"renamed";
    printf("renamed %lld\n", ring_run(&ring));
    sqe = named(&ring, IORING_OP_OPENAT2, "renamed");
    sqe->off = (unsigned long)&how;
    sqe->len = sizeof how;
    fd = (int)ring_run(&ring);
    ring_rw(&ring, IORING_OP_READ, fd, room[0], 100, -1);
    printf("read %lld\n", ring_run(&ring));
    named(&ring, IORING_OP_OPENAT, "missing");
    printf("missing %lld\n", ring_run(&ring));
    named(&ring, IORING_OP_MKDIRAT, "folder")->len = 0700;
    printf("mkdir %lld\n", ring_run(&ring));
    named(&ring, IORING_OP_UNLINKAT, "folder")->unlink_flags = AT_REMOVEDIR;
    printf("removed %lld\n", ring_run(&ring));
    ring_close(&ring);
    close(fd);
    return 0;
}

static int fixed(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fds[3] = {make("first"), -1, make("third")}, update = make("second");
    struct iovec buffers[2] = {{data, BLOCK}, {room[0], BLOCK}};
    printf("registered %ld\n", syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, fds, 3));
    struct io_uring_files_update second = {.offset = 1, .fds = (unsigned long)&update};
    printf("updated %ld\n", syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES_UPDATE, &second, 1));
    printf("buffers %ld\n", syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, buffers, 2));
    close(fds[0]); /* the ring has it still */
    for (int i = 0; i < 3; i++) {
        struct io_uring_sqe *sqe = ring_rw(&ring, IORING_OP_WRITE_FIXED, i, data, 1000, 0);
        sqe->flags = IOSQE_FIXED_FILE;
        sqe->buf_index = 0;
    }
    printf("wrote %lld\n", ring_run(&ring));
    struct io_uring_sqe *sqe = ring_rw(&ring, IORING_OP_READ_FIXED, 0, room[0], 500, 100);
    sqe->flags = IOSQE_FIXED_FILE;
    sqe->buf_index = 1;
    printf("read %lld\n", ring_run(&ring));
    /* Opened into the second place, written, closed: one chain. */
    sqe = named(&ring, IORING_OP_OPENAT, "chained");
    sqe->open_flags = O_WRONLY | O_CREAT;
    sqe->len = 0600;
    sqe->file_index = 2;
    sqe->flags = IOSQE_IO_LINK;
    ring_rw(&ring, IORING_OP_WRITE, 1, zeros, 700, 0)->flags = IOSQE_FIXED_FILE | IOSQE_IO_LINK;
    ring_next(&ring, IORING_OP_CLOSE, 0)->file_index = 2;
    printf("chain %lld\n", ring_run(&ring));
    ring_close(&ring);
    return 0;
}

static int kinds(void)
{
    static const unsigned flags[] = {0,
                                     IORING_SETUP_SQE128,
                                     IORING_SETUP_CQE32,
                                     IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
                                     IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
                                     NO_MMAP,
                                     NO_MMAP | REGISTERED_ONLY,
                                     NO_ARRAY,
                                     NO_ARRAY | IORING_SETUP_SQE128,
                                     MIXED};
    struct ring ring;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        char name[16];
        if (!ring_open(&ring, DEPTH, flags[i])) {
            printf("no ring of kind %zu\n", i);
            continue;
        }
        snprintf(name, sizeof name, "kind%zu", i);
        int fd = make(name);
        write_and_read(&ring, fd);
        if (flags[i] & MIXED) {
            ring_next(&ring, IORING_OP_NOP, -1)->rw_flags = 1 << 5; /* IORING_NOP_CQE32 */
            ring_rw(&ring, IORING_OP_WRITE, fd, data, 10, 0);
            ring_next(&ring, IORING_OP_NOP, -1)->rw_flags = 1 << 5;
            printf("mixed %lld\n", ring_run(&ring));
        }
        ring_close(&ring);
    }
    /* By an index that the thread registered, after its descriptor is closed. */
    ring = opened(DEPTH, 0);
    struct io_uring_rsrc_update update = {.offset = -1U, .data = (unsigned)ring.fd};
    if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_RING_FDS, &update, 1) == 1) {
        close(ring.fd);
        ring.fd = (int)update.offset;
        ring.enter_flags = IORING_ENTER_REGISTERED_RING;
        write_and_read(&ring, make("registered"));
    }
    return 0;
}

static int kernel_polls(void)
{
    struct ring ring = opened(DEPTH, IORING_SETUP_SQPOLL);
    int fd = make("polled");
    for (int i = 0; i < 5; i++) {
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 100, i * 100);
        __atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
        ring.to_submit = 0;
        struct io_uring_cqe *cqe;
        while (!(cqe = ring_take(&ring)))
            syscall(SYS_io_uring_enter, ring.fd, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
        printf("polled %d\n", cqe->res);
    }
    ring_close(&ring);
    return 0;
}

static void *own_ring(void *number)
{
    char name[16];
    struct ring ring = opened(2, 0);
    snprintf(name, sizeof name, "thread%d", (int)(long)number);
    int fd = make(name);
    long long sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        ring_rw(&ring, IORING_OP_WRITE, fd, zeros, BLOCK, i * BLOCK);
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 512, i * BLOCK);
        sum += ring_run(&ring);
    }
    ring_close(&ring);
    return (void *)(long)(sum != ROUNDS * (BLOCK + 512LL));
}

static struct ring both;

static void *waits_for_all(void *unused)
{
    (void)unused;
    long sum = 0;
    for (int got = 0; got < ROUNDS;) {
        struct io_uring_cqe *cqe = ring_take(&both);
        if (cqe) {
            sum += cqe->res;
            got++;
        } else {
            syscall(SYS_io_uring_enter, both.fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0);
        }
    }
    return (void *)sum;
}

static int threads(void)
{
    pthread_t ids[THREADS];
    long wrong = 0, sum;
    void *result;
    for (long i = 0; i < THREADS; i++)
        pthread_create(&ids[i], NULL, own_ring, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(ids[i], &result);
        wrong += (long)result;
    }
    printf("threads %d, %ld wrong\n", THREADS, wrong);
    both = opened(DEPTH, 0);
    int fd = make("both");
    pthread_create(&ids[0], NULL, waits_for_all, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        ring_rw(&both, IORING_OP_WRITE, fd, data, 100, i * 100);
        ring_enter(&both, 0);
    }
    pthread_join(ids[0], (void **)&sum);
    printf("both %ld\n", sum);
    ring_close(&both);
    return 0;
}

static int forks(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("parent"), status;
    ring_rw(&ring, IORING_OP_WRITE, fd, zeros, BLOCK, 0);
    printf("before %lld\n", ring_run(&ring));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct ring own = opened(DEPTH, 0);
        ring_rw(&own, IORING_OP_WRITE, make("child"), data, 300, 0);
        printf("child %lld\n", ring_run(&own));
        exit(0);
    }
    waitpid(child, &status, 0);
    ring_rw(&ring, IORING_OP_WRITE, fd, data, 200, 0);
    printf("after %lld, %d\n", ring_run(&ring), status);
    return 0;
}

static int left(void)
{
    struct ring ring = opened(DEPTH, 0), closed = opened(DEPTH, 0);
    int fd = make("left"), ends[2];
    struct {
        long long seconds, nanoseconds;
    } hour = {3600, 0};
    pipe(ends);
    for (int i = 0; i < 4; i++)
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 100, i * 100);
    ring_rw(&ring, IORING_OP_TIMEOUT, -1, &hour, 1, 0);
    ring_next(&ring, IORING_OP_POLL_ADD, ends[0])->poll32_events = POLLIN;
    printf("handed over %ld\n", ring_enter(&ring, 4));
    ring_rw(&closed, IORING_OP_WRITE, fd, zeros, 100, 0);
    printf("handed over %ld\n", ring_enter(&closed, 1));
    close(closed.fd);
    return 0;
}

static int shots(void)
{
    struct ring ring = opened(DEPTH, 0);
    int ends[2];
    char byte;
    pipe(ends);
    struct io_uring_sqe *sqe = ring_next(&ring, IORING_OP_POLL_ADD, ends[0]);
    sqe->poll32_events = POLLIN;
    sqe->len = IORING_POLL_ADD_MULTI;
    sqe->user_data = 7;
    ring_enter(&ring, 0);
    for (int i = 0; i < 3; i++) {
        write(ends[1], "x", 1);
        ring_enter(&ring, 1);
        struct io_uring_cqe *cqe = ring_take(&ring);
        printf("shot %d more %d\n", cqe ? cqe->res : -1, cqe ? !!(cqe->flags & IORING_CQE_F_MORE) : -1);
        read(ends[0], &byte, 1);
    }
    /* A buffer that the kernel has until the second result. */
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    ring_rw(&ring, IORING_OP_SEND, pair[0], data, 100, 0);
    printf("sent %lld\n", ring_run(&ring));
    ring_rw(&ring, IORING_OP_RECV, pair[1], room[0], 200, 0);
    printf("received %lld\n", ring_run(&ring));
    ring_close(&ring);
    return 0;
}

static int bad(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("bad");
    void *nowhere = mmap(NULL, BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ring_rw(&ring, IORING_OP_WRITE, fd, nowhere, 100, 0);
    printf("bad buffer %lld\n", ring_run(&ring));
    ring_rw(&ring, IORING_OP_WRITEV, fd, nowhere, 2, 0);
    printf("bad vector %lld\n", ring_run(&ring));
    named(&ring, IORING_OP_OPENAT, nowhere);
    printf("bad name %lld\n", ring_run(&ring));
    ring_rw(&ring, 250, fd, data, 100, 0);
    printf("no such operation %lld\n", ring_run(&ring));
    ring_rw(&ring, IORING_OP_WRITE, 1000, data, 100, 0);
    printf("no such file %lld\n", ring_run(&ring));
    ring_rw(&ring, IORING_OP_WRITE, fd, data, 100, 0);
    printf("good %lld\n", ring_run(&ring));
    printf("no ring %ld\n", syscall(SYS_io_uring_enter, fd, 1, 0, 0, NULL, 0) < 0 ? -(long)errno : 0);
    printf("bad setup %ld\n", syscall(SYS_io_uring_setup, 8, nowhere) < 0 ? -(long)errno : 0);
    ring_close(&ring);
    return 0;
}

static void *unmaps(void *memory)
{
    struct ring *ring = memory;
    usleep(1000);
    munmap(ring->sqes, ring->sqes_bytes);
    munmap(ring->memory, ring->bytes);
    return NULL;
}

static int unmap(void)
{
    for (int i = 0; i < 20; i++) {
        struct ring ring = opened(DEPTH, 0);
        struct {
            long long seconds, nanoseconds;
        } soon = {0, 3000000};
        pthread_t id;
        ring_rw(&ring, IORING_OP_TIMEOUT, -1, &soon, 1, 0);
        pthread_create(&id, NULL, unmaps, &ring);
        ring_enter(&ring, 1);
        pthread_join(id, NULL);
        close(ring.fd);
    }
    puts("unmapped");
    return 0;
}

static int filter(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("filter");
    ring_rw(&ring, IORING_OP_WRITE, fd, zeros, 100, 0);
    printf("before %lld\n", ring_run(&ring));
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, &allow};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    ring_rw(&ring, IORING_OP_WRITE, fd, data, 100, 100);
    printf("after %lld\n", ring_run(&ring));
    return 0;
}

static int many(void)
{
    struct ring ring = opened(1024, 0);
    int fd = make("many");
    long long sum = 0;
    for (int round = 0; round < 5; round++) {
        for (unsigned i = 0; i < 1000; i++)
            ring_rw(&ring, IORING_OP_WRITE, fd, i % 4 ? data : zeros, 64, i * 64);
        sum += ring_run(&ring);
    }
    printf("wrote %lld\n", sum);
    ring_close(&ring);
    for (int i = 0; i < 100; i++) { /* more rings than are remembered at once, one after the other */
        ring = opened(2, 0);
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 8, i * 8);
        sum += ring_run(&ring);
        ring_close(&ring);
    }
    printf("wrote %lld\n", sum);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } parts[] = {{"files", files},     {"names", names},   {"fixed", fixed}, {"kinds", kinds}, {"poll", kernel_polls},
                 {"threads", threads}, {"fork", forks},    {"left", left},   {"shots", shots}, {"bad", bad},
                 {"unmap", unmap},     {"filter", filter}, {"many", many}};
    memset(data, 'x', sizeof data);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof *parts; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run();
    return 2;
}
