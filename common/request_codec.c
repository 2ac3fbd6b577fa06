#include "request_codec.h"

static int get_key(const uint8_t **p, const uint8_t *end, uint64_t *before)
{
    uint64_t step;
    if (sc_get(p, end, &step) != 0)
        return -EBADMSG;
    *before += (uint64_t)sc_unzigzag(step);
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
    return 0;
}

int sc_get_result(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_result_fields *ret_result)
{
    uint64_t result;
    if (get_key(p, end, before) || sc_get(p, end, &result))
        return -EBADMSG;
    *ret_result = (struct sc_result_fields){*before, sc_unzigzag(result)};
    return 0;
}
