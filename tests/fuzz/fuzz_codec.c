/*
 * fuzz_codec: the bytes of records, and of requests in them. What is decoded from them is encoded again and must come
 * back equal; every look into them stays inside. The buffer is as long as the input and no longer, so that a sanitizer
 * sees what goes beyond.
 */
#include <stdlib.h>

#include "../../common/mapped_codec.h"
#include "../../common/request_codec.h"
#include "fuzz.h"

static bool same(const struct sc_record *a, const struct sc_record *b)
{
    bool equal = a->desc == b->desc && a->nr == b->nr && a->data == b->data && a->noreturn == b->noreturn &&
                 a->nulls == b->nulls && a->extra_count == b->extra_count && a->start == b->start &&
                 a->duration == b->duration && a->site == b->site && a->result == b->result &&
                 memcmp(a->args, b->args, sizeof a->args) == 0;
    for (unsigned i = 0; equal && i < a->extra_count; i++)
        equal = a->extras[i].type == b->extras[i].type && a->extras[i].arg == b->extras[i].arg &&
                a->extras[i].value == b->extras[i].value;
    return equal;
}

/* The encoder takes as many bits of an argument as its kind has; strange bytes can hold more. */
static void again(const struct sc_record *decoded, struct sc_codec_base base)
{
    struct sc_record copy = *decoded, *record = &copy;
    uint8_t bytes[SC_RECORD_MAX];
    for (unsigned mask = copy.desc->stored; mask; mask &= mask - 1)
        copy.args[__builtin_ctz(mask)] =
            (uint64_t)sc_widen_arg(copy.desc, (unsigned)__builtin_ctz(mask), copy.args[__builtin_ctz(mask)]);
    struct sc_codec_base written = base, read = base;
    struct sc_record back;
    const uint8_t *end = sc_encode(bytes, record, &written), *at = bytes;
    CHECK(end <= bytes + sizeof bytes);
    CHECK(sc_decode(&at, end, sc_call_of_table, NULL, &read, &back) == 0 && at == end);
    CHECK(same(record, &back) && read.tick == written.tick && read.site == written.site);
}

static void walk(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = bytes + size;
    struct sc_codec_base base = {0};
    while (end - at >= 2) {
        uint16_t head;
        memcpy(&head, at, sizeof head);
        struct sc_codec_base before = base;
        struct sc_record record;
        const uint8_t *payload, *begin = at;
        unsigned type;
        size_t payload_bytes;
        if ((head & SC_HEAD_NR) < SC_NR_LIMIT) {
            if (sc_decode(&at, end, sc_call_of_table, NULL, &base, &record) != 0)
                return;
            again(&record, before);
        } else {
            if (sc_decode_meta(&at, end, &type, &payload, &payload_bytes) != 0)
                return;
            CHECK(payload >= begin && payload + payload_bytes == at);
        }
        CHECK(at > begin && at <= end);
    }
}

static void find(const uint8_t *bytes, size_t size)
{
    const uint8_t *payload;
    size_t found;
    for (uint64_t offset = 0; offset < size + 2; offset++)
        if (sc_find_meta(bytes, size, offset, SC_META_STRING, &payload, &found) == 0)
            CHECK(payload > bytes && payload + found <= bytes + size);
    uint64_t any = 0;
    memcpy(&any, bytes, size < sizeof any ? size : sizeof any);
    (void)sc_find_meta(bytes, size, any, SC_META_STACK, &payload, &found);
}

/* With its names behind it. To be freed. */
static uint8_t *put_request(const struct sc_request_fields *request, uint64_t *written, const uint8_t **ret_end)
{
    size_t names = 0;
    for (unsigned i = 0; i < request->text_count; i++)
        names += request->texts[i].len;
    uint8_t *put = malloc(SC_REQUEST_MAX + names);
    CHECK(put);
    uint8_t *end = sc_put_request(put, request, written);
    for (unsigned i = 0; i < request->text_count; i++) {
        end = sc_put_text_length(end, request->texts[i].len);
        memcpy(end, request->texts[i].at, request->texts[i].len);
        end += request->texts[i].len;
    }
    CHECK(end <= put + SC_REQUEST_MAX + names);
    *ret_end = end;
    return put;
}

static void walk_requests(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = bytes + size, *put_end;
    uint64_t before = 0, written = 0, read = 0;
    struct sc_request_fields request, back;
    while (at < end && sc_get_request(&at, end, &before, &request) == 0) {
        uint8_t *put = put_request(&request, &written, &put_end);
        const uint8_t *from = put;
        CHECK(sc_get_request(&from, put_end, &read, &back) == 0 && from == put_end);
        CHECK(back.key == request.key && back.operation == request.operation && back.data == request.data &&
              back.fd == request.fd && back.bytes == request.bytes && back.offset == request.offset);
        CHECK(back.flags == request.flags && back.operation_flags == request.operation_flags &&
              back.other == request.other && back.address == request.address && back.text_count == request.text_count);
        for (unsigned i = 0; i < back.text_count; i++)
            CHECK(back.texts[i].len == request.texts[i].len &&
                  memcmp(back.texts[i].at, request.texts[i].at, back.texts[i].len) == 0);
        free(put);
    }
}

static void walk_results(const uint8_t *bytes, size_t size, bool in_ring)
{
    const uint8_t *at = bytes, *end = bytes + size;
    uint64_t before = 0, written = 0, read = 0;
    struct sc_result_fields result, back;
    while (at < end && sc_get_result(&at, end, in_ring, &before, &result) == 0) {
        uint8_t put[SC_REQUEST_MAX];
        const uint8_t *from = put, *put_end = sc_put_result(put, &result, in_ring, &written);
        CHECK(sc_get_result(&from, put_end, in_ring, &read, &back) == 0 && from == put_end);
        CHECK(back.key == result.key && back.result == result.result && back.flags == result.flags);
    }
}

static void walk_pages(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = bytes + size;
    uint64_t before = 0, written = 0, read = 0;
    struct sc_page_run run, back;
    while (at < end && sc_get_page_run(&at, end, &before, &run) == 0) {
        uint8_t put[SC_PAGE_RUN_MAX + sizeof(uint64_t)];
        const uint8_t *from = put, *put_end = sc_put_page_run(put, &run, &written);
        CHECK(put_end <= put + SC_PAGE_RUN_MAX);
        CHECK(sc_get_page_run(&from, put_end, &read, &back) == 0 && from == put_end);
        CHECK(back.first == run.first && back.pages == run.pages && back.data == run.data);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    CHECK(exact);
    memcpy(exact, data, size);
    walk(exact, size);
    find(exact, size);
    walk_requests(exact, size);
    walk_results(exact, size, false);
    walk_results(exact, size, true);
    walk_pages(exact, size);
    free(exact);
    return 0;
}
