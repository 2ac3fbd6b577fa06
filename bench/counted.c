/*
 * counted.c: which calls the kernel counts in /proc/thread-self/io: the table of docs/COVERAGE.md, for this kernel.
 * Its files have no names and lie in the working directory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOWHERE = 99 }; /* no descriptor */

static char buffer[64];

/* This reading counts as one read in the next. */
static void counters(long ret_values[2])
{
    char text[512];
    int fd = open("/proc/thread-self/io", O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (got < 0) {
        perror("/proc/thread-self/io");
        exit(1);
    }
    text[got] = '\0';
    close(fd);
    const char *at = strstr(text, "syscr:");
    if (!at || sscanf(at, "syscr: %ld\nsyscw: %ld", &ret_values[0], &ret_values[1]) != 2)
        exit(1);
}

#define SHOW(what, call)                                                                                               \
    do {                                                                                                               \
        long before[2], after[2];                                                                                      \
        counters(before);                                                                                              \
        long result = (call);                                                                                          \
        int error = errno;                                                                                             \
        counters(after);                                                                                               \
        printf("%-30s reads %ld  writes %ld  result %ld %s\n", what, after[0] - before[0] - 1, after[1] - before[1],   \
               result, result < 0 ? strerror(error) : "");                                                             \
    } while (0)

static int unnamed(void)
{
    char name[] = "counted.XXXXXX";
    int fd = mkstemp(name);
    if (fd < 0 || unlink(name) != 0 || ftruncate(fd, 4096) != 0)
        exit(1);
    return fd;
}

static void on_files(int file, int other)
{
    struct iovec part = {buffer, 8};
    void *volatile nowhere = (void *)8;
    SHOW("write", write(file, buffer, 8));
    SHOW("write of 0 bytes", write(file, buffer, 0));
    SHOW("write, EFAULT", write(file, nowhere, 8));
    SHOW("write, EBADF", write(NOWHERE, buffer, 8));
    SHOW("write, ENOSPC", write(open("/dev/full", O_WRONLY), buffer, 8));
    SHOW("pwrite64", pwrite(file, buffer, 8, 0));
    SHOW("read", read(file, buffer, 8));
    SHOW("read, EISDIR", read(open(".", O_RDONLY), buffer, 8));
    SHOW("pread64", pread(file, buffer, 8, 0));
    SHOW("pread64 at the end", pread(file, buffer, 8, 1 << 20));
    SHOW("pread64, offset -1", pread(file, buffer, 8, -1));
    SHOW("readv", readv(file, &part, 1));
    SHOW("readv, EBADF", readv(NOWHERE, &part, 1));
    SHOW("writev", writev(file, &part, 1));
    SHOW("writev, EBADF", writev(NOWHERE, &part, 1));
    SHOW("preadv, EBADF", preadv(NOWHERE, &part, 1, 0));
    SHOW("preadv, offset -1", preadv(file, &part, 1, -1));
    SHOW("preadv2, EBADF", preadv2(NOWHERE, &part, 1, 0, 0));
    SHOW("pwritev2", pwritev2(file, &part, 1, 0, 0));
    SHOW("lseek", lseek(file, 0, SEEK_SET));
    SHOW("sendfile", sendfile(other, file, NULL, 8));
    SHOW("sendfile, EBADF", sendfile(NOWHERE, file, NULL, 8));
    SHOW("copy_file_range", copy_file_range(file, NULL, other, NULL, 8, 0));
    SHOW("copy_file_range of 0 bytes", copy_file_range(file, NULL, other, NULL, 0, 0));
    SHOW("copy_file_range, EBADF", copy_file_range(NOWHERE, NULL, other, NULL, 8, 0));
    SHOW("getdents64", syscall(SYS_getdents64, open(".", O_RDONLY), buffer, sizeof buffer));
    SHOW("process_vm_readv", process_vm_readv(getpid(), &part, 1, &part, 1, 0));
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map != MAP_FAILED) {
        SHOW("a store into a mapping", (map[0] = 1) == 1);
        SHOW("msync", msync(map, 4096, MS_SYNC));
    }
}

static void on_pipes_and_sockets(int file)
{
    struct iovec part = {buffer, 8};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    int ends[2], more[2], pair[2];
    if (pipe(ends) != 0 || pipe(more) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        exit(1);
    SHOW("write to a pipe", write(ends[1], buffer, 8));
    SHOW("read from a pipe", read(ends[0], buffer, 8));
    SHOW("pread64 of a pipe, ESPIPE", pread(ends[0], buffer, 8, 0));
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    SHOW("read, EAGAIN", read(ends[0], buffer, 8));
    SHOW("splice", splice(file, NULL, ends[1], NULL, 8, 0));
    SHOW("vmsplice", vmsplice(ends[1], &part, 1, 0));
    SHOW("tee", tee(ends[0], more[1], 8, 0));
    SHOW("write to a socket", write(pair[0], buffer, 8));
    SHOW("read from a socket", read(pair[1], buffer, 8));
    SHOW("send", send(pair[0], buffer, 8, 0));
    SHOW("recv", recv(pair[1], buffer, 8, 0));
    SHOW("sendmsg", sendmsg(pair[0], &message, 0));
    SHOW("recvmsg", recvmsg(pair[1], &message, 0));
}

static void nothing(int signal)
{
    (void)signal;
}

/* A read that a signal interrupts after a while; something to read comes later. */
static void interrupted(const char *what, int flags)
{
    struct sigaction action = {.sa_handler = nothing, .sa_flags = flags};
    int ends[2];
    if (pipe(ends) != 0 || sigaction(SIGALRM, &action, NULL) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        usleep(100000);
        kill(getppid(), SIGALRM);
        usleep(100000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    SHOW(what, read(ends[0], buffer, 1));
    waitpid(child, NULL, 0);
}

int main(void)
{
    int file = unnamed(), other = unnamed();
    on_files(file, other);
    on_pipes_and_sockets(file);
    interrupted("read, restarted", SA_RESTART);
    interrupted("read, EINTR", 0);
    return 0;
}
