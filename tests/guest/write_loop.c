/* Appends eight bytes at a time, in as many threads as asked for, each into its own file, until it is killed. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *work(void *argument)
{
    char name[32];
    snprintf(name, sizeof name, "loop%ld", (long)argument);
    int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
    while (write(fd, "12345678", 8) == 8)
        ;
    return NULL;
}

int main(int argc, char **argv)
{
    long threads = argc > 1 ? atol(argv[1]) : 1;
    for (long i = 1; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, (void *)i);
    }
    work((void *)0);
    return 1;
}
