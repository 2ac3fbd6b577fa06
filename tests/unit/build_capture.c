#include "build_capture.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 16384, NONCE = 0x1234567 };

static void reach(struct build *build, size_t size)
{
    if (size > build->capacity) {
        size_t capacity = build->capacity ? build->capacity * 2 : 1 << 16;
        while (capacity < size)
            capacity *= 2;
        build->bytes = realloc(build->bytes, capacity);
        cr_assert_not_null(build->bytes);
        memset(build->bytes + build->capacity, 0, capacity - build->capacity);
        build->capacity = capacity;
    }
    if (size > build->size)
        build->size = size;
}

struct sc_file_header *build_header(struct build *build)
{
    return (struct sc_file_header *)build->bytes;
}

struct sc_chunk *build_chunk_header(struct build *build)
{
    return (struct sc_chunk *)(build->bytes + build->chunk);
}

void build_begin(struct build *build)
{
    memset(build, 0, sizeof *build);
    reach(build, BUILD_FIRST_CHUNK);
    struct sc_file_header *header = build_header(build);
    memcpy(header->magic, SC_MAGIC, sizeof header->magic);
    header->version = SC_VERSION;
    header->first_chunk = BUILD_FIRST_CHUNK;
    header->nonce = NONCE;
    header->calls_offset = sizeof *header;
    header->calls_bytes = sizeof(struct sc_file_call);
    header->granule = SC_GRANULE;
    header->clock = SC_CLOCK_TSC;
    header->root_pid = 100;
    header->tick0 = header->mono0 = BUILD_TICK0;
    header->tick1 = header->mono1 = BUILD_TICK0 + 1000000000;
    struct sc_file_call *row = (struct sc_file_call *)(build->bytes + sizeof *header);
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name)
            continue;
        *row = (struct sc_file_call){desc->nr,     desc->nargs,   desc->ret,  desc->expect, desc->category,
                                     desc->stored, desc->skipped, desc->text, {0},          {0}};
        memcpy(row->kinds, desc->kinds, sizeof row->kinds);
        snprintf(row->name, sizeof row->name, "%s", desc->name);
        row++;
        header->calls_count++;
    }
    cr_assert_leq((uint8_t *)row - build->bytes, BUILD_FIRST_CHUNK);
    header->next = header->size = BUILD_FIRST_CHUNK;
}

void build_free(struct build *build)
{
    free(build->bytes);
    memset(build, 0, sizeof *build);
}

/* The place of the next record, with room for bytes. */
static uint8_t *place(struct build *build, size_t bytes)
{
    struct sc_chunk *chunk = build_chunk_header(build);
    cr_assert_leq(chunk->used + bytes, chunk->bytes, "the chunk of a test is full");
    return build->bytes + build->chunk + chunk->used;
}

void build_chunk(struct build *build, uint32_t process, uint32_t tid, uint64_t tick)
{
    build->chunk = build->size;
    build->process = process;
    reach(build, build->size + CHUNK_BYTES);
    *build_chunk_header(build) = (struct sc_chunk){.magic = SC_CHUNK_MAGIC,
                                                   .nonce = NONCE,
                                                   .bytes = CHUNK_BYTES,
                                                   .process = process,
                                                   .open_tick = tick,
                                                   .open_mono = tick,
                                                   .used = sizeof(struct sc_chunk)};
    build_header(build)->next = build_header(build)->size = build->size;
    build_segment(build, tid, tick);
}

uint32_t build_meta(struct build *build, unsigned type, const void *head, size_t head_bytes, const void *more,
                    size_t more_bytes)
{
    struct sc_meta_head meta = {(uint16_t)type, (uint16_t)(head_bytes + more_bytes)};
    uint8_t *at = place(build, sizeof meta + meta.bytes);
    uint32_t offset = build_chunk_header(build)->used;
    memcpy(at, &meta, sizeof meta);
    if (head_bytes)
        memcpy(at + sizeof meta, head, head_bytes);
    if (more_bytes)
        memcpy(at + sizeof meta + head_bytes, more, more_bytes);
    build_chunk_header(build)->used += (uint32_t)(sizeof meta + meta.bytes);
    return offset;
}

