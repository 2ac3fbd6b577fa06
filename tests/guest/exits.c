/* Ways to end, after ten writes of eight bytes each into "written". */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *last_thread(void *unused)
{
    usleep(10000);
    return unused;
}

static void at_exit(void)
{
    if (write(1, "atexit\n", 7) != 7)
        abort();
}

__attribute__((destructor)) static void at_end(void)
{
    if (write(1, "destructor\n", 11) != 11)
        abort();
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "return";
    int fd = open("written", O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 10; i++)
        if (write(fd, "12345678", 8) != 8)
            abort();
    atexit(at_exit);
    at_quick_exit(at_exit);
    if (strcmp(how, "exit") == 0)
        exit(5);
    if (strcmp(how, "one") == 0)
        return 1;
    if (strcmp(how, "large") == 0)
        exit(0x1234); /* the parent sees 0x34 */
    if (strcmp(how, "_exit") == 0)
        _exit(6);
    if (strcmp(how, "_Exit") == 0)
        _Exit(7);
    if (strcmp(how, "quick_exit") == 0)
        quick_exit(8);
    if (strcmp(how, "syscall") == 0)
        syscall(SYS_exit_group, 9);
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "segv") == 0)
        *(volatile int *)8 = 1;
    if (strcmp(how, "kill") == 0)
        kill(getpid(), SIGKILL);
    if (strcmp(how, "term") == 0)
        raise(SIGTERM);
    if (strcmp(how, "pthread_exit") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, last_thread, NULL);
        pthread_exit(NULL);
    }
    return 0;
}
