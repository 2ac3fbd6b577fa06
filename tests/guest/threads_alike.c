/*
 * A deterministic threaded program whose threads are scheduled anyhow: six that are made in order, two of which make
 * one of their own, write their own files, read one file at their own offsets, take turns at a lock, map and unmap
 * memory, and end. What each of them does is the same in every run. With an argument the fourth takes a turn more.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 6, MAKERS = 2, TURNS = 40, BLOCK = 512 };

static int shared = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long turns; /* under the lock */
static bool more;

static void *work(void *argument)
{
    long number = (long)argument;
    char name[32], block[BLOCK] = {0};
    pthread_t own;
    snprintf(name, sizeof name, "out%ld", number);
    if (number < MAKERS)
        pthread_create(&own, NULL, work, (void *)(number + THREADS));
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (long i = 0; i < TURNS + (more && number == 3); i++) {
        if (write(fd, block, BLOCK) != BLOCK || pread(shared, block, BLOCK, (number * TURNS + i) * BLOCK) != BLOCK)
            abort();
        pthread_mutex_lock(&lock);
        turns++;
        if (i % 7 == 0)
            usleep(50);
        pthread_mutex_unlock(&lock);
    }
    char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memory[0] = 1;
    munmap(memory, 1 << 20);
    close(fd);
    if (number < MAKERS)
        pthread_join(own, NULL);
    return NULL;
}

int main(int argc, char **argv)
{
    (void)argv;
    more = argc > 1;
    pthread_t threads[THREADS];
    shared = open("shared", O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (ftruncate(shared, (THREADS + MAKERS) * TURNS * BLOCK))
        abort();
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, work, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    close(shared);
    puts("done");
    return 0;
}
