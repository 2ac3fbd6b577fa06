/*
 * Eight threads at once, each with a file of its own; they end by returning, by pthread_exit, joined and detached. What
 * each of them does is the same in every run: main opens the files, and all wait for each other.
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 8 };

static pthread_barrier_t all;
static sem_t done;
static int files[THREADS];

static void *work(void *argument)
{
    int number = (int)(long)argument;
    char bytes[512] = {0};
    pthread_barrier_wait(&all);
    for (int i = 0; i < 200; i++) {
        bytes[0] = (char)(i % 3);
        if (pwrite(files[number], bytes, sizeof bytes - (size_t)number, i * 512) < 0 ||
            pread(files[number], bytes, 100, i) < 0)
            abort();
    }
    dprintf(files[number], "%d\n", number);
    pthread_barrier_wait(&all);
    sem_post(&done);
    if (number == 3)
        pthread_exit(NULL); /* loads libgcc_s */
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    sem_init(&done, 0, 0);
    pthread_barrier_init(&all, NULL, THREADS);
    for (long i = 0; i < THREADS; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%ld", i);
        files[i] = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    }
    for (long i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, work, (void *)i);
        if (i >= 6)
            pthread_detach(threads[i]);
    }
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        sem_wait(&done);
    return 0;
}
