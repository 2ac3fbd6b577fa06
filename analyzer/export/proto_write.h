/*
 * proto_write.h: protocol buffers, written by hand: https://protobuf.dev/programming-guides/encoding/
 *
 * A message is bytes; one within another is made first, for its length stands before it. Zeros are written like other
 * values.
 */
#ifndef SC_PROTO_WRITE_H
#define SC_PROTO_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is empty. */
struct sc_proto {
    unsigned char *bytes;
    size_t count, capacity;
    bool failed; /* memory was short: nothing more is added */
};

void sc_proto_free(struct sc_proto *proto);

static inline void sc_proto_clear(struct sc_proto *proto)
{
    proto->count = 0;
}

/* int32, int64, uint32, uint64, bool, enum; of a signed one the value as it converts. */
void sc_proto_number(struct sc_proto *proto, unsigned field, uint64_t value);
void sc_proto_fixed64(struct sc_proto *proto, unsigned field, uint64_t value);
void sc_proto_double(struct sc_proto *proto, unsigned field, double value);
/* string, bytes; a string has to be UTF-8. */
void sc_proto_bytes(struct sc_proto *proto, unsigned field, const void *bytes, size_t count);
void sc_proto_message(struct sc_proto *proto, unsigned field, const struct sc_proto *message);
/* The fields of another message, as they are. */
void sc_proto_append(struct sc_proto *proto, const struct sc_proto *fields);

#endif
