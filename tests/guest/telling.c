/*
 * Makes calls with arguments by which they can be told apart, for the comparison of what a capture and what strace say
 * of them. From close(-1001) to the end nothing else happens. Everything lies in the current folder.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static char buffer[8192], zeros[8192];

static int reading_and_writing(void)
{
    struct iovec iov[2] = {{buffer, 3}, {buffer + 3, 5}}, blank[2] = {{zeros, 100}, {zeros, 28}};
    off_t offset = 2;
    loff_t from = 1, to = 40;
    int fd = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640), other = creat("other", 0604);
    write(fd, "some data", 9);
    write(fd, zeros, 4096);
    write(fd, "", 0);
    write(fd, "tab\there \"quoted\" \x01\xff\n", 21);
    pwrite(fd, zeros, 512, 8192);
    writev(fd, iov, 2);
    pwritev(fd, blank, 2, 100);
    pwritev2(fd, iov, 2, 77, RWF_DSYNC | RWF_SYNC);
    lseek(fd, 0, SEEK_SET);
    lseek(fd, -5, SEEK_END);
    lseek(fd, 3, SEEK_CUR);
    lseek(fd, 0, SEEK_DATA);
    lseek(fd, 100, SEEK_HOLE);
    lseek(fd, -1, SEEK_SET);
    lseek(fd, 0, SEEK_SET);
    read(fd, buffer, 4);
    pread(fd, buffer, 9, 0);
    pread(fd, buffer, 10, 1 << 20);
    readv(fd, iov, 2);
    preadv(fd, iov, 2, 5);
    preadv2(fd, iov, 2, 5, RWF_HIPRI);
    sendfile(other, fd, &offset, 7);
    sendfile(other, fd, NULL, 7);
    copy_file_range(fd, &from, other, &to, 11, 0);
    fsync(fd);
    fdatasync(fd);
    syncfs(fd);
    sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE);
    posix_fadvise(fd, 1, 2, POSIX_FADV_SEQUENTIAL);
    readahead(fd, 0, 4096);
    ftruncate(fd, 12345);
    truncate("other", 54321);
    truncate("missing", 1);
    fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 4096, 4096);
    posix_fallocate(fd, 0, 100);
    read(-1, buffer, 5);
    write(-1, buffer, 5);
    close(other);
    close(other);
    return fd;
}

static void descriptors(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = 3, .l_len = 5};
    struct open_how {
        uint64_t flags, mode, resolve;
    } how = {O_RDONLY | O_CLOEXEC, 0, 8};
    int copy = dup(fd);
    dup2(fd, copy);
    dup2(fd, 2);
    dup3(fd, copy, O_CLOEXEC);
    fcntl(fd, F_GETFD);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_GETFD);
    fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
    fcntl(fd, F_DUPFD_CLOEXEC, 50);
    fcntl(fd, F_SETLK, &lock);
    fcntl(fd, F_OFD_GETLK, &(struct flock){.l_type = F_RDLCK});
    fcntl(fd, F_SETLEASE, F_UNLCK);
    fcntl(fd, 9999, 0);
    flock(fd, LOCK_EX | LOCK_NB);
    flock(fd, LOCK_UN);
    lockf(fd, F_ULOCK, 10);
    close_range(600, 700, CLOSE_RANGE_CLOEXEC);
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_PATH);
    int at = openat(folder, "file", O_WRONLY | O_APPEND | O_NOFOLLOW);
    openat(folder, "missing", O_RDONLY);
    syscall(SYS_openat2, AT_FDCWD, "file", &how, sizeof how);
    close(at);
    close(folder);
    int list = open(".", O_RDONLY | O_DIRECTORY);
    getdents64(list, buffer, sizeof buffer);
    close(list);
    close(copy);
}

static void states(int fd)
{
    struct stat st;
    struct statx stx;
    struct statfs fs;
    stat("file", &st);
    lstat("missing", &st);
    fstat(fd, &st);
    stat("/dev/null", &st);
    fstatat(AT_FDCWD, "file", &st, AT_SYMLINK_NOFOLLOW);
    statx(AT_FDCWD, "file", AT_STATX_DONT_SYNC, STATX_SIZE | STATX_MODE, &stx);
    statfs("/proc", &fs);
    fstatfs(fd, &fs);
    access("file", R_OK | W_OK);
    access("missing", F_OK);
    faccessat(AT_FDCWD, "file", X_OK, AT_EACCESS);
    faccessat(AT_FDCWD, "file", R_OK, 0);
    symlink("file", "link");
    symlinkat("file", AT_FDCWD, "link2");
    readlink("link", buffer, sizeof buffer);
    readlink("link", buffer, 2);
    readlink("file", buffer, sizeof buffer);
    readlinkat(AT_FDCWD, "link2", buffer, 100);
    getcwd(buffer, sizeof buffer);
}

static void names(int fd)
{
    mkdir("folder", 0750);
    mkdir("folder", 0750);
    mkdirat(AT_FDCWD, "folder2", 0700);
    rmdir("folder2");
    remove("missing");
    link("file", "hard");
    linkat(AT_FDCWD, "link", AT_FDCWD, "hard2", AT_SYMLINK_FOLLOW);
    rename("hard", "hard3");
    renameat(AT_FDCWD, "hard2", AT_FDCWD, "hard4");
    renameat2(AT_FDCWD, "hard3", AT_FDCWD, "hard4", RENAME_EXCHANGE);
    renameat2(AT_FDCWD, "hard3", AT_FDCWD, "hard4", RENAME_NOREPLACE);
    unlink("hard3");
    unlinkat(AT_FDCWD, "folder", AT_REMOVEDIR);
    mknod("fifo", S_IFIFO | 0600, 0);
    mknodat(AT_FDCWD, "null", S_IFCHR | 0600, 0x103);
    mkfifo("fifo2", 0640);
    chmod("file", 04755);
    fchmod(fd, 0600);
    fchmodat(AT_FDCWD, "file", 0644, 0);
    chown("file", -1, 0);
    fchown(fd, 0, -1);
    lchown("link", 0, 0);
    fchownat(AT_FDCWD, "link", 0, 0, AT_SYMLINK_NOFOLLOW);
    umask(027);
    umask(022);
    utimes("file", (struct timeval[2]){{1, 2}, {3, 4}});
    utimes("file", NULL);
    utime("file", &(struct utimbuf){1, 2});
    futimens(fd, NULL);
    utimensat(AT_FDCWD, "link", NULL, AT_SYMLINK_NOFOLLOW);
    setxattr("file", "user.name", "value", 5, XATTR_CREATE);
    getxattr("file", "user.name", buffer, 100);
    fgetxattr(fd, "user.none", buffer, 100);
    listxattr("file", buffer, 100);
    removexattr("file", "user.name");
    chdir(".");
    chdir("missing");
}

static void memory(int fd)
{
    char *at = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    char *file = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
    mprotect(at, 4096, PROT_READ | PROT_EXEC);
    mprotect(at, 4096, PROT_NONE);
    madvise(at + 4096, 4096, MADV_DONTNEED);
    mlock(at, 4096);
    munlock(at, 4096);
    mlock2(at, 4096, MLOCK_ONFAULT);
    munlockall();
    mincore(at, 4096, (unsigned char *)buffer);
    msync(file, 4096, MS_SYNC | MS_INVALIDATE);
    at = mremap(at, 16384, 32768, MREMAP_MAYMOVE);
    munmap(at, 32768);
    munmap(file, 4096);
    close(memfd_create("memory name", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    shmctl(id, IPC_RMID, NULL);
    msgget(0x1234, 0600);
    semget(IPC_PRIVATE, -1, IPC_CREAT | IPC_EXCL | 0640);
}

static void sockets(void)
{
    struct sockaddr_un local = {AF_UNIX, "socket"}, abstract = {AF_UNIX, "\0syscap-telling"};
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(0x7f000001)}};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct iovec iov = {buffer, 4};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    int on = 1, pair[2];
    socklen_t length = sizeof on;
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(server, (struct sockaddr *)&local, sizeof local);
    listen(server, 7);
    connect(client, (struct sockaddr *)&local, sizeof local);
    int accepted = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    accept(-1, NULL, NULL);
    getsockname(client, (struct sockaddr *)&local, &(socklen_t){sizeof local});
    send(client, "hello", 5, MSG_NOSIGNAL);
    recv(accepted, buffer, 100, MSG_PEEK);
    recv(accepted, buffer, 100, 0);
    recv(accepted, buffer, 100, MSG_DONTWAIT);
    sendmsg(client, &message, MSG_DONTWAIT);
    recvmsg(accepted, &message, MSG_TRUNC);
    shutdown(client, SHUT_RDWR);
    setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    getsockopt(client, SOL_SOCKET, SO_ERROR, &on, &length);
    close(client);
    close(accepted);
    close(server);
    connect(socket(AF_UNIX, SOCK_DGRAM, 0), (struct sockaddr *)&abstract,
            (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 15));
    int inet = socket(AF_INET, SOCK_DGRAM, 0);
    connect(inet, (struct sockaddr *)&in, sizeof in);
    sendto(inet, "dgram", 5, MSG_DONTWAIT, (struct sockaddr *)&in, sizeof in);
    setsockopt(inet, IPPROTO_IP, IP_TTL, &(int){9}, sizeof(int));
    close(inet);
    inet = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(inet, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    close(inet);
    inet = socket(AF_INET6, SOCK_DGRAM, 0);
    connect(inet, (struct sockaddr *)&in6, sizeof in6);
    close(inet);
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
    close(pair[0]);
    close(pair[1]);
}

static void waiting(int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    struct pollfd fds[2] = {{fd, POLLIN | POLLPRI, 0}, {fd, POLLOUT, 0}};
    struct itimerspec when = {.it_value = {100, 0}};
    sigset_t set;
    int pipes[2], more[2], value;
    uint64_t count;
    pipe(pipes);
    pipe2(more, O_NONBLOCK | O_CLOEXEC);
    write(pipes[1], "through the pipe", 16);
    tee(pipes[0], more[1], 7, SPLICE_F_NONBLOCK);
    splice(pipes[0], NULL, more[1], NULL, 16, SPLICE_F_MOVE);
    splice(pipes[0], (loff_t *)8, more[1], NULL, 0, 0); /* likewise */
    vmsplice(more[1], &(struct iovec){buffer, 3}, 1, SPLICE_F_GIFT);
    ioctl(more[0], FIONREAD, &value);
    ioctl(fd, TCGETS, buffer);
    ioctl(fd, FS_IOC_GETFLAGS, &value);
    isatty(fd);
    poll(fds, 1, 0);
    poll(fds, 2, 0);
    poll(NULL, 0, 1);
    ppoll(fds, 1, &(struct timespec){0, 0}, NULL);
    select(0, NULL, NULL, NULL, &(struct timeval){0, 0});
    pselect(0, NULL, NULL, NULL, &(struct timespec){0, 0}, NULL);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(epoll, EPOLL_CTL_ADD, more[0], &event);
    epoll_ctl(epoll, EPOLL_CTL_MOD, pipes[0], &event);
    epoll_wait(epoll, &event, 1, 0);
    epoll_ctl(epoll, EPOLL_CTL_DEL, more[0], (void *)8); /* not looked at */
    epoll_pwait(epoll, &event, 1, 0, NULL);
    close(epoll);
    close(epoll_create(5));
    int events = eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE);
    eventfd_write(events, 7);
    eventfd_read(events, &count);
    close(events);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
    timerfd_gettime(timer, &when);
    close(timer);
    sigemptyset(&set);
    close(signalfd(-1, &set, SFD_NONBLOCK));
    int notify = inotify_init1(IN_NONBLOCK);
    int watch = inotify_add_watch(notify, "file", IN_MODIFY | IN_CLOSE_WRITE);
    inotify_rm_watch(notify, watch);
    close(notify);
    close(inotify_init());
}

