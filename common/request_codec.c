#include "request_codec.h"

static int get_key(const uint8_t **p, const uint8_t *end, uint64_t *before)
{
    uint64_t step;
    if (sc_get(p, end, &step) != 0)
        return -EBADMSG;
    *before += (uint64_t)sc_unzigzag(step);
    return 0;
}

/* What only a ring's requests have. */
static int get_rest(const uint8_t **p, const uint8_t *end, struct sc_request_fields *request)
{
    uint64_t flags, operation_flags, other, address;
    if (sc_get(p, end, &flags) || sc_get(p, end, &operation_flags) || sc_get(p, end, &other) ||
        sc_get(p, end, &address) || flags >> 2 > UINT8_MAX || operation_flags > UINT32_MAX ||
        sc_unzigzag(other) != (int32_t)sc_unzigzag(other) || (flags & 3) > SC_REQUEST_TEXTS)
        return -EBADMSG;
    request->flags = (uint8_t)(flags >> 2);
    request->text_count = flags & 3;
    request->operation_flags = (uint32_t)operation_flags;
    request->other = (int32_t)sc_unzigzag(other);
    request->address = address;
    for (unsigned i = 0; i < request->text_count; i++) {
        uint64_t len;
        if (sc_get(p, end, &len) || len > (uint64_t)(end - *p))
            return -EBADMSG;
        request->texts[i].at = (const char *)*p;
        request->texts[i].len = (uint32_t)len;
        *p += len;
    }
    return 0;
}

int sc_get_request(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_request_fields *ret_request)
{
    uint64_t operation, fd, bytes, offset;
    if (get_key(p, end, before) || sc_get(p, end, &operation) || sc_get(p, end, &fd) || sc_get(p, end, &bytes) ||
        sc_get(p, end, &offset))
        return -EBADMSG;
    if (operation >> 2 > UINT16_MAX || sc_unzigzag(fd) != (int32_t)sc_unzigzag(fd))
        return -EBADMSG;
    *ret_request = (struct sc_request_fields){.key = *before,
                                              .operation = (uint16_t)(operation >> 2),
                                              .data = operation & 3,
                                              .fd = (int32_t)sc_unzigzag(fd),
                                              .bytes = bytes,
                                              .offset = sc_unzigzag(offset)};
    return sc_operation_in_ring(ret_request->operation) ? get_rest(p, end, ret_request) : 0;
}

int sc_get_result(const uint8_t **p, const uint8_t *end, bool in_ring, uint64_t *before,
                  struct sc_result_fields *ret_result)
{
    uint64_t result, flags = 0;
    if (get_key(p, end, before) || sc_get(p, end, &result) || (in_ring && sc_get(p, end, &flags)) || flags > UINT32_MAX)
        return -EBADMSG;
    *ret_result = (struct sc_result_fields){*before, sc_unzigzag(result), (uint32_t)flags};
    return 0;
}
