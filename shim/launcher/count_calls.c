/*
 * count_calls.c: how many calls and processes a capture holds that nobody writes to any more: the numbers that
 * syscap-analyze will say of it, without reading it as one. Nothing is put in order, so that a walk through the records
 * is enough; docs/ARCHITECTURE.md says why the library does not count.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/codec.h"
#include "launcher.h"

enum {
    COUNTED_BYTES = 64 << 20, /* of a larger capture the time would be felt: this takes 0.2 s */
    NORETURNS = 4,            /* records made before their call that may be followed by its failure */
};

/* A call as it is told from others: of one number, no two begin at one instant. */
struct begun {
    uint64_t start;
    uint32_t segment;
    unsigned nr;
};

/* A process in the capture. A program that was executed may have a number of its own in the same process. */
struct known {
    uint32_t number, pid;
    bool executed;
};

struct walk {
    int fd;
    const struct sc_file_header *header;
    uint8_t *chunk; /* SC_CHUNK_MAX bytes */
    struct sc_call_desc descs[SC_NR_LIMIT];
    struct begun noreturns[NORETURNS];
    unsigned noreturn_at;
    struct begun unfinished[SC_INFLIGHT_SLOTS]; /* of the chunk, those not recorded before they were made */
    uint32_t segment;
    struct known *known;
    size_t known_count, known_room;
    struct sc_made made;
};

