/* Eight threads, each with its own file and its own number of writes, seeks and reads, all at once. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 8 };
static pthread_barrier_t start;

static void *work(void *argument)
{
    long number = (long)argument;
    char name[32], zeros[512] = {0}, data[512];
    memset(data, 'd', sizeof data);
    snprintf(name, sizeof name, "thread%ld", number);
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    pthread_barrier_wait(&start);
    for (long i = 0; i < 1000 * (number + 1); i++) {
        if (lseek(fd, i % 100 * 512, SEEK_SET) < 0 || write(fd, i % 4 ? data : zeros, 512) != 512 ||
            pread(fd, data, 1, 0) != 1)
            abort();
        data[0] = 'd';
    }
    close(fd);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&start, NULL, THREADS);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    puts("done");
    return 0;
}
