/*
 * aio: Linux AIO by its system calls, without libaio: known numbers of requests, some of which fail. Prints no address
 * and no time.
 *
 *   aio files     writes of zeros and of data, reads, vectors, syncs
 *   aio partial   io_submit takes the first ones only, or none
 *   aio ring      events that are taken from the ring, without a call
 *   aio threads   four threads with a context each; one context of which another thread reads the events
 *   aio fork      a child with a context of its own
 *   aio left      requests whose results nobody asks for
 *   aio destroy   contexts that another thread ends while this one hands over, waits or reads the ring
 *   aio filter    after a seccomp filter
 *   aio many      more requests at once than one record holds, more contexts than are remembered
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BLOCK = 4096, DEPTH = 8, THREADS = 4, ROUNDS = 50 };

static char zeros[BLOCK], data[BLOCK], room[DEPTH][BLOCK];
static void *bad;

static aio_context_t setup(unsigned requests)
{
    aio_context_t context = 0;
    if (syscall(SYS_io_setup, requests, &context)) {
        perror("io_setup");
        exit(1);
    }
    return context;
}

static struct iocb request(unsigned operation, int fd, const void *buffer, size_t bytes, long long offset)
{
    return (struct iocb){.aio_lio_opcode = (unsigned short)operation,
                         .aio_fildes = (unsigned)fd,
                         .aio_buf = (unsigned long)buffer,
                         .aio_nbytes = bytes,
                         .aio_offset = offset};
}

static long submit(aio_context_t context, long count, struct iocb **list)
{
    long taken = syscall(SYS_io_submit, context, count, list);
    return taken < 0 ? -errno : taken;
}

/* Submits all of them and waits for all of them; the sum of the results. */
static long long run(aio_context_t context, struct iocb *requests, long count)
{
    struct iocb *list[DEPTH];
    struct io_event events[DEPTH];
    long long sum = 0;
    for (long i = 0; i < count; i++)
        list[i] = &requests[i];
    long taken = submit(context, count, list);
    long got = syscall(SYS_io_getevents, context, taken, taken, events, NULL);
    for (long i = 0; i < got; i++)
        sum += events[i].res;
    return taken == count && got == taken ? sum : -1;
}

static int make(const char *name)
{
    return open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

static int files(void)
{
    aio_context_t context = setup(DEPTH);
    int fd = make("files"), vectors = make("vectors"), ends[2];
    struct iocb requests[DEPTH];
    for (int i = 0; i < DEPTH; i++)
        requests[i] = request(IOCB_CMD_PWRITE, fd, i < 3 ? zeros : data, BLOCK, (long long)i * BLOCK);
    printf("wrote %lld\n", run(context, requests, DEPTH));
    for (int i = 0; i < DEPTH; i++)
        requests[i] = request(IOCB_CMD_PREAD, fd, room[i], BLOCK, (long long)(DEPTH - i) * BLOCK - 100);
    printf("read %lld\n", run(context, requests, DEPTH));
    struct iovec out[2] = {{zeros, 100}, {zeros, 200}}, more[2] = {{zeros, 10}, {data, 20}},
                 in[2] = {{room, 5}, {room[1], 6}};
    requests[0] = request(IOCB_CMD_PWRITEV, vectors, out, 2, 0);
    requests[1] = request(IOCB_CMD_PWRITEV, vectors, more, 2, 300);
    printf("wrote %lld\n", run(context, requests, 2));
    requests[0] = request(IOCB_CMD_PREADV, vectors, in, 2, 0);
    printf("read %lld\n", run(context, requests, 1));
    requests[0] = request(IOCB_CMD_FSYNC, fd, NULL, 0, 0);
    requests[1] = request(IOCB_CMD_FDSYNC, fd, NULL, 0, 0);
    printf("synced %lld\n", run(context, requests, 2));
    if (pipe(ends))
        return 1;
    requests[0] = request(IOCB_CMD_PWRITE, ends[1], data, 10, 0);
    printf("piped %lld\n", run(context, requests, 1));
    printf("destroyed %ld\n", syscall(SYS_io_destroy, context));
    return 0;
}

static int partial(void)
{
    aio_context_t context = setup(DEPTH);
    int fd = make("partial");
    struct io_event events[DEPTH];
    struct iocb good = request(IOCB_CMD_PWRITE, fd, data, BLOCK, 0), more = good,
                closed = request(IOCB_CMD_PWRITE, 999, data, BLOCK, 0), unknown = request(77, fd, data, BLOCK, 0),
                nowhere = request(IOCB_CMD_PWRITE, fd, bad, BLOCK, BLOCK);
    struct iocb *list[3] = {&good, &closed, &more};
    printf("closed second %ld\n", submit(context, 3, list));
    printf("closed first %ld\n", submit(context, 2, list + 1));
    list[0] = &unknown;
    printf("unknown %ld\n", submit(context, 1, list));
    list[0] = bad;
    printf("bad request %ld\n", submit(context, 1, list));
    list[0] = &more, list[1] = bad;
    printf("bad second %ld\n", submit(context, 2, list));
    printf("bad list %ld\n", submit(context, 1, bad));
    printf("none %ld\n", submit(context, 0, bad));
    printf("minus one %ld\n", submit(context, -1, bad));
    list[0] = &good;
    printf("no context %ld\n", submit(0, 1, list));
    printf("bad context %ld\n", submit((aio_context_t)bad, 1, list));
    printf("events %ld\n", syscall(SYS_io_getevents, context, 2L, (long)DEPTH, events, NULL));
    list[0] = &nowhere;
    printf("bad buffer %ld", submit(context, 1, list));
    long got = syscall(SYS_io_getevents, context, 1L, 1L, events, NULL);
    printf(" %ld %lld\n", got, got == 1 ? (long long)events[0].res : 0);
    struct iocb end = request(IOCB_CMD_PREAD, fd, room, BLOCK, BLOCK - 96);
    printf("short %lld\n", run(context, &end, 1));
    list[0] = &good;
    printf("%ld", submit(context, 1, list));
    printf(" bad events %ld", syscall(SYS_io_getevents, context, 1L, 1L, bad, NULL));
    printf(" %d\n", errno);
    printf("destroyed %ld\n", syscall(SYS_io_destroy, context));
    return 0;
}

/* As libaio, QEMU and others know it; the kernel promises it by its magic number. */
struct ring {
    unsigned id, slots, head, tail, magic, compat, incompat, header;
    struct io_event events[];
};

/* Waits for that many events and takes them from the ring itself. */
static long long take(aio_context_t context, unsigned count)
{
    struct ring *ring = (struct ring *)context;
    long long sum = 0;
    for (unsigned i = 0; i < count; i++) {
        while (__atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) == ring->head)
            ;
        sum += ring->events[ring->head].res;
        __atomic_store_n(&ring->head, (ring->head + 1) % ring->slots, __ATOMIC_RELEASE);
    }
    return sum;
}

