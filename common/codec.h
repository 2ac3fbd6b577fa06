/*
 * codec.h: records to bytes and back.
 *
 * Integers are prefix varints: the number of trailing zero bits of the first byte says how many bytes follow (0 to 8),
 * so that reading needs no loop; the value, seven bits a byte, stands above the marking bit, little-endian. Nine bytes
 * carry all 64 bits. Signed values are zigzagged before. The encoder writes eight bytes at a time: the caller leaves
 * SC_RECORD_MAX bytes of room. Everything here is inline because the shim is compiled with other registers than the
 * analyzer, and because it is the hot path.
 */
#ifndef SC_CODEC_H
#define SC_CODEC_H

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "capture_format.h"

struct sc_extra {
    uint8_t type; /* enum sc_extra_type */
    uint8_t arg;
    uint64_t value;
};

/* One finished call. Arguments left out of the record (sc_call_desc.stored) are 0 after decoding. */
struct sc_record {
    const struct sc_call_desc *desc;
    uint16_t nr;
    uint8_t data; /* enum sc_data */
    bool noreturn;
    uint8_t nulls; /* bit i: argument i is a pointer that was left out, and was NULL */
    uint8_t extra_count;
    uint64_t start;    /* ticks */
    uint64_t duration; /* ticks */
    uint64_t site;     /* the caller's return address */
    uint64_t args[SC_MAX_ARGS];
    int64_t result; /* -errno on failure */
    struct sc_extra extras[SC_MAX_EXTRAS];
};

/* What a record's differences refer to; a SEGMENT record sets it. */
struct sc_codec_base {
    uint64_t tick; /* the end of the record before */
    uint64_t site;
};

