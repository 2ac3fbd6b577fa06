/* A thread blocked in a cancellation point is cancelled, runs its cleanup, and the rest of the program goes on. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int empty_pipe[2], full_pipe[2];
static pid_t child;
static volatile int tid;

static void cleanup(void *name)
{
    printf("cleanup %s\n", (const char *)name);
}

static void block(const char *how)
{
    char buffer[16];
    struct iovec iov = {buffer, sizeof buffer};
    int status;
    if (strcmp(how, "read") == 0)
        read(empty_pipe[0], buffer, sizeof buffer);
    else if (strcmp(how, "readv") == 0)
        readv(empty_pipe[0], &iov, 1);
    else if (strcmp(how, "write") == 0)
        write(full_pipe[1], buffer, sizeof buffer);
    else if (strcmp(how, "writev") == 0)
        writev(full_pipe[1], &iov, 1);
    else if (strcmp(how, "open") == 0)
        open("fifo", O_RDONLY);
    else if (strcmp(how, "openat") == 0)
        openat(AT_FDCWD, "fifo", O_RDONLY);
    else if (strcmp(how, "fcntl") == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        fcntl(open("locked", O_RDWR), F_SETLKW, &lock);
    } else if (strcmp(how, "lockf") == 0)
        lockf(open("locked", O_RDWR), F_LOCK, 0);
    else if (strcmp(how, "waitpid") == 0)
        waitpid(child, &status, 0);
    else if (strcmp(how, "wait") == 0)
        wait(&status);
}

static void *work(void *how)
{
    pthread_cleanup_push(cleanup, how);
    tid = gettid();
    block(how);
    printf("not cancelled %s %d\n", (const char *)how, errno);
    pthread_cleanup_pop(0);
    return NULL;
}

/* The state letter of /proc: sleeping means that it is in its call. */
static int sleeps(int thread)
{
    char name[64], text[256];
    snprintf(name, sizeof name, "/proc/self/task/%d/stat", thread);
    FILE *stream = fopen(name, "r");
    if (!stream)
        return 0;
    text[0] = '\0';
    fgets(text, sizeof text, stream);
    fclose(stream);
    const char *after = strrchr(text, ')');
    return after && after[2] == 'S';
}

int main(void)
{
    static char *ways[] = {"read", "readv", "write", "writev", "open", "openat", "fcntl", "lockf", "waitpid", "wait"};
    static char fill[65536];
    pipe(empty_pipe);
    pipe(full_pipe);
    write(full_pipe[1], fill, sizeof fill);
    mkfifo("fifo", 0600);
    int locked = open("locked", O_RDWR | O_CREAT, 0600);
    child = fork();
    if (child == 0) { /* holds the lock, and is what is waited for */
        lockf(locked, F_LOCK, 0);
        write(empty_pipe[1], "x", 1);
        pause();
        _exit(0);
    }
    read(empty_pipe[0], fill, 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        pthread_t thread;
        void *result;
        tid = 0;
        pthread_create(&thread, NULL, work, ways[i]);
        /* Cancelled a little after it sleeps; were it cancelled before its call, that would be a cancellation point
         * too. */
        for (int tries = 0; tries < 200 && !(tid && sleeps(tid)); tries++)
            usleep(5000);
        usleep(5000);
        pthread_cancel(thread);
        pthread_join(thread, &result);
        printf("%s %s\n", ways[i], result == PTHREAD_CANCELED ? "cancelled" : "returned");
    }
    /* No lock of anybody is left behind. */
    int fd = open("written", O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 10; i++)
        write(fd, "after", 5);
    kill(child, 9);
    waitpid(child, NULL, 0);
    puts("done");
    return 0;
}
