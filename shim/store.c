#include "store.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "options.h"
#include "output.h"
#include "sys.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum {
    CALLS_BYTES = SC_NR_LIMIT / 2 * sizeof(struct sc_file_call), /* more rows than the table has */
    CALLS_OFFSET = SC_GRANULE,
    CACHE_OFFSET = (CALLS_OFFSET + CALLS_BYTES + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE,
    CACHE_BYTES = 4 * SC_GRANULE,
    FIRST_CHUNK = CACHE_OFFSET + CACHE_BYTES,
    INITIAL_SIZE = 256 * 1024,
    HELPER_STACK = 32 * 1024,
};

void sc_stop(enum sc_stop reason, int error)
{
    sc_process.stop_errno = (uint32_t)error; /* first: whoever sees the reason may look at it */
    sc_process.stop_reason = reason;
}

/*
 * The child starts on its own stack and never returns into ours. CLONE_VFORK holds this thread until the child is gone,
 * so the child may use this thread's thread-local storage and everything on its stack. Exit signal 0: the program is
 * sent no SIGCHLD, and its waits do not see the child.
 */
static long clone_and_run(void *stack_top, void (*function)(void *), void *argument)
{
    register long flags __asm__("rdi") = CLONE_VM | CLONE_VFORK;
    register void *stack __asm__("rsi") = stack_top;
    register long parent_tid __asm__("rdx") = 0;
    register long child_tid __asm__("r10") = 0;
    register long tls __asm__("r8") = 0;
    register void (*run)(void *) __asm__("r12") = function;
    register void *with __asm__("r13") = argument;
    long result = SYS_clone;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r13, %%rdi\n\t"
                     "call *%%r12\n\t"
                     "xor %%edi, %%edi\n\t"
                     "mov %[exit], %%eax\n\t"
                     "syscall\n\t"
                     "hlt\n"
                     "1:"
                     : "+a"(result)
                     : "r"(flags), "r"(stack), "r"(parent_tid), "r"(child_tid), "r"(tls), "r"(run),
                       "r"(with), [exit] "i"(SYS_exit)
                     : "rcx", "r11", "memory");
    return result;
}