static inline uint64_t sc_zigzag(int64_t value)
{
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t sc_unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* sc_put for what is mostly longer than a byte. */
static inline uint8_t *sc_put_long(uint8_t *p, uint64_t value)
{
    unsigned top = 63u ^ (unsigned)__builtin_clzll(value | 1); /* the highest bit */
    if (__builtin_expect(top >= 56, 0)) {
        *p = 0;
        memcpy(p + 1, &value, 8);
        return p + 9;
    }
    unsigned more = (top * 9 + 9) >> 6; /* bytes behind the first: top / 7 for up to 56 bits, without a division */
    uint64_t word = (value << 1 | 1) << more;
    memcpy(p, &word, 8);
    return p + 1 + more;
}

/* Writes value at p (up to 9 bytes used, 9 touched) and returns the place behind it. */
static inline uint8_t *sc_put(uint8_t *p, uint64_t value)
{
    if (value < 128) { /* descriptors, a site that comes again: most */
        *p = (uint8_t)(value << 1 | 1);
        return p + 1;
    }
    return sc_put_long(p, value);
}

/* Reads a varint at *p, not beyond end. 0, or -EBADMSG where it does not fit. */
static inline int sc_get(const uint8_t **p, const uint8_t *end, uint64_t *ret_value)
{
    const uint8_t *at = *p;
    if (at >= end)
        return -EBADMSG;
    if (*at & 1) { /* one byte: most, see sc_put */
        *p = at + 1;
        *ret_value = *at >> 1;
        return 0;
    }
    unsigned bytes = *at ? (unsigned)__builtin_ctz(*at) + 1 : 9;
    if ((size_t)(end - at) < bytes)
        return -EBADMSG;
    uint64_t word = 0;
    if (bytes == 9) {
        memcpy(&word, at + 1, 8);
    } else {
        if (end - at >= 8)
            memcpy(&word, at, 8);
        else
            memcpy(&word, at, bytes);
        word >>= bytes;
        if (bytes < 8)
            word &= (UINT64_C(1) << (7 * bytes)) - 1;
    }
    *p = at + bytes;
    *ret_value = word;
    return 0;
}

/* The part of a record that every call has. */
struct sc_fields {
    const struct sc_call_desc *desc;
    const uint64_t *args; /* registers; as many bits as the kinds have are taken */
    uint64_t start;
    uint64_t duration;
    uint64_t site;
    int64_t result;
};

/* As in sc_put of the zigzagged number, of an argument whose low 32 bits count, with sign. */
static inline uint8_t *sc_put_i32(uint8_t *p, uint64_t value)
{
    int32_t number = (int32_t)value;
    return sc_put(p, ((uint32_t)number << 1) ^ (uint32_t)(number >> 31));
}

static inline uint8_t *sc_put_i64(uint8_t *p, uint64_t value)
{
    return sc_put(p, sc_zigzag((int64_t)value));
}

/* The result that need not be stored. */
static inline int64_t sc_expected_result(const struct sc_call_desc *desc, const uint64_t *args)
{
    if (desc->form > SC_FORM_NUMBERS)
        return (int64_t)args[desc->expect];
    return desc->expect < SC_MAX_ARGS ? (int64_t)sc_widen_arg(desc, desc->expect, args[desc->expect]) : 0;
}

/* Encodes the arguments; most calls have one of a few forms, whose arguments need not be asked for their widths. */
static inline __attribute__((always_inline)) uint8_t *sc_encode_args(uint8_t *p, const struct sc_call_desc *desc,
                                                                     const uint64_t *args)
{
    unsigned form = desc->form;
    if (form == SC_FORM_FD_SIZE_OFF) {
        p = sc_put_i64(sc_put_i32(p, args[0]), args[2]);
        return sc_put_i64(p, args[3]);
    }
    if (form == SC_FORM_FD_SIZE)
        return sc_put_i64(sc_put_i32(p, args[0]), args[2]);
    if (form == SC_FORM_FD_OFF_INT) {
        p = sc_put_i64(sc_put_i32(p, args[0]), args[1]);
        return sc_put_i32(p, args[2]);
    }
    for (unsigned mask = desc->stored; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        p = sc_put_i64(p, sc_widen_arg(desc, i, args[i]));
    }
    return p;
}

/* Encodes it at p, head included, moves base on and returns the place behind. */
static inline __attribute__((always_inline)) uint8_t *sc_encode_fields(uint8_t *p, const struct sc_fields *fields,
                                                                       struct sc_codec_base *base, unsigned head)
{
    const struct sc_call_desc *desc = fields->desc;
    uint64_t delta = sc_zigzag((int64_t)(fields->start - base->tick)), duration = fields->duration;
    bool expected = fields->result == sc_expected_result(desc, fields->args);
    if (expected)
        head |= SC_HEAD_EXPECTED;
    /* Both times mostly take two bytes: from 128 on and below 2^14. */
    if (((delta - 128) | (duration - 128)) < (1 << 14) - 128) {
        uint64_t word = head | (delta << 2 | 2) << 16 | (duration << 2 | 2) << 32;
        memcpy(p, &word, 8);
        p += 6;
    } else {
        memcpy(p, &head, 2);
        p = sc_put_long(sc_put_long(p + 2, delta), duration);
    }
    p = sc_put(p, sc_zigzag((int64_t)(fields->site - base->site)));
    base->tick = fields->start + fields->duration;
    base->site = fields->site;
    p = sc_encode_args(p, desc, fields->args);
    return expected ? p : sc_put(p, sc_zigzag(fields->result));
}

/* Encodes a finished call at p and moves base on; returns the place behind. At most SC_RECORD_MAX bytes are touched. */
static inline uint8_t *sc_encode(uint8_t *p, const struct sc_record *record, struct sc_codec_base *base)
{
    unsigned head = record->nr | (unsigned)record->data << SC_HEAD_DATA_SHIFT;
    if (record->noreturn)
        head |= SC_HEAD_NORETURN;
    if (record->nulls)
        head |= SC_HEAD_NULLS;
    if (record->extra_count)
        head |= SC_HEAD_EXTRAS;
    struct sc_fields fields = {record->desc,     record->args, record->start,
                               record->duration, record->site, record->result};
    p = sc_encode_fields(p, &fields, base, head);
    if (__builtin_expect(record->nulls, 0))
        *p++ = record->nulls;
    if (record->extra_count) {
        *p++ = record->extra_count;
        for (unsigned i = 0; i < record->extra_count; i++) {
            *p++ = (uint8_t)(record->extras[i].type << 3 | record->extras[i].arg);
            p = sc_put(p, sc_zigzag((int64_t)record->extras[i].value));
        }
    }
    return p;
}

/* A STACK record's payload: count addresses at p. Returns its bytes, at most SC_STACK_BYTES(count); 8 more are touched.
 */
#define SC_STACK_BYTES(count) (9 * (count))
static inline size_t sc_encode_stack(uint8_t *p, const uint64_t *addresses, unsigned count)
{
    const uint8_t *begin = p;
    uint64_t before = 0;
    for (unsigned i = 0; i < count; i++) {
        p = sc_put(p, sc_zigzag((int64_t)(addresses[i] - before)));
        before = addresses[i];
    }
    return (size_t)(p - begin);
}

/* And back: how many addresses, each in at least one byte, are in the payload, ret_addresses having room for bytes. */
size_t sc_decode_stack(const uint8_t *payload, size_t bytes, uint64_t *ret_addresses);

/* Where to find a call's description while reading: the capture's own table, not this program's. */
typedef const struct sc_call_desc *sc_call_lookup(const void *context, unsigned nr);

/* The one for what this version has encoded: our own table; context is not looked at. */
sc_call_lookup sc_call_of_table;

/*
 * Decodes the call record at *p, whose head is below SC_NR_LIMIT, and moves *p and base on.
 * 0, or -EBADMSG where it does not fit before end or contradicts itself; *p is undefined then.
 */
int sc_decode(const uint8_t **p, const uint8_t *end, sc_call_lookup *lookup, const void *context,
              struct sc_codec_base *base, struct sc_record *ret_record);

/*
 * The meta record at *p: its type, its payload (inside the buffer, not aligned) and the payload's length; moves *p on.
 * 0, or -EBADMSG.
 */
int sc_decode_meta(const uint8_t **p, const uint8_t *end, unsigned *ret_type, const uint8_t **ret_payload,
                   size_t *ret_bytes);

/* The payload of the STRING or STACK record (type) at that offset of a chunk. 0, or -EBADMSG. */
int sc_find_meta(const uint8_t *chunk, size_t used, uint64_t offset, unsigned type, const uint8_t **ret_payload,
                 size_t *ret_bytes);

#endif
