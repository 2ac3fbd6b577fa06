/* Requests of io_uring: their bytes in a capture, and what a reader and the model make of them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>

#include "../../analyzer/model/files.h"
#include "../../common/request_codec.h"
#include "../../common/uring_words.h"
#include "build_capture.h"

enum { T = BUILD_TICK0, RING = 1, KEY = 7, BLOCK = 4096 };
enum { READ = SC_OP_RING + 22, WRITE = SC_OP_RING + 23, OPENAT = SC_OP_RING + 18, CLOSE = SC_OP_RING + 19 };
enum { FSYNC = SC_OP_RING + 3, POLL_ADD = SC_OP_RING + 6, MORE = 2, NOTIF = 8 };

static uint8_t *put(uint8_t *end, const struct sc_request_fields *request, uint64_t *before)
{
    end = sc_put_request(end, request, before);
    for (unsigned i = 0; i < request->text_count; i++) {
        end = sc_put_text_length(end, request->texts[i].len);
        if (request->texts[i].len)
            memcpy(end, request->texts[i].at, request->texts[i].len);
        end += request->texts[i].len;
    }
    return end;
}

Test(ring_requests, come_back_as_they_were_put)
{
    static const struct sc_request_fields requests[] = {
        {.key = UINT64_MAX,
         .operation = SC_OP_RING_LAST,
         .data = 3,
         .fd = INT32_MIN,
         .bytes = UINT64_MAX,
         .offset = INT64_MIN,
         .flags = UINT8_MAX,
         .operation_flags = UINT32_MAX,
         .other = INT32_MIN,
         .address = UINT64_MAX},
        {.key = 3, .operation = OPENAT, .fd = AT_FDCWD, .text_count = 2, .texts = {{"from", 4}, {"", 0}}},
        {.key = 4, .operation = SC_OP_RING_FILE, .fd = 5},
    };
    uint8_t bytes[4 * SC_REQUEST_MAX], *end = bytes;
    uint64_t before = 0;
    for (size_t i = 0; i < 3; i++) {
        const uint8_t *begin = end;
        end = put(end, &requests[i], &before);
        cr_expect_leq(end - begin, SC_REQUEST_MAX - 8, "room for what is touched behind it");
    }
    const uint8_t *at = bytes;
    struct sc_request_fields back;
    before = 0;
    for (size_t i = 0; i < 3; i++) {
        const struct sc_request_fields *put_in = &requests[i];
        cr_assert_eq(sc_get_request(&at, end, &before, &back), 0);
        cr_expect(back.key == put_in->key && back.operation == put_in->operation && back.fd == put_in->fd &&
                  back.bytes == put_in->bytes && back.offset == put_in->offset && back.flags == put_in->flags);
        cr_expect(back.operation_flags == put_in->operation_flags && back.other == put_in->other &&
                  back.address == put_in->address && back.text_count == put_in->text_count);
        for (unsigned k = 0; k < back.text_count; k++)
            cr_expect(back.texts[k].len == put_in->texts[k].len && put_in->texts[k].at &&
                      memcmp(back.texts[k].at, put_in->texts[k].at, back.texts[k].len) == 0);
    }
    cr_expect_eq(at, end);
    for (const uint8_t *cut = bytes; cut < end; cut++) {
        uint8_t *exact = malloc((size_t)(cut - bytes) + 1); /* a read behind it is a sanitizer's to find */
        cr_assert_not_null(exact);
        memcpy(exact, bytes, (size_t)(cut - bytes));
        const uint8_t *exact_end = exact + (cut - bytes);
        for (at = exact, before = 0; at < exact_end;)
            if (sc_get_request(&at, exact_end, &before, &back) != 0)
                break;
        free(exact);
    }
}