static int ring(void)
{
    aio_context_t context = setup(DEPTH);
    int fd = make("ring");
    struct iocb requests[DEPTH], *list[DEPTH];
    long long sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < DEPTH; i++) {
            requests[i] =
                request(IOCB_CMD_PWRITE, fd, i % 2 ? zeros : data, BLOCK, (round * DEPTH + i) * (long long)BLOCK);
            list[i] = &requests[i];
        }
        if (submit(context, DEPTH, list) != DEPTH)
            return 1;
        sum += take(context, DEPTH);
    }
    printf("taken %lld\n", sum);
    sum = 0; /* now some by calls */
    for (int round = 0; round < ROUNDS; round++) {
        struct io_event events[DEPTH];
        if (submit(context, DEPTH, list) != DEPTH)
            return 1;
        sum += take(context, 3);
        sum += syscall(SYS_io_getevents, context, 5L, 5L, events, NULL);
    }
    printf("mixed %lld\n", sum);
    printf("destroyed %ld\n", syscall(SYS_io_destroy, context));
    return 0;
}

static void *own_context(void *name)
{
    aio_context_t context = setup(DEPTH);
    int fd = make(name);
    char *own = malloc(BLOCK); /* the same buffer and requests again and again */
    struct iocb requests[2];
    memset(own, 1, BLOCK);
    for (int round = 0; round < ROUNDS; round++) {
        requests[0] = request(IOCB_CMD_PWRITE, fd, own, BLOCK, (long long)round * BLOCK);
        requests[1] = request(IOCB_CMD_PWRITE, fd, zeros, 512, (long long)(ROUNDS + round) * BLOCK);
        if (run(context, requests, 2) != BLOCK + 512)
            return NULL;
    }
    free(own);
    syscall(SYS_io_destroy, context);
    return name;
}

struct shared {
    aio_context_t context;
    long long sum;
};

static void *read_events(void *argument)
{
    struct shared *shared = argument;
    struct io_event event;
    for (int i = 0; i < ROUNDS; i++) {
        syscall(SYS_io_getevents, shared->context, 1L, 1L, &event, NULL);
        shared->sum += event.res;
        free((void *)event.obj);
    }
    return NULL;
}

