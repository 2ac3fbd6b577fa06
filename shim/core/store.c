#include "store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "helper.h"
#include "own_calls.h"
#include "placement.h"
#include "raw_syscall.h"

void sc_stop(enum sc_stop reason, int error)
{
    struct sc_file_header *header = sc_process.header;
    uint32_t none = SC_STOP_NONE;
    sc_process.stop_errno = (uint32_t)error; /* first: whoever sees the reason may read it */
    sc_process.stop_reason = reason;
    /* For syscap-record, which reports it when the program has ended. */
    if (header && __atomic_compare_exchange_n(&header->any_stop, &none, (uint32_t)reason, false, __ATOMIC_ACQ_REL,
                                              __ATOMIC_RELAXED))
        header->any_stop_errno = (uint32_t)error;
}

/*
 * Allocates [from, to) of the file on any file system; never shrinks it. Without fallocate it writes zeros, so the
 * range must be unused. 0 or -errno.
 */
long sc_store_allocate(long fd, uint64_t from, uint64_t to)
{
    static const char zeros[SC_GRANULE];
    long result = sc_syscall(SYS_fallocate, fd, 0, from, to - from);
    if (result != -EOPNOTSUPP && result != -ENOSYS)
        return result;
    for (uint64_t at = from; at < to; at += (uint64_t)result) {
        result = sc_own_write(fd, zeros, to - at < sizeof zeros ? to - at : sizeof zeros, at);
        if (result <= 0)
            return result ? result : -ENOSPC;
    }
    return 0;
}

bool sc_store_fits(uint64_t size)
{
    struct rlimit limit;
    /* Growing past the limit would not only fail but send SIGXFSZ. */
    return sc_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, &limit) != 0 || size <= limit.rlim_cur;
}

struct growth {
    uint64_t size;     /* the file is to reach so far */
    uint64_t from, to; /* range to allocate, unused so far; from == to: none */
    long result;
};

long sc_store_open(void)
{
    struct stat st;
    long fd = sc_syscall(SYS_open, sc_process.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
    if (sc_failed(fd))
        return fd;
    if (sc_syscall(SYS_fstat, fd, &st) == 0 && st.st_dev == sc_process.dev && st.st_ino == sc_process.ino)
        return fd;
    sc_syscall(SYS_close, fd);
    return -ESTALE;
}

/*
 * One process at a time: the zeros it writes past the end of the file are in nobody's chunk yet. The lock is the open
 * file's: it goes with the descriptor, and with a process that is killed.
 */
static long lengthen(long fd, uint64_t size)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    struct stat st;
    long result;
    do
        result = sc_syscall(SYS_fcntl, fd, F_OFD_SETLKW, &lock);
    while (result == -EINTR);
    result = sc_syscall(SYS_fstat, fd, &st);
    if (sc_failed(result) || (uint64_t)st.st_size >= size)
        return result;
    /* All but the last granule may stay a hole: a chunk is allocated when it is taken. */
    uint64_t last = size - SC_GRANULE;
    result = sc_syscall(SYS_fallocate, fd, 0, last, SC_GRANULE);
    if (result != -EOPNOTSUPP && result != -ENOSYS)
        return result;
    return sc_store_allocate(fd, (uint64_t)st.st_size > last ? (uint64_t)st.st_size : last, size);
}

static void grow_outside(void *argument)
{
    struct growth *growth = argument;
    long fd = sc_store_open();
    growth->result = fd;
    if (sc_failed(fd))
        return;
    growth->result = lengthen(fd, growth->size);
    if (!sc_failed(growth->result) && growth->from < growth->to)
        growth->result = sc_store_allocate(fd, growth->from, growth->to);
    sc_syscall(SYS_close, fd);
}