void build_segment(struct build *build, uint32_t tid, uint64_t tick)
{
    struct sc_segment segment = {.tick = tick, .mono = tick, .process = build->process, .tid = tid};
    build_meta(build, SC_META_SEGMENT, &segment, sizeof segment, NULL, 0);
    build->base = (struct sc_codec_base){.tick = tick};
}

void build_process(struct build *build, uint32_t parent, uint32_t pid, enum sc_origin origin, uint64_t tick)
{
    struct sc_process process = {.process = build->process,
                                 .parent = parent,
                                 .pid = pid,
                                 .origin = origin,
                                 .mode = SC_MODE_INTERPOSE,
                                 .tick = tick};
    build_meta(build, SC_META_PROCESS, &process, sizeof process, NULL, 0);
}

void build_text(struct build *build, enum sc_text_what what, const void *text, size_t bytes)
{
    struct sc_text head = {.process = build->process, .what = what};
    build_meta(build, SC_META_TEXT, &head, sizeof head, text, bytes);
}

void build_main(struct build *build, uint64_t tick)
{
    struct sc_mark mark = {.tick = tick, .process = build->process, .what = SC_MARK_MAIN};
    build_meta(build, SC_META_MARK, &mark, sizeof mark, NULL, 0);
}

void build_counters(struct build *build, uint32_t tid, bool at_end, uint64_t reads, uint64_t writes)
{
    struct sc_counters counters = {
        .process = build->process, .tid = tid, .at_end = at_end, .known = 1, .syscr = reads, .syscw = writes};
    build_meta(build, SC_META_COUNTERS, &counters, sizeof counters, NULL, 0);
}

void build_process_end(struct build *build, enum sc_end_how how, int status, uint64_t tick)
{
    struct sc_process_end end = {.tick = tick, .mono = tick, .process = build->process, .how = how, .status = status};
    build_meta(build, SC_META_PROCESS_END, &end, sizeof end, NULL, 0);
}

void build_child_end(struct build *build, uint32_t pid, int status, uint64_t tick)
{
    struct sc_child_end end = {.tick = tick, .process = build->process, .pid = pid, .status = status};
    build_meta(build, SC_META_CHILD_END, &end, sizeof end, NULL, 0);
}

void build_record(struct build *build, struct sc_record record)
{
    record.desc = sc_call(record.nr);
    uint8_t *at = place(build, SC_RECORD_MAX);
    uint8_t *end = sc_encode(at, &record, &build->base);
    build_chunk_header(build)->used += (uint32_t)(end - at);
}

static struct sc_record usual(enum sc_nr nr, uint64_t start, int64_t result)
{
    return (struct sc_record){.nr = (uint16_t)nr, .start = start, .duration = 10, .site = 0x555500, .result = result};
}

void build_open(struct build *build, const char *path, int flags, int fd, uint64_t start)
{
    struct sc_record record = usual(SC_NR_openat, start, fd);
    uint32_t offset = build_meta(build, SC_META_STRING, path, strlen(path), NULL, 0);
    record.args[0] = (uint64_t)AT_FDCWD;
    record.args[2] = (uint64_t)flags;
    record.args[3] = 0644;
    record.extras[0] = (struct sc_extra){SC_EXTRA_TEXT, 1, offset};
    record.extra_count = 1;
    build_record(build, record);
}

void build_write(struct build *build, int fd, int64_t bytes, enum sc_data data, uint64_t start)
{
    struct sc_record record = usual(SC_NR_write, start, bytes);
    record.args[0] = (uint64_t)fd;
    record.args[2] = bytes < 0 ? 64 : (uint64_t)bytes;
    record.data = (uint8_t)data;
    build_record(build, record);
}

void build_read(struct build *build, int fd, int64_t bytes, uint64_t start)
{
    struct sc_record record = usual(SC_NR_read, start, bytes);
    record.args[0] = (uint64_t)fd;
    record.args[2] = 4096;
    build_record(build, record);
}

