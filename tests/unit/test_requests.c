/* Requests that are no calls: their bytes in a capture, and what a reader makes of them. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>

#include "../../analyzer/model/files.h"
#include "../../common/request_codec.h"
#include "build_capture.h"

enum { T = BUILD_TICK0, CONTEXT = 0x7000, KEY = 0x5500, BLOCK = 4096 };

Test(requests, come_back_as_they_were_put)
{
    static const struct sc_request_fields requests[] = {
        {.key = UINT64_MAX,
         .operation = UINT16_MAX,
         .data = 3,
         .fd = INT32_MIN,
         .bytes = UINT64_MAX,
         .offset = INT64_MIN},
        {.key = 0, .operation = SC_OP_WRITE, .data = SC_DATA_ZERO, .fd = 3, .bytes = 4096, .offset = INT64_MAX},
        {.key = 1},
    };
    uint8_t bytes[3 * SC_REQUEST_MAX];
    uint8_t *end = bytes;
    uint64_t before = 0;
    for (size_t i = 0; i < 3; i++) {
        uint8_t *begin = end;
        end = sc_put_request(begin, &requests[i], &before);
        cr_expect_leq(end - begin, SC_REQUEST_MAX - 8, "room for what is touched behind it");
    }
    const uint8_t *at = bytes;
    struct sc_request_fields back;
    before = 0;
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(sc_get_request(&at, end, &before, &back), 0);
        cr_expect(back.key == requests[i].key && back.operation == requests[i].operation &&
                  back.data == requests[i].data && back.fd == requests[i].fd && back.bytes == requests[i].bytes &&
                  back.offset == requests[i].offset);
    }
    cr_expect_eq(at, end);
    for (const uint8_t *cut = bytes; cut < end; cut++)
        for (at = bytes, before = 0; at < cut;)
            if (sc_get_request(&at, cut, &before, &back) != 0)
                break;
    at = bytes;
    cr_expect_eq(sc_get_request(&at, bytes + 3, &before, &back), -EBADMSG);
}

static void put_requests(struct build *build, uint64_t tick, const struct sc_request_fields *requests, size_t count)
{
    uint8_t bytes[8 * SC_REQUEST_MAX];
    uint8_t *end = bytes;
    uint64_t before = 0;
    struct sc_requests_head head = {.tick = tick, .context = CONTEXT};
    for (size_t i = 0; i < count; i++)
        end = sc_put_request(end, &requests[i], &before);
    build_meta(build, SC_META_REQUESTS, &head, sizeof head, bytes, (size_t)(end - bytes));
}

static void put_result(struct build *build, uint64_t tick, uint64_t key, int64_t result)
{
    uint8_t bytes[SC_REQUEST_MAX];
    uint64_t before = 0;
    struct sc_requests_head head = {.tick = tick, .context = CONTEXT};
    struct sc_result_fields fields = {.key = key, .result = result};
    const uint8_t *end = sc_put_result(bytes, &fields, false, &before);
    build_meta(build, SC_META_RESULTS, &head, sizeof head, bytes, (size_t)(end - bytes));
}

static void put_submit(struct build *build, uint64_t start, int64_t taken)
{
    build_record(build, (struct sc_record){.nr = SC_NR_io_submit,
                                           .start = start,
                                           .duration = 10,
                                           .result = taken,
                                           .args = {CONTEXT, (uint64_t)taken}});
}

static const struct sc_event *nth(const struct build_events *events, unsigned type, unsigned n)
{
    for (size_t i = 0; i < events->count; i++)
        if (events->list[i].type == type && n-- == 0)
            return &events->list[i];
    return NULL;
}

static const struct sc_request_fields writes[] = {
    {.key = KEY, .operation = SC_OP_WRITE, .data = SC_DATA_ZERO, .fd = 3, .bytes = BLOCK},
    {.key = KEY + 64, .operation = SC_OP_WRITE, .data = SC_DATA_SOME, .fd = 3, .bytes = BLOCK, .offset = BLOCK},
    {.key = KEY + 128, .operation = SC_OP_READ, .fd = 3, .bytes = BLOCK},
};

/* The call took the first two of three; the second one's result comes first. */
Test(requests, are_events_when_they_end)
{
    struct build build;
    build_root(&build);
    put_requests(&build, T + 100, writes, 3);
    put_submit(&build, T + 100, 2);
    put_result(&build, T + 200, KEY + 64, 100);
    put_result(&build, T + 300, KEY, BLOCK);
    put_result(&build, T + 400, KEY + 128, BLOCK);
    struct build_events events = build_loaded(&build);
    const struct sc_event *first = nth(&events, SC_EVENT_REQUEST, 0), *second = nth(&events, SC_EVENT_REQUEST, 1);
    cr_assert(first && second && !nth(&events, SC_EVENT_REQUEST, 2));
    cr_expect_str_eq(first->desc->name, "pwrite64");
    cr_expect_eq(first->start_ns, T + 100);
    cr_expect_eq(first->duration_ns, 100);
    cr_expect_eq(first->result, 100);
    cr_expect_eq(first->data, SC_DATA_UNSEEN, "where the first byte that is not zero is, nobody knows");
    cr_expect_eq(sc_event_value(first, 3), BLOCK);
    cr_expect_eq(second->data, SC_DATA_ZERO);
    cr_expect_neq(first->slot, second->slot);
    cr_expect_eq(events.run->coverage.requests, 2);
    cr_expect_eq(events.run->coverage.requests_told, 2);
    build_unload(&events);
}

