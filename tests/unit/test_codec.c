#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../common/codec.h"

/* A generator that is the same everywhere, so that a failure can be repeated (Steele, Lea, Flood: splitmix). */
static uint64_t draw(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Numbers of all lengths equally often. */
static uint64_t draw_any(uint64_t *seed)
{
    return draw(seed) >> (draw(seed) & 63);
}

static int64_t draw_signed(uint64_t *seed)
{
    int64_t value = (int64_t)(draw_any(seed) >> 1);
    return draw(seed) & 1 ? value : -value - 1;
}

Test(codec, varints_of_all_lengths_come_back)
{
    uint64_t seed = 1;
    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[16];
        uint64_t value = i < 64 ? UINT64_C(1) << i : i < 128 ? (UINT64_C(1) << (i - 64)) - 1 : draw_any(&seed), back;
        const uint8_t *end = sc_put(bytes, value), *at = bytes;
        cr_assert_leq(end - bytes, 9);
        cr_assert_eq(sc_get(&at, end, &back), 0);
        cr_assert_eq(back, value);
        cr_assert_eq(at, end);
        for (const uint8_t *cut = bytes; cut < end; cut++) {
            at = bytes;
            cr_assert_eq(sc_get(&at, cut, &back), -EBADMSG, "%lu cut to %d bytes", value, (int)(cut - bytes));
        }
    }
}

Test(codec, varints_are_as_short_as_seven_bits_a_byte_allow)
{
    uint8_t bytes[16];
    cr_expect_eq(sc_put(bytes, 0) - bytes, 1);
    cr_expect_eq(sc_put(bytes, 127) - bytes, 1);
    cr_expect_eq(sc_put(bytes, 128) - bytes, 2);
    cr_expect_eq(sc_put(bytes, (UINT64_C(1) << 56) - 1) - bytes, 8);
    cr_expect_eq(sc_put(bytes, UINT64_C(1) << 56) - bytes, 9);
    cr_expect_eq(sc_put(bytes, UINT64_MAX) - bytes, 9);
}

Test(codec, zigzag_keeps_small_numbers_small)
{
    cr_expect_eq(sc_zigzag(0), 0);
    cr_expect_eq(sc_zigzag(-1), 1);
    cr_expect_eq(sc_zigzag(1), 2);
    cr_expect_eq(sc_zigzag(INT64_MAX), UINT64_MAX - 1);
    cr_expect_eq(sc_zigzag(INT64_MIN), UINT64_MAX);
    cr_expect_eq(sc_unzigzag(sc_zigzag(INT64_MIN)), INT64_MIN);
}

static struct sc_record draw_record_of(unsigned nr, uint64_t *seed, const struct sc_codec_base *base)
{
    struct sc_record record = {.nr = (uint16_t)nr};
    record.desc = sc_call(record.nr);
    record.data = draw(seed) & 3;
    record.noreturn = draw(seed) % 16 == 0;
    record.nulls = draw(seed) % 4 == 0 ? (uint8_t)(draw(seed) & 0x3f) : 0;
    record.start = base->tick + (uint64_t)draw_signed(seed);
    record.duration = draw_any(seed);
    record.site = draw_any(seed);
    for (unsigned i = 0; i < SC_MAX_ARGS; i++)
        if (record.desc->stored & 1 << i)
            record.args[i] = (uint64_t)sc_widen(draw_any(seed), sc_kind(record.desc->kinds[i])->width);
    bool expected = draw(seed) & 1 && record.desc->expect < SC_MAX_ARGS;
    record.result = expected ? (int64_t)record.args[record.desc->expect] : draw_signed(seed);
    record.extra_count = draw(seed) % 4 == 0 ? (uint8_t)(draw(seed) % (SC_MAX_EXTRAS + 1)) : 0;
    for (unsigned i = 0; i < record.extra_count; i++)
        record.extras[i] =
            (struct sc_extra){(uint8_t)(draw(seed) % 3), (uint8_t)(draw(seed) % SC_MAX_ARGS), draw_any(seed)};
    return record;
}

static struct sc_record draw_record(uint64_t *seed, const struct sc_codec_base *base)
{
    return draw_record_of((unsigned)(draw(seed) % 460), seed, base);
}

static void expect_same(const struct sc_record *a, const struct sc_record *b)
{
    cr_assert_eq(a->nr, b->nr);
    cr_assert_eq(a->desc, b->desc);
    cr_assert_eq(a->data, b->data);
    cr_assert_eq(a->noreturn, b->noreturn);
    cr_assert_eq(a->nulls, b->nulls);
    cr_assert_eq(a->start, b->start);
    cr_assert_eq(a->duration, b->duration);
    cr_assert_eq(a->site, b->site);
    cr_assert_eq(a->result, b->result);
    cr_assert_arr_eq(a->args, b->args, sizeof a->args);
    cr_assert_eq(a->extra_count, b->extra_count);
    for (unsigned i = 0; i < a->extra_count; i++) {
        cr_assert_eq(a->extras[i].type, b->extras[i].type);
        cr_assert_eq(a->extras[i].arg, b->extras[i].arg);
        cr_assert_eq(a->extras[i].value, b->extras[i].value);
    }
}

