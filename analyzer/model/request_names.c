#include "request_names.h"

/* By the call that does the same. */
static const struct {
    const char *call, *aio, *uring;
} names[] = {
#define NAME(call) {#call, NULL, "URING " #call},
    {"pread64", "AIO pread", "URING pread"},
    {"pwrite64", "AIO pwrite", "URING pwrite"},
    {"preadv", "AIO preadv", "URING preadv"},
    {"pwritev", "AIO pwritev", "URING pwritev"},
    {"fsync", "AIO fsync", "URING fsync"},
    {"fdatasync", "AIO fdsync", "URING fdatasync"},
    {"fadvise64", NULL, "URING fadvise"},
    NAME(read) NAME(write) NAME(readv) NAME(writev) NAME(sync_file_range) NAME(sendmsg) NAME(recvmsg) NAME(accept4)
        NAME(connect) NAME(fallocate) NAME(openat) NAME(close) NAME(statx) NAME(sendto) NAME(recvfrom) NAME(openat2)
            NAME(splice) NAME(tee) NAME(shutdown) NAME(renameat2) NAME(unlinkat) NAME(mkdirat) NAME(symlinkat)
                NAME(linkat) NAME(socket) NAME(ftruncate) NAME(bind) NAME(listen)
#undef NAME
};

const char *sc_request_name(enum sc_way way, const struct sc_call_desc *desc)
{
    for (size_t i = 0; desc->name && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].call, desc->name) == 0)
            return way == SC_WAY_AIO ? names[i].aio : names[i].uring;
    return "request";
}

const char *sc_event_call_name(const struct sc_event *event)
{
    const char *name = event->desc->name;
    if (event->type == SC_EVENT_REQUEST)
        return name ? sc_request_name((enum sc_way)event->way, event->desc) : event->name;
    return name ? name : "unknown";
}
