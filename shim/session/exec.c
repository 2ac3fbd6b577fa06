#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../../common/elf_needed.h"
#include "../../common/elf_probe.h"
#include "../../common/elf_static.h"
#include "../../common/program_find.h"
#include "../../common/user_options.h"
#include "../args/mapped.h"
#include "../args/uring.h"
#include "../core/helper.h"
#include "../core/host.h"
#include "../core/peek.h"
#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../core/writer.h"
#include "counters.h"
#include "debugged.h"
#include "environ.h"
#include "message.h"
#include "process.h"

enum {
    AREA_FIRST = 16 * 1024,
    AREA_PROGRAM = SC_PATH_BYTES,         /* where in the area, after the path that was given, stands the file's own, */
    AREA_INTERPRETER = 2 * SC_PATH_BYTES, /* a script's interpreter and what that is given beside the script, */
    AREA_NAMES = AREA_INTERPRETER + SC_INTERPRETER_BYTES, /* and then arguments and environment */
};

struct judgement {
    const char *path; /* our copy; NULL: the descriptor's file */
    int fd;
    bool asan_anywhere;
    char *program;       /* room for the name of a file that our loader is to load; NULL: it is not to be had */
    char *interpreter;   /* room for a script's interpreter, if it is that file */
    unsigned scripts;    /* so many were met on the way */
    bool loads;          /* our loader takes it */
    const char *library; /* that it is to load otherwise; NULL: it can't be recorded, for this reason */
    enum sc_untraced reason;
};

static int64_t read_at(void *file, void *buffer, size_t bytes, uint64_t offset)
{
    return sc_own_read(*(long *)file, buffer, bytes, (int64_t)offset);
}

static bool gains_rights(long fd)
{
    struct stat st;
    if (sc_syscall(SYS_fstat, fd, &st) != 0)
        return false;
    if (sc_gains_rights(&st, (uid_t)sc_syscall(SYS_getuid, 0), (gid_t)sc_syscall(SYS_getgid, 0)))
        return true;
    return sc_syscall(SYS_fgetxattr, fd, "security.capability", 0, 0) > 0;
}

