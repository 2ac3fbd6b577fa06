/*
 * uring_odd: what a program may do with rings of io_uring and few do. Prints no address and no time.
 *
 *   uring_odd handler    a handler that uses a ring, while io_uring_enter waits
 *   uring_odd unfinished the process ends while a thread waits in the call that handed requests over
 *   uring_odd copy       chains that read into a buffer and write it
 *   uring_odd kept       calls that seem to close a ring's descriptor and do not
 *   uring_odd indexes    many rings without descriptors, one after the other; what stdout is stays what it is
 *   uring_odd table      a ring's own table of files changes in the middle of a batch, and by half
 *   uring_odd silent     requests that say nothing when they succeed, and others with the same key
 *   uring_odd moved      rings whose memory is moved
 *   uring_odd resized    a ring that is made bigger
 *   uring_odd classes    descriptors that a ring closes, whose numbers are given to other kinds of files
 *   uring_odd inherited  children that use, close and unmap their parent's rings
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "uring_ring.h"

enum { BLOCK = 4096, DEPTH = 8, MANY = 100, SKIP = 1 << 6, RESIZE = 33 };

static char zeros[BLOCK], data[BLOCK], room[BLOCK];

static struct ring opened(unsigned entries, unsigned flags)
{
    struct ring ring;
    if (!ring_open(&ring, entries, flags)) {
        puts("no such ring");
        exit(0);
    }
    return ring;
}

static long long write_some(struct ring *ring, int fd, unsigned bytes)
{
    ring_rw(ring, IORING_OP_WRITE, fd, data, bytes, 0);
    return ring_run(ring);
}

static struct ring inner, outer;
static int inner_file, pipe_ends[2];
static long long inner_wrote;

static void on_signal(int number)
{
    (void)number;
    inner_wrote += write_some(&inner, inner_file, 70);
    ring_enter(&outer, 0);
    write(pipe_ends[1], "x", 1);
}

static int handler(void)
{
    int fd = make("outer");
    sigset_t none, one;
    inner_file = make("inner");
    inner = opened(DEPTH, 0);
    outer = opened(DEPTH, 0);
    pipe(pipe_ends);
    signal(SIGUSR1, on_signal);
    sigemptyset(&none);
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigprocmask(SIG_BLOCK, &one, NULL);
    long long wrote = 0;
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 3; k++)
            ring_rw(&outer, IORING_OP_WRITE, fd, zeros, 100, k * 100)->user_data = (unsigned)k;
        ring_rw(&outer, IORING_OP_READ, pipe_ends[0], room, 1, 0)->user_data = 3;
        unsigned submit = outer.to_submit;
        __atomic_store_n(outer.tail, *outer.tail + submit, __ATOMIC_RELEASE);
        outer.to_submit = 0;
        raise(SIGUSR1); /* it comes when the call waits */
        long taken = syscall(SYS_io_uring_enter, outer.fd, submit, 4, IORING_ENTER_GETEVENTS, &none, 8);
        for (int got = 0; got < 4 && taken == 4;) {
            struct io_uring_cqe *cqe = ring_take(&outer);
            if (cqe)
                wrote += cqe->res, got++;
            else
                ring_enter(&outer, 1);
        }
    }
    printf("outer %lld inner %lld\n", wrote, inner_wrote);
    return 0;
}

static void *waits(void *fd)
{
    for (int i = 0; i < 4; i++)
        ring_rw(&outer, IORING_OP_WRITE, *(int *)fd, data, 100, i * 100)->user_data = (unsigned)i;
    ring_enter(&outer, 5);
    return NULL;
}

static int unfinished(void)
{
    int fd = make("unfinished");
    struct stat status = {0};
    pthread_t id;
    outer = opened(DEPTH, 0);
    pthread_create(&id, NULL, waits, &fd);
    while (status.st_size < 400 || __atomic_load_n(outer.cq_tail, __ATOMIC_ACQUIRE) < 4)
        fstat(fd, &status);
    puts("all are there");
    return 0;
}

static int copy(void)
{
    struct ring ring = opened(DEPTH, 0);
    int from = make("from"), to = make("to"), drained = make("drained");
    write(from, data, 1000);
    for (int i = 0; i < 3; i++) {
        memset(room, 0, sizeof room);
        ring_rw(&ring, IORING_OP_READ, from, room, 1000, 0)->flags = IOSQE_IO_LINK;
        ring_rw(&ring, IORING_OP_WRITE, to, room, 1000, i * 1000);
        printf("copied %lld\n", ring_run(&ring));
    }
    memset(room, 0, sizeof room);
    ring_rw(&ring, IORING_OP_READ, from, room, 500, 0);
    ring_rw(&ring, IORING_OP_WRITE, drained, room, 500, 0)->flags = IOSQE_IO_DRAIN;
    printf("drained %lld\n", ring_run(&ring));
    /* Nothing is read into these. */
    ring_rw(&ring, IORING_OP_WRITE, drained, zeros, 10, 500)->flags = IOSQE_IO_LINK;
    ring_rw(&ring, IORING_OP_WRITE, drained, zeros, 20, 510)->flags = IOSQE_IO_LINK;
    ring_next(&ring, IORING_OP_FSYNC, drained);
    printf("chain %lld\n", ring_run(&ring));
    return 0;
}

