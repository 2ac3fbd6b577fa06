#include "proc_path.h"

#include <string.h>

#include "../../common/numbers.h"
#include "state.h"

size_t sc_proc_path(char *path, uint32_t pid, const char *rest)
{
    static const char proc[] = "/proc/";
    size_t used = sizeof proc - 1, length = strlen(rest) + 1;
    sc_copy(path, proc, used);
    used += sc_put_number(path + used, pid, 10);
    sc_copy(path + used, rest, length);
    return used + length - 1;
}

static void put_descriptor(char *path, const char *directory, int fd)
{
    size_t length = strlen(directory);
    sc_copy(path, directory, length);
    length += sc_put_number(path + length, (unsigned)fd, 10);
    path[length] = '\0';
}

void sc_proc_fd_path(char path[SC_PROC_FD_BYTES], int fd)
{
    put_descriptor(path, "/proc/self/fd/", fd);
}

void sc_proc_own_fd_path(char path[SC_PROC_FD_BYTES], int fd)
{
    put_descriptor(path, "/proc/thread-self/fd/", fd);
}
