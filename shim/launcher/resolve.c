#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../../common/elf_needed.h"
#include "../../common/elf_probe.h"
#include "../../common/elf_static.h"
#include "../../common/program_find.h"
#include "launcher.h"

static int executable(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -EACCES;
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 ? 0 : -errno;
}

static int executable_at(void *list, const char *path)
{
    (void)list;
    return executable(path);
}

static int64_t next_directory(void *context, char *path, size_t room)
{
    const char **list = context, *from = *list;
    if (!from)
        return -1;
    size_t length = strcspn(from, ":");
    if (length < room)
        memcpy(path, from, length);
    *list = from[length] ? from + length + 1 : NULL;
    return (int64_t)length;
}

/* As execvp: a name with a slash is a path; else the directories of PATH, where one that is not executable does not
 * count.
 */
static int search(const char *name, char path[PATH_MAX])
{
    static const struct sc_path_search calls = {next_directory, executable_at};
    if (strlen(name) >= PATH_MAX)
        return -ENAMETOOLONG;
    if (strchr(name, '/') || !*name)
        return executable(strcpy(path, name));
    const char *list = getenv("PATH");
    if (!list)
        list = SC_DEFAULT_PATH;
    return sc_search_path(&calls, &list, name, path, PATH_MAX);
}

static int64_t read_at(void *file, void *buffer, size_t bytes, uint64_t offset)
{
    ssize_t got = pread(*(int *)file, buffer, bytes, (off_t)offset);
    return got < 0 ? -errno : got;
}

/* What execvp hands to a shell: no ELF file and, as shells themselves decide, no NUL in the first line. */
static bool is_text(int fd)
{
    char head[128];
    ssize_t length = pread(fd, head, sizeof head, 0);
    if (length < 0 || (length >= 4 && memcmp(head, "\177ELF", 4) == 0))
        return false;
    for (ssize_t i = 0; i < length && head[i] != '\n'; i++)
        if (head[i] == '\0')
            return false;
    return true;
}

/* Programs that gain rights when started: ld.so takes no preloads in them. */
static const char *privilege(int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return NULL;
    if (sc_gains_rights(&st, getuid(), getgid()))
        return sc_untraced_text(SC_UNTRACED_SETUID);
    if (fgetxattr(fd, "security.capability", NULL, 0) > 0)
        return "it has file capabilities, for which preloading is ignored";
    return NULL;
}

/*
 * AddressSanitizer's shared runtime ends a program in which another library comes before it. Its own switch for that is
 * in the program's environment, which is the user's to change.
 */
static bool sanitizer_stops(int fd)
{
    const char *options = getenv("ASAN_OPTIONS");
    return sc_elf_needs(read_at, &fd, "libasan.so") && !(options && strstr(options, "verify_asan_link_order=0"));
}

static int refuse(const struct sc_launch *launch, const char *file, const char *why)
{
    if (strcmp(file, launch->program) == 0)
        sc_say("%s cannot be captured: %s", file, why);
    else
        sc_say("%s cannot be captured, being run by %s: %s", launch->program, file, why);
    return SC_EXIT_REFUSED;
}

/* Whether our loader can put the program in its place; library.c finds out whether it is there. */
static bool is_loaded_by_us(struct sc_launch *launch, const char *file, int fd)
{
    struct sc_static_image image;
    return !launch->asked.leave_static && launch->asked.mode != SC_ASK_INTERPOSE && !privilege(fd) &&
           sc_static_image_read(read_at, &fd, &image) && realpath(file, launch->loaded);
}

/* What the kernel does for a script: its interpreter, what that is given, the script, and the arguments but the first.
 */