Test(codec, records_come_back_and_every_cut_is_noticed)
{
    uint64_t seed = 2;
    struct sc_codec_base written = {.tick = 1000}, read = written;
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[SC_RECORD_MAX];
        struct sc_codec_base before = read;
        struct sc_record record = draw_record(&seed, &written), back;
        const uint8_t *end = sc_encode(bytes, &record, &written), *at = bytes;
        cr_assert_leq(end - bytes, SC_RECORD_MAX);
        cr_assert_eq(sc_decode(&at, end, sc_call_of_table, NULL, &read, &back), 0);
        cr_assert_eq(at, end);
        expect_same(&record, &back);
        cr_assert_eq(read.tick, written.tick);
        cr_assert_eq(read.site, written.site);
        for (const uint8_t *cut = bytes; i < 2000 && cut < end; cut++) {
            struct sc_codec_base base = before;
            uint8_t *exact = malloc((size_t)(cut - bytes) + 1); /* so that a sanitizer sees a read beyond */
            memcpy(exact, bytes, (size_t)(cut - bytes));
            at = exact;
            cr_assert_eq(sc_decode(&at, exact + (cut - bytes), sc_call_of_table, NULL, &base, &back), -EBADMSG);
            free(exact);
        }
    }
}

Test(codec, every_row_of_the_table_comes_back)
{
    uint64_t seed = 4;
    unsigned rows = 0;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        rows += sc_call(nr)->name != NULL;
        for (int i = 0; i < (sc_call(nr)->name ? 100 : 2); i++) {
            uint8_t bytes[SC_RECORD_MAX];
            struct sc_codec_base written = {.tick = draw(&seed), .site = draw(&seed)}, read = written;
            struct sc_record record = draw_record_of(nr, &seed, &written), back;
            const uint8_t *end = sc_encode(bytes, &record, &written), *at = bytes;
            cr_assert_leq(end - bytes, SC_RECORD_MAX);
            cr_assert_eq(sc_decode(&at, end, sc_call_of_table, NULL, &read, &back), 0, "call %u", nr);
            cr_assert_eq(at, end);
            expect_same(&record, &back);
        }
    }
    cr_expect_gt(rows, 300, "only %u rows", rows);
}

/* What the encoder does at once for usual records is what it does number by number: the same bytes, the shortest. */
Test(codec, usual_records_have_the_bytes_of_all_others)
{
    static const uint64_t edges[] = {0, 127, 128, 129, 255, 8191, 8192, 16255, 16256, 16383, 16384, UINT64_C(1) << 40};
    enum { EDGES = sizeof edges / sizeof *edges };
    uint64_t seed = 5;
    unsigned forms = 0;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        struct sc_call_desc numbers = *sc_call(nr);
        if (numbers.form <= SC_FORM_NUMBERS)
            continue;
        numbers.form = SC_FORM_NUMBERS;
        forms |= 1u << sc_call(nr)->form;
        for (unsigned i = 0; i < EDGES * EDGES; i++) {
            uint8_t usual[SC_RECORD_MAX], bytes[SC_RECORD_MAX], times[32];
            struct sc_codec_base base = {.tick = UINT64_C(1) << 50}, same = base;
            struct sc_record record = draw_record_of(nr, &seed, &base);
            record.start = base.tick + (uint64_t)sc_unzigzag(edges[i / EDGES]);
            record.duration = edges[i % EDGES];
            size_t length = (size_t)(sc_encode(usual, &record, &base) - usual);
            record.desc = &numbers;
            cr_assert_eq(sc_encode(bytes, &record, &same) - bytes, (ptrdiff_t)length);
            cr_assert_arr_eq(usual, bytes, length);
            const uint8_t *end = sc_put(sc_put(times, edges[i / EDGES]), edges[i % EDGES]);
            cr_assert_arr_eq(usual + 2, times, (size_t)(end - times));
        }
    }
    cr_expect_eq(forms, 1u << SC_FORM_FD_SIZE | 1u << SC_FORM_FD_SIZE_OFF | 1u << SC_FORM_FD_OFF_INT);
}

/* What is longest: all arguments, extras and numbers as long as they can be. */
Test(codec, the_longest_record_fits)
{
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        uint8_t bytes[2 * SC_RECORD_MAX];
        struct sc_codec_base base = {0};
        struct sc_record record = {.nr = (uint16_t)nr,
                                   .desc = sc_call(nr),
                                   .nulls = 0x3f,
                                   .noreturn = true,
                                   .start = UINT64_MAX / 2,
                                   .duration = UINT64_MAX,
                                   .site = UINT64_MAX / 2,
                                   .result = INT64_MIN,
                                   .extra_count = SC_MAX_EXTRAS};
        for (unsigned i = 0; i < SC_MAX_ARGS; i++)
            record.args[i] = UINT64_MAX / 2;
        for (unsigned i = 0; i < SC_MAX_EXTRAS; i++)
            record.extras[i].value = UINT64_MAX / 2;
        cr_assert_leq(sc_encode(bytes, &record, &base) - bytes, SC_RECORD_MAX, "call %u", nr);
    }
}

