/*
 * Libraries that come and go, by the hundred and in several threads: plugins FOLDER ROUNDS. In the folder lie
 * plugin_a.so, plugin_b.so, ...: the same code with more and more data behind it, so that one often lies where another
 * was and its tables are elsewhere. Each has a function that asks for the name of its own.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { THREADS = 3, KINDS = 6 };

static const char *folder;
static int rounds;
static int failures;

static void use(int kind)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/plugin_%c.so", folder, 'a' + kind);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    int (*ask)(void) = library ? (int (*)(void))dlsym(library, "ask") : NULL;
    if (!ask || ask() != 7)
        __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
    if (library)
        dlclose(library);
}

static void *run(void *first)
{
    for (int i = 0; i < rounds; i++)
        use((int)((size_t)first * 2 + (size_t)(i & 1)));
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    folder = argc > 1 ? argv[1] : ".";
    rounds = argc > 2 ? atoi(argv[2]) : 10;
    for (int kind = 0; kind < KINDS; kind++)
        use(kind);
    for (size_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, run, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("plugins done, %d failures\n", failures);
    return 0;
}
