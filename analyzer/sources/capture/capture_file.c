/* capture_file.c: what stands at fixed places: the header and the chunks. */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAX_WARNINGS = 200,
    PEEK_BYTES = 8192,   /* of a chunk, to find out when it begins */
    MIN_SPAN_NS = 20000, /* two instants nearer than this give no usable rate: a clock reading takes some 50 ns */
};

static void add_warning(struct sc_capture *capture, char *text)
{
    if (capture->source.run.warning_count >= MAX_WARNINGS)
        free(text);
    else
        sc_run_warn(&capture->source.run, text);
}

void sc_capture_warn(struct sc_capture *capture, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    add_warning(capture, text);
}

void sc_capture_damage(struct sc_capture *capture, uint64_t offset, const char *format, ...)
{
    capture->source.run.coverage.damaged = true;
    if (capture->damages++ >= SC_DAMAGES_SAID)
        return;
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    sc_capture_warn(capture, "%s: byte %llu: %s.", capture->path, (unsigned long long)offset, what);
}

int sc_capture_read(const struct sc_capture *capture, void *to, size_t bytes, uint64_t offset)
{
    char *at = to;
    while (bytes) {
        ssize_t got = pread(capture->fd, at, bytes, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : -ENODATA;
        at += got;
        bytes -= (size_t)got;
        offset += (uint64_t)got;
    }
    return 0;
}

int sc_capture_unusable(const struct sc_capture *capture, struct sc_error *error, uint64_t offset, const char *cause)
{
    snprintf(error->text, sizeof error->text, "%s: byte %llu: %s", capture->path, (unsigned long long)offset, cause);
    return -EBADMSG;
}

static int load_header(struct sc_capture *capture, struct sc_error *error)
{
    struct sc_file_header *header = &capture->header;
    struct stat st;
    if (fstat(capture->fd, &st) != 0)
        return -errno;
    capture->file_bytes = (uint64_t)st.st_size;
    int result = sc_capture_read(capture, header, sizeof *header, 0);
    if (result == -ENODATA)
        return sc_capture_unusable(capture, error, capture->file_bytes, "the header of this capture is cut");
    if (result != 0)
        return result;
    if (memcmp(header->magic, SC_MAGIC, sizeof header->magic) != 0)
        return sc_capture_unusable(capture, error, 6,
                                   "the capture's first line is changed: it went through a text-mode transfer");
    if (header->version == 0)
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, version),
                                   "no version of captures is 0");
    if (header->version < SC_VERSION_READ)
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, version),
                                   "written by an older syscap, in a format that is no longer read; record it again");
    if (header->granule < 512 || header->granule > SC_CHUNK_MAX || (header->granule & (header->granule - 1)))
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, granule),
                                   "impossible unit of chunks");
    if (header->calls_bytes < sizeof(struct sc_file_call) || header->calls_bytes > 1024 ||
        header->calls_count > SC_CALL_ROWS_MAX || header->calls_offset < sizeof *header)
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, calls_offset),
                                   "impossible table of calls");
    uint64_t calls_end = header->calls_offset + (uint64_t)header->calls_bytes * header->calls_count;
    if (header->first_chunk < calls_end || header->first_chunk % header->granule != 0)
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, first_chunk),
                                   "impossible place of the chunks");
    if (header->clock != SC_CLOCK_TSC && header->clock != SC_CLOCK_MONOTONIC)
        return sc_capture_unusable(capture, error, offsetof(struct sc_file_header, clock), "unknown clock");
    if (header->version < SC_VERSION_KEEP) { /* what stands there was reserved */
        header->slots = 0;
        header->overwritten_until = 0;
    }
    if (header->version > SC_VERSION)
        sc_capture_warn(capture,
                        "%s was written by a newer syscap (format %u, known here: %d): read as far as "
                        "understood.",
                        capture->path, header->version, SC_VERSION);
    return 0;
}

static void note_stop(struct sc_capture *capture, uint32_t reason, uint32_t error, uint64_t lost)
{
    struct sc_coverage *coverage = &capture->source.run.coverage;
    coverage->dropped_records += lost;
    if (reason && reason <= SC_STOP_LAST && !coverage->stop) {
        coverage->stop = (enum sc_stop)reason;
        coverage->stop_errno = (int)error;
    }
}

/*
 * Where the chunk ends that begins at offset and does not say so truly: where the next one begins, or after the most
 * that it can have. No byte is ever in two chunks. Or -errno.
 */
static int64_t next_chunk(const struct sc_capture *capture, uint64_t offset)
{
    uint64_t end = offset + SC_CHUNK_MAX;
    for (uint64_t at = offset + capture->header.granule; at < end; at += capture->header.granule) {
        uint64_t words[2];
        _Static_assert(offsetof(struct sc_chunk, nonce) == sizeof words[0], "magic and nonce are read as one");
        int result = sc_capture_read(capture, words, sizeof words, at);
        if (result == -ENODATA || (words[0] == SC_CHUNK_MAGIC && words[1] == capture->header.nonce))
            return (int64_t)at;
        if (result != 0)
            return result;
    }
    return (int64_t)end;
}