Test(codec, a_stack_comes_back)
{
    uint64_t seed = 11;
    for (int i = 0; i < 1000; i++) {
        enum { MOST = 64 };
        uint64_t stack[MOST], back[SC_STACK_BYTES(MOST)];
        uint8_t bytes[SC_STACK_BYTES(MOST) + 8];
        unsigned count = (unsigned)(draw(&seed) % (MOST + 1));
        for (unsigned k = 0; k < count; k++) /* near the one before, or anywhere */
            stack[k] = k && draw(&seed) % 4 ? stack[k - 1] + draw(&seed) % 100000 - 50000 : draw(&seed);
        size_t length = sc_encode_stack(bytes, stack, count);
        cr_assert_leq(length, SC_STACK_BYTES(count));
        cr_assert_eq(sc_decode_stack(bytes, length, back), count);
        for (unsigned k = 0; k < count; k++)
            cr_assert_eq(back[k], stack[k]);
        if (length) /* cut: what is whole of it */
            cr_assert_eq(sc_decode_stack(bytes, length - 1, back), count - 1);
    }
}

Test(codec, noise_is_read_or_refused_within_its_bounds)
{
    uint64_t seed = 3;
    for (int i = 0; i < 200000; i++) {
        size_t len = draw(&seed) % 64;
        uint8_t *bytes = malloc(len + 1);
        for (size_t k = 0; k < len; k++)
            bytes[k] = (uint8_t)draw(&seed);
        struct sc_codec_base base = {0};
        struct sc_record record;
        const uint8_t *at = bytes, *payload;
        unsigned type;
        size_t payload_len;
        if (sc_decode(&at, bytes + len, sc_call_of_table, NULL, &base, &record) == 0)
            cr_assert(at <= bytes + len && record.extra_count <= SC_MAX_EXTRAS);
        at = bytes;
        if (sc_decode_meta(&at, bytes + len, &type, &payload, &payload_len) == 0)
            cr_assert(payload + payload_len <= bytes + len && at == payload + payload_len);
        free(bytes);
    }
}

Test(codec, strings_are_found_by_their_record_only)
{
    enum { AT = sizeof(struct sc_chunk), USED = AT + 9 };
    uint8_t chunk[USED + 9] = {0};
    struct sc_meta_head head = {SC_META_STRING, 5};
    memcpy(chunk + AT, &head, sizeof head);
    memcpy(chunk + AT + sizeof head, "hello", 5);
    const uint8_t *payload;
    size_t bytes;
    cr_assert_eq(sc_find_meta(chunk, USED, AT, SC_META_STRING, &payload, &bytes), 0);
    cr_expect_eq(bytes, 5);
    cr_expect_arr_eq(payload, "hello", 5);
    cr_expect_eq(sc_find_meta(chunk, USED, AT, SC_META_STACK, &payload, &bytes), -EBADMSG);
    cr_expect_eq(sc_find_meta(chunk, USED - 1, AT, SC_META_STRING, &payload, &bytes), -EBADMSG);
    cr_expect_eq(sc_find_meta(chunk, USED, 0, SC_META_STRING, &payload, &bytes), -EBADMSG);
    cr_expect_eq(sc_find_meta(chunk, USED, USED, SC_META_STRING, &payload, &bytes), -EBADMSG);
    cr_expect_eq(sc_find_meta(chunk, USED, UINT64_MAX, SC_META_STRING, &payload, &bytes), -EBADMSG);
}

/* The worked example of docs/FORMAT.md, byte by byte. */
Test(codec, the_example_of_the_format_document)
{
    static const uint8_t expected[] = {0x08, 0x04, 0xa2, 0x0f, 0xd2, 0x06, 0x44, 0x54, 0x05, 0x0d, 0x02, 0x68, 0x01};
    uint8_t bytes[SC_RECORD_MAX];
    struct sc_record record = {.nr = SC_NR_lseek,
                               .desc = sc_call(SC_NR_lseek),
                               .start = 1000500,
                               .duration = 436,
                               .site = 0x5544,
                               .args = {3, 3328, 0},
                               .result = 3328};
    struct sc_codec_base base = {.tick = 1000000};
    size_t len = (size_t)(sc_encode(bytes, &record, &base) - bytes);
    char hex[3 * SC_RECORD_MAX] = "";
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 3 * i, 4, "%02x ", bytes[i]);
    cr_expect_eq(len, sizeof expected, "%s", hex);
    cr_expect_arr_eq(bytes, expected, sizeof expected, "%s", hex);
}
