/*
 * The same work each time, with everything in it that differs between two runs and must not show: addresses, pids,
 * a temporary name, threads, a child. No two of its calls run at once, so that their order is one order.
 * With the argument "single" without the thread: whether a join has to wait, and so makes a call, is chance.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void *work(void *argument)
{
    char *block = argument;
    int fd = open("by_thread", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < 50; i++)
        if (pwrite(fd, block, 100, i * 100) != 100)
            abort();
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    (void)argv;
    char zeros[3000] = {0}, folder[4096], temporary[] = "/tmp/repeats-XXXXXX";
    struct stat st;
    pthread_t thread;
    int fd = open("by_main", O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < 20; i++)
        if (lseek(fd, i * 3328, SEEK_SET) < 0 || write(fd, zeros, sizeof zeros) != sizeof zeros)
            abort();
    char *map = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    map[10] = 1;
    msync(map, 65536, MS_SYNC);
    munmap(map, 65536);
    if (argc > 1) {
        work(zeros);
    } else {
        pthread_create(&thread, NULL, work, zeros);
        pthread_join(thread, NULL);
    }
    /* A drawn name, but not by mkstemp, which now and then asks for random bytes twice. */
    unsigned long draw = (unsigned long)getpid() * 2654435761u;
    for (char *p = strchr(temporary, 'X'); *p; p++, draw /= 26)
        *p = (char)((p - temporary) % 2 ? 'a' + draw % 26 : 'A' + draw % 26);
    int other = open(temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (write(other, "temporary", 9) != 9 || fstat(other, &st) || stat(temporary, &st))
        abort();
    unlink(temporary);
    close(other);
    sigset_t ended;
    int which;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, NULL);
    pid_t child = fork();
    if (child == 0) {
        int own = open("by_child", O_WRONLY | O_CREAT, 0600);
        if (write(own, zeros, 10) != 10)
            abort();
        _exit(0);
    }
    sigwait(&ended, &which); /* only when the child has ended does the parent make its next call */
    int status;
    waitpid(child, &status, 0);
    if (!getcwd(folder, sizeof folder))
        abort();
    fsync(fd);
    close(fd);
    return 0;
}
