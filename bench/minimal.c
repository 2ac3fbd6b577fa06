/*
 * minimal.c: the least that a preloaded wrapper can do: two time stamps and a 32-byte store into a shared mapping of a
 * file. It knows lseek and pwrite, looks into no buffer, and cares for no thread, fork, exec or kill. The yardstick.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

enum { RECORDS = 1 << 15 };

struct record {
    uint64_t start, duration;
    int64_t result;
    uint32_t nr, fd;
};

static struct record *records;
static unsigned used;
static off_t (*real_lseek)(int, off_t, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void begin(void)
{
    char name[] = "minimal.XXXXXX";
    real_lseek = (off_t(*)(int, off_t, int))dlsym(RTLD_NEXT, "lseek");
    real_pwrite = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    int fd = mkstemp(name);
    if (fd < 0 || unlink(name) != 0 || ftruncate(fd, RECORDS * sizeof *records) != 0)
        abort();
    records = mmap(NULL, RECORDS * sizeof *records, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (records == MAP_FAILED)
        abort();
    close(fd);
}

static void store(unsigned nr, int fd, uint64_t start, int64_t result)
{
    records[used++ % RECORDS] = (struct record){start, __rdtsc() - start, result, nr, (uint32_t)fd};
}

off_t lseek(int fd, off_t offset, int whence)
{
    uint64_t start = __rdtsc();
    off_t result = real_lseek(fd, offset, whence);
    store(8, fd, start, result);
    return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
    uint64_t start = __rdtsc();
    ssize_t result = real_pwrite(fd, bytes, count, offset);
    store(18, fd, start, result);
    return result;
}