static void put_requests(struct build *build, uint64_t tick, const struct sc_request_fields *requests, size_t count)
{
    uint8_t bytes[8 * SC_REQUEST_MAX], *end = bytes;
    uint64_t before = 0;
    struct sc_requests_head head = {.tick = tick, .context = RING};
    for (size_t i = 0; i < count; i++)
        end = put(end, &requests[i], &before);
    build_meta(build, SC_META_REQUESTS, &head, sizeof head, bytes, (size_t)(end - bytes));
}

static void put_call(struct build *build, unsigned nr, uint64_t start, int64_t result)
{
    build_record(build,
                 (struct sc_record){.nr = (uint16_t)nr, .start = start, .duration = 10, .result = result, .args = {9}});
}

static void enter(struct build *build, uint64_t tick, const struct sc_request_fields *requests, size_t count)
{
    put_requests(build, tick, requests, count);
    put_call(build, SC_NR_io_uring_enter, tick, (int64_t)count);
}

static void put_result(struct build *build, uint64_t tick, uint64_t key, int64_t result, uint32_t flags)
{
    uint8_t bytes[SC_REQUEST_MAX];
    uint64_t before = 0;
    struct sc_requests_head head = {.tick = tick, .context = RING, .told_by = SC_TOLD_BY_COMPLETION};
    struct sc_result_fields fields = {key, result, flags};
    const uint8_t *end = sc_put_result(bytes, &fields, true, &before);
    build_meta(build, SC_META_RESULTS, &head, sizeof head, bytes, (size_t)(end - bytes));
}

static unsigned request_events(const struct build_events *events)
{
    unsigned count = 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->list[i].type == SC_EVENT_REQUEST;
    return count;
}

/* Those with one key are told apart by what they moved, as far as that can be. */
Test(ring_requests, are_told_by_their_keys_and_bytes)
{
    static const struct sc_request_fields same[] = {
        {.key = KEY, .operation = WRITE, .data = SC_DATA_ZERO, .fd = 3, .bytes = 100},
        {.key = KEY, .operation = WRITE, .data = SC_DATA_SOME, .fd = 3, .bytes = 200, .offset = 100},
        {.key = KEY, .operation = FSYNC, .fd = 3},
    };
    struct build build;
    build_root(&build);
    enter(&build, T + 100, same, 3);
    put_result(&build, T + 200, KEY, 200, 0);
    put_result(&build, T + 210, KEY, 0, 0);
    put_result(&build, T + 220, KEY, 100, 0);
    put_result(&build, T + 230, KEY, 100, 0); /* of none that is known */
    struct build_events events = build_loaded(&build);
    static const char *const calls[] = {"pwrite64", "fsync", "pwrite64"};
    static const unsigned data[] = {SC_DATA_SOME, SC_DATA_NONE, SC_DATA_ZERO};
    unsigned n = 0;
    for (size_t i = 0; i < events.count; i++) {
        const struct sc_event *event = &events.list[i];
        if (event->type != SC_EVENT_REQUEST)
            continue;
        cr_assert_lt(n, 3);
        cr_expect_str_eq(event->desc->name, calls[n]);
        cr_expect_eq(event->data, data[n]);
        cr_expect_eq(event->way, SC_WAY_RING);
        n++;
    }
    cr_expect_eq(n, 3);
    cr_expect(events.run->coverage.ring_requests == 3 && events.run->coverage.ring_requests_told == 3);
    cr_expect_eq(events.run->coverage.requests, 0);
    build_unload(&events);
}

/* Several results, one of which is about a buffer; it never ends, and nothing is missing. */
Test(ring_requests, may_have_several_results)
{
    static const struct sc_request_fields poll = {.key = KEY, .operation = POLL_ADD, .fd = 3};
    struct build build;
    build_root(&build);
    enter(&build, T + 100, &poll, 1);
    put_result(&build, T + 200, KEY, 1, MORE);
    put_result(&build, T + 210, KEY, 1, MORE);
    put_result(&build, T + 220, KEY, 0, NOTIF);
    put_result(&build, T + 230, KEY, 1, 0); /* it had ended */
    struct build_events events = build_loaded(&build);
    cr_expect_eq(request_events(&events), 2);
    cr_expect_eq(events.run->coverage.ring_requests, 0);
    build_unload(&events);
}