/* The requests stand in one chunk, their call in the next, which lies before it in the file. */
Test(requests, come_before_their_call_wherever_it_stands)
{
    struct build build;
    build_root(&build);
    build_chunk(&build, 0, 100, T + 100);
    put_submit(&build, T + 100, 1);
    put_result(&build, T + 300, KEY, BLOCK);
    build_chunk(&build, 0, 100, T + 90);
    put_requests(&build, T + 100, writes, 1);
    struct build_events events = build_loaded(&build);
    cr_expect_not_null(nth(&events, SC_EVENT_REQUEST, 0));
    build_unload(&events);
}

Test(requests, that_are_handed_over_again_had_ended)
{
    struct build build;
    build_root(&build);
    for (unsigned i = 0; i < 3; i++) {
        put_requests(&build, T + 100 + i * 100, writes, 1);
        put_submit(&build, T + 100 + i * 100, 1);
    }
    put_result(&build, T + 500, KEY, BLOCK);
    put_result(&build, T + 600, KEY, BLOCK);
    struct build_events events = build_loaded(&build);
    cr_assert(nth(&events, SC_EVENT_REQUEST, 0) && !nth(&events, SC_EVENT_REQUEST, 1));
    cr_expect_eq(nth(&events, SC_EVENT_REQUEST, 0)->duration_ns, 200);
    cr_expect_eq(events.run->coverage.requests, 3);
    cr_expect_eq(events.run->coverage.requests_told, 1);
    build_unload(&events);
}

/* In batches of one: what an event points to is gone with the next. */
static struct sc_source *open_built(struct build *build)
{
    struct sc_source *source;
    struct sc_error error;
    const char *path = build_save(build, build->size);
    cr_assert_eq(sc_source_open(path, &source, &error), 0);
    build_remove(path);
    build_free(build);
    return source;
}

static bool next(struct sc_source **source, struct sc_event *event)
{
    struct sc_error error;
    int64_t count = sc_source_next(*source, event, 1, &error);
    cr_assert_geq(count, 0);
    if (!count)
        sc_source_close(*source);
    return count;
}

#define READ_ONE_BY_ONE(build, event) for (struct sc_source *source = open_built(build); next(&source, &(event));)

/* More results than a batch holds, and the last ones behind damage. */
Test(requests, of_one_record_fill_several_batches)
{
    enum { MANY = 200 };
    struct build build;
    uint8_t bytes[MANY * 8], *end = bytes;
    uint64_t before = 0;
    build_root(&build);
    for (unsigned i = 0; i < MANY; i++) {
        struct sc_request_fields request = {.key = KEY + i, .operation = SC_OP_SYNC, .fd = 3};
        put_requests(&build, T + 100 + i, &request, 1);
        put_submit(&build, T + 100 + i, 1);
        struct sc_result_fields result = {.key = KEY + i};
        end = sc_put_result(end, &result, false, &before);
    }
    *end++ = 0; /* a number of nine bytes, of which none follow */
    struct sc_requests_head head = {.tick = T + 1000, .context = CONTEXT};
    build_meta(&build, SC_META_RESULTS, &head, sizeof head, bytes, (size_t)(end - bytes));
    unsigned ended = 0;
    struct sc_event event;
    READ_ONE_BY_ONE(&build, event) ended += event.type == SC_EVENT_REQUEST && strcmp(event.desc->name, "fsync") == 0;
    cr_expect_eq(ended, MANY);
}

