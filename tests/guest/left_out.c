/* What a filter at record time has to follow: numbers that mean other files, links, children, handlers that do not
 * return. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[4096];

static void put(int fd, int times)
{
    for (int i = 0; i < times; i++)
        write(fd, block, 100);
}

/* Which file a number means changes by each way that there is. */
static void numbers(void)
{
    int a = open("wanted", O_RDWR | O_CREAT | O_TRUNC, 0644); /* 3 calls */
    put(a, 3);
    close(a);
    int b = open("other", O_RDWR | O_CREAT | O_TRUNC, 0644); /* the same number */
    put(b, 20);
    a = open("wanted", O_RDWR | O_APPEND);
    put(a, 2);
    int copy = dup(a);
    put(copy, 1);
    dup2(b, copy);
    put(copy, 10);
    dup2(a, b);
    put(b, 4);
    int far = fcntl(a, F_DUPFD, 100);
    put(far, 5);
    syscall(SYS_close_range, far, far, 0); /* musl has no function for it */
    int pipes[2];
    pipe(pipes);
    put(pipes[1], 7);
    for (int i = 0; i < 7; i++)
        read(pipes[0], block, 100);
    memset(block, 0, sizeof block);
    printf("wanted 15 writes, same numbers %d %d\n", a != copy, b == 3);
}

/* A folder that is a link: the kernel's name has it not. */
static void links(void)
{
    int fd = open("named/x", O_RDWR | O_CREAT, 0644);
    put(fd, 6);
    close(fd);
    fd = open("real/y", O_RDWR | O_CREAT, 0644);
    put(fd, 2);
    puts("links 6");
}

static void *work(void *file)
{
    int fd = *(int *)file;
    for (int i = 0; i < 50; i++) {
        put(fd, 2);
        lseek(fd, 0, SEEK_SET);
        read(fd, block, 100);
    }
    return NULL;
}

/* None opens while others close: which of two calls the kernel did first no record tells. */
static void threads(void)
{
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    int files[THREADS];
    for (int i = 0; i < THREADS; i++) {
        char name[32];
        snprintf(name, sizeof name, "%s%d", i % 2 ? "wanted" : "other", i);
        files[i] = open(name, O_RDWR | O_CREAT, 0644);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, work, &files[i]);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    puts("threads 4");
}

static void children(void)
{
    int fd = open("wanted", O_RDWR | O_CREAT, 0644), status;
    if (fork() == 0) {
        put(fd, 3);
        int other = open("other", O_RDWR | O_CREAT, 0644);
        put(other, 3);
        _exit(0);
    }
    wait(&status);
    if (vfork() == 0) {
        put(fd, 1);
        _exit(0);
    }
    wait(&status);
    put(fd, 2);
    puts("children 6");
}

static sigjmp_buf back;

static void leave(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

/* A read that a handler leaves for good, and then others at the same place of the stack. */
static void handlers(void)
{
    int pipes[2];
    pipe(pipes);
    signal(SIGALRM, leave);
    for (int i = 0; i < 3; i++) {
        if (sigsetjmp(back, 1) == 0) {
            ualarm(20000, 0);
            read(pipes[0], block, 10);
        }
        put(pipes[1], 1);
        read(pipes[0], block, 100);
    }
    puts("handlers 3");
}

int main(int argc, char **argv)
{
    const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {
        {"numbers", numbers}, {"links", links}, {"threads", threads}, {"children", children}, {"handlers", handlers}};
    for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(parts[i].name, argv[1]) == 0)
            parts[i].run();
    fflush(stdout);
    return 0;
}
