#include "debugged.h"

#include <fcntl.h>
#include <string.h>

#include "../core/helper.h"
#include "../core/raw_syscall.h"

bool sc_is_debugged(void)
{
    enum { FIRST_LINES = 512 };
    static const char name[] = "\nTracerPid:\t";
    char text[FIRST_LINES];
    long fd = sc_syscall(SYS_open, "/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd))
        return false;
    long got = sc_own_read(fd, text, sizeof text, 0);
    sc_syscall(SYS_close, fd);
    for (long at = 0; at + (long)sizeof name <= got; at++)
        if (memcmp(text + at, name, sizeof name - 1) == 0)
            return text[at + (long)sizeof name - 1] != '0';
    return false;
}
