#include "streams.h"

#include <stdio.h>

int sc_stream_fd(sc_addr stream)
{
    int fd;
    return sc_asked_copy(&fd, stream + offsetof(FILE, _fileno), sizeof fd) ? fd : -1;
}

struct sc_pending sc_streams_pending(void)
{
    extern FILE *_IO_list_all __attribute__((weak));
    struct sc_pending pending = {0, 0};
    if (!&_IO_list_all)
        return pending;
    unsigned limit = 1 << 16;
    FILE stream; /* a copy: another thread may be closing it */
    for (sc_addr at = (sc_addr)_IO_list_all; limit-- && sc_asked_copy(&stream, at, sizeof stream);
         at = (sc_addr)stream._chain) {
        if (stream._fileno < 0 || stream._IO_write_ptr <= stream._IO_write_base)
            continue;
        pending.writes++;
        pending.bytes += (uint64_t)(stream._IO_write_ptr - stream._IO_write_base);
    }
    return pending;
}