/* Takes the chunk at offset into the list. Returns how many bytes it occupies, or -errno. */
static int64_t take_chunk(struct sc_capture *capture, const struct sc_chunk *chunk, uint64_t offset)
{
    uint64_t there = capture->file_bytes - offset;
    uint32_t used = chunk->used;
    uint64_t bytes = chunk->bytes;
    if (bytes < capture->header.granule || bytes > SC_CHUNK_MAX || bytes % capture->header.granule) {
        sc_capture_damage(capture, offset + offsetof(struct sc_chunk, bytes), "impossible size of a chunk");
        int64_t until = next_chunk(capture, offset);
        if (until < 0)
            return until;
        bytes = (uint64_t)until - offset;
    }
    if (used > bytes || used < sizeof *chunk) {
        sc_capture_damage(capture, offset + offsetof(struct sc_chunk, used), "impossible fill of a chunk");
        used = used > bytes ? (uint32_t)bytes : (uint32_t)sizeof *chunk;
    }
    if (used > there) {
        sc_capture_damage(capture, capture->file_bytes, "the file is cut within a chunk; %llu bytes of it are lost",
                          (unsigned long long)(used - there));
        used = (uint32_t)there;
    }
    note_stop(capture, chunk->stop_reason, chunk->stop_errno, chunk->lost);
    if (capture->header.slots)
        capture->source.run.coverage.overwritten_calls += chunk->overwritten[chunk->generation % 2];
    if (SC_RESERVE(capture->chunks, capture->chunk_capacity, capture->chunk_count + 1))
        return -ENOMEM;
    uint8_t first[PEEK_BYTES];
    size_t peek = used < sizeof first ? used : sizeof first;
    int result = sc_capture_read(capture, first, peek, offset);
    if (result != 0 && result != -ENODATA)
        return result;
    struct sc_chunk_ref *ref = &capture->chunks[capture->chunk_count++];
    *ref = (struct sc_chunk_ref){
        .offset = offset,
        .key = result == 0 ? sc_stream_peek(capture, first, peek, chunk->open_tick) : chunk->open_tick,
        .used = used,
        .process = chunk->process,
        .generation = chunk->generation,
    };
    memcpy(ref->inflight, chunk->inflight, sizeof ref->inflight);
    capture->bytes_total += used;
    return (int64_t)bytes;
}

static int by_key(const void *a, const void *b)
{
    const struct sc_chunk_ref *one = a, *other = b;
    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static int by_process(const void *a, const void *b, void *context)
{
    const struct sc_chunk_ref *chunks = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    if (chunks[one].process != chunks[other].process)
        return chunks[one].process < chunks[other].process ? -1 : 1;
    return one < other ? -1 : one > other;
}

static int order_chunks(struct sc_capture *capture)
{
    size_t count = capture->chunk_count, *numbers = malloc((count + 1) * sizeof *numbers);
    if (!numbers)
        return -ENOMEM;
    if (count) /* by its place first: equal keys stay in order */
        qsort(capture->chunks, count, sizeof *capture->chunks, by_key);
    for (size_t i = 0; i < count; i++)
        numbers[i] = i;
    if (count)
        qsort_r(numbers, count, sizeof *numbers, by_process, capture->chunks);
    capture->chunks_by_process = numbers;
    return 0;
}

/* The rate of the clock, from the two instants that lie furthest apart of those that we were given. */
static void calibrate(struct sc_capture *capture, uint64_t tick1, uint64_t mono1)
{
    const struct sc_file_header *header = &capture->header;
    if (header->clock == SC_CLOCK_MONOTONIC) {
        capture->times_known = true;
        capture->ns_scale = UINT64_C(1) << 32;
        return;
    }
    if (tick1 <= header->tick0 || mono1 <= header->mono0 || mono1 - header->mono0 < MIN_SPAN_NS)
        return;
    unsigned __int128 scale = ((unsigned __int128)(mono1 - header->mono0) << 32) / (tick1 - header->tick0);
    if (scale < (UINT64_C(1) << 32) / 100 || scale > UINT64_C(1000) << 32)
        return; /* no counter of a processor runs so: damage */
    capture->times_known = true;
    capture->ns_scale = (uint64_t)scale;
}

static int load_chunks(struct sc_capture *capture)
{
    const struct sc_file_header *header = &capture->header;
    uint64_t last_tick = header->tick1, last_mono = header->mono1;
    bool in_damage = false;
    note_stop(capture, header->stop_reason, header->stop_errno, header->lost);
    for (uint64_t offset = header->first_chunk; offset < capture->file_bytes;) {
        struct sc_chunk chunk;
        int result = sc_capture_read(capture, &chunk, sizeof chunk, offset);
        if (result == -ENODATA)
            break;
        if (result != 0)
            return result;
        if (chunk.magic == SC_CHUNK_MAGIC && chunk.nonce == header->nonce) {
            if (header->tick1 <= header->tick0 && chunk.open_tick > last_tick) {
                last_tick = chunk.open_tick;
                last_mono = chunk.open_mono;
            }
            int64_t bytes = take_chunk(capture, &chunk, offset);
            if (bytes < 0)
                return (int)bytes;
            offset += (uint64_t)bytes;
            in_damage = false;
            continue;
        }
        if (chunk.magic != 0 && !in_damage) {
            sc_capture_damage(capture, offset, "no chunk begins here; its records are lost");
            in_damage = true;
        }
        offset += header->granule;
    }
    note_stop(capture, header->any_stop, header->any_stop_errno, 0); /* no call need have been lost by it */
    calibrate(capture, last_tick, last_mono);
    return order_chunks(capture);
}

int sc_capture_load(struct sc_capture *capture, struct sc_error *error)
{
    int result = load_header(capture, error);
    if (result == 0)
        result = sc_capture_load_only(capture);
    if (result == 0)
        result = sc_capture_load_calls(capture, error);
    if (result == 0 && capture->header.size > capture->file_bytes)
        sc_capture_damage(capture, capture->file_bytes, "the file is cut here; it had %llu bytes at least",
                          (unsigned long long)capture->header.size);
    if (result == 0)
        result = load_chunks(capture);
    if (result != 0 && !error->text[0])
        snprintf(error->text, sizeof error->text, "%s: %s", capture->path, strerror(-result));
    return result;
}