static int put_interpreter(struct sc_launch *launch, const char *interpreter)
{
    size_t count = 0, used = 0;
    while (launch->argv[count])
        count++;
    char **argv = calloc(count + 3, sizeof *argv);
    if (!argv)
        return -ENOMEM;
    memcpy(launch->interpreter, interpreter, sizeof launch->interpreter);
    argv[used++] = launch->interpreter;
    argv[used++] = launch->interpreter + strlen(launch->interpreter) + 1;
    if (!*argv[1])
        used--;
    argv[used++] = launch->program;
    memcpy(argv + used, launch->argv + 1, (count - 1) * sizeof *argv);
    launch->argv = argv;
    return 0;
}

/* A statically linked program, or the interpreter of a script, that our loader can put in its place. */
static bool takes_loader(struct sc_launch *launch, const char *file, int fd, unsigned scripts)
{
    if (!is_loaded_by_us(launch, file, fd) || scripts > 1 || launch->by_shell ||
        (scripts && put_interpreter(launch, file) != 0))
        launch->loaded[0] = '\0';
    return launch->loaded[0] != '\0';
}

static int judge_elf(struct sc_launch *launch, const char *file, int fd, enum sc_untraced reason, unsigned scripts)
{
    if (reason == SC_UNTRACED_STATIC && takes_loader(launch, file, fd, scripts))
        return 0;
    bool loadable = reason == SC_LOADABLE || reason == SC_LOADABLE_MUSL;
    const char *why = loadable ? privilege(fd) : sc_untraced_text(reason);
    if (why)
        return refuse(launch, file, why);
    if (sanitizer_stops(fd)) {
        sc_say("%s uses AddressSanitizer, which wants to be loaded first: add verify_asan_link_order=0 to ASAN_OPTIONS",
               file);
        return SC_EXIT_REFUSED;
    }
    return 0;
}

struct judgement {
    struct sc_launch *launch;
    unsigned scripts; /* so many were met on the way */
    int status;       /* to exit with, already said; 0: it can be captured */
};

/* What ends the walk is SC_LOADABLE here; the status says what it was. */
static enum sc_untraced judge_file(void *context, const char *file, bool first, char interpreter[SC_INTERPRETER_BYTES])
{
    struct judgement *judgement = context;
    struct sc_launch *launch = judgement->launch;
    int error = first ? 0 : executable(file);
    if (error != 0) {
        sc_say("%s: its interpreter %s: %s", launch->program, file, strerror(-error));
        judgement->status = error == -ENOENT ? SC_EXIT_NOT_FOUND : SC_EXIT_CANNOT_RUN;
        return SC_LOADABLE;
    }
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return SC_LOADABLE; /* executable but not readable: cannot be judged, so it is tried */
    enum sc_untraced reason = sc_judge_program(read_at, &fd, file, interpreter);
    if (reason == SC_UNTRACED_MACHINE && first && is_text(fd)) {
        launch->by_shell = true;
        memcpy(interpreter, "/bin/sh\0", sizeof "/bin/sh\0");
        reason = SC_SCRIPT;
    }
    judgement->scripts += reason == SC_SCRIPT;
    if (reason != SC_SCRIPT) {
        launch->musl = reason == SC_LOADABLE_MUSL;
        judgement->status = judge_elf(launch, file, fd, reason, judgement->scripts);
        reason = SC_LOADABLE;
    }
    close(fd);
    return reason;
}

static int judge(struct sc_launch *launch)
{
    struct judgement judgement = {launch, 0, 0};
    if (sc_follow_scripts(judge_file, &judgement, launch->program) != SC_SCRIPT)
        return judgement.status;
    sc_say("%s: its interpreters are scripts, too many deep", launch->program);
    return SC_EXIT_CANNOT_RUN;
}

int sc_program_find(struct sc_launch *launch)
{
    int error = search(launch->argv[0], launch->program);
    if (error != 0) {
        sc_say("%s: %s", launch->argv[0], strerror(-error));
        return error == -ENOENT || error == -ENOTDIR ? SC_EXIT_NOT_FOUND : SC_EXIT_CANNOT_RUN;
    }
    return judge(launch);
}