static bool read_at(const struct walk *walk, void *to, size_t bytes, uint64_t offset)
{
    return pread(walk->fd, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

static const struct sc_call_desc *lookup(const void *walk, unsigned nr)
{
    return &((const struct walk *)walk)->descs[nr];
}

/* As the capture's own table has them: the library need not be of this program's version. */
static bool load_calls(struct walk *walk)
{
    const struct sc_file_header *header = walk->header;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        walk->descs[nr] = *sc_call(SC_NR_LIMIT);
    if (header->calls_bytes < sizeof(struct sc_file_call))
        return false;
    for (uint32_t i = 0; i < header->calls_count; i++) {
        struct sc_file_call row;
        if (!read_at(walk, &row, sizeof row, header->calls_offset + (uint64_t)i * header->calls_bytes) ||
            row.nr >= SC_NR_LIMIT)
            return false;
        walk->descs[row.nr].stored = row.stored;
        walk->descs[row.nr].expect = row.expect;
    }
    return true;
}

static bool add_process(struct walk *walk, uint32_t number, uint32_t pid, bool executed)
{
    if (walk->known_count == walk->known_room) {
        size_t room = walk->known_room ? 2 * walk->known_room : 64;
        struct known *grown = realloc(walk->known, room * sizeof *grown);
        if (!grown)
            return false;
        walk->known = grown;
        walk->known_room = room;
    }
    walk->known[walk->known_count++] = (struct known){number, pid, executed};
    return true;
}

static bool take_meta(struct walk *walk, unsigned type, const uint8_t *payload, size_t bytes,
                      struct sc_codec_base *base)
{
    struct sc_segment segment;
    struct sc_process process;
    if (type == SC_META_SEGMENT) {
        if (bytes < sizeof segment)
            return false;
        memcpy(&segment, payload, sizeof segment);
        *base = (struct sc_codec_base){.tick = segment.tick};
        walk->segment++;
        return true;
    }
    if (type != SC_META_PROCESS)
        return true;
    if (bytes < sizeof process)
        return false;
    memcpy(&process, payload, sizeof process);
    return add_process(walk, process.process, process.pid, process.origin == SC_ORIGIN_EXEC);
}

/* A record made before its call, and the call's failure behind it, are one call. */
static void take_call(struct walk *walk, const struct sc_record *record)
{
    const struct begun call = {record->start, walk->segment, record->nr};
    for (unsigned slot = 0; slot < SC_INFLIGHT_SLOTS; slot++) {
        struct begun *begun = &walk->unfinished[slot];
        if (begun->nr == call.nr && begun->start == call.start)
            begun->nr = SC_NR_LIMIT;
    }
    if (record->noreturn) {
        walk->noreturns[walk->noreturn_at++ % NORETURNS] = call;
    } else {
        for (unsigned i = 0; i < NORETURNS; i++)
            if (walk->noreturns[i].nr == call.nr && walk->noreturns[i].start == call.start &&
                walk->noreturns[i].segment == call.segment)
                return;
    }
    walk->made.calls++;
}

static bool walk_records(struct walk *walk, size_t used)
{
    const uint8_t *at = walk->chunk + sizeof(struct sc_chunk), *end = walk->chunk + used;
    struct sc_codec_base base = {0};
    struct sc_record record;
    uint32_t first = walk->segment;
    while (at < end) {
        uint16_t head;
        unsigned type;
        const uint8_t *payload;
        size_t bytes;
        if (end - at < (ptrdiff_t)sizeof head)
            return false;
        memcpy(&head, at, sizeof head);
        if ((head & SC_HEAD_NR) >= SC_NR_LIMIT) {
            if (sc_decode_meta(&at, end, &type, &payload, &bytes) != 0 || !take_meta(walk, type, payload, bytes, &base))
                return false;
        } else if (walk->segment == first || sc_decode(&at, end, lookup, walk, &base, &record) != 0) {
            return false;
        } else {
            take_call(walk, &record);
        }
    }
    for (unsigned slot = 0; slot < SC_INFLIGHT_SLOTS; slot++)
        walk->made.calls += walk->unfinished[slot].nr < SC_NR_LIMIT && walk->segment != first;
    return true;
}

/* The chunk at *offset, or a place where none was begun; moves on. */
static bool walk_chunk(struct walk *walk, uint64_t *offset)
{
    struct sc_chunk chunk;
    const struct sc_file_header *header = walk->header;
    if (!read_at(walk, &chunk, sizeof chunk, *offset))
        return false;
    if (chunk.magic == 0) {
        *offset += header->granule;
        return true;
    }
    if (chunk.magic != SC_CHUNK_MAGIC || chunk.nonce != header->nonce || chunk.bytes > SC_CHUNK_MAX ||
        chunk.bytes < header->granule || chunk.used > chunk.bytes || chunk.used < sizeof chunk ||
        !read_at(walk, walk->chunk, chunk.used, *offset))
        return false;
    for (unsigned slot = 0; slot < SC_INFLIGHT_SLOTS; slot++) {
        const struct sc_inflight *inflight = &chunk.inflight[slot];
        walk->unfinished[slot] =
            (struct begun){inflight->start, 0, inflight->nr1 ? (unsigned)inflight->nr1 - 1 : SC_NR_LIMIT};
    }
    walk->made.lost += chunk.lost;
    *offset += chunk.bytes;
    return walk_records(walk, chunk.used);
}

static int by_number(const void *a, const void *b)
{
    const struct known *left = a, *right = b;
    if (left->number != right->number)
        return left->number < right->number ? -1 : 1;
    return left->executed - right->executed;
}

static bool is_other_program(const struct walk *walk, const struct known *process)
{
    for (size_t i = 0; process->executed && i < walk->known_count; i++)
        if (walk->known[i].pid == process->pid && walk->known[i].number != process->number)
            return true;
    return false;
}

static void count_processes(struct walk *walk)
{
    if (walk->known_count)
        qsort(walk->known, walk->known_count, sizeof *walk->known, by_number);
    for (size_t i = 0; i < walk->known_count; i++)
        if ((i == 0 || walk->known[i].number != walk->known[i - 1].number) && !is_other_program(walk, &walk->known[i]))
            walk->made.processes++;
}

/* Room that was asked for beyond the greatest size was not given. */
uint64_t sc_capture_bytes(const struct sc_file_header *header)
{
    return header->next < header->size ? header->next : header->size;
}

bool sc_count_calls(int fd, const struct sc_file_header *header, struct sc_made *ret_made)
{
    if (sc_capture_bytes(header) > COUNTED_BYTES || header->version != SC_VERSION ||
        header->granule < sizeof(struct sc_chunk))
        return false;
    struct walk *walk = calloc(1, sizeof *walk);
    uint8_t *chunk = malloc(SC_CHUNK_MAX);
    bool counted = walk && chunk;
    if (counted) {
        walk->fd = fd;
        walk->header = header;
        walk->chunk = chunk;
        counted = load_calls(walk);
        for (uint64_t offset = header->first_chunk; counted && offset < sc_capture_bytes(header);)
            counted = walk_chunk(walk, &offset);
    }
    if (counted) {
        count_processes(walk);
        *ret_made = walk->made;
        ret_made->lost += header->lost;
    }
    if (walk)
        free(walk->known);
    free(chunk);
    free(walk);
    return counted;
}