static int kept(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("kept");
    long long sum = 0;
    printf("marked %ld\n", syscall(SYS_close_range, ring.fd, ring.fd, 1 << 2));
    sum += write_some(&ring, fd, 1);
    printf("the same %d\n", dup2(ring.fd, ring.fd) == ring.fd);
    sum += write_some(&ring, fd, 2);
    printf("bad %d\n", dup2(1000, ring.fd));
    sum += write_some(&ring, fd, 4);
    printf("bad %d\n", dup3(ring.fd, ring.fd, 0));
    sum += write_some(&ring, fd, 8);
    printf("bad %ld\n", syscall(SYS_close_range, 0, ~0U, 1 << 9));
    sum += write_some(&ring, fd, 16);
    printf("bad %d\n", munmap(ring.memory + 1, ring.bytes));
    sum += write_some(&ring, fd, 32);
    printf("kept %lld\n", sum);
    return 0;
}

static int indexes(void)
{
    int fd = make("indexes");
    long long sum = 0;
    struct ring plain = opened(DEPTH, 0);
    for (int i = 0; i < MANY; i++) {
        struct ring ring = opened(2, 0);
        struct io_uring_rsrc_update update = {.offset = -1U, .data = (unsigned)ring.fd};
        syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_RING_FDS, &update, 1);
        close(ring.fd);
        ring.fd = (int)update.offset;
        ring.enter_flags = IORING_ENTER_REGISTERED_RING;
        sum += write_some(&ring, fd, 10);
        update.data = 0;
        syscall(SYS_io_uring_register, ring.fd, 1U << 31 | IORING_UNREGISTER_RING_FDS, &update, 1);
        munmap(ring.memory, ring.bytes);
        munmap(ring.sqes, ring.sqes_bytes);
    }
    printf("wrote %lld\n", sum);
    sum += write_some(&plain, fd, 10);
    struct ring without[6];
    for (int i = 0; i < 6; i++) {
        if (!ring_open(&without[i], 2, NO_MMAP | REGISTERED_ONLY)) {
            puts("no such ring");
            return 0;
        }
        sum += write_some(&without[i], fd, 10);
    }
    sum += write_some(&plain, fd, 10);
    printf("wrote %lld\n", sum);
    fflush(stdout);
    write(1, "stdout\n", 7);
    return 0;
}

static int table(void)
{
    struct ring ring = opened(DEPTH, 0);
    int first = make("first"), second = make("second"), third = make("third"), news[3] = {third, 1000, third};
    int fds[3] = {first, first, second};
    syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, fds, 3);
    ring_rw(&ring, IORING_OP_WRITE, 0, data, 10, 0)->flags = IOSQE_FIXED_FILE | IOSQE_IO_LINK;
    struct io_uring_sqe *sqe = ring_rw(&ring, IORING_OP_FILES_UPDATE, -1, &second, 1, 0);
    sqe->flags = IOSQE_IO_LINK;
    ring_rw(&ring, IORING_OP_WRITE, 0, data, 20, 0)->flags = IOSQE_FIXED_FILE;
    printf("changed %lld\n", ring_run(&ring));
    struct io_uring_files_update some = {.offset = 0, .fds = (unsigned long)news};
    printf("half %ld\n", syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES_UPDATE, &some, 3));
    for (int i = 0; i < 3; i += 2) {
        ring_rw(&ring, IORING_OP_WRITE, i, data, 100, 0)->flags = IOSQE_FIXED_FILE;
        printf("wrote %lld\n", ring_run(&ring));
    }
    return 0;
}

static int silent(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("silent"), other = make("other");
    write(other, data, 100);
    for (int i = 0; i < MANY; i++) {
        struct io_uring_sqe *sqe = ring_rw(&ring, IORING_OP_WRITE, fd, zeros, 100, 0);
        sqe->user_data = 7;
        sqe->flags = SKIP | IOSQE_IO_LINK;
        ring_rw(&ring, IORING_OP_READ, other, room, 100, 0)->user_data = 7;
        ring_enter(&ring, 1);
        struct io_uring_cqe *cqe = ring_take(&ring);
        if (!cqe || cqe->res != 100)
            puts("wrong");
    }
    puts("silent");
    return 0;
}

