#include "session_file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../core/clock.h"
#include "../core/placement.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "message.h"
#include "process.h"
#include "slots.h"

enum {
    CALLS_BYTES = SC_NR_LIMIT / 2 * sizeof(struct sc_file_call), /* more rows than the table has */
    CALLS_OFFSET = SC_GRANULE,
    CACHE_OFFSET = (CALLS_OFFSET + CALLS_BYTES + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE,
    CACHE_BYTES = 8 * SC_GRANULE,
    FIRST_CHUNK = CACHE_OFFSET + CACHE_BYTES, /* or the table of slots */
    INITIAL_SIZE = 272 * 1024,
};
/* A thread's chunks of 16, 64 and 128 KiB: so much is recorded where no descriptor is to be had for more. */
_Static_assert(INITIAL_SIZE >= FIRST_CHUNK + SC_CHUNK_FIRST + 3 * SC_CHUNK_NEXT, "the first chunks");

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

static void put_text(char *to, const char *text)
{
    if (text)
        memcpy(to, text, strlen(text) + 1);
}

static void fill_header(struct sc_file_header *header, const struct sc_options *options, uint64_t size)
{
    header->version = SC_VERSION;
    header->nonce = options->nonce;
    header->calls_offset = CALLS_OFFSET;
    header->calls_bytes = sizeof(struct sc_file_call);
    header->granule = SC_GRANULE;
    header->clock = sc_process.clock_tsc ? SC_CLOCK_TSC : SC_CLOCK_MONOTONIC;
    header->root_pid = (uint32_t)sc_process.pid;
    header->created_real = sc_realtime();
    header->tick0 = sc_now();
    header->mono0 = sc_monotonic();
    header->stack_depth = options->asked.stack_depth;
    header->cache_offset = CACHE_OFFSET;
    header->cache_bytes = CACHE_BYTES;
    header->size = size;
    header->limit = options->asked.max_size;
    header->launched = options->launched;
    header->processes = 1;
    struct sc_file_only *only = sc_file_only_of(header);
    put_text(only->trace, options->asked.trace); /* sc_user_set has measured them */
    put_text(only->paths, options->asked.paths);
    write_calls(header);
    SC_BARRIER();
    memcpy(header->magic, SC_MAGIC, sizeof header->magic);
}

/* Maps the beginning of the file into our address range. */
static long map_start(long fd, size_t bytes)
{
    long place = sc_place_memory(bytes, PROT_NONE);
    if (sc_failed(place))
        return place;
    long map = sc_syscall(SYS_mmap, place, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    if (sc_failed(map))
        sc_syscall(SYS_munmap, place, bytes);
    return map;
}

/* How large the file is at first. */
static uint64_t first_size(const struct sc_user_options *asked, const struct sc_slots *slots)
{
    uint64_t size = INITIAL_SIZE;
    if (slots->count)
        size = slots->first_chunk + 2 * (uint64_t)slots->bytes;
    else if (asked->max_size && asked->max_size < size)
        size = asked->max_size > FIRST_CHUNK ? asked->max_size : FIRST_CHUNK;
    return size;
}

/* Maps and fills the beginning of a new file. 0 or -errno. */
static long begin_file(long fd, const struct sc_options *options)
{
    struct sc_slots slots = sc_slots_plan(&options->asked, FIRST_CHUNK);
    uint64_t size = first_size(&options->asked, &slots), bytes = slots.first_chunk;
    struct stat st;
    if (!sc_store_fits(size) && !sc_store_fits(size = bytes + SC_CHUNK_FIRST))
        return -EFBIG;
    long result = sc_syscall(SYS_ftruncate, fd, size);
    if (sc_failed(result) || sc_failed(result = sc_syscall(SYS_fstat, fd, &st)))
        return result;
    long map = map_start(fd, bytes);
    if (sc_failed(map))
        return map;
    result = sc_syscall(SYS_madvise, map, bytes, MADV_POPULATE_WRITE);
    sc_process.can_populate = result != -EINVAL;
    if (result == -EINVAL)
        result = sc_store_allocate(fd, 0, bytes);
    if (sc_failed(result)) {
        sc_syscall(SYS_munmap, map, bytes);
        return result == -EFAULT ? -ENOSPC : result;
    }
    sc_process.header = (struct sc_file_header *)map;
    sc_process.dev = st.st_dev;
    sc_process.ino = st.st_ino;
    sc_slots_put(sc_process.header, &slots);
    fill_header(sc_process.header, options, size);
    sc_syscall(SYS_munmap, map + SC_GRANULE, bytes - SC_GRANULE);
    return 0;
}

/* What exists under the capture's name. */
enum standing {
    NOTHING,
    REPLACEABLE, /* a file that nobody records; locked against others who would replace it */
    RECORDED,    /* a capture that is being recorded */
    OTHER,       /* no regular file */
};

static bool is_same_file(const char *path, long fd)
{
    struct stat named, opened;
    return sc_syscall(SYS_lstat, path, &named) == 0 && sc_syscall(SYS_fstat, fd, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* *ret_fd: the file, if it can be opened; the caller closes it, which gives up the lock. */
static enum standing look_at(const char *path, long *ret_fd)
{
    struct stat st;
    *ret_fd = -1;
    if (sc_syscall(SYS_lstat, path, &st) != 0)
        return NOTHING;
    if (S_ISLNK(st.st_mode))
        return REPLACEABLE; /* the link, not what it leads to */
    if (!S_ISREG(st.st_mode))
        return OTHER;
    for (;;) {
        long fd = sc_syscall(SYS_open, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
        if (fd == -EACCES || fd == -EROFS || fd == -ETXTBSY)
            fd = sc_syscall(SYS_open, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY);
        if (sc_failed(fd)) /* a file that we may not even read is somebody else's */
            return fd == -ENOENT ? NOTHING : fd == -EACCES ? RECORDED : REPLACEABLE;
        long locked = sc_syscall(SYS_flock, fd, LOCK_EX | LOCK_NB);
        *ret_fd = fd;
        if (locked == -EWOULDBLOCK)
            return RECORDED; /* or somebody is about to replace it and record */
        if (is_same_file(path, fd))
            return REPLACEABLE;
        sc_syscall(SYS_close, fd); /* replaced before we had it */
        *ret_fd = -1;
    }
}

static bool is_capture(const struct sc_file_header *header)
{
    return memcmp(header->magic, SC_MAGIC, sizeof header->magic) == 0 && header->version == SC_VERSION;
}

/* Maps the header of the capture open as fd, and keeps the lock that marks it as recorded. 0 or -errno. */
static int adopt(long fd, uint64_t nonce)
{
    struct stat st;
    sc_syscall(SYS_flock, fd, LOCK_SH | LOCK_NB);
    long map = map_start(fd, SC_GRANULE);
    if (sc_failed(map))
        return (int)map;
    struct sc_file_header *header = (struct sc_file_header *)map;
    if (sc_syscall(SYS_fstat, fd, &st) != 0 || !is_capture(header) || (nonce && header->nonce != nonce)) {
        sc_syscall(SYS_munmap, map, SC_GRANULE);
        return -ESTALE;
    }
    sc_process.header = header;
    sc_process.dev = st.st_dev;
    sc_process.ino = st.st_ino;
    if (!sc_clock_follow())
        return -ESTALE;
    sc_process.can_populate = sc_syscall(SYS_madvise, map, SC_GRANULE, MADV_POPULATE_WRITE) != -EINVAL;
    return 0;
}

/* Is pid among our ancestors? A process whose parent has ended has lost its ancestors. */
static bool descends_from(uint32_t pid)
{
    enum { GENERATIONS = 64 };
    uint32_t at = (uint32_t)sc_process.ppid;
    for (unsigned i = 0; i < GENERATIONS && at > 1; i++) {
        if (at == pid)
            return true;
        at = sc_proc_parent(at);
    }
    return at == pid;
}

/*
 * The file of our name is being recorded. If we were started below that session in a way that we did not see, we belong
 * to it: 0: joined; -ESTALE: we belong to it but may not write, so nothing of us is recorded anywhere. Else -EEXIST: we
 * take another name, and its report says so.
 */
static int meet_recorded(long fd, struct sc_options *options)
{
    struct sc_file_header header;
    if (fd < 0 || sc_syscall(SYS_pread64, fd, &header, sizeof header, 0) != sizeof header || !is_capture(&header))
        return -EEXIST;
    bool ours = descends_from(header.root_pid);
    if (adopt(fd, header.nonce) != 0)
        return ours ? -ESTALE : -EEXIST;
    if (ours) {
        options->join = true;
        options->nonce = header.nonce;
        options->pid = 0;
        options->process = 0;
        options->asked.stack_depth = header.stack_depth;
        return 0;
    }
    __atomic_fetch_add(&sc_process.header->turned_away, 1, __ATOMIC_RELAXED);
    sc_syscall(SYS_munmap, sc_process.header, SC_GRANULE);
    sc_process.header = NULL;
    return -EEXIST;
}

/* A file that is empty or was a capture can be made again; any other is the user's, and the name a slip of the pen. */
static bool is_ours_to_replace(long fd)
{
    char head[sizeof SC_MAGIC - 1];
    long bytes = sc_syscall(SYS_pread64, fd, head, sizeof head, 0);
    return bytes == 0 || (bytes == sizeof head && memcmp(head, SC_MAGIC, sizeof head) == 0);
}

/* Renames the new file to the capture's name, unless a file has appeared there since it was found free. */
static long take_name(const char *fresh, enum standing standing)
{
    if (standing != NOTHING)
        return sc_syscall(SYS_rename, fresh, sc_process.path);
    long result = sc_syscall(SYS_renameat2, AT_FDCWD, fresh, AT_FDCWD, sc_process.path, RENAME_NOREPLACE);
    if (result == -EINVAL || result == -ENOSYS) /* a file system that can't */
        result = sc_syscall(SYS_rename, fresh, sc_process.path);
    return result;
}

/* 0 or -errno; removes the file if it fails. */
static long create_file(const struct sc_options *options, const char *fresh, enum standing standing)
{
    long fd = sc_syscall(SYS_open, fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (sc_failed(fd))
        return fd;
    sc_syscall(SYS_flock, fd, LOCK_SH | LOCK_NB);
    long result = begin_file(fd, options);
    sc_syscall(SYS_close, fd);
    if (!sc_failed(result) && sc_failed(result = take_name(fresh, standing))) {
        sc_syscall(SYS_munmap, sc_process.header, SC_GRANULE);
        sc_process.header = NULL;
    }
    if (sc_failed(result))
        sc_syscall(SYS_unlink, fresh);
    return result;
}

/* 0: created or joined; -EAGAIN: look again; -EEXIST: another name; else an error. */
static int try_name(struct sc_options *options, unsigned turn)
{
    char fresh[SC_PATH_BYTES];
    struct stat st;
    long fd;
    int result = sc_output_names(options->asked.output, turn, options->nonce, sc_process.path, fresh, sizeof fresh);
    if (result < 0)
        return result;
    enum standing standing = look_at(sc_process.path, &fd);
    if (standing == OTHER) /* a device or pipe of that name must not be replaced by a file */
        return sc_syscall(SYS_lstat, sc_process.path, &st) == 0 && S_ISDIR(st.st_mode) ? -EISDIR : -ENOTBLK;
    if (standing == RECORDED) {
        result = meet_recorded(fd, options);
    } else if (turn > 1 && standing == REPLACEABLE) {
        result = -EEXIST; /* the user did not ask to replace the file of that name */
    } else if (standing == REPLACEABLE && fd >= 0 && !is_ours_to_replace(fd)) {
        result = -ENOTUNIQ;
    } else {
        result = (int)create_file(options, fresh, standing);
        if (result == -EEXIST)
            result = -EAGAIN; /* somebody was faster */
    }
    if (fd >= 0)
        sc_syscall(SYS_close, fd);
    return result;
}

/* Is the process's owner, as far as /proc shows it, another than ours? */
static bool is_another_users(uint32_t pid)
{
    char path[32];
    struct stat st;
    sc_proc_path(path, pid, "");
    return sc_syscall(SYS_stat, path, &st) == 0 && st.st_uid != (uid_t)sc_syscall(SYS_geteuid, 0);
}

/* The holder's pid in a line of /proc/locks ("1: FLOCK  ADVISORY  READ 1234 fd:01:99 0 EOF"); 0: no lock by flock. */
static uint32_t holder_of(const char *line, const char *end)
{
    static const char kind[] = ": FLOCK";
    uint32_t pid = 0;
    while (line < end && *line != ':')
        line++;
    if ((size_t)(end - line) < sizeof kind || memcmp(line, kind, sizeof kind - 1) != 0)
        return 0;
    line += sizeof kind - 1;
    while (line < end && (*line < '0' || *line > '9'))
        line++;
    for (; line < end && *line >= '0' && *line <= '9'; line++)
        pid = pid * 10 + (uint32_t)(*line - '0');
    return pid;
}

/*
 * Does an ancestor of another user's hold a lock as every recorded process's session does? Then we were started below a
 * recorded program by a way that was not seen, and what we may not write is none of our user's business. The locks
 * are all that /proc shows of it to others.
 */
static bool is_below_another_users(void)
{
    char text[2048];
    size_t kept = 0;
    bool below = false;
    long fd = sc_syscall(SYS_open, "/proc/locks", O_RDONLY | O_CLOEXEC);
    while (!sc_failed(fd) && !below) {
        long bytes = sc_syscall(SYS_read, fd, text + kept, sizeof text - kept);
        const char *line = text, *end = text + kept + (bytes > 0 ? bytes : 0);
        for (const char *at = line; at < end && !below; at++) {
            if (*at != '\n')
                continue;
            uint32_t pid = holder_of(line, at);
            below = pid && is_another_users(pid) && descends_from(pid);
            line = at + 1;
        }
        kept = (size_t)(end - line);
        if (bytes <= 0 || kept == sizeof text)
            break;
        memmove(text, line, kept);
    }
    if (!sc_failed(fd))
        sc_syscall(SYS_close, fd);
    return below;
}

int sc_session_create(struct sc_options *options)
{
    enum { TRIES = 100 };
    unsigned turn = 1;
    for (unsigned tries = 0; tries < TRIES; tries++) {
        int result = try_name(options, turn);
        if (result != -EEXIST && result != -EAGAIN) {
            options->renamed = turn > 1;
            return result == -EACCES && is_below_another_users() ? -ESTALE : result;
        }
        turn += result == -EEXIST;
    }
    return -EEXIST;
}

int sc_session_join(const struct sc_options *options)
{
    size_t length = strlen(options->path);
    if (length >= sizeof sc_process.path)
        return -ENAMETOOLONG;
    memcpy(sc_process.path, options->path, length + 1);
    sc_process.dev = options->dev;
    sc_process.ino = options->ino;
    long fd = sc_store_open();
    if (sc_failed(fd))
        return (int)fd;
    int result = adopt(fd, options->nonce);
    sc_syscall(SYS_close, fd);
    return result;
}
