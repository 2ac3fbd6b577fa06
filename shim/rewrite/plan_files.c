#include "plan_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "../../common/capture_format.h"
#include "../../common/numbers.h"
#include "../core/host.h"
#include "../core/peek.h"
#include "../core/raw_syscall.h"
#include "../core/store.h"
#include "../session/session_options.h"

enum { MOST_FILES = 4096, NAME_BYTES = 64, OTHERS_WRITE = S_IWGRP | S_IWOTH };

static char folder[SC_PATH_BYTES];
static size_t
    owned; /* so long is the part of it that is to be the user's, if what is below is missing and to be made */
static char *const *variables; /* the program's, while a folder may be looked for */
static long opened = -EBADF;   /* -EAGAIN: not tried yet */

/* Appends text; false where there is no room. */
static bool add(size_t *used, const char *text)
{
    size_t length = strlen(text);
    if (length >= sizeof folder - *used)
        return false;
    sc_copy(folder + *used, text, length + 1);
    *used += length;
    return true;
}

static bool name_folder(void)
{
    const char *asked = sc_variable(variables, "SYSCAP_CACHE");
    const char *cache = sc_variable(variables, "XDG_CACHE_HOME"), *home = sc_variable(variables, "HOME");
    size_t used = 0;
    owned = 0;
    if (asked && *asked) /* a relative one would be another one for each program */
        return asked[0] == '/' && add(&used, asked);
    if (cache && cache[0] == '/')
        return add(&used, cache) && (owned = used) && add(&used, "/syscap");
    return home && home[0] == '/' && add(&used, home) && (owned = used) && add(&used, "/.cache/syscap");
}

/* A filter that is older than the session might kill for calls that few programs make. */
void sc_plan_files_begin(char *const *environment)
{
    variables = environment;
    opened = sc_copied_refused() == SC_NOT_ALLOWED ? -EBADF : -EAGAIN;
}

void sc_plan_files_end(void)
{
    if (!sc_failed(opened))
        sc_syscall(SYS_close, opened);
    opened = -EBADF;
}

/* Of that kind, the user's, and nobody else's to change. */
static bool is_ours(long fd, mode_t kind, struct stat *ret_st)
{
    return sc_syscall(SYS_fstat, fd, ret_st) == 0 && (ret_st->st_mode & S_IFMT) == kind &&
           !(ret_st->st_mode & OTHERS_WRITE) && ret_st->st_uid == sc_host_auxiliary(AT_EUID);
}

static void make_one(void)
{
    if (sc_syscall(SYS_mkdir, folder, S_IRWXU) == 0)
        sc_syscall(SYS_chmod, folder, S_IRWXU); /* whatever the umask is */
}

/* Each part of it below what is the user's; of a folder that was asked for only the last part. */
static void make_folder(void)
{
    struct stat st;
    char after = folder[owned];
    folder[owned] = '\0';
    bool ours = !owned || (sc_syscall(SYS_stat, folder, &st) == 0 && st.st_uid == sc_host_auxiliary(AT_EUID));
    folder[owned] = after;
    for (char *slash = folder + owned + 1; ours && owned && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        make_one();
        *slash = '/';
    }
    if (ours)
        make_one();
}

static bool open_folder(bool make)
{
    struct stat st;
    if (opened == -ENOENT && make) {
        make_folder();
        opened = -EAGAIN;
    }
    if (opened == -EAGAIN && !name_folder())
        opened = -EBADF;
    if (opened == -EAGAIN) {
        opened = sc_syscall(SYS_open, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (!sc_failed(opened) && !is_ours(opened, S_IFDIR, &st))
            sc_plan_files_end();
    }
    return !sc_failed(opened);
}

/* Of two plans that have one name the later stays: so many files there are at most, whatever is built and thrown away.
 */
static size_t put_name(char *name, uint64_t key)
{
    static const char plan[] = "plan-";
    sc_copy(name, plan, sizeof plan);
    return sizeof plan - 1 + sc_put_number(name + sizeof plan - 1, (key ^ key >> 32) % MOST_FILES, 10);
}

size_t sc_plan_file_read(uint64_t key, uint32_t *words, size_t room)
{
    char name[NAME_BYTES];
    struct stat st;
    size_t count = 0;
    name[put_name(name, key)] = '\0';
    if (!open_folder(false))
        return 0;
    long fd = sc_syscall(SYS_openat, opened, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (sc_failed(fd))
        return 0;
    if (is_ours(fd, S_IFREG, &st) && (uint64_t)st.st_size <= room * sizeof *words &&
        sc_syscall(SYS_read, fd, words, (size_t)st.st_size) == st.st_size)
        count = (size_t)st.st_size / sizeof *words;
    sc_syscall(SYS_close, fd);
    return count;
}

void sc_plan_file_write(uint64_t key, const uint32_t *words, size_t count)
{
    char name[NAME_BYTES], beside[NAME_BYTES];
    size_t bytes = count * sizeof *words, used = put_name(name, key);
    if (opened == -EBADF || !sc_store_fits(bytes) || !open_folder(true))
        return;
    name[used] = '\0';
    sc_copy(beside, name, used);
    beside[used++] = '.';
    used += sc_put_number(beside + used, (uint64_t)sc_process.pid, 10);
    beside[used] = '\0';
    long fd = sc_syscall(SYS_openat, opened, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (sc_failed(fd))
        return;
    bool whole = sc_syscall(SYS_write, fd, words, bytes) == (long)bytes;
    sc_syscall(SYS_close, fd);
    if (!whole || sc_syscall(SYS_renameat, opened, beside, opened, name) != 0)
        sc_syscall(SYS_unlinkat, opened, beside, 0);
}
