#include "proto_write.h"

#include <stdlib.h>
#include <string.h>

#include "../model/array.h"

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2 }; /* wire types */
enum { VARINT_MOST = 10, HEAD_MOST = 2 * VARINT_MOST };

void sc_proto_free(struct sc_proto *proto)
{
    free(proto->bytes);
    *proto = (struct sc_proto){0};
}

static bool room(struct sc_proto *proto, size_t bytes)
{
    if (!proto->failed && SC_RESERVE(proto->bytes, proto->capacity, proto->count + bytes))
        proto->failed = true;
    return !proto->failed;
}

static void varint(struct sc_proto *proto, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        proto->bytes[proto->count++] = (unsigned char)(value | 0x80);
    proto->bytes[proto->count++] = (unsigned char)value;
}

static void head(struct sc_proto *proto, unsigned field, unsigned type)
{
    varint(proto, (uint64_t)field << 3 | type);
}

void sc_proto_number(struct sc_proto *proto, unsigned field, uint64_t value)
{
    if (!room(proto, HEAD_MOST))
        return;
    head(proto, field, VARINT);
    varint(proto, value);
}

void sc_proto_fixed64(struct sc_proto *proto, unsigned field, uint64_t value)
{
    if (!room(proto, VARINT_MOST + sizeof value))
        return;
    head(proto, field, FIXED64);
    memcpy(proto->bytes + proto->count, &value, sizeof value); /* little-endian, as this machine is */
    proto->count += sizeof value;
}

void sc_proto_double(struct sc_proto *proto, unsigned field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    sc_proto_fixed64(proto, field, bits);
}

void sc_proto_bytes(struct sc_proto *proto, unsigned field, const void *bytes, size_t count)
{
    if (!room(proto, HEAD_MOST + count))
        return;
    head(proto, field, LENGTH);
    varint(proto, count);
    if (count)
        memcpy(proto->bytes + proto->count, bytes, count);
    proto->count += count;
}

void sc_proto_message(struct sc_proto *proto, unsigned field, const struct sc_proto *message)
{
    sc_proto_bytes(proto, field, message->bytes, message->count);
    proto->failed |= message->failed;
}

void sc_proto_append(struct sc_proto *proto, const struct sc_proto *fields)
{
    proto->failed |= fields->failed;
    if (!fields->count || !room(proto, fields->count))
        return;
    memcpy(proto->bytes + proto->count, fields->bytes, fields->count);
    proto->count += fields->count;
}