/* Makes the file reach to end at least, and allocates [from, end) where the kernel cannot do that through a mapping. */
static int reach(uint64_t from, uint64_t end)
{
    struct sc_file_header *header = sc_process.header;
    uint64_t size = __atomic_load_n(&header->size, __ATOMIC_ACQUIRE);
    if (end <= size && sc_process.can_populate)
        return 0;
    uint64_t wanted = end <= size ? size : end > size * 2 ? end : size * 2;
    if (header->limit && wanted > header->limit)
        wanted = end; /* which is within the limit */
    if (!sc_store_fits(wanted) && !sc_store_fits(wanted = end))
        return -EFBIG;
    struct growth growth = {.size = wanted, .from = from, .to = sc_process.can_populate ? from : end, .result = -EIO};
    int result = sc_helper_run(grow_outside, &growth);
    if (result == 0)
        result = (int)growth.result;
    if (result < 0)
        return result;
    while (size < wanted &&
           !__atomic_compare_exchange_n(&header->size, &size, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ;
    return 0;
}

/*
 * A second mapping of the file from offset on, without a descriptor: duplicate the header's mapping up to the end of
 * the wanted piece and give the front back.
 */
long sc_store_map_piece(uint64_t offset, uint64_t bytes)
{
    long place = sc_place_memory(offset + bytes, PROT_NONE);
    if (sc_failed(place))
        return place;
    long whole = sc_syscall(SYS_mremap, sc_process.header, 0, offset + bytes, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (sc_failed(whole)) {
        sc_syscall(SYS_munmap, place, offset + bytes);
        return whole;
    }
    if (offset)
        sc_syscall(SYS_munmap, whole, offset);
    return whole + (long)offset;
}

struct sc_chunk *sc_store_map_chunk(uint64_t offset, uint32_t bytes)
{
    int result = reach(offset, offset + bytes);
    if (result < 0) {
        sc_stop(result == -ENOSPC || result == -EFBIG || result == -EDQUOT ? SC_STOP_SPACE : SC_STOP_FILE, -result);
        return NULL;
    }
    long map = sc_store_map_piece(offset, bytes);
    if (sc_failed(map)) {
        sc_stop(SC_STOP_MEMORY, (int)-map);
        return NULL;
    }
    if (sc_process.can_populate && (result = (int)sc_syscall(SYS_madvise, map, bytes, MADV_POPULATE_WRITE)) != 0) {
        sc_syscall(SYS_munmap, map, bytes);
        sc_stop(result == -EFAULT ? SC_STOP_SPACE : SC_STOP_MEMORY, result == -EFAULT ? ENOSPC : -result);
        return NULL;
    }
    return (struct sc_chunk *)map;
}

void sc_store_begin_chunk(struct sc_chunk *chunk, uint64_t offset, uint32_t bytes)
{
    chunk->bytes = bytes;
    chunk->granule = (uint32_t)(offset / SC_GRANULE);
    chunk->process = sc_process.process;
    chunk->open_tick = sc_now();
    chunk->open_mono = sc_monotonic();
    chunk->nonce = sc_process.header->nonce;
    SC_BARRIER();
    chunk->magic = SC_CHUNK_MAGIC; /* last: a reader believes a chunk with a magic */
}

bool sc_store_may_grow(void)
{
    if (sc_process.stop_reason)
        return false;
    if (sc_process.no_syscalls) {
        sc_stop(sc_own_calls_forbidden(), 0);
        return false;
    }
    return true;
}

struct sc_chunk *sc_store_chunk(uint32_t bytes)
{
    struct sc_file_header *header = sc_process.header;
    if (!sc_store_may_grow())
        return NULL;
    uint64_t offset = __atomic_fetch_add(&header->next, bytes, __ATOMIC_RELAXED);
    if (header->limit && offset + bytes > header->limit) {
        sc_stop(SC_STOP_LIMIT, 0);
        return NULL;
    }
    struct sc_chunk *chunk = sc_store_map_chunk(offset, bytes);
    if (!chunk)
        return NULL;
    chunk->used = sizeof *chunk;
    sc_store_begin_chunk(chunk, offset, bytes);
    return chunk;
}

void *sc_store_map_cache(size_t bytes)
{
    const struct sc_file_header *header = sc_process.header;
    if (sc_process.no_syscalls || !header || header->cache_bytes < bytes)
        return NULL;
    long map = sc_store_map_piece(header->cache_offset, header->cache_bytes);
    return sc_failed(map) ? NULL : (void *)map;
}

void sc_store_unmap_cache(void *cache)
{
    if (cache)
        sc_syscall(SYS_munmap, cache, sc_process.header->cache_bytes);
}

void sc_store_unmap(struct sc_chunk *chunk)
{
    sc_syscall(SYS_munmap, chunk, chunk->bytes);
}

/*
 * The list of chunks that ended processes left: the first chunk's granule in the low half, a counter against ABA
 * (taken, given back, taken again) above. Each chunk holds the granule of the next.
 */
enum { TURN_SHIFT = 32 };

void sc_store_bequeath(uint64_t *list, struct sc_chunk *chunk)
{
    uint64_t head = __atomic_load_n(list, __ATOMIC_ACQUIRE), after;
    do {
        chunk->next_left = (uint32_t)head;
        after = (uint32_t)chunk->granule | ((head >> TURN_SHIFT) + 1) << TURN_SHIFT;
    } while (!__atomic_compare_exchange_n(list, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
}

struct sc_chunk *sc_store_inherit(uint64_t *list, uint32_t bytes)
{
    uint64_t head = __atomic_load_n(list, __ATOMIC_ACQUIRE);
    while ((uint32_t)head && !sc_process.no_syscalls && !sc_process.stop_reason) {
        long map = sc_store_map_piece((uint64_t)(uint32_t)head * SC_GRANULE, bytes);
        if (sc_failed(map))
            return NULL;
        struct sc_chunk *chunk = (struct sc_chunk *)map;
        /* Another process may have it meanwhile: then the counter differs, too. */
        uint64_t after = __atomic_load_n(&chunk->next_left, __ATOMIC_RELAXED) | ((head >> TURN_SHIFT) + 1)
                                                                                    << TURN_SHIFT;
        if (__atomic_compare_exchange_n(list, &head, after, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return chunk;
        sc_syscall(SYS_munmap, map, bytes);
    }
    return NULL;
}
