/* Jobs with memory, threads, other ends and time. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "guests.h"

void job_where(bool dear)
{
    char here[PAGE];
    for (int i = 0; i < 500; i++)
        if (dear || i == 0)
            must(getcwd(here, sizeof here) ? 0 : -1);
}

/* What has come: tried until it is there, or waited for. */
void job_arrive(bool dear)
{
    int ends[2];
    char got;
    must(pipe2(ends, O_NONBLOCK));
    for (int i = 0; i < 20; i++) {
        for (int try = 0; dear && try < 100; try++)
            if (read(ends[0], &got, 1) >= 0 || errno != EAGAIN)
                errx(1, "something came too early");
        must(write(ends[1], "x", 1));
        if (!dear)
            must(poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, -1));
        must(read(ends[0], &got, 1));
    }
}

void job_pipe(bool dear)
{
    int ends[2];
    char *all = filled(32000, 'p');
    must(pipe(ends));
    size_t size = dear ? 16 : 32000;
    for (size_t at = 0; at < 32000; at += size)
        must(write(ends[1], all + at, size));
    must(read(ends[0], all, 32000));
}

/* Threads that append: to a file of each, or in turns to one under a lock. */
static bool shared;

static void *append(void *number)
{
    const char *name = shared ? "store/all" : numbered("store", (int)(intptr_t)number);
    int fd = file(name, O_WRONLY | O_APPEND);
    for (int i = 0; i < 100; i++) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (shared)
            must(fcntl(fd, F_OFD_SETLKW, &lock));
        must(write(fd, "an entry of some thread", 23));
        lock.l_type = F_UNLCK;
        if (shared)
            must(fcntl(fd, F_OFD_SETLKW, &lock));
    }
    return NULL;
}

/* One after the other, so that the static name of one is not another's. */
void job_together(bool dear)
{
    shared = dear;
    for (intptr_t i = 0; i < 4; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, append, (void *)i);
        pthread_join(thread, NULL);
    }
}

/* Two threads hand one ball to and fro, or each counts by itself. */
static pthread_mutex_t court = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bounced = PTHREAD_COND_INITIALIZER;
static int ball;

static void *play(void *me)
{
    for (int i = 0; i < 500; i++) {
        pthread_mutex_lock(&court);
        while (ball % 2 != (int)(intptr_t)me)
            pthread_cond_wait(&bounced, &court);
        ball++;
        pthread_cond_signal(&bounced);
        pthread_mutex_unlock(&court);
    }
    return NULL;
}

static void *count(void *unused)
{
    volatile int own = 0;
    while (own < 500)
        own++;
    return unused;
}

void job_hand_over(bool dear)
{
    pthread_t threads[2];
    for (intptr_t i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, dear ? play : count, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

void job_pause(bool dear)
{
    int fd = file("out", O_WRONLY);
    for (int i = 0; i < 20; i++) {
        must(write(fd, "a step", 6));
        if (dear)
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}

/* The same calls, one of which waits. */
void job_slow_once(bool dear)
{
    nanosleep(&(struct timespec){.tv_nsec = dear ? 700000000 : 1}, NULL);
}

void job_terminal(bool dear)
{
    int fd = file("out", O_WRONLY);
    struct termios is;
    for (int i = 0; i < 200; i++) {
        if (dear && ioctl(fd, TCGETS, &is) == 0)
            errx(1, "a terminal?");
        must(write(fd, "plain, as this is a file\n", 25));
    }
}

void job_heap(bool dear)
{
    for (int i = 0; i < 300; i++)
        if (dear) {
            must(sbrk(PART) == (void *)-1 ? -1 : 0);
            must(sbrk(-PART) == (void *)-1 ? -1 : 0);
        }
}

void job_datagrams(bool dear)
{
    enum { MANY = 50 };
    int ends[2];
    char bytes[] = "a short message";
    struct iovec part = {bytes, sizeof bytes};
    struct mmsghdr all[MANY];
    must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends));
    for (int i = 0; i < MANY; i++)
        all[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
    for (int round = 0; round < 8; round++) {
        if (!dear)
            must(sendmmsg(ends[1], all, MANY, 0));
        for (int i = 0; dear && i < MANY; i++)
            must(sendmsg(ends[1], &all[i].msg_hdr, 0));
        must(recvmmsg(ends[0], all, MANY, 0, NULL));
    }
}

/* Nothing of the caller's is to stay open: each number that there may be, or all at once. */
void job_close_all(bool dear)
{
    if (!dear)
        must(close_range(3, ~0U, 0));
    for (int fd = 3; dear && fd < 1000; fd++)
        close(fd);
}

void job_give_way(bool dear)
{
    for (int i = 0; i < 1000; i++)
        if (dear)
            sched_yield();
}

void job_guarded(bool dear)
{
    int fd = file("out", O_WRONLY);
    sigset_t all, before;
    sigfillset(&all);
    for (int i = 0; i < 300; i++) {
        if (dear)
            must(sigprocmask(SIG_BLOCK, &all, &before));
        must(write(fd, "not to be cut in two", 20));
        if (dear)
            must(sigprocmask(SIG_SETMASK, &before, NULL));
    }
}

void job_chance(bool dear)
{
    char number[8], many[256];
    for (int i = 0; i < 200; i++) {
        if (!dear) {
            must(i == 0 ? getrandom(many, sizeof many, 0) : 0);
            continue;
        }
        int fd = file("/dev/urandom", O_RDONLY);
        must(read(fd, number, sizeof number));
        close(fd);
    }
}

/* Who answers is the same program: connect and accept wait for nobody on a socket that listens. */
void job_ask(bool dear)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "door"};
    int door = (int)must(socket(AF_UNIX, SOCK_STREAM, 0)), near = -1, far = -1;
    char got[8];
    must(bind(door, (struct sockaddr *)&at, sizeof at));
    must(listen(door, 1));
    for (int i = 0; i < 100; i++) {
        if (dear || i == 0) {
            near = (int)must(socket(AF_UNIX, SOCK_STREAM, 0));
            must(connect(near, (struct sockaddr *)&at, sizeof at));
            far = (int)must(accept(door, NULL, NULL));
        }
        must(send(near, "ask", 3, 0));
        must(recv(far, got, sizeof got, 0));
        if (dear) {
            close(near);
            close(far);
        }
    }
}

void job_protect(bool dear)
{
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 300; i++) {
        must(dear ? mprotect(page, PAGE, PROT_READ | PROT_WRITE) : 0);
        page[i] = 'c';
        must(dear ? mprotect(page, PAGE, PROT_READ) : 0);
    }
}

/* A thread for each item, or one for all. */
void job_workers(bool dear)
{
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        if (!dear && i > 0)
            continue;
        pthread_create(&thread, NULL, count, NULL);
        pthread_join(thread, NULL);
    }
}