void build_lseek(struct build *build, int fd, int64_t offset, int whence, int64_t result, uint64_t start)
{
    struct sc_record record = usual(SC_NR_lseek, start, result);
    record.args[0] = (uint64_t)fd;
    record.args[1] = (uint64_t)offset;
    record.args[2] = (uint64_t)whence;
    build_record(build, record);
}

void build_close(struct build *build, int fd, uint64_t start)
{
    struct sc_record record = usual(SC_NR_close, start, 0);
    record.args[0] = (uint64_t)fd;
    build_record(build, record);
}

void build_root(struct build *build)
{
    build_begin(build);
    build_chunk(build, 0, 100, BUILD_TICK0);
    build_process(build, 0, 100, SC_ORIGIN_ROOT, BUILD_TICK0);
}

void build_little(struct build *build)
{
    const uint64_t t = BUILD_TICK0;
    static const char argv[] = "./little\0--rows\0005";
    build_root(build);
    build_text(build, SC_TEXT_EXE, "/usr/bin/little", 15);
    build_text(build, SC_TEXT_CWD, "/data", 5);
    build_text(build, SC_TEXT_ARGV, argv, sizeof argv);
    build_counters(build, 100, false, 7, 3);
    build_read(build, 5, 12, t + 50);
    build_main(build, t + 100);
    build_open(build, "data.bin", O_RDWR | O_CREAT | O_TRUNC, 3, t + 110);
    build_write(build, 3, 3328, SC_DATA_ZERO, t + 130);
    build_lseek(build, 3, 0, SEEK_SET, 0, t + 150);
    build_write(build, 3, 12, SC_DATA_SOME, t + 170);
    build_read(build, 3, -EBADF, t + 190);
    build_close(build, 3, t + 210);
    struct sc_record end = usual(SC_NR_exit_group, t + 230, 0);
    end.noreturn = true;
    end.duration = 0;
    build_record(build, end);
    build_counters(build, 100, true, 8, 5);
    build_process_end(build, SC_END_EXIT, 0, t + 240);
}

const char *build_save(const struct build *build, size_t bytes)
{
    char *path = strdup("/tmp/sc_capture_XXXXXX");
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    for (size_t done = 0; done < bytes;) {
        ssize_t wrote = write(fd, build->bytes + done, bytes - done);
        cr_assert_gt(wrote, 0);
        done += (size_t)wrote;
    }
    close(fd);
    return path;
}

void build_remove(const char *path)
{
    unlink(path);
    free((char *)path);
}

static void keep_texts(struct build_events *events)
{
    events->texts = calloc(events->count * SC_MAX_ARGS + 1, sizeof *events->texts);
    for (size_t i = 0; i < events->count; i++)
        for (unsigned a = 0; a < events->list[i].nargs; a++)
            if (events->list[i].args[a].state & SC_ARG_TEXT) {
                struct sc_arg *arg = &events->list[i].args[a];
                arg->text = events->texts[events->text_count++] = strndup(arg->text, arg->text_len);
            }
}

struct build_events build_load(const char *path)
{
    struct build_events events = {0};
    size_t capacity = 1024; /* one batch, so that all strings stay */
    events.result = sc_source_open(path, &events.source, &events.error);
    if (events.result != 0)
        return events;
    events.list = calloc(capacity, sizeof *events.list);
    int64_t count = sc_source_next(events.source, events.list, capacity, &events.error);
    cr_assert_geq(count, 0, "%s", events.error.text);
    cr_assert_lt(count, capacity);
    events.count = (size_t)count;
    keep_texts(&events);
    struct sc_event more;
    events.result = (int)(count ? sc_source_next(events.source, &more, 1, &events.error) : 0);
    events.run = sc_source_run(events.source);
    return events;
}

void build_unload(struct build_events *events)
{
    sc_source_close(events->source);
    for (size_t i = 0; i < events->text_count; i++)
        free(events->texts[i]);
    free(events->texts);
    free(events->list);
}

struct build_events build_loaded(struct build *build)
{
    const char *path = build_save(build, build->size);
    struct build_events events = build_load(path);
    build_remove(path);
    build_free(build);
    cr_assert_eq(events.result, 0, "%s", events.error.text);
    return events;
}
