/* scenes.c: what writers, records and the file have to bear. */
#include "harness.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../shim/session/process.h"

enum { THREADS = 8, WAVES = 40, RECORDS = 1500 };

struct writer {
    uint32_t number;
    uint64_t records;
};

static void *write_records(void *argument)
{
    const struct writer *writer = argument;
    for (uint64_t i = 0; i < writer->records; i++)
        harness_record(writer->number, i);
    sc_thread_end();
    return NULL;
}

/* THREADS of these at once. */
static void write_at_once(struct writer *writers)
{
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, write_records, &writers[i]) == 0);
    for (unsigned i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
}

/* Threads that come and go: writers are taken new, left, and taken over with what is left of their chunks. */
void scene_threads(const char *path, char **argv)
{
    static struct writer writers[WAVES * THREADS];
    static uint64_t counts[WAVES * THREADS];
    harness_begin(path, 0, false, argv);
    for (uint32_t wave = 0; wave < WAVES; wave++) {
        for (uint32_t i = 0; i < THREADS; i++) {
            uint32_t number = wave * THREADS + i;
            writers[number] = (struct writer){number, wave % 4 ? 40 : RECORDS};
            counts[number] = writers[number].records;
        }
        write_at_once(&writers[wave * THREADS]);
    }
    harness_expect(path, counts, WAVES * THREADS, HARNESS_NOTHING);
}

/* Writers of the signals: 0 to 3 threads, 4 to 7 the handlers that interrupt them, 8 to 11 handlers within these. */
enum { SIGNALLED = 4, DEEP = 3 * SIGNALLED };
static uint64_t written[DEEP];
static __thread uint32_t self = UINT32_MAX;
static volatile sig_atomic_t done_signalling;

static void handler(int signal)
{
    if (self == UINT32_MAX)
        return;
    uint32_t writer = self + (signal == SIGUSR1 ? SIGNALLED : 2 * SIGNALLED);
    for (int i = 0; i < 3; i++)
        harness_record(writer, written[writer]++);
}

static void *write_interrupted(void *argument)
{
    self = *(const uint32_t *)argument;
    uint32_t writer = self;
    for (uint64_t i = 0; i < 20 * RECORDS; i++)
        harness_record(writer, written[writer]++);
    self = UINT32_MAX;
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &both, NULL);
    sc_thread_end();
    __atomic_sub_fetch((int *)((char *)argument + sizeof(uint32_t)), 1, __ATOMIC_RELEASE);
    return NULL;
}

/* Each thread is interrupted while it records, by a handler that records, which is interrupted in turn. */
void scene_signals(const char *path, char **argv)
{
    struct {
        uint32_t number;
        int alive;
    } state[SIGNALLED];
    pthread_t threads[SIGNALLED];
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    harness_begin(path, 0, false, argv);
    for (uint32_t i = 0; i < SIGNALLED; i++) {
        state[i].number = i;
        state[i].alive = 1;
        CHECK(pthread_create(&threads[i], NULL, write_interrupted, &state[i]) == 0);
    }
    for (bool any = true; any;) {
        any = false;
        for (uint32_t i = 0; i < SIGNALLED; i++)
            if (__atomic_load_n(&state[i].alive, __ATOMIC_ACQUIRE)) {
                any = true;
                pthread_kill(threads[i], SIGUSR1);
                pthread_kill(threads[i], SIGUSR2);
            }
        usleep(50);
    }
    for (unsigned i = 0; i < SIGNALLED; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(written[SIGNALLED] + written[SIGNALLED + 1] + written[SIGNALLED + 2] + written[SIGNALLED + 3] > 0);
    harness_expect(path, written, DEEP, HARNESS_NOTHING);
}

static volatile int forking;

static void *write_beside(void *argument)
{
    uint64_t *count = argument;
    while (__atomic_load_n(&forking, __ATOMIC_RELAXED))
        harness_record(0, (*count)++);
    sc_thread_end();
    return NULL;
}

/* A child of a threaded process, whose other threads were in the middle of records, and a child of that. */
static void child(uint32_t writer)
{
    for (uint64_t i = 0; i < 300; i++)
        harness_record(writer, i);
    pid_t grandchild = fork();
    if (grandchild == 0) {
        for (uint64_t i = 0; i < 300; i++)
            harness_record(writer + 1, i);
        _exit(0);
    }
    int status;
    waitpid(grandchild, &status, 0);
    for (uint64_t i = 300; i < 600; i++)
        harness_record(writer, i);
    _exit(status == 0 ? 0 : 1);
}

void scene_fork(const char *path, char **argv)
{
    enum { CHILDREN = 40 };
    static uint64_t counts[2 + 2 * CHILDREN];
    pthread_t thread;
    harness_begin(path, 0, false, argv);
    forking = 1;
    CHECK(pthread_create(&thread, NULL, write_beside, &counts[0]) == 0);
    for (uint32_t i = 0; i < CHILDREN; i++) {
        uint32_t writer = 2 + 2 * i;
        harness_record(1, counts[1]++);
        pid_t pid = fork();
        if (pid == 0)
            child(writer);
        int status;
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
        counts[writer] = 600;
        counts[writer + 1] = 300;
    }
    __atomic_store_n(&forking, 0, __ATOMIC_RELAXED);
    CHECK(pthread_join(thread, NULL) == 0);
    harness_expect(path, counts, 2 + 2 * CHILDREN, HARNESS_NOTHING);
}

/* The file may grow no further: what is in it is whole, and what found no place is counted. */
void scene_limit(const char *path, char **argv)
{
    struct writer writers[THREADS];
    uint64_t counts[THREADS];
    harness_begin(path, 400 * 1024, false, argv);
    for (uint32_t i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){i, 10 * RECORDS};
        counts[i] = writers[i].records;
    }
    write_at_once(writers);
    CHECK(harness_expect(path, counts, THREADS, HARNESS_LOST) > 0);
}

/*
 * Little room for what all of them write: each has its newest, though chunks are used again while others write, threads
 * end and begin, and forked children take part.
 */
void scene_keep(const char *path, char **argv)
{
    enum { TURNS = 3, CHILDREN = 2, WRITERS = TURNS * THREADS + CHILDREN };
    static struct writer writers[WRITERS];
    static uint64_t counts[WRITERS];
    pid_t children[CHILDREN];
    harness_begin(path, 1024 * 1024, true, argv);
    for (uint32_t i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){i, 10 * RECORDS};
        counts[i] = writers[i].records;
    }
    for (uint32_t i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            write_records(&writers[TURNS * THREADS + i]);
            _exit(0);
        }
    }
    for (unsigned turn = 0; turn < TURNS; turn++)
        write_at_once(&writers[turn * THREADS]);
    int status;
    for (unsigned i = 0; i < CHILDREN; i++)
        CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
    CHECK(harness_expect(path, counts, WRITERS, HARNESS_OLDEST) > 0);
}
