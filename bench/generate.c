/*
 * generate.c: captures of any length, to measure the analyzer with.
 *
 *   generate FILE CALLS DIFFERENT SEED [KIND]
 *
 * CALLS calls on four files; of the calls DIFFERENT in 1000 are others, and which ones goes by SEED: two files with
 * equal CALLS and different SEED differ in about twice as many places. KIND: mixed (seeks, reads and writes of changing
 * sizes, the default), loop (one loop with a stride) or noise (no two runs have anything in common but the calls'
 * names).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/codec.h"

enum { FIRST_CHUNK = 32768, FILES = 4, NONCE = 77, BASE = 1000000000 };
enum kind { MIXED, LOOP, NOISE };

struct writer {
    FILE *out;
    uint8_t chunk[SC_CHUNK_MAX];
    struct sc_codec_base base;
    uint64_t tick;
    uint64_t written;
    int64_t offsets[FILES];
};

static struct sc_chunk *head(struct writer *writer)
{
    return (struct sc_chunk *)writer->chunk;
}

static void put_meta(struct writer *writer, unsigned type, const void *payload, size_t bytes)
{
    struct sc_meta_head meta = {(uint16_t)type, (uint16_t)bytes};
    uint8_t *at = writer->chunk + head(writer)->used;
    memcpy(at, &meta, sizeof meta);
    memcpy(at + sizeof meta, payload, bytes);
    head(writer)->used += (uint32_t)(sizeof meta + bytes);
}

static void begin_chunk(struct writer *writer)
{
    memset(writer->chunk, 0, sizeof writer->chunk);
    *head(writer) = (struct sc_chunk){.magic = SC_CHUNK_MAGIC,
                                      .nonce = NONCE,
                                      .bytes = SC_CHUNK_MAX,
                                      .open_tick = writer->tick,
                                      .open_mono = writer->tick,
                                      .used = sizeof(struct sc_chunk)};
    struct sc_segment segment = {.tick = writer->tick, .mono = writer->tick, .tid = 100};
    put_meta(writer, SC_META_SEGMENT, &segment, sizeof segment);
    writer->base = (struct sc_codec_base){.tick = writer->tick};
}

static void end_chunk(struct writer *writer)
{
    fwrite(writer->chunk, 1, sizeof writer->chunk, writer->out);
    writer->written += sizeof writer->chunk;
}

static void put_call(struct writer *writer, struct sc_record record)
{
    if (head(writer)->used + SC_RECORD_MAX > SC_CHUNK_MAX) {
        end_chunk(writer);
        begin_chunk(writer);
    }
    record.desc = sc_call(record.nr);
    record.start = writer->tick += 50;
    record.duration = 40;
    writer->tick += record.duration;
    uint8_t *at = writer->chunk + head(writer)->used;
    head(writer)->used += (uint32_t)(sc_encode(at, &record, &writer->base) - at);
}

/* splitmix64 */
static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void begin(struct writer *writer)
{
    struct sc_process process = {.pid = 100, .mode = SC_MODE_FULL, .tick = writer->tick};
    struct sc_mark mark = {.tick = writer->tick, .what = SC_MARK_MAIN};
    begin_chunk(writer);
    put_meta(writer, SC_META_PROCESS, &process, sizeof process);
    put_meta(writer, SC_META_MARK, &mark, sizeof mark);
    for (unsigned i = 0; i < FILES; i++) {
        char path[32];
        uint32_t offset = head(writer)->used;
        snprintf(path, sizeof path, "/data/file%u", i);
        put_meta(writer, SC_META_STRING, path, strlen(path));
        struct sc_record record = {.nr = SC_NR_openat, .site = 0x1000, .result = 3 + i, .extra_count = 1};
        record.args[0] = (uint64_t)AT_FDCWD;
        record.args[2] = O_RDWR | O_CREAT;
        record.args[3] = 0644;
        record.extras[0] = (struct sc_extra){SC_EXTRA_TEXT, 1, offset};
        put_call(writer, record);
    }
}

static void seek(struct writer *writer, unsigned file, int64_t to)
{
    struct sc_record record = {.nr = SC_NR_lseek, .site = 0x2000, .result = to};
    record.args[0] = 3 + file;
    record.args[1] = (uint64_t)to;
    writer->offsets[file] = to;
    put_call(writer, record);
}