/* The file's name as /proc shows it for the program that runs it. False where it has none any more. */
static bool find_name(long fd, char *name)
{
    char own[SC_PROC_FD_BYTES];
    struct stat opened, named;
    sc_proc_own_fd_path(own, (int)fd);
    long length = sc_syscall(SYS_readlink, own, name, SC_PATH_BYTES - 1);
    if (sc_failed(length) || name[0] != '/')
        return false;
    name[length] = '\0';
    return sc_syscall(SYS_stat, name, &named) == 0 && sc_syscall(SYS_fstat, fd, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* The kernel would ask this of the program, and not of our loader. */
static bool may_execute(const char *name)
{
    long result = sc_syscall(SYS_faccessat2, AT_FDCWD, name, X_OK, AT_EACCESS);
    return (result == -ENOSYS ? sc_syscall(SYS_access, name, X_OK) : result) == 0;
}

/* Statically linked: whether our loader takes it, as a program or as the interpreter of one script. */
static enum sc_untraced judge_static(struct judgement *judgement, long fd, const char *name)
{
    struct sc_static_image image;
    if (gains_rights(fd))
        return SC_UNTRACED_SETUID;
    if (judgement->scripts > 1 || sc_is_debugged())
        return SC_UNTRACED_STATIC;
    if (judgement->scripts && judgement->interpreter)
        sc_copy(judgement->interpreter, name, SC_INTERPRETER_BYTES);
    judgement->loads = judgement->program && may_execute(name) &&
                       sc_syscall(SYS_access, sc_process.loader, X_OK) == 0 &&
                       sc_static_image_read(read_at, &fd, &image) && find_name(fd, judgement->program);
    return judgement->loads ? SC_LOADABLE : SC_UNTRACED_STATIC;
}

static enum sc_untraced judge_open_file(struct judgement *judgement, long fd, const char *name, char *interpreter)
{
    enum sc_untraced reason = sc_judge_program(read_at, &fd, name, interpreter);
    judgement->scripts += reason == SC_SCRIPT;
    if (reason == SC_UNTRACED_STATIC)
        return judge_static(judgement, fd, name);
    if (reason != SC_LOADABLE && reason != SC_LOADABLE_MUSL)
        return reason;
    if (gains_rights(fd))
        return SC_UNTRACED_SETUID;
    if (!judgement->asan_anywhere && sc_elf_needs(read_at, &fd, "libasan.so"))
        return SC_UNTRACED_ASAN;
    return reason;
}

static enum sc_untraced judge_file(void *context, const char *name, bool first, char interpreter[SC_INTERPRETER_BYTES])
{
    struct judgement *judgement = context;
    int directory = first && judgement->fd >= 0 ? judgement->fd : AT_FDCWD;
    long fd = sc_syscall(SYS_openat, directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (sc_failed(fd)) /* executable but not readable cannot be judged: rare, and a complaint of ld.so harmless */
        return sc_process.musl ? SC_LOADABLE_MUSL : SC_LOADABLE;
    enum sc_untraced reason = judge_open_file(judgement, fd, name, interpreter);
    sc_syscall(SYS_close, fd);
    return reason;
}

/*
 * What the program will find when it starts, as another user or elsewhere in the file system. access uses the real user
 * and drops the rights that end with the exec (setpriv still has them).
 */
static bool is_reachable(void)
{
    if (sc_syscall(SYS_access, sc_process.path, R_OK | W_OK) != 0)
        return false;
    long fd = sc_store_open();
    if (!sc_failed(fd))
        sc_syscall(SYS_close, fd);
    return !sc_failed(fd);
}

/* The one that a program of that kind loads, if it is there. */
static void choose_library(struct judgement *judgement)
{
    bool own = (judgement->reason == SC_LOADABLE_MUSL) == sc_process.musl;
    const char *library = own || judgement->loads ? sc_process.library : sc_process.other;
    if (judgement->loads)
        judgement->library = library;
    else if (!*library)
        judgement->reason = SC_UNTRACED_LIBC;
    else if (sc_syscall(SYS_access, library, R_OK) == 0)
        judgement->library = library;
    else if (own || sc_syscall(SYS_access, sc_process.library, R_OK) != 0)
        judgement->reason = SC_UNTRACED_ROOT;
    else
        judgement->reason = SC_UNTRACED_LIBC;
    if (judgement->library && !is_reachable()) {
        *judgement = (struct judgement){.path = judgement->path, .fd = judgement->fd, .reason = SC_UNTRACED_CAPTURE};
    }
}

/* Runs in the helper of sc_helper_run: opening the file takes a descriptor. */
static void judge_outside(void *argument)
{
    struct judgement *judgement = argument;
    char own[SC_PROC_FD_BYTES];
    const char *name = judgement->path ? judgement->path : own;
    /* The descriptor may be one that cannot be read (O_PATH): its file is opened anew. */
    sc_proc_fd_path(own, judgement->fd < 0 ? 0 : judgement->fd);
    judgement->reason = sc_follow_scripts(judge_file, judgement, name);
    if (judgement->reason == SC_LOADABLE || judgement->reason == SC_LOADABLE_MUSL)
        choose_library(judgement);
}

/*
 * What the program is to load, which is any where our loader takes it; NULL if it can't be recorded, which is noted.
 * judgement: filled in but for the answers. The name is the program's, our copy or NULL.
 */
static const char *library_for(struct judgement *judgement, bool same_process)
{
    if (sc_helper_run(judge_outside, judgement) != 0)
        return sc_process.library;
    /* A text without #! is run by a shell, which loads us. Only the kernel's own refusals and ELF files count here. */
    if (!judgement->library)
        sc_process_untraced(judgement->reason, judgement->path ? judgement->path : "", same_process);
    return judgement->library;
}

/* Of so many bytes. Names stay in it. */
static bool make_area(struct sc_writer *writer, size_t bytes)
{
    if (writer->exec_bytes >= bytes)
        return true;
    bytes = (bytes + SC_GRANULE - 1) / SC_GRANULE * SC_GRANULE;
    long area = sc_place_memory(bytes, PROT_READ | PROT_WRITE);
    if (writer->exec_area) {
        if (!sc_failed(area))
            sc_copy((void *)area, writer->exec_area, AREA_NAMES);
        sc_syscall(SYS_munmap, writer->exec_area, writer->exec_bytes);
    }
    writer->exec_area = sc_failed(area) ? NULL : (void *)area;
    writer->exec_bytes = sc_failed(area) ? 0 : bytes;
    return writer->exec_area != NULL;
}

/*
 * After a seccomp filter a program must start without us, since our calls may be forbidden, and we can't map memory or
 * ask whether its environment can be read. So one static buffer serves one thread at a time: for good if the exec
 * succeeds; if it fails the same thread may try again, as a search along PATH does.
 */
static char spare[32 * 1024];
static void *spare_owner;

static sc_addr environment_without_us(sc_addr environment)
{
    static const struct sc_identity nobody;
    void *self = __builtin_thread_pointer(), *nothing = NULL;
    struct sc_environ given;
    size_t needed;
    if (!__atomic_compare_exchange_n(&spare_owner, &nothing, self, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
        nothing != self)
        return environment;
    sc_process_untraced(SC_UNTRACED_FILTER, "", true);
    if (!sc_environ_read(environment, &given))
        return environment;
    char **made = sc_environ_make(&given, NULL, &nobody, spare, sizeof spare, &needed);
    return made ? (sc_addr)made : environment;
}

/* Copies the program's path to the beginning of the area; NULL if it can't be read or is none. */
static const char *copy_path(struct sc_writer *writer, sc_addr path)
{
    size_t length;
    char *copy = writer->exec_area;
    if (!path || !sc_asked_length(path, SC_PATH_BYTES, &length) || length == SC_PATH_BYTES)
        return NULL;
    sc_proved_copy(copy, path, length);
    copy[length] = '\0';
    return copy;
}

/* How many arguments the program gives. False: they can't be read, or there is none. */
static bool count_arguments(sc_addr argv, size_t *ret_count)
{
    struct sc_readable known = sc_readable_nothing();
    uint64_t argument = 0;
    size_t count = 0;
    for (;; count++)
        if (!argv || !sc_readable_u64(&known, argv + count * sizeof argument, &argument))
            return false;
        else if (!argument)
            break;
    *ret_count = count;
    return count > 0;
}

/* As the kernel does for a script: its interpreter, what that is given, the script, and the arguments but the first. */
static void put_arguments(char *area, const struct sc_exec_instead *given, size_t count)
{
    uint64_t *to = (uint64_t *)(area + AREA_NAMES);
    const char *interpreter = area + AREA_INTERPRETER, *argument = interpreter + strlen(interpreter) + 1;
    *to++ = (uint64_t)interpreter;
    if (*argument)
        *to++ = (uint64_t)argument;
    *to++ = (uint64_t)area;
    for (size_t i = 1; i < count; i++)
        *to++ = sc_proved_u64(given->argv + i * sizeof(uint64_t));
    *to = 0;
}

/* Is our loader to be started for such a call? */
static bool may_load(const char *name, int fd, const struct sc_exec_instead *instead)
{
    return instead && name && (fd == AT_FDCWD || name[0] == '/') && !sc_process.leave_static &&
           sc_process.mode_asked != SC_ASK_INTERPOSE;
}

/* In the area, all that is given to the kernel. Returns the environment, or 0. */
static sc_addr make_start(struct sc_writer *writer, const struct sc_environ *given, const char *library,
                          const struct judgement *judgement, struct sc_identity *identity,
                          struct sc_exec_instead *instead)
{
    enum { MORE = 3 }; /* arguments of a script's interpreter, and the NULL */
    size_t count = 0, needed = AREA_FIRST;
    bool script = judgement->loads && judgement->scripts;
    if (script && !count_arguments(instead->argv, &count))
        return 0;
    size_t names = AREA_NAMES + (script ? (count + MORE) * sizeof(uint64_t) : 0);
    for (int tries = 0; tries < 2 && make_area(writer, names + needed); tries++) {
        char *area = writer->exec_area;
        if (judgement->loads)
            identity->load = (struct sc_to_load){area + AREA_PROGRAM, area};
        char **made = sc_environ_make(given, library, identity, area + names, writer->exec_bytes - names, &needed);
        if (!made)
            continue;
        if (script) {
            put_arguments(area, instead, count);
            instead->argv = (sc_addr)(area + AREA_NAMES);
        }
        if (judgement->loads)
            instead->path = (sc_addr)sc_process.loader;
        return (sc_addr)made;
    }
    return 0;
}

sc_addr sc_exec_environment(sc_addr path, int fd, sc_addr environment, bool same_process,
                            struct sc_exec_instead *instead)
{
    struct sc_writer *writer = sc_writer_get();
    struct sc_environ given;
    if (sc_process.no_syscalls)
        return environment_without_us(environment);
    if (!writer || !sc_environ_read(environment, &given) || !make_area(writer, AREA_NAMES + AREA_FIRST))
        return environment;
    /* A vfork child has its own number and, having one thread, its pid for a tid. */
    bool vforked = writer->process != sc_process.process;
    struct sc_identity identity = {
        .process = writer->process,
        .pid = !same_process ? 0
               : vforked     ? (int)writer->tid
                             : sc_process.pid,
        .execs = vforked ? 0 : sc_process.execs,
    };
    if (same_process)
        sc_counters_before_exec(writer, (char *)writer->exec_area + AREA_NAMES);
    if (same_process && !vforked) {
        sc_mapped_tell();
        if (sc_rings_any())
            sc_uring_end(writer);
    }
    char *area = writer->exec_area;
    const char *name = copy_path(writer, path), *executes = name ? sc_host_executes(name) : NULL;
    if (given.launched) {
        sc_process_untraced(SC_UNTRACED_OTHER, name ? name : "", same_process);
        return environment;
    }
    struct judgement judgement = {.path = executes, .fd = fd, .asan_anywhere = given.asan_anywhere};
    if (may_load(name, fd, instead)) {
        judgement.program = area + AREA_PROGRAM;
        judgement.interpreter = area + AREA_INTERPRETER;
    }
    bool follow = sc_process.follow && (path == 0 || name);
    const char *library = follow ? library_for(&judgement, same_process) : NULL;
    sc_addr made = make_start(writer, &given, library, &judgement, &identity, instead);
    return made ? made : environment;
}

/* The list is the program's memory, the rest of it that is left to search: 0 at its end. */
static int64_t next_directory(void *context, char *path, size_t room)
{
    sc_addr *list = context, from = *list;
    if (!from)
        return -1;
    size_t length = sc_proved_until(from, ':');
    if (length < room)
        sc_proved_copy(path, from, length);
    *list = sc_proved_begins(from + length, ":") ? from + length + 1 : 0;
    return (int64_t)length;
}

static int is_program(void *list, const char *path)
{
    struct stat st;
    (void)list;
    return sc_syscall(SYS_access, path, X_OK) == 0 && sc_syscall(SYS_stat, path, &st) == 0 && S_ISREG(st.st_mode)
               ? 0
               : -ENOENT;
}

/* Not on the program's stack, which may be a small one. */
static char *room_for_path(void)
{
    struct sc_writer *writer = sc_writer_get();
    if (writer && !writer->exec_found) {
        long area = sc_place_memory(SC_PATH_BYTES, PROT_READ | PROT_WRITE);
        writer->exec_found = sc_failed(area) ? NULL : (void *)area;
    }
    return writer ? writer->exec_found : NULL;
}

sc_addr sc_exec_search(sc_addr name)
{
    char copy[NAME_MAX + 1];
    struct sc_environ own;
    size_t bytes;
    if (!sc_asked_length(name, sizeof copy, &bytes) || bytes == sizeof copy || !bytes)
        return name; /* one that long is no plain name */
    sc_proved_copy(copy, name, bytes);
    copy[bytes++] = '\0';
    if (strchr(copy, '/') || !sc_environ_read(sc_host_environment(), &own))
        return name;
    sc_addr list = sc_environ_find(&own, "PATH=");
    if (!list)
        list = (sc_addr)SC_DEFAULT_PATH;
    static const struct sc_path_search calls = {next_directory, is_program};
    char *found = room_for_path();
    return found && sc_search_path(&calls, &list, copy, found, SC_PATH_BYTES) == 0 ? (sc_addr)found : 0;
}