/* The descriptor is what it was when the request was handed over. */
Test(requests, are_of_the_file_that_was_meant)
{
    struct build build;
    build_root(&build);
    build_open(&build, "/a", O_RDWR | O_CREAT | O_TRUNC, 3, T + 10);
    put_requests(&build, T + 100, writes, 1);
    put_submit(&build, T + 100, 1);
    build_close(&build, 3, T + 120);
    build_open(&build, "/b", O_RDWR | O_CREAT | O_TRUNC, 3, T + 140);
    put_result(&build, T + 200, KEY, BLOCK);
    struct sc_files *files = sc_files_new("/");
    struct sc_access access;
    struct sc_event event;
    READ_ONE_BY_ONE(&build, event) cr_assert_eq(sc_files_apply(files, &event, &access), 0);
    cr_assert_eq(sc_files_count(files), 2);
    cr_expect_str_eq(sc_files_get(files, 0)->path, "/a");
    const struct sc_file_counts *a = &sc_files_get(files, 0)->counts, *b = &sc_files_get(files, 1)->counts;
    cr_expect(a->writes == 1 && a->zero_writes == 1 && a->bytes_written == BLOCK && a->requests == 1);
    cr_expect_eq(a->request_ns, 100);
    cr_expect(b->writes == 0 && b->requests == 0);
    sc_files_free(files);
}

/* By aio_data; of those that have none, by what they moved. */
Test(requests, of_a_strace_log)
{
    static const char text[] =
        "openat(AT_FDCWD, \"/a\", O_RDWR|O_CREAT, 0600) = 3\n"
        "io_submit(0x7f0000000000, 4, [{aio_data=0, aio_lio_opcode=IOCB_CMD_PWRITE, aio_fildes=3</a>, "
        "aio_buf=\"\\0\\0\\0\"..., aio_nbytes=4096, aio_offset=0}, {aio_data=0x10, aio_lio_opcode=IOCB_CMD_PWRITE, "
        "aio_fildes=3</a>, aio_buf=\"xx\", aio_nbytes=2, aio_offset=4096}, {aio_data=0, "
        "aio_lio_opcode=IOCB_CMD_PWRITEV, aio_fildes=3</a>, aio_buf=[{iov_base=\"\\0\", iov_len=1}, "
        "{iov_base=\"\\0\\0\", iov_len=2}], aio_offset=9000}, 0x7f0000001000]) = 3\n"
        "io_getevents(0x7f0000000000, 1, 3, [{data=0x10, obj=0x1, res=2, res2=0}, {data=0, obj=0x2, res=3, res2=0}, "
        "{data=0, obj=0x3, res=4096, res2=0}], NULL) = 3\n"
        "+++ exited with 0 +++\n";
    static const struct {
        const char *call;
        int64_t result, offset;
        unsigned data;
        bool cut;
    } expected[] = {{"pwrite64", 2, 4096, SC_DATA_SOME, false},
                    {"pwritev", 3, 9000, SC_DATA_ZERO, false},
                    {"pwrite64", 4096, 0, SC_DATA_ZERO, true}};
    struct build build = {.bytes = (uint8_t *)strdup(text), .size = sizeof text - 1};
    struct sc_event event;
    size_t ended = 0;
    READ_ONE_BY_ONE(&build, event)
    {
        if (event.type == SC_EVENT_CALL && event.desc->means == SC_MEANS_AIO_SUBMIT)
            cr_expect(event.request_count == 3 && event.requests_taken == 3);
        if (event.type != SC_EVENT_REQUEST)
            continue;
        cr_assert_lt(ended, 3);
        cr_expect_str_eq(event.desc->name, expected[ended].call);
        cr_expect_eq(event.result, expected[ended].result);
        cr_expect_eq(sc_event_value(&event, 3), expected[ended].offset);
        cr_expect_eq(event.data, expected[ended].data);
        cr_expect_eq(event.data_cut, expected[ended].cut);
        ended++;
    }
    cr_expect_eq(ended, 3);
}

/* Two threads hand over at the same tick: both records come before both calls, and each has its own. */
Test(requests, of_two_threads_at_one_tick)
{
    struct build build;
    build_root(&build);
    put_requests(&build, T + 100, writes, 1);
    put_submit(&build, T + 100, 1);
    put_result(&build, T + 200, KEY, BLOCK);
    build_chunk(&build, 0, 101, T + 90);
    put_requests(&build, T + 100, writes + 1, 1);
    put_submit(&build, T + 100, 1);
    put_result(&build, T + 210, KEY + 64, BLOCK);
    struct build_events events = build_loaded(&build);
    cr_expect(nth(&events, SC_EVENT_REQUEST, 0) && nth(&events, SC_EVENT_REQUEST, 1));
    cr_expect_eq(events.run->coverage.requests, 2);
    cr_expect_eq(events.run->coverage.requests_told, 2);
    build_unload(&events);
}
