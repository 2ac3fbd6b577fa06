/*
 * Six threads that begin when the address space is used up, on stacks that were mapped before: what the library needs
 * for them is not to be had. Each writes 1000 times.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { THREADS = 6, WRITES = 1000, STACK = 256 << 10 };

static int out;
static void *volatile heap;

static void *writer(void *unused)
{
    for (int i = 0; i < WRITES; i++)
        if (write(out, "x", 1) != 1)
            _exit(91);
    return unused;
}

static rlim_t address_space(void)
{
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY);
    if (read(fd, text, sizeof text - 1) < 0)
        _exit(92);
    close(fd);
    return (rlim_t)atol(text) * 4096;
}

int main(void)
{
    pthread_t threads[THREADS];
    pthread_attr_t attributes[THREADS];
    out = open("lanes", O_WRONLY | O_CREAT | O_APPEND, 0666);
    for (int i = 0; i < THREADS; i++) {
        void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (stack == MAP_FAILED || pthread_attr_init(&attributes[i]) ||
            pthread_attr_setstack(&attributes[i], stack, STACK))
            return 93;
    }
    if (!(heap = malloc(1000))) /* from which pthread_create takes */
        return 96;
    struct rlimit both = {address_space(), address_space()};
    if (setrlimit(RLIMIT_AS, &both))
        return 94;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], &attributes[i], writer, NULL))
            return 95;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