/* What a call took and nobody could read is counted. */
Test(ring_requests, that_could_not_be_read_are_counted)
{
    struct build build;
    build_root(&build);
    put_requests(&build, T + 100, NULL, 0);
    put_call(&build, SC_NR_io_uring_enter, T + 100, 4);
    put_call(&build, SC_NR_io_uring_enter, T + 200, 4); /* without a record: the kernel's thread took them */
    struct build_events events = build_loaded(&build);
    cr_expect_eq(events.run->coverage.ring_requests, 4);
    cr_expect_eq(events.run->coverage.ring_requests_told, 0);
    build_unload(&events);
}

/* One event after the other: what an event points to is gone with the next. */
static struct sc_files *files_of(struct build *build)
{
    struct sc_files *files = sc_files_new("/home");
    struct sc_source *source;
    struct sc_access access;
    struct sc_event event;
    struct sc_error error;
    const char *path = build_save(build, build->size);
    cr_assert_eq(sc_source_open(path, &source, &error), 0);
    build_remove(path);
    build_free(build);
    while (sc_source_next(source, &event, 1, &error) > 0)
        cr_assert_eq(sc_files_apply(files, &event, &access), 0);
    sc_source_close(source);
    return files;
}

static const struct sc_file *file(const struct sc_files *files, const char *path)
{
    for (uint32_t i = 0; i < sc_files_count(files); i++)
        if (strcmp(sc_files_get(files, i)->path, path) == 0)
            return sc_files_get(files, i);
    return NULL;
}

/* The ring's own table: registered, changed, and opened into by the request before in a chain. */
Test(ring_requests, are_of_the_rings_own_files)
{
    static const struct sc_request_fields registered[] = {{.key = 0, .operation = SC_OP_RING_FILE, .fd = 3},
                                                          {.key = 1, .operation = SC_OP_RING_FILE, .fd = 3}};
    static const struct sc_request_fields plain = {
        .key = 1, .operation = WRITE, .data = SC_DATA_SOME, .bytes = 10, .flags = SC_URING_FIXED_FILE};
    static const struct sc_request_fields chain[] = {
        {.key = 2,
         .operation = OPENAT,
         .fd = AT_FDCWD,
         .other = 2,
         .operation_flags = O_WRONLY | O_CREAT,
         .text_count = 1,
         .texts = {{"chained", 7}}},
        {.key = 3, .operation = WRITE, .fd = 1, .data = SC_DATA_ZERO, .bytes = 20, .flags = SC_URING_FIXED_FILE},
        {.key = 4, .operation = CLOSE, .other = 2}};
    struct build build;
    build_root(&build);
    build_open(&build, "/first", O_RDWR | O_CREAT, 3, T + 10);
    put_requests(&build, T + 50, registered, 2);
    put_call(&build, SC_NR_io_uring_register, T + 50, 0);
    build_close(&build, 3, T + 70);
    enter(&build, T + 100, &plain, 1);
    put_result(&build, T + 200, 1, 10, 0);
    enter(&build, T + 300, chain, 3);
    put_result(&build, T + 400, 2, 0, 0);
    put_result(&build, T + 410, 3, 20, 0);
    put_result(&build, T + 420, 4, 0, 0);
    struct sc_files *files = files_of(&build);
    const struct sc_file *first = file(files, "/first"), *chained = file(files, "/home/chained");
    cr_assert(first && chained);
    cr_expect(first->counts.writes == 1 && first->counts.bytes_written == 10 && first->counts.requests == 1);
    cr_expect(chained->counts.writes == 1 && chained->counts.zero_writes == 1 && chained->counts.opens == 1);
    cr_expect_eq(chained->counts.requests, 3);
    sc_files_free(files);
}