static void move(struct writer *writer, enum sc_nr nr, unsigned file, int64_t bytes, enum sc_data data)
{
    struct sc_record record = {.nr = (uint16_t)nr, .site = 0x3000 + nr, .result = bytes, .data = (uint8_t)data};
    record.args[0] = 3 + file;
    record.args[2] = (uint64_t)bytes;
    writer->offsets[file] += bytes;
    put_call(writer, record);
}

static void one(struct writer *writer, enum kind kind, uint64_t i, uint64_t choice)
{
    unsigned file = (unsigned)(choice >> 8 & (FILES - 1));
    int64_t bytes = (int64_t)(choice >> 16 & 0xfff) + 1;
    if (kind == LOOP) {
        if (i % 2)
            move(writer, SC_NR_write, 0, 3328, SC_DATA_ZERO);
        else
            seek(writer, 0, (int64_t)(i / 2 * 3328));
        return;
    }
    switch (choice & 3) {
    case 0: seek(writer, file, bytes * 512); break;
    case 1: move(writer, SC_NR_read, file, bytes, SC_DATA_NONE); break;
    case 2: move(writer, SC_NR_write, file, bytes, SC_DATA_SOME); break;
    default: move(writer, SC_NR_write, file, 4096, SC_DATA_ZERO); break;
    }
}

static void end(struct writer *writer)
{
    struct sc_process_end ended = {.tick = writer->tick, .mono = writer->tick, .how = SC_END_EXIT};
    put_meta(writer, SC_META_PROCESS_END, &ended, sizeof ended);
    end_chunk(writer);
}

static void put_header(struct writer *writer)
{
    uint8_t bytes[FIRST_CHUNK] = {0};
    struct sc_file_header header = {.version = SC_VERSION,
                                    .first_chunk = FIRST_CHUNK,
                                    .nonce = NONCE,
                                    .calls_offset = sizeof header,
                                    .calls_bytes = sizeof(struct sc_file_call),
                                    .granule = SC_GRANULE,
                                    .clock = SC_CLOCK_TSC,
                                    .root_pid = 100,
                                    .tick0 = BASE,
                                    .mono0 = BASE,
                                    .tick1 = writer->tick,
                                    .mono1 = writer->tick,
                                    .processes = 1};
    memcpy(header.magic, SC_MAGIC, sizeof header.magic);
    struct sc_file_call *row = (struct sc_file_call *)(bytes + sizeof header);
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name)
            continue;
        *row = (struct sc_file_call){.nr = desc->nr,
                                     .nargs = desc->nargs,
                                     .ret = desc->ret,
                                     .expect = desc->expect,
                                     .category = desc->category,
                                     .stored = desc->stored,
                                     .skipped = desc->skipped,
                                     .text = desc->text};
        memcpy(row->kinds, desc->kinds, sizeof row->kinds);
        snprintf(row->name, sizeof row->name, "%s", desc->name);
        row++;
        header.calls_count++;
    }
    header.next = header.size = FIRST_CHUNK + writer->written;
    memcpy(bytes, &header, sizeof header);
    rewind(writer->out);
    fwrite(bytes, 1, sizeof bytes, writer->out);
}

int main(int argc, char **argv)
{
    static struct writer writer = {.tick = BASE};
    if (argc < 5) {
        fprintf(stderr, "usage: generate FILE CALLS DIFFERENT SEED [mixed|loop|noise]\n");
        return 2;
    }
    uint64_t calls = strtoull(argv[2], NULL, 10), different = strtoull(argv[3], NULL, 10);
    uint64_t seed = strtoull(argv[4], NULL, 10);
    enum kind kind = argc < 6                        ? MIXED
                     : strcmp(argv[5], "loop") == 0  ? LOOP
                     : strcmp(argv[5], "noise") == 0 ? NOISE
                                                     : MIXED;
    writer.out = fopen(argv[1], "w+e");
    if (!writer.out || fseek(writer.out, FIRST_CHUNK, SEEK_SET)) {
        fprintf(stderr, "generate: %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    begin(&writer);
    for (uint64_t i = 0; i < calls; i++) {
        bool other = mix(i ^ mix(seed)) % 1000 < different;
        uint64_t choice = mix(kind == NOISE ? mix(seed) + i : i);
        if (other && kind == LOOP)
            move(&writer, SC_NR_read, 1, (int64_t)(mix(choice ^ seed) & 0xfff) + 1, SC_DATA_NONE);
        else
            one(&writer, kind, i, other ? mix(choice ^ seed) : choice);
    }
    end(&writer);
    put_header(&writer);
    if (fclose(writer.out)) {
        fprintf(stderr, "generate: %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    return 0;
}
