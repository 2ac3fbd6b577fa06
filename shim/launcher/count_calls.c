/*
 * count_calls.c: how many calls and processes a capture holds that nobody writes to any more: the numbers that
 * syscap-analyze will say of it, without reading it as one. Nothing is put in order, so that a walk through the records
 * is enough; docs/ARCHITECTURE.md says why the library does not count.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/count_records.h"
#include "launcher.h"

enum { COUNTED_BYTES = 64 << 20 }; /* of a larger capture the time would be felt: this takes 0.2 s */

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

static bool walk_records(struct walk *walk, size_t used)
{
    struct sc_record_count count = {.lookup = lookup, .context = walk, .until = walk->header->overwritten_until};
    struct sc_process process;
    int result;
    sc_count_begin(&count, (const struct sc_chunk *)walk->chunk, used);
    while ((result = sc_count_next(&count, &process)) > 0)
        if (!add_process(walk, process.process, process.pid, process.origin == SC_ORIGIN_EXEC))
            return false;
    walk->made.calls += count.calls;
    walk->made.overwritten += count.older;
    return result == 0;
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
    walk->made.lost += chunk.lost;
    walk->made.overwritten += chunk.overwritten[chunk.generation % 2];
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