/* One after the other at the file's own offset, as read and write are. */
Test(ring_requests, without_an_offset_go_on_where_the_file_is)
{
    struct build build;
    build_root(&build);
    build_open(&build, "/a", O_RDWR | O_CREAT | O_TRUNC, 3, T + 10);
    for (unsigned i = 0; i < 3; i++) {
        struct sc_request_fields request = {
            .key = KEY, .operation = WRITE, .data = SC_DATA_ZERO, .fd = 3, .bytes = 100, .offset = -1};
        enter(&build, T + 100 + i * 100, &request, 1);
        put_result(&build, T + 150 + i * 100, KEY, 100, 0);
    }
    struct sc_files *files = files_of(&build);
    const struct sc_file *a = file(files, "/a");
    cr_assert_not_null(a);
    cr_expect(a->counts.writes == 3 && a->counts.bytes_written == 300);
    cr_expect_eq(sc_files_size(files, 0), 300);
    sc_files_free(files);
}

/* What a ring opens into its own table is no descriptor, and takes none from the process. */
Test(ring_requests, that_open_take_no_descriptor)
{
    static const struct sc_request_fields open = {.key = 2,
                                                  .operation = OPENAT,
                                                  .fd = AT_FDCWD,
                                                  .other = 1,
                                                  .operation_flags = O_WRONLY | O_CREAT,
                                                  .text_count = 1,
                                                  .texts = {{"opened", 6}}};
    struct build build;
    build_root(&build);
    for (unsigned i = 0; i < 3; i++) {
        enter(&build, T + 100 + i * 100, &open, 1);
        put_result(&build, T + 150 + i * 100, 2, 0, 0);
        build_record(
            &build,
            (struct sc_record){
                .nr = SC_NR_write, .start = T + 160 + i * 100, .duration = 1, .result = 10, .args = {i, 0, 10}});
    }
    struct sc_files *files = files_of(&build);
    cr_expect(file(files, "/home/opened") && file(files, "/home/opened")->counts.opens == 3);
    cr_expect(file(files, "stdin") && file(files, "stdout") && file(files, "stderr"));
    sc_files_free(files);
}

/* Only what waits for others runs out of time. */
Test(ring_requests, that_time_out_are_no_writes)
{
    static const struct sc_request_fields both[] = {{.key = KEY, .operation = WRITE, .bytes = 10, .fd = 3},
                                                    {.key = KEY, .operation = SC_OP_RING + 11, .bytes = 1, .fd = -1}};
    struct build build;
    build_root(&build);
    build_open(&build, "/a", O_RDWR | O_CREAT, 3, T + 10);
    enter(&build, T + 100, both, 2);
    put_result(&build, T + 200, KEY, -ETIME, 0);
    put_result(&build, T + 210, KEY, 10, 0);
    struct sc_files *files = files_of(&build);
    const struct sc_file *a = file(files, "/a");
    cr_assert_not_null(a);
    cr_expect(a->counts.writes == 1 && a->counts.bytes_written == 10 && a->counts.errors == 0);
    sc_files_free(files);
}

/* A handler's calls stand between a call's requests and the call, which began before. */
Test(ring_requests, of_a_call_that_a_handler_interrupts)
{
    static const struct sc_request_fields outer = {.key = 1, .operation = WRITE, .bytes = 10, .fd = 3};
    static const struct sc_request_fields inner = {.key = 2, .operation = WRITE, .bytes = 20, .fd = 3};
    struct build build;
    build_root(&build);
    put_requests(&build, T + 100, &outer, 1);
    enter(&build, T + 200, &inner, 1);
    put_result(&build, T + 210, 1, 10, 0);
    put_result(&build, T + 220, 2, 20, 0);
    put_call(&build, SC_NR_io_uring_enter, T + 100, 1);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(request_events(&events), 2);
    cr_expect_eq(events.run->coverage.ring_requests, 2);
    cr_expect_eq(events.run->coverage.ring_requests_told, 2);
    build_unload(&events);
}