/* By number: recorded in both modes though no symbol of their own is wrapped. */
static void by_number(void)
{
    char space[256];
    syscall(SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, NULL, space);
    syscall(SYS_getrlimit, 9 /* RLIMIT_AS */, space);
    syscall(SYS_getrusage, 0, space);
    syscall(SYS_getrusage, -1, space);
    syscall(SYS_getrandom, space, 16, 1);
    syscall(SYS_clock_gettime, 1, space);
    syscall(SYS_clock_nanosleep, 0, 1, &(struct timespec){1, 0}, NULL);
    syscall(SYS_getpriority, 0, 0);
    syscall(SYS_prctl, 3 /* PR_GET_DUMPABLE */);
    syscall(SYS_getitimer, 0, space);
    syscall(SYS_sched_get_priority_max, 1);
    syscall(SYS_io_uring_enter, -1, 1, 2, 1, NULL, 0);
    syscall(SYS_io_uring_register, -1, 2, NULL, 0);
    syscall(SYS_mount, "none", "missing", "tmpfs", 1 | 2, NULL);
    syscall(SYS_umount2, "missing", 2);
    syscall(SYS_faccessat, AT_FDCWD, "file", 4);
    syscall(SYS_stat, "file", space);
    syscall(SYS_lstat, "file", space);
    syscall(SYS_waitid, 0, 0, NULL, 4 | 1, NULL);
    syscall(SYS_mq_unlink, "missing");
    syscall(SYS_getpid);
    syscall(SYS_gettid);
}

int main(void)
{
    memset(buffer, 'b', sizeof buffer);
    close(-1001);
    umask(022);
    int fd = reading_and_writing();
    descriptors(fd);
    states(fd);
    names(fd);
    memory(fd);
    sockets();
    waiting(fd);
    by_number();
    _exit(0);
}
