/* A thread is cancelled in a call: the C library looks at which instruction that was, or unwinds from there. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int ends[2];

static void cleanup(void *unused)
{
    (void)unused;
    dprintf(1, "cleaned up\n");
}

static void *wait_for_ever(void *unused)
{
    char byte;
    pthread_cleanup_push(cleanup, unused);
    if (read(ends[0], &byte, 1) < 0)
        abort();
    pthread_cleanup_pop(0);
    return NULL;
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    pthread_t thread;
    void *result;
    if (pipe(ends) != 0)
        abort();
    pthread_create(&thread, NULL, wait_for_ever, NULL);
    usleep(50000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("cancelled %d\n", result == PTHREAD_CANCELED);
    return 0;
}
