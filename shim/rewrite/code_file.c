#include "code_file.h"

#include <fcntl.h>
#include <string.h>

#include "../core/host.h"
#include "../core/raw_syscall.h"
#include "../core/state.h"

static bool is_same(long fd, uint64_t begin, uint64_t offset, uint64_t bytes)
{
    static uint8_t part[64 * 1024];
    for (uint64_t done = 0; done < bytes;) {
        uint64_t wanted = bytes - done < sizeof part ? bytes - done : sizeof part;
        long got = sc_syscall(SYS_pread64, fd, part, wanted, offset + done);
        if (got <= 0 || memcmp(part, (const void *)(begin + done), (size_t)got) != 0)
            return false;
        done += (uint64_t)got;
    }
    return true;
}

bool sc_code_is_as_in_file(const char *file, uint64_t begin, uint64_t offset, uint64_t bytes)
{
    static char program[SC_PATH_BYTES];
    if (!file)
        return false;
    if (!*file) {
        long length = sc_host_program(program, sizeof program - 1);
        if (sc_failed(length))
            return false;
        program[length] = '\0';
        file = program;
    }
    long fd = sc_syscall(SYS_open, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (sc_failed(fd))
        return false;
    bool same = is_same(fd, begin, offset, bytes);
    sc_syscall(SYS_close, fd);
    return same;
}
