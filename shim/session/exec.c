#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "../../common/elf_probe.h"
#include "../../common/program_find.h"
#include "../../common/user_options.h"
#include "../args/mapped.h"
#include "../args/uring.h"
#include "../core/helper.h"
#include "../core/host.h"
#include "../core/peek.h"
#include "../core/placement.h"
#include "../core/raw_syscall.h"
#include "../core/writer.h"
#include "counters.h"
#include "environ.h"
#include "exec_judge.h"
#include "message.h"
#include "process.h"

enum {
    AREA_FIRST = 16 * 1024,
    AREA_PROGRAM = SC_PATH_BYTES,         /* where in the area, after the path that was given, stands the file's own, */
    AREA_INTERPRETER = 2 * SC_PATH_BYTES, /* a script's interpreter and what that is given beside the script, */
    AREA_NAMES = AREA_INTERPRETER + SC_INTERPRETER_BYTES, /* and then arguments and environment */
};

/*
 * What the program is to load, which is any where our loader takes it; NULL if it can't be recorded, which is noted.
 * judgement: filled in but for the answers. The name is the program's, our copy or NULL.
 */
static const char *library_for(struct sc_judgement *judgement, bool same_process)
{
    if (sc_helper_run(sc_judge_execution, judgement) != 0)
        return sc_process.library;
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
                          const struct sc_judgement *judgement, struct sc_identity *identity,
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

/* As late as can be: the others go on until the kernel ends them. Before names fill the area. */
static void count_threads(struct sc_writer *writer, bool same_process)
{
    if (same_process)
        sc_counters_before_exec(writer, (char *)writer->exec_area + AREA_NAMES);
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
    if (same_process && !vforked) {
        sc_mapped_tell();
        if (sc_rings_any())
            sc_uring_end(writer);
    }
    char *area = writer->exec_area;
    const char *name = copy_path(writer, path), *executes = name ? sc_host_executes(name) : NULL;
    if (given.launched) {
        count_threads(writer, same_process);
        sc_process_untraced(SC_UNTRACED_OTHER, name ? name : "", same_process);
        return environment;
    }
    struct sc_judgement judgement = {.path = executes, .fd = fd, .asan_anywhere = given.asan_anywhere};
    if (may_load(name, fd, instead)) {
        judgement.program = area + AREA_PROGRAM;
        judgement.interpreter = area + AREA_INTERPRETER;
    }
    bool follow = sc_process.follow && (path == 0 || name);
    const char *library = follow ? library_for(&judgement, same_process) : NULL;
    count_threads(writer, same_process);
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
