#include "codec.h"

static int decode_extras(const uint8_t **p, const uint8_t *end, struct sc_record *record)
{
    if (*p >= end)
        return -EBADMSG;
    unsigned count = *(*p)++;
    if (count > SC_MAX_EXTRAS)
        return -EBADMSG;
    for (unsigned i = 0; i < count; i++) {
        uint64_t value;
        if (*p >= end)
            return -EBADMSG;
        uint8_t tag = *(*p)++;
        if ((tag & 7) >= SC_MAX_ARGS || sc_get(p, end, &value) != 0)
            return -EBADMSG;
        record->extras[i].type = tag >> 3;
        record->extras[i].arg = tag & 7;
        record->extras[i].value = (uint64_t)sc_unzigzag(value);
    }
    record->extra_count = (uint8_t)count;
    return 0;
}

const struct sc_call_desc *sc_call_of_table(const void *context, unsigned nr)
{
    (void)context;
    return sc_call(nr);
}

int sc_decode(const uint8_t **p, const uint8_t *end, sc_call_lookup *lookup, const void *context,
              struct sc_codec_base *base, struct sc_record *ret_record)
{
    uint16_t head;
    uint64_t delta, duration, site;
    if (end - *p < 2)
        return -EBADMSG;
    memcpy(&head, *p, 2);
    *p += 2;
    unsigned nr = head & SC_HEAD_NR;
    const struct sc_call_desc *desc = lookup(context, nr);
    if (nr >= SC_NR_LIMIT || sc_get(p, end, &delta) != 0 || sc_get(p, end, &duration) != 0 ||
        sc_get(p, end, &site) != 0)
        return -EBADMSG;

    ret_record->desc = desc;
    ret_record->nr = (uint16_t)nr;
    ret_record->data = (head >> SC_HEAD_DATA_SHIFT) & 3;
    ret_record->noreturn = head & SC_HEAD_NORETURN;
    ret_record->nulls = 0;
    ret_record->extra_count = 0;
    ret_record->start = base->tick + (uint64_t)sc_unzigzag(delta);
    ret_record->duration = duration;
    ret_record->site = base->site + (uint64_t)sc_unzigzag(site);
    base->tick = ret_record->start + duration;
    base->site = ret_record->site;

    memset(ret_record->args, 0, sizeof ret_record->args);
    for (unsigned mask = desc->stored; mask; mask &= mask - 1) {
        uint64_t value;
        if (sc_get(p, end, &value) != 0)
            return -EBADMSG;
        ret_record->args[__builtin_ctz(mask)] = (uint64_t)sc_unzigzag(value);
    }
    if (head & SC_HEAD_EXPECTED) {
        ret_record->result = desc->expect < SC_MAX_ARGS ? (int64_t)ret_record->args[desc->expect] : 0;
    } else {
        uint64_t value;
        if (sc_get(p, end, &value) != 0)
            return -EBADMSG;
        ret_record->result = sc_unzigzag(value);
    }
    if (head & SC_HEAD_NULLS) {
        if (*p >= end)
            return -EBADMSG;
        ret_record->nulls = *(*p)++;
    }
    return head & SC_HEAD_EXTRAS ? decode_extras(p, end, ret_record) : 0;
}

int sc_decode_meta(const uint8_t **p, const uint8_t *end, unsigned *ret_type, const uint8_t **ret_payload,
                   size_t *ret_bytes)
{
    struct sc_meta_head head;
    if ((size_t)(end - *p) < sizeof head)
        return -EBADMSG;
    memcpy(&head, *p, sizeof head);
    if (head.head < SC_NR_LIMIT || head.head > SC_HEAD_NR || (size_t)(end - *p) - sizeof head < head.bytes)
        return -EBADMSG;
    *ret_type = head.head;
    *ret_payload = *p + sizeof head;
    *ret_bytes = head.bytes;
    *p += sizeof head + head.bytes;
    return 0;
}

int sc_find_meta(const uint8_t *chunk, size_t used, uint64_t offset, unsigned type, const uint8_t **ret_payload,
                 size_t *ret_bytes)
{
    unsigned found;
    if (offset < sizeof(struct sc_chunk) || offset >= used)
        return -EBADMSG;
    const uint8_t *at = chunk + offset;
    if (sc_decode_meta(&at, chunk + used, &found, ret_payload, ret_bytes) != 0 || found != type)
        return -EBADMSG;
    return 0;
}

size_t sc_decode_stack(const uint8_t *payload, size_t bytes, uint64_t *ret_addresses)
{
    const uint8_t *end = payload + bytes;
    uint64_t before = 0, value;
    size_t count = 0;
    while (payload < end && sc_get(&payload, end, &value) == 0)
        before = ret_addresses[count++] = before + (uint64_t)sc_unzigzag(value);
    return count;
}
