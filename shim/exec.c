#include "exec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/loadable.h"
#include "counters.h"
#include "lane.h"
#include "options.h"
#include "process.h"
#include "store.h"
#include "sys.h"

enum { AREA_FIRST = 16 * 1024, SCRIPT_LEVELS = 5 /* as many as the kernel follows */ };

struct judgement {
    const char *path;
    int fd;
    enum sc_untraced reason;
};

static int64_t read_at(void *file, void *buffer, size_t bytes, uint64_t offset)
{
    return sc_sys(SYS_pread64, *(long *)file, buffer, bytes, offset);
}

static enum sc_untraced judge_open_file(long fd, const char *name, char *interpreter)
{
    struct stat st;
    if (sc_sys(SYS_fstat, fd, &st) == 0 && st.st_mode & (S_ISUID | S_ISGID))
        return SC_UNTRACED_SETUID;
    return sc_judge_program(read_at, &fd, name, interpreter);
}

/* The descriptor may be one that cannot be read (O_PATH): its file is opened anew. */
static void name_descriptor(int fd, char name[32])
{
    static const char folder[] = "/proc/self/fd/";
    char *at = name + sizeof folder - 1;
    int divisor = 1;
    sc_copy(name, folder, sizeof folder - 1);
    while (fd / divisor >= 10)
        divisor *= 10;
    for (; divisor; divisor /= 10)
        *at++ = (char)('0' + fd / divisor % 10);
    *at = '\0';
}

/* Runs in the helper of sc_outside: opening the file takes a descriptor. */
static void judge_outside(void *argument)
{
    struct judgement *judgement = argument;
    char names[2][SC_INTERPRETER_BYTES], own[32];
    const char *name = judgement->path ? judgement->path : own;
    name_descriptor(judgement->fd < 0 ? 0 : judgement->fd, own);
    if (sc_sys(SYS_access, sc_process.library, R_OK) != 0) {
        judgement->reason = SC_UNTRACED_ROOT;
        return;
    }
    for (unsigned level = 0; level < SCRIPT_LEVELS; level++) {
        int folder = level == 0 && judgement->fd >= 0 ? judgement->fd : AT_FDCWD;
        long fd = sc_sys(SYS_openat, folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (sc_failed(fd)) {
            /* Executable but not readable cannot be judged: such a program is rare, a complaint of ld.so harmless. */
            judgement->reason = SC_LOADABLE;
            return;
        }
        judgement->reason = judge_open_file(fd, name, names[level & 1]);
        sc_sys(SYS_close, fd);
        if (judgement->reason != SC_SCRIPT)
            return;
        name = names[level & 1];
    }
}

static bool can_load(const char *path, int fd)
{
    struct judgement judgement = {path, fd, SC_LOADABLE};
    if (sc_outside(judge_outside, &judgement) != 0)
        return true;
    /* A text without #! is run by a shell, which loads us; only the kernel's own refusals and ELF files count here. */
    if (judgement.reason == SC_LOADABLE)
        return true;
    sc_process_note(SC_NOTE_UNTRACED_CHILD, judgement.reason, 0);
    return false;
}

static bool make_area(struct sc_lane *lane, size_t bytes)
{
    if (lane->exec_bytes >= bytes)
        return true;
    if (lane->exec_area)
        sc_sys(SYS_munmap, lane->exec_area, lane->exec_bytes);
    bytes = (bytes + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
    long area = sc_sys(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    lane->exec_area = sc_failed(area) ? NULL : (void *)area;
    lane->exec_bytes = sc_failed(area) ? 0 : bytes;
    return lane->exec_area != NULL;
}

/*
 * After a seccomp filter was installed a program must start without us, who would make calls that may be forbidden, and
 * nothing may be mapped for its environment. One piece of memory has to do, lent to one thread at a time: for good
 * where the exec succeeds, and where it fails the same thread may try again, as a search along PATH does.
 */
static char spare[32 * 1024];
static void *spare_owner;

static char *const *environment_without_us(char *const *environment)
{
    static const struct sc_identity nobody;
    void *self = __builtin_thread_pointer(), *nothing = NULL;
    size_t needed;
    if (!__atomic_compare_exchange_n(&spare_owner, &nothing, self, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
        nothing != self)
        return environment;
    sc_process_note(SC_NOTE_UNTRACED_CHILD, SC_UNTRACED_FILTER, 0);
    char **made = sc_environment_for_exec(environment, false, &nobody, spare, sizeof spare, &needed);
    return made ? made : environment;
}

char *const *sc_exec_environment(const char *path, int fd, char *const *environment, bool same_process)
{
    struct sc_lane *lane = sc_lane_get();
    size_t needed = AREA_FIRST;
    if (sc_process.no_syscalls)
        return environment_without_us(environment);
    if (!lane)
        return environment;
    /* A child that borrows its parent's lane has its own number and, having one thread, its pid for a tid. */
    bool borrowed = lane->process != sc_process.process;
    struct sc_identity identity = {
        .process = lane->process,
        .pid = !same_process ? 0
               : borrowed    ? (int)lane->tid
                             : sc_process.pid,
        .execs = borrowed ? 0 : sc_process.execs,
    };
    if (same_process)
        sc_counters_at_thread_end(lane);
    bool load = sc_process.follow && can_load(path, fd);
    for (int tries = 0; tries < 2 && make_area(lane, needed); tries++) {
        char **made = sc_environment_for_exec(environment, load, &identity, lane->exec_area, lane->exec_bytes, &needed);
        if (made)
            return made;
    }
    return environment;
}

const char *sc_exec_search(const char *name, char *found)
{
    size_t name_bytes = strlen(name) + 1;
    if (strchr(name, '/') || name_bytes == 1)
        return name;
    const char *list = "/bin:/usr/bin"; /* libc's default */
    for (char **variable = environ; variable && *variable; variable++)
        if (strncmp(*variable, "PATH=", 5) == 0) {
            list = *variable + 5;
            break;
        }
    for (;;) {
        size_t length = strcspn(list, ":");
        if (length + 1 + name_bytes <= SC_PATH_BYTES) {
            sc_copy(found, list, length);
            found[length] = '/';
            sc_copy(found + length + (length != 0), name, name_bytes);
            struct stat st;
            if (sc_sys(SYS_access, found, X_OK) == 0 && sc_sys(SYS_stat, found, &st) == 0 && S_ISREG(st.st_mode))
                return found;
        }
        if (!list[length])
            return NULL;
        list += length + 1;
    }
}
