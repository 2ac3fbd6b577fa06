/* streams.h: what is to be known of stdio's streams, whose inside is each C library's own (streams_*.c). */
#ifndef SC_STREAMS_H
#define SC_STREAMS_H

#include "../core/peek.h"

/* The stream's descriptor, which the C library is about to use or has just given it; -1: it has none. */
int sc_stream_fd(sc_addr stream);

/*
 * What streams still hold and exit will write. Found without locks: a thread that holds a stream's lock for ever must
 * not block the exit.
 */
struct sc_pending {
    uint64_t writes, bytes;
};
struct sc_pending sc_streams_pending(void);

#endif