static int moved(void)
{
    struct ring ring = opened(DEPTH, NO_MMAP);
    int fd = make("moved");
    char *places = mmap(NULL, 4 * BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long long sum = write_some(&ring, fd, 1);
    char *now = mremap(ring.memory, ring.bytes, ring.bytes, MREMAP_MAYMOVE | MREMAP_FIXED, places);
    if (now == MAP_FAILED) {
        puts("not to be moved");
        return 0;
    }
    char *old =
        mmap(ring.memory, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (old != MAP_FAILED)
        memset(old, 7, BLOCK);
    long by = now - ring.memory;
    ring.head = (unsigned *)((char *)ring.head + by);
    ring.tail = (unsigned *)((char *)ring.tail + by);
    ring.array = (unsigned *)((char *)ring.array + by);
    ring.cq_head = (unsigned *)((char *)ring.cq_head + by);
    ring.cq_tail = (unsigned *)((char *)ring.cq_tail + by);
    ring.cqes += by;
    ring.memory = now;
    for (int i = 0; i < 5; i++)
        sum += write_some(&ring, fd, 2);
    printf("moved %lld\n", sum);
    return 0;
}

static int resized(void)
{
    struct ring ring = opened(DEPTH, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | NO_ARRAY);
    int fd = make("resized");
    long long sum = write_some(&ring, fd, 1);
    struct io_uring_params params = {.sq_entries = 64, .cq_entries = 256, .flags = IORING_SETUP_CQSIZE};
    if (syscall(SYS_io_uring_register, ring.fd, RESIZE, &params, 1) < 0) {
        puts("not to be resized");
        return 0;
    }
    ring_close(&(struct ring){.sqes = ring.sqes,
                              .sqes_bytes = ring.sqes_bytes,
                              .memory = ring.memory,
                              .bytes = ring.bytes,
                              .flags = REGISTERED_ONLY});
    ring_map(&ring, &params);
    for (unsigned i = 0; i < 50; i++)
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 10, i * 10);
    sum += ring_run(&ring);
    printf("resized %lld\n", sum);
    return 0;
}

/* Looks whether the kernel's thread has done it, if that takes requests. */
static long long run_polled(struct ring *ring)
{
    struct io_uring_cqe *cqe;
    if (!(ring->flags & IORING_SETUP_SQPOLL))
        return ring_run(ring);
    __atomic_store_n(ring->tail, *ring->tail + ring->to_submit, __ATOMIC_RELEASE);
    ring->to_submit = 0;
    while (!(cqe = ring_take(ring)))
        syscall(SYS_io_uring_enter, ring->fd, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
    return cqe->res;
}

static int classes(void)
{
    for (int i = 0; i < 2; i++) {
        struct ring ring = opened(DEPTH, i ? IORING_SETUP_SQPOLL : 0);
        int fd = open("/dev/null", O_WRONLY);
        write(fd, zeros, 10); /* what it is, is known now */
        ring_next(&ring, IORING_OP_CLOSE, fd);
        printf("closed %lld\n", run_polled(&ring));
        struct io_uring_sqe *sqe = ring_next(&ring, IORING_OP_OPENAT, AT_FDCWD);
        sqe->addr = (unsigned long)(i ? "polled" : "taken");
        sqe->open_flags = O_WRONLY | O_CREAT;
        sqe->len = 0600;
        int other = (int)run_polled(&ring);
        printf("same number %d, wrote %zd\n", other == fd, write(other, zeros, 100));
        ring_close(&ring);
    }
    return 0;
}

static int inherited(void)
{
    struct ring ring = opened(DEPTH, 0);
    int fd = make("inherited"), status;
    char *none[] = {"/bin/true", NULL};
    long long sum = write_some(&ring, fd, 1);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addclose(&actions, ring.fd);
    posix_spawn_file_actions_adddup2(&actions, fd, ring.fd + 100);
    pid_t pid;
    posix_spawn(&pid, none[0], &actions, NULL, none, none + 1);
    waitpid(pid, &status, 0);
    sum += write_some(&ring, fd, 2);
    if ((pid = vfork()) == 0) {
        close(ring.fd);
        execve(none[0], none, none + 1);
        _exit(1);
    }
    waitpid(pid, &status, 0);
    sum += write_some(&ring, fd, 4);
    if ((pid = fork()) == 0) {
        ring_rw(&ring, IORING_OP_WRITE, fd, data, 8, 0)->user_data = 9;
        long long wrote = ring_run(&ring);
        ring_close(&ring);
        _exit(wrote == 8 ? 3 : 4);
    }
    waitpid(pid, &status, 0);
    printf("child %d\n", WEXITSTATUS(status));
    sum += write_some(&ring, fd, 16);
    printf("wrote %lld\n", sum);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } parts[] = {{"handler", handler}, {"unfinished", unfinished}, {"copy", copy},          {"kept", kept},
                 {"indexes", indexes}, {"table", table},           {"silent", silent},      {"moved", moved},
                 {"resized", resized}, {"classes", classes},       {"inherited", inherited}};
    memset(data, 'x', sizeof data);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof *parts; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run();
    return 2;
}
