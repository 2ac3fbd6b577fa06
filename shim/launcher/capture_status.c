#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/capture_name.h"
#include "launcher.h"

int sc_capture_name(const struct sc_launch *launch, pid_t pid, char ret_path[PATH_MAX])
{
    size_t used = 0;
    if (launch->asked.output[0] != '/') {
        if (!getcwd(ret_path, PATH_MAX))
            return -errno;
        used = strlen(ret_path);
    }
    return sc_expand_name(launch->asked.output, launch->program, (uint32_t)pid, ret_path, used, PATH_MAX);
}

static bool is_capture(const struct sc_file_header *header)
{
    return memcmp(header->magic, SC_MAGIC, sizeof header->magic) == 0;
}

/* The header of the session's capture under that name, opened. -1: there is none, or another's. */
static int open_capture(const char *path, uint64_t nonce, struct sc_file_header *ret_header)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    *ret_header = (struct sc_file_header){.version = 0};
    if (fd < 0)
        return -1;
    if (pread(fd, ret_header, sizeof *ret_header, 0) == sizeof *ret_header && is_capture(ret_header) &&
        ret_header->nonce == nonce)
        return fd;
    close(fd);
    return -1;
}

/* Where the first name was taken by another session, the library took one of the next: those that exist are looked at.
 */
static int find_capture(char path[PATH_MAX], uint64_t nonce, struct sc_file_header *ret_header)
{
    enum { NAMES = 100 };
    char first[PATH_MAX];
    strcpy(first, path);
    for (unsigned turn = 1; turn < NAMES; turn++) {
        strcpy(path, first);
        if (sc_other_name(path, turn, PATH_MAX) != 0 || access(path, F_OK) != 0)
            break;
        int fd = open_capture(path, nonce, ret_header);
        if (fd >= 0)
            return fd;
    }
    strcpy(path, first);
    return -1;
}

/* What is missing in any case; where a recording stopped at the size that was asked for, the line of what was made has
 * it, if that is written. */
static void say_stop(const struct sc_launch *launch, const char *path, const struct sc_file_header *header)
{
    if (header->any_stop == SC_STOP_SECCOMP)
        sc_say("%s is not complete: recording stopped when the program had a seccomp filter and the room was used up",
               path);
    else if (header->any_stop == SC_STOP_DISPATCH)
        sc_say("%s is not complete: recording stopped when the program had its system calls handed back to it", path);
    else if (header->any_stop == SC_STOP_GS)
        sc_say("%s is not complete: recording stopped when the program, statically linked, took the GS register", path);
    else if (header->any_stop == SC_STOP_LIMIT && !sc_says_made(launch))
        sc_say("%s is not complete: recording stopped at its greatest size", path);
    else if (header->any_stop != SC_STOP_NONE && header->any_stop != SC_STOP_LIMIT)
        sc_say("%s is not complete: recording stopped before the program ended: %s", path,
               strerror((int)header->any_stop_errno));
}

void sc_capture_ended(const struct sc_launch *launch, char path[PATH_MAX], int wait_status, uint64_t ns)
{
    struct sc_file_header header;
    struct {
        uint32_t launched;
        int32_t wait_status;
    } end = {2, wait_status};
    _Static_assert(offsetof(struct sc_file_header, wait_status) == offsetof(struct sc_file_header, launched) + 4,
                   "written together");
    int fd = find_capture(path, launch->nonce, &header);
    if (fd < 0) {
        if (is_capture(&header)) /* of whatever else is there the library has said why */
            sc_say("%s is not this run's capture; it was left as it is", path);
        return;
    }
    if (pwrite(fd, &end, sizeof end, offsetof(struct sc_file_header, launched)) != sizeof end)
        sc_say("%s: how the program ended could not be written: %m", path);
    say_stop(launch, path, &header);
    sc_say_made(launch, path, fd, &header, ns);
    close(fd);
}
