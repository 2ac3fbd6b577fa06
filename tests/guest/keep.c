/*
 * keep WAY WRITERS CALLS: each writer seeks on a number of its own from 0 to CALLS - 1, so that the capture tells which
 * of its calls it holds. threads: at once, in one process; processes: at once, each forked; turns: one process after
 * the other; exec: one program after the other, in one process; killed: as processes, until they are killed; sleepers:
 * the first writer makes one call in all the time that the others take.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST = 100, MOST = 64 }; /* descriptors: the first writer's, and how many there are */

static long calls;

static void seek(long writer, long number)
{
    if (lseek(FIRST + (int)writer, number, SEEK_SET) != number)
        abort();
}

static void *write_all(void *writer)
{
    for (long i = 0; i < calls; i++)
        seek((long)writer, i);
    return NULL;
}

static void at_once(long writers, long first)
{
    pthread_t threads[MOST];
    for (long i = first; i < writers; i++)
        pthread_create(&threads[i], NULL, write_all, (void *)i);
    for (long i = first; i < writers; i++)
        pthread_join(threads[i], NULL);
}

static void children(long writers, int in_turn)
{
    int status;
    for (long i = 0; i < writers; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            write_all((void *)i);
            exit(0);
        }
        if (in_turn)
            waitpid(pid, &status, 0);
    }
    while (wait(&status) > 0)
        ;
}

/* Children that are killed in the middle, whatever that is, and others after them. */
static void killed(long writers)
{
    int status;
    for (long i = 0; i < writers; i++) {
        pid_t pid = fork();
        if (pid == 0)
            for (long k = 0;; k++)
                seek(i, k);
        usleep(20000);
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
}

static void become_next(char **argv, long writers)
{
    char next[24];
    write_all((void *)(writers - 1));
    if (writers == 1)
        return;
    snprintf(next, sizeof next, "%ld", writers - 1);
    execl(argv[0], argv[0], "exec", next, argv[3], (char *)0);
    abort();
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    long writers = atol(argv[2]);
    calls = atol(argv[3]);
    int fd = open("seeks", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < writers; i++)
        if (fcntl(FIRST + i, F_GETFD) < 0)
            dup2(fd, FIRST + i);
    close(fd);
    if (strcmp(argv[1], "threads") == 0) {
        at_once(writers, 0);
    } else if (strcmp(argv[1], "sleepers") == 0) {
        seek(0, 0);
        at_once(writers, 1);
        seek(0, 1);
    } else if (strcmp(argv[1], "processes") == 0) {
        children(writers, 0);
    } else if (strcmp(argv[1], "turns") == 0) {
        children(writers, 1);
    } else if (strcmp(argv[1], "killed") == 0) {
        killed(writers);
    } else if (strcmp(argv[1], "exec") == 0) {
        become_next(argv, writers);
    }
    puts("done");
    return 0;
}
