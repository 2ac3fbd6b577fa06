#include "threads.h"

#include <limits.h>
#include <pthread.h>

#include "../core/writer.h"
#include "process.h"

static pthread_key_t key;
static bool have_key;

enum { STARTS = 1024 };

/* A start is in use only until its thread runs: a ring of them suffices. */
static struct sc_thread_start starts[STARTS];
static uint32_t cursor;

struct sc_thread_start *sc_thread_prepare(void *(*start)(void *), void *argument)
{
    if (!have_key)
        return NULL;
    for (unsigned tries = 0; tries < STARTS; tries++) {
        struct sc_thread_start *carried = &starts[__atomic_fetch_add(&cursor, 1, __ATOMIC_RELAXED) % STARTS];
        if (__atomic_exchange_n(&carried->patched, 1, __ATOMIC_ACQUIRE))
            continue;
        carried->start = start;
        carried->argument = argument;
        return carried;
    }
    return NULL; /* all are in use: this thread is recorded from its first call on, but not its end */
}

void sc_thread_release(struct sc_thread_start *carried)
{
    __atomic_store_n(&carried->patched, 0, __ATOMIC_RELEASE);
}

void *sc_thread_run(void *argument)
{
    struct sc_thread_start carried = *(struct sc_thread_start *)argument;
    sc_thread_release(argument);
    struct sc_writer *writer = sc_writer_get();
    if (writer)
        pthread_setspecific(key, writer);
    return carried.start(carried.argument);
}

static void end_thread(void *value)
{
    struct sc_writer *writer = value;
    if (writer != sc_writer_own())
        return; /* a forked child's writer is another */
    if (writer->dtor_rounds++ < PTHREAD_DESTRUCTOR_ITERATIONS - 2) {
        pthread_setspecific(key, writer);
        return;
    }
    sc_thread_end();
}

void sc_threads_init(void)
{
    have_key = pthread_key_create(&key, end_thread) == 0;
}
