/*
 * minimal.c: the least that a preloaded wrapper can do: two time stamps and a 32-byte store into a shared mapping of a
 * file. It knows a few calls, looks into no buffer, and cares for no thread's end, fork, exec or kill. The yardstick.
 * With LTTNG it hands the same to LTTng-UST instead.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#ifdef LTTNG
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "ust_event.h"

static void store(unsigned nr, int fd, uint64_t start, int64_t result)
{
    lttng_ust_tracepoint(bench, call, __rdtsc() - start, result, nr, (uint32_t)fd);
}
#else
enum { RECORDS = 1 << 14, THREADS = 16 };

struct record {
    uint64_t start, duration;
    int64_t result;
    uint32_t nr, fd;
};

static struct record *records;
static unsigned threads;
/* Each thread writes to a part of its own: with one for all the cores would fight for its lines. */
static __thread struct record *mine __attribute__((tls_model("initial-exec")));
static __thread unsigned used __attribute__((tls_model("initial-exec")));

__attribute__((constructor)) static void begin(void)
{
    char name[] = "minimal.XXXXXX";
    size_t bytes = sizeof *records * RECORDS * THREADS;
    int fd = mkstemp(name);
    if (fd < 0 || unlink(name) != 0 || ftruncate(fd, (off_t)bytes) != 0)
        abort();
    records = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (records == MAP_FAILED)
        abort();
    close(fd);
}

static void store(unsigned nr, int fd, uint64_t start, int64_t result)
{
    if (__builtin_expect(!mine, 0))
        mine = records + __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED) % THREADS * RECORDS;
    mine[used++ % RECORDS] = (struct record){start, __rdtsc() - start, result, nr, (uint32_t)fd};
}
#endif

#define WRAP(type, name, nr, parameters, fd, ...)                                                                      \
    type name parameters                                                                                               \
    {                                                                                                                  \
        static type(*real) parameters;                                                                                 \
        if (__builtin_expect(!real, 0))                                                                                \
            real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                                        \
        uint64_t start = __rdtsc();                                                                                    \
        type result = real(__VA_ARGS__);                                                                               \
        store(nr, fd, start, result);                                                                                  \
        return result;                                                                                                 \
    }

WRAP(off_t, lseek, 8, (int fd, off_t offset, int whence), fd, fd, offset, whence)
WRAP(ssize_t, pwrite, 18, (int fd, const void *bytes, size_t count, off_t offset), fd, fd, bytes, count, offset)
WRAP(ssize_t, pread, 17, (int fd, void *bytes, size_t count, off_t offset), fd, fd, bytes, count, offset)
WRAP(ssize_t, write, 1, (int fd, const void *bytes, size_t count), fd, fd, bytes, count)
WRAP(int, open, 2, (const char *path, int flags, ...), result, path, flags)
WRAP(int, close, 3, (int fd), fd, fd)
