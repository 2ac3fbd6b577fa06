/*
 * What libc's functions call, for a comparison with strace, by the C library that it is built with.
 *
 *   plain   functions that make one call, or a few by what they are given
 *   inside  what libc does by itself: streams, folders, other programs; threads that are joined and that are not
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int failed;

static void expect(int good, const char *what)
{
    if (!good) {
        failed = 1;
        dprintf(2, "%s\n", what);
    }
}

static void files(void)
{
    char bytes[64] = {0};
    struct iovec parts[2] = {{bytes, 8}, {bytes + 8, 8}};
    int fd = open("file", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    expect(fd >= 0 && write(fd, "12345678", 8) == 8 && writev(fd, parts, 2) == 16, "write");
    expect(pwrite(fd, "ab", 2, 30) == 2 && pread(fd, bytes, 4, 0) == 4 && lseek(fd, 4, SEEK_SET) == 4, "at");
    expect(read(fd, bytes, 4) == 4 && readv(fd, parts, 2) == 16 && ftruncate(fd, 10) == 0 && fsync(fd) == 0, "read");
    expect(fcntl(fd, F_GETFL) >= 0 && close(fd) == 0, "close");
    fd = openat(AT_FDCWD, "file", O_RDONLY);
    expect(fd >= 0 && close(fd) == 0 && open("missing", O_RDONLY) < 0, "openat");
    fd = creat("made", 0600);
    expect(fd >= 0 && dup2(fd, fd + 5) == fd + 5 && close(fd) == 0 && close(fd + 5) == 0, "creat");
}

static void names(void)
{
    struct stat st;
    char link_to[32], name[] = "temp_XXXXXX";
    expect(stat("file", &st) == 0 && lstat("file", &st) == 0 && stat("missing", &st) < 0, "stat");
    expect(fstatat(AT_FDCWD, "file", &st, 0) == 0 && fstatat(AT_FDCWD, "file", &st, AT_SYMLINK_NOFOLLOW) == 0, "at");
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    expect(fstat(folder, &st) == 0 && fstatat(folder, "file", &st, 0) == 0 && access("file", R_OK) == 0, "fstat");
    expect(faccessat(folder, "file", R_OK, 0) == 0 && close(folder) == 0, "faccessat");
    expect(mkdir("folder", 0700) == 0 && rename("made", "folder/moved") == 0 && symlink("file", "link") == 0, "mkdir");
    expect(readlink("link", link_to, sizeof link_to) == 4 && unlink("link") == 0 && chmod("file", 0600) == 0, "link");
    expect(mkfifo("fifo", 0600) == 0 && remove("fifo") == 0 && mkdir("gone", 0700) == 0 && remove("gone") == 0, "fifo");
    int fd = mkstemp(name);
    expect(fd >= 0 && unlink(name) == 0 && close(fd) == 0, "mkstemp");
}

static void others(void)
{
    int pair[2], status;
    char byte;
    struct pollfd ready = {.events = POLLIN};
    struct epoll_event event = {.events = EPOLLIN};
    expect(pipe(pair) == 0 && write(pair[1], "x", 1) == 1 && (ready.fd = pair[0]) >= 0, "pipe");
    expect(poll(&ready, 1, 0) == 1 && read(pair[0], &byte, 1) == 1, "poll");
    int waiting = epoll_create1(0);
    expect(epoll_ctl(waiting, EPOLL_CTL_ADD, pair[0], &event) == 0 && epoll_wait(waiting, &event, 1, 0) == 0, "epoll");
    close(waiting), close(pair[0]), close(pair[1]);
    expect(pipe2(pair, O_CLOEXEC) == 0 && close(pair[0]) == 0 && close(pair[1]) == 0, "pipe2");
    expect(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && send(pair[0], "y", 1, 0) == 1, "socketpair");
    expect(recv(pair[1], &byte, 1, 0) == 1 && close(pair[0]) == 0 && close(pair[1]) == 0, "recv");
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect(mprotect(memory, 4096, PROT_READ) == 0 && munmap(memory, 4096) == 0, "mmap");
    pid_t child = fork();
    if (child == 0)
        _exit(write(2, "", 0) ? 1 : 3);
    expect(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3, "fork");
}

static void streams(void)
{
    char line[64];
    FILE *stream = fopen("streamed", "w+");
    expect(stream && fputs("one\ntwo\n", stream) >= 0 && fflush(stream) == 0, "fopen");
    rewind(stream);
    expect(fgets(line, sizeof line, stream) && strcmp(line, "one\n") == 0 && fclose(stream) == 0, "fgets");
    stream = fopen("streamed", "ae");
    expect(stream && fprintf(stream, "three %d\n", 3) == 8 && fclose(stream) == 0, "append");
    DIR *folder = opendir(".");
    int entries = 0;
    while (readdir(folder))
        entries++;
    expect(closedir(folder) == 0 && entries >= 3, "readdir");
    stream = tmpfile();
    expect(stream && putc('t', stream) == 't' && fclose(stream) == 0, "tmpfile");
    expect(getcwd(line, sizeof line) || line[0] >= 0, "getcwd");
}

static sem_t written;

static void *write_one(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    expect(write(fd, "t", 1) == 1 && close(fd) == 0, "thread");
    sem_post(&written);
    return NULL;
}

static void threads(void)
{
    pthread_t thread;
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    sem_init(&written, 0, 0);
    for (int i = 0; i < 4; i++) {
        pthread_create(&thread, NULL, write_one, "joined");
        pthread_join(thread, NULL);
        sem_wait(&written);
        pthread_create(&thread, &detached, write_one, "detached");
        sem_wait(&written);
    }
    usleep(50000); /* those that nobody joins have ended: what of them is cut off by the end is no matter of ours */
}

static void programs(void)
{
    char line[64] = "";
    FILE *stream = popen("echo from a shell", "r");
    expect(stream && fgets(line, sizeof line, stream) && pclose(stream) == 0, "popen");
    expect(system("exit 4") == 4 << 8, "system");
    fputs(line, stdout);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "plain") == 0) {
        files();
        names();
        others();
    } else if (argc > 1 && strcmp(argv[1], "inside") == 0) {
        files();
        streams();
        threads();
    } else if (argc > 1 && strcmp(argv[1], "programs") == 0) {
        programs();
    }
    return failed;
}