static int threads(void)
{
    static char names[THREADS][16];
    pthread_t thread[THREADS], reader;
    int done = 0;
    for (int i = 0; i < THREADS; i++) {
        snprintf(names[i], sizeof names[i], "thread%d", i);
        pthread_create(&thread[i], NULL, own_context, names[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result;
        pthread_join(thread[i], &result);
        done += result == names[i];
    }
    printf("threads %d\n", done);
    struct shared shared = {setup(ROUNDS), 0};
    int fd = make("shared");
    pthread_create(&reader, NULL, read_events, &shared);
    for (int i = 0; i < ROUNDS; i++) {
        struct iocb *one = malloc(sizeof *one); /* the reader frees it */
        *one = request(IOCB_CMD_PWRITE, fd, data, 100, i * 100);
        submit(shared.context, 1, &one);
    }
    pthread_join(reader, NULL);
    printf("shared %lld\n", shared.sum);
    return 0;
}

static int forks(void)
{
    aio_context_t context = setup(DEPTH);
    int fd = make("parent"), status = 0;
    struct iocb one = request(IOCB_CMD_PWRITE, fd, data, BLOCK, 0);
    printf("parent %lld\n", run(context, &one, 1));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct iocb *list = &one;
        printf("not mine %ld\n", submit(context, 1, &list));
        aio_context_t own = setup(DEPTH);
        struct iocb two[2] = {request(IOCB_CMD_PWRITE, fd, zeros, BLOCK, BLOCK),
                              request(IOCB_CMD_PWRITE, make("child"), zeros, BLOCK, 0)};
        printf("child %lld\n", run(own, two, 2));
        exit(0);
    }
    waitpid(child, &status, 0);
    printf("parent %lld\n", run(context, &one, 1));
    return status;
}

static int left(void)
{
    aio_context_t context = setup(DEPTH);
    int fd = make("left");
    struct iocb requests[2] = {request(IOCB_CMD_PWRITE, fd, data, BLOCK, 0),
                               request(IOCB_CMD_PWRITE, fd, data, BLOCK, BLOCK)};
    struct iocb *list[2] = {&requests[0], &requests[1]};
    printf("submitted %ld\n", submit(context, 2, list));
    fsync(fd);
    printf("destroyed %ld\n", syscall(SYS_io_destroy, context));
    printf("submitted %ld\n", submit(setup(DEPTH), 2, list));
    return 0;
}

static void *destroy(void *argument)
{
    usleep(300);
    syscall(SYS_io_destroy, *(aio_context_t *)argument);
    return NULL;
}

/* Whatever comes back, nobody crashes. */
static int destroys(void)
{
    enum { TIMES = 200 };
    int fd = make("destroy"), ends[2];
    struct timespec none = {0, 0};
    if (pipe(ends))
        return 1;
    for (int i = 0; i < TIMES; i++) {
        aio_context_t context = setup(DEPTH);
        struct iocb one = request(IOCB_CMD_PWRITE, fd, data, 100, 0), *list = &one;
        struct io_event events[DEPTH];
        pthread_t thread;
        pthread_create(&thread, NULL, destroy, &context);
        if (i % 2)
            syscall(SYS_io_getevents, context, 1L, 1L, events, NULL);
        else
            while (submit(context, 1, &list) >= 0)
                syscall(SYS_io_getevents, context, 0L, (long)DEPTH, events, &none);
        pthread_join(thread, NULL);
    }
    printf("destroyed\n");
    return 0;
}

static int filter(void)
{
    aio_context_t context = setup(DEPTH);
    struct iocb one = request(IOCB_CMD_PWRITE, make("filter"), data, 100, 0);
    struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {1, allow};
    printf("before %lld\n", run(context, &one, 1));
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    printf("filter %d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
    printf("after %lld\n", run(context, &one, 1));
    return 0;
}

static int many(void)
{
    enum { MANY = 400, CONTEXTS = 80 };
    static struct iocb requests[MANY], *list[MANY];
    static struct io_event events[MANY];
    aio_context_t context = setup(MANY), others[CONTEXTS];
    int fd = make("many");
    for (int i = 0; i < MANY; i++) {
        requests[i] = request(IOCB_CMD_PWRITE, fd, i % 4 ? data : zeros, 512, (long long)(MANY - i) * 512);
        list[i] = &requests[i];
    }
    printf("submitted %ld\n", submit(context, MANY, list));
    printf("events %ld\n", syscall(SYS_io_getevents, context, (long)MANY, (long)MANY, events, NULL));
    long long sum = 0;
    for (int i = 0; i < CONTEXTS; i++) {
        others[i] = setup(2);
        sum += run(others[i], requests, 1);
    }
    printf("others %lld\n", sum);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } parts[] = {{"files", files}, {"partial", partial},  {"ring", ring},     {"threads", threads}, {"fork", forks},
                 {"left", left},   {"destroy", destroys}, {"filter", filter}, {"many", many}};
    memset(data, 'x', sizeof data);
    bad = mmap(NULL, 2 * BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; argc == 2 && i < sizeof parts / sizeof *parts; i++)
        if (strcmp(argv[1], parts[i].name) == 0)
            return parts[i].run();
    return 2;
}