int sc_outside(void (*function)(void *argument), void *argument)
{
    uint64_t all = ~UINT64_C(0), before;
    if (sc_process.no_syscalls)
        return -EPERM;
    long stack = sc_sys(SYS_mmap, 0, HELPER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (sc_failed(stack))
        return (int)stack;
    sc_sys(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
    long pid = clone_and_run((char *)stack + HELPER_STACK, function, argument);
    if (pid > 0)
        while (sc_sys(SYS_wait4, pid, 0, __WCLONE) == -EINTR)
            ;
    sc_sys(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
    sc_sys(SYS_munmap, stack, HELPER_STACK);
    return pid > 0 ? 0 : (int)pid;
}

/* Allocates [from, to) of the file, on file systems of every kind; never shrinks it. 0 or -errno. */
static long allocate(long fd, uint64_t from, uint64_t to)
{
    static const char zeros[SC_GRANULE];
    long result = sc_sys(SYS_fallocate, fd, 0, from, to - from);
    if (result != -EOPNOTSUPP && result != -ENOSYS)
        return result;
    for (uint64_t at = from; at < to; at += sizeof zeros) {
        result = sc_sys(SYS_pwrite64, fd, zeros, sizeof zeros, at);
        if (result < (long)sizeof zeros)
            return sc_failed(result) ? result : -ENOSPC;
    }
    return 0;
}

static bool fits_size_limit(uint64_t size)
{
    struct rlimit limit;
    /* Growing past the limit would not only fail but send SIGXFSZ. */
    return sc_sys(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, &limit) != 0 || size <= limit.rlim_cur;
}

struct growth {
    uint64_t size;     /* the file is to reach so far */
    uint64_t from, to; /* to be allocated here; from == to: nothing */
    long result;
};

static long open_same_file(void)
{
    struct stat st;
    long fd = sc_sys(SYS_open, sc_process.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
    if (sc_failed(fd))
        return fd;
    if (sc_sys(SYS_fstat, fd, &st) == 0 && st.st_dev == sc_process.dev && st.st_ino == sc_process.ino)
        return fd;
    sc_sys(SYS_close, fd);
    return -ESTALE;
}

static void grow_outside(void *argument)
{
    struct growth *growth = argument;
    long fd = open_same_file();
    growth->result = fd;
    if (sc_failed(fd))
        return;
    /* Allocating the last granule extends the file and, unlike ftruncate, can never cut what another process added. */
    growth->result = allocate(fd, growth->size - SC_GRANULE, growth->size);
    if (!sc_failed(growth->result) && growth->from < growth->to)
        growth->result = allocate(fd, growth->from, growth->to);
    sc_sys(SYS_close, fd);
}

/* Makes the file reach to end at least, and allocates [from, end) where the kernel cannot do that through a mapping. */
static int reach(uint64_t from, uint64_t end)
{
    struct sc_file_header *header = sc_process.header;
    uint64_t size = __atomic_load_n(&header->size, __ATOMIC_ACQUIRE);
    if (end <= size && sc_process.can_populate)
        return 0;
    uint64_t wanted = end > size * 2 ? end : size * 2;
    if (header->limit && wanted > header->limit)
        wanted = end; /* which is within the limit */
    if (!fits_size_limit(wanted) && !fits_size_limit(wanted = end))
        return -EFBIG;
    struct growth growth = {.size = wanted, .from = from, .to = sc_process.can_populate ? from : end, .result = -EIO};
    int result = sc_outside(grow_outside, &growth);
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
static long map_piece(uint64_t offset, uint64_t bytes)
{
    long whole = sc_sys(SYS_mremap, sc_process.header, 0, offset + bytes, MREMAP_MAYMOVE);
    if (sc_failed(whole))
        return whole;
    if (offset)
        sc_sys(SYS_munmap, whole, offset);
    return whole + (long)offset;
}

struct sc_chunk *sc_store_chunk(uint32_t bytes)
{
    struct sc_file_header *header = sc_process.header;
    if (sc_process.stop_reason)
        return NULL;
    if (sc_process.no_syscalls) {
        sc_stop(SC_STOP_SECCOMP, 0);
        return NULL;
    }
    uint64_t offset = __atomic_fetch_add(&header->next, bytes, __ATOMIC_RELAXED);
    if (header->limit && offset + bytes > header->limit) {
        sc_stop(SC_STOP_LIMIT, 0);
        return NULL;
    }
    int result = reach(offset, offset + bytes);
    if (result < 0) {
        sc_stop(result == -ENOSPC || result == -EFBIG || result == -EDQUOT ? SC_STOP_SPACE : SC_STOP_FILE, -result);
        return NULL;
    }
    long map = map_piece(offset, bytes);
    if (sc_failed(map)) {
        sc_stop(SC_STOP_MEMORY, (int)-map);
        return NULL;
    }
    if (sc_process.can_populate && (result = (int)sc_sys(SYS_madvise, map, bytes, MADV_POPULATE_WRITE)) != 0) {
        sc_sys(SYS_munmap, map, bytes);
        sc_stop(result == -EFAULT ? SC_STOP_SPACE : SC_STOP_MEMORY, result == -EFAULT ? ENOSPC : -result);
        return NULL;
    }
    struct sc_chunk *chunk = (struct sc_chunk *)map;
    chunk->bytes = bytes;
    chunk->process = sc_process.process;
    chunk->open_tick = sc_now();
    chunk->open_mono = sc_monotonic();
    chunk->used = sizeof *chunk;
    chunk->nonce = header->nonce;
    SC_BARRIER();
    chunk->magic = SC_CHUNK_MAGIC; /* last: a reader believes a chunk with a magic */
    return chunk;
}

void *sc_store_map_cache(size_t bytes)
{
    const struct sc_file_header *header = sc_process.header;
    if (sc_process.no_syscalls || !header || header->cache_bytes < bytes)
        return NULL;
    long map = map_piece(header->cache_offset, header->cache_bytes);
    return sc_failed(map) ? NULL : (void *)map;
}

void sc_store_unmap_cache(void *cache)
{
    if (cache)
        sc_sys(SYS_munmap, cache, sc_process.header->cache_bytes);
}

void sc_store_unmap(struct sc_chunk *chunk)
{
    sc_sys(SYS_munmap, chunk, chunk->bytes);
}

static void write_calls(struct sc_file_header *header)
{
    struct sc_file_call *row = (struct sc_file_call *)((char *)header + CALLS_OFFSET);
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name || (size_t)((char *)(row + 1) - (char *)header) > CACHE_OFFSET)
            continue;
        row->nr = desc->nr;
        row->nargs = desc->nargs;
        row->ret = desc->ret;
        row->expect = desc->expect;
        row->category = desc->category;
        row->stored = desc->stored;
        row->skipped = desc->skipped;
        row->text = desc->text;
        memcpy(row->kinds, desc->kinds, sizeof row->kinds);
        size_t length = 0;
        for (; desc->name[length] && length < sizeof row->name - 1; length++)
            row->name[length] = desc->name[length];
        row++;
        header->calls_count++;
    }
}

static void fill_header(struct sc_file_header *header, const struct sc_options *options, uint64_t size)
{
    header->version = SC_VERSION;
    header->first_chunk = FIRST_CHUNK;
    header->nonce = options->nonce;
    header->calls_offset = CALLS_OFFSET;
    header->calls_bytes = sizeof(struct sc_file_call);
    header->granule = SC_GRANULE;
    header->clock = sc_process.clock_tsc ? SC_CLOCK_TSC : SC_CLOCK_MONOTONIC;
    header->root_pid = (uint32_t)sc_process.pid;
    header->created_real = sc_realtime();
    header->tick0 = sc_now();
    header->mono0 = sc_monotonic();
    header->stack_depth = options->stack_depth;
    header->cache_offset = CACHE_OFFSET;
    header->cache_bytes = CACHE_BYTES;
    header->next = FIRST_CHUNK;
    header->size = size;
    header->limit = options->max_size;
    header->launched = options->launched;
    header->processes = 1;
    write_calls(header);
    SC_BARRIER();
    memcpy(header->magic, SC_MAGIC, sizeof header->magic);
}

/* Maps and fills the beginning of a new file. 0 or -errno. */
static long begin_file(long fd, const struct sc_options *options)
{
    uint64_t size = INITIAL_SIZE;
    struct stat st;
    if (options->max_size && options->max_size < size)
        size = options->max_size > FIRST_CHUNK ? options->max_size : FIRST_CHUNK;
    if (!fits_size_limit(size) && !fits_size_limit(size = FIRST_CHUNK + SC_CHUNK_FIRST))
        return -EFBIG;
    long result = sc_sys(SYS_ftruncate, fd, size);
    if (sc_failed(result) || sc_failed(result = sc_sys(SYS_fstat, fd, &st)))
        return result;
    long map = sc_sys(SYS_mmap, 0, FIRST_CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (sc_failed(map))
        return map;
    result = sc_sys(SYS_madvise, map, FIRST_CHUNK, MADV_POPULATE_WRITE);
    sc_process.can_populate = result != -EINVAL;
    if (result == -EINVAL)
        result = allocate(fd, 0, FIRST_CHUNK);
    if (sc_failed(result)) {
        sc_sys(SYS_munmap, map, FIRST_CHUNK);
        return result == -EFAULT ? -ENOSPC : result;
    }
    sc_process.header = (struct sc_file_header *)map;
    sc_process.dev = st.st_dev;
    sc_process.ino = st.st_ino;
    fill_header(sc_process.header, options, size);
    sc_sys(SYS_munmap, map + SC_GRANULE, FIRST_CHUNK - SC_GRANULE);
    return 0;
}

int sc_store_create(const struct sc_options *options)
{
    char fresh[SC_PATH_BYTES];
    struct stat st;
    int named = sc_output_names(options->output, options->nonce, sc_process.path, fresh, sizeof fresh);
    if (named < 0)
        return named;
    /* A device or pipe of that name must not be replaced by a file. */
    if (sc_sys(SYS_lstat, sc_process.path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
        return S_ISDIR(st.st_mode) ? -EISDIR : -EEXIST;
    long fd = sc_sys(SYS_open, fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (sc_failed(fd))
        return (int)fd;
    long result = begin_file(fd, options);
    sc_sys(SYS_close, fd);
    if (!sc_failed(result) && sc_failed(result = sc_sys(SYS_rename, fresh, sc_process.path))) {
        sc_sys(SYS_munmap, sc_process.header, SC_GRANULE);
        sc_process.header = NULL;
    }
    if (sc_failed(result))
        sc_sys(SYS_unlink, fresh);
    return sc_failed(result) ? (int)result : 0;
}

int sc_store_join(const struct sc_options *options)
{
    size_t length = strlen(options->path);
    if (length >= sizeof sc_process.path)
        return -ENAMETOOLONG;
    memcpy(sc_process.path, options->path, length + 1);
    sc_process.dev = options->dev;
    sc_process.ino = options->ino;
    long fd = open_same_file();
    if (sc_failed(fd))
        return (int)fd;
    long map = sc_sys(SYS_mmap, 0, SC_GRANULE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    sc_sys(SYS_close, fd);
    if (sc_failed(map))
        return (int)map;
    struct sc_file_header *header = (struct sc_file_header *)map;
    if (memcmp(header->magic, SC_MAGIC, sizeof header->magic) != 0 || header->nonce != options->nonce ||
        header->version != SC_VERSION) {
        sc_sys(SYS_munmap, map, SC_GRANULE);
        return -ESTALE;
    }
    sc_process.header = header;
    sc_process.clock_tsc = header->clock == SC_CLOCK_TSC;
    sc_process.can_populate = true; /* found out at the first chunk otherwise: EINVAL stops recording */
    return 0;
}
