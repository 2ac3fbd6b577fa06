/*
 * capture_stream.c: one chunk. Its records stand in the order in which the calls ended; where a signal handler made
 * calls within a call, the outer one follows them, so a few records are held back and put in order of their start.
 */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

enum { FIND_MAIN_BYTES = 4 << 20 }; /* how far to look for the mark of main: it is near the beginning, or nowhere */

static const struct sc_call_desc *lookup(const void *descs, unsigned nr)
{
    const struct sc_call_desc *const *table = descs;
    return table[nr];
}

/* The fixed part of each meta record. A longer payload is a newer writer's and fine, a shorter one is damage. */
static size_t meta_bytes(unsigned type)
{
    switch (type) {
    case SC_META_SEGMENT: return sizeof(struct sc_segment);
    case SC_META_PROCESS: return sizeof(struct sc_process);
    case SC_META_TEXT: return sizeof(struct sc_text);
    case SC_META_MODULE: return sizeof(struct sc_module);
    case SC_META_THREAD_END: return sizeof(struct sc_thread_end);
    case SC_META_COUNTERS: return sizeof(struct sc_counters);
    case SC_META_PROCESS_END: return sizeof(struct sc_process_end);
    case SC_META_CHILD_END: return sizeof(struct sc_child_end);
    case SC_META_MARK: return sizeof(struct sc_mark);
    case SC_META_NOTE: return sizeof(struct sc_note);
    case SC_META_UNTRACED: return sizeof(struct sc_untraced_program);
    case SC_META_LOADED: return sizeof(struct sc_module_loaded);
    case SC_META_UNLOADED: return sizeof(struct sc_module_unloaded);
    case SC_META_REQUESTS:
    case SC_META_RESULTS: return sizeof(struct sc_requests_head);
    case SC_META_MAPPED: return sizeof(struct sc_mapped);
    default: return 0;
    }
}

/* When it happened, for those that say so; otherwise with what stood before. */
static uint64_t meta_tick(unsigned type, const uint8_t *payload, uint64_t otherwise)
{
    uint64_t tick = otherwise;
    switch (type) {
    case SC_META_PROCESS: memcpy(&tick, payload + offsetof(struct sc_process, tick), sizeof tick); break;
    case SC_META_THREAD_END:
    case SC_META_MAPPED:
    case SC_META_PROCESS_END ... SC_META_RESULTS: memcpy(&tick, payload, sizeof tick); break;
    default: break;
    }
    return tick;
}

/* What stands at a place of a chunk. */
struct decoded {
    uint16_t type; /* enum sc_meta, or 0: a call */
    const uint8_t *payload;
    size_t bytes;
};

static int decode(const struct sc_capture *capture, const uint8_t **at, const uint8_t *end, struct sc_codec_base *base,
                  struct sc_record *record, struct decoded *ret)
{
    uint16_t head;
    if (end - *at < (ptrdiff_t)sizeof head)
        return -EBADMSG;
    memcpy(&head, *at, sizeof head);
    if (__builtin_expect((head & SC_HEAD_NR) < SC_NR_LIMIT, 1)) {
        ret->type = 0;
        return sc_decode(at, end, lookup, capture->descs, base, record);
    }
    unsigned type;
    if (sc_decode_meta(at, end, &type, &ret->payload, &ret->bytes) != 0 || ret->bytes < meta_bytes(type))
        return -EBADMSG;
    if (type > SC_META_LAST && capture->header.version <= SC_VERSION)
        return -EBADMSG;
    ret->type = (uint16_t)type;
    if (type == SC_META_SEGMENT) {
        struct sc_segment segment;
        memcpy(&segment, ret->payload, sizeof segment);
        *base = (struct sc_codec_base){.tick = segment.tick};
    }
    return 0;
}

uint64_t sc_stream_peek(struct sc_capture *capture, const uint8_t *chunk, size_t bytes, uint64_t otherwise)
{
    const uint8_t *at = chunk + sizeof(struct sc_chunk);
    const uint8_t *end = chunk + bytes;
    struct sc_codec_base base = {0};
    struct sc_record record;
    struct decoded found;
    uint64_t key = otherwise;
    while (at < end && decode(capture, &at, end, &base, &record, &found) == 0) {
        if (found.type == SC_META_SEGMENT) {
            key = base.tick;
            continue;
        }
        uint64_t tick = found.type ? meta_tick(found.type, found.payload, UINT64_MAX) : record.start;
        if (tick == UINT64_MAX)
            continue;
        return tick < key ? tick : key;
    }
    return key;
}

/* Strings are looked up when the event is made; a record that points nowhere is damage and found here. */
static bool strings_are_there(const struct sc_stream *stream, const struct sc_record *record)
{
    const uint8_t *payload;
    size_t bytes;
    for (unsigned i = 0; i < record->extra_count; i++)
        if (record->extras[i].type == SC_EXTRA_TEXT &&
            sc_find_meta(stream->bytes, (size_t)(stream->at - stream->bytes), record->extras[i].value, SC_META_STRING,
                         &payload, &bytes) != 0)
            return false;
    return true;
}

/* Puts the free item behind the last one in the queue, and before what the same thread did later. */
static void enqueue(struct sc_stream *stream)
{
    size_t at = stream->count++;
    struct sc_item *item = stream->queue[at];
    for (; at > 0 && item->type == 0; at--) {
        struct sc_item *before = stream->queue[at - 1];
        if (before->key <= item->key || !sc_item_may_be_handlers(before) || before->segment != item->segment)
            break;
        stream->queue[at] = before;
    }
    stream->queue[at] = item;
    stream->last_key = item->key;
}

/*
 * Whose call is in flight in a slot: the last writer's, though it may have begun before that one's segment, where it
 * was carried along from a full chunk. But a process leaves the rest of its chunk to another one, and what it left in a
 * slot (its exit_group) is its own still.
 */
static void set_owner(const struct sc_stream *stream, struct sc_item *item)
{
    bool is_left = stream->left.segment && stream->left.process != stream->process && item->key < stream->segment_tick;
    item->segment = is_left ? stream->left.segment : stream->segment;
    item->process = is_left ? stream->left.process : stream->process;
    item->tid = is_left ? stream->left.tid : stream->tid;
}

/* The calls in flight come behind the records; item->offset is the slot. */
static void enqueue_inflight(struct sc_stream *stream)
{
    while (stream->flights < SC_INFLIGHT_SLOTS) {
        unsigned slot = stream->flights++;
        const struct sc_inflight *inflight = &stream->ref->inflight[slot];
        if (inflight->nr1 == 0 || inflight->nr1 > SC_NR_LIMIT || !stream->segment)
            continue;
        struct sc_item *item = stream->queue[stream->count];
        item->type = SC_ITEM_INFLIGHT;
        item->key = inflight->start;
        item->offset = slot;
        set_owner(stream, item);
        enqueue(stream);
        return;
    }
    stream->drained = true;
}

static void end_by_damage(struct sc_capture *capture, struct sc_stream *stream, uint64_t damaged_at)
{
    uint64_t lost = stream->ref->used - damaged_at;
    sc_capture_damage(capture, stream->ref->offset + damaged_at,
                      "damaged record; the rest of this chunk (%llu bytes) is lost", (unsigned long long)lost);
    stream->at = stream->end;
}

/*
 * A record that was written before an exec is followed by the same call's failure, if it failed: one call, not two.
 * Only then the two have the same start. True where item took the place of such a record.
 */
static bool replace_noreturn(struct sc_stream *stream, struct sc_item *item)
{
    for (size_t i = stream->count; i-- > 0;) {
        struct sc_item *other = stream->queue[i];
        if (other->type == 0 && other->key == item->key && other->record.noreturn &&
            other->record.nr == item->record.nr && other->segment == item->segment) {
            stream->queue[i] = item;
            stream->queue[stream->count] = other;
            return true;
        }
    }
    return false;
}

/*
 * A forked child returns from a call that its parent began, before it could say who it is; where chunks are used again
 * it has said so in another one, before the segment.
 */
static uint64_t key_of(const struct sc_capture *capture, const struct sc_stream *stream, const struct sc_item *item)
{
    const struct sc_record *record = &item->record;
    bool child = capture->header.slots && record->result == 0 && sc_call_means(record->nr, SC_MEANS_FORK);
    return child && record->start < stream->segment_tick ? stream->segment_tick : record->start;
}

/* Decodes up to the next record that matters beyond this chunk, into the free item. */
static void decode_one(struct sc_capture *capture, struct sc_stream *stream)
{
    struct sc_item *item = stream->queue[stream->count];
    struct decoded found;
    for (;;) {
        const uint8_t *begin = stream->at;
        if (begin >= stream->end) {
            enqueue_inflight(stream);
            return;
        }
        item->offset = (uint32_t)(begin - stream->bytes);
        if (decode(capture, &stream->at, stream->end, &stream->base, &item->record, &found) != 0 ||
            (found.type == 0 && item->record.extra_count && !strings_are_there(stream, &item->record)) ||
            (!stream->segment && found.type != SC_META_SEGMENT && found.type != SC_META_PAD)) {
            end_by_damage(capture, stream, item->offset);
            continue;
        }
        if (found.type == SC_META_SEGMENT) {
            struct sc_segment segment;
            memcpy(&segment, found.payload, sizeof segment);
            stream->left = (struct sc_owner){stream->segment, stream->process, stream->tid};
            stream->segment++;
            stream->segment_tick = segment.tick;
            stream->process = segment.process;
            stream->tid = segment.tid;
            stream->last_key = segment.tick;
        } else if (found.type == 0 || found.type > SC_META_STACK) {
            break;
        }
    }
    item->type = found.type;
    item->payload = found.payload;
    item->bytes = found.bytes;
    item->segment = stream->segment;
    item->process = stream->process;
    item->tid = stream->tid;
    item->key = found.type ? meta_tick(found.type, found.payload, stream->last_key) : key_of(capture, stream, item);
    if (found.type != 0 || item->record.noreturn || !replace_noreturn(stream, item))
        enqueue(stream);
}

static void fill(struct sc_capture *capture, struct sc_stream *stream)
{
    while (!stream->drained && stream->count < SC_LOOKAHEAD)
        decode_one(capture, stream);
}

/* 0, -ENODATA where the file ends before or the chunk is none of ref's any more, or -errno. */
static int read_chunk(struct sc_capture *capture, const struct sc_chunk_ref *ref, uint8_t *bytes)
{
    int result = sc_capture_read(capture, bytes, ref->used, ref->offset);
    if (result == -ENODATA) { /* cut since we looked */
        sc_capture_damage(capture, ref->offset, "the file was cut while it was read");
    } else if (result == 0 && capture->header.slots) {
        uint32_t generation;
        result = sc_capture_read(capture, &generation, sizeof generation,
                                 ref->offset + offsetof(struct sc_chunk, generation));
        if (result == 0 && generation != ref->generation) {
            sc_capture_damage(capture, ref->offset, "the chunk was overwritten while it was read");
            result = -ENODATA;
        }
    }
    if (result == -ENODATA)
        capture->bytes_done += ref->used;
    else if (result != 0)
        capture->failed = result;
    return result;
}

struct sc_stream *sc_stream_open(struct sc_capture *capture, const struct sc_chunk_ref *ref)
{
    struct sc_stream *stream = calloc(1, sizeof *stream);
    uint8_t *bytes = malloc(ref->used);
    if (!stream || !bytes)
        capture->failed = -ENOMEM;
    if (!stream || !bytes || read_chunk(capture, ref, bytes) != 0) {
        free(bytes);
        free(stream);
        return NULL;
    }
    stream->ref = ref;
    stream->bytes = bytes;
    stream->at = bytes + sizeof(struct sc_chunk);
    stream->end = bytes + ref->used;
    for (size_t i = 0; i < SC_LOOKAHEAD; i++)
        stream->queue[i] = &stream->items[i];
    fill(capture, stream);
    return stream;
}

bool sc_stream_advance(struct sc_capture *capture, struct sc_stream *stream)
{
    struct sc_item *first = stream->queue[0];
    for (size_t i = 1; i < SC_LOOKAHEAD; i++)
        stream->queue[i - 1] = stream->queue[i];
    stream->queue[SC_LOOKAHEAD - 1] = first;
    stream->count--;
    if (!stream->drained)
        decode_one(capture, stream);
    return stream->count > 0;
}

/* What a process's start-up ends with, where it stands in a chunk: a mark of main, or the record of a new program. */
struct sc_turn {
    uint32_t process, offset;
    bool main;
};

static int by_process(const void *a, const void *b)
{
    const struct sc_turn *one = a, *other = b;
    if (one->process != other->process)
        return one->process < other->process ? -1 : 1;
    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

/* All turns of a chunk, by process and place. To be freed. 0, or -ENOMEM. */
static int list_turns(struct sc_capture *capture, const uint8_t *bytes, size_t used, struct sc_turn **ret_turns,
                      size_t *ret_count)
{
    const uint8_t *at = bytes + sizeof(struct sc_chunk), *end = bytes + used;
    struct sc_codec_base base = {0};
    struct sc_record record;
    struct decoded found;
    struct sc_turn *turns = NULL;
    size_t count = 0, capacity = 0;
    while (at < end && decode(capture, &at, end, &base, &record, &found) == 0) {
        uint32_t words[2] = {0, SC_MARK_MAIN}; /* of a mark: process, what */
        if (found.type == SC_META_MARK)
            memcpy(words, found.payload + offsetof(struct sc_mark, process), sizeof words);
        else if (found.type == SC_META_PROCESS)
            memcpy(words, found.payload + offsetof(struct sc_process, process), sizeof *words);
        else
            continue;
        if (words[1] != SC_MARK_MAIN)
            continue;
        if (SC_RESERVE(turns, capacity, count + 1)) {
            free(turns);
            return -ENOMEM;
        }
        turns[count++] = (struct sc_turn){words[0], (uint32_t)(found.payload - bytes), found.type == SC_META_MARK};
    }
    if (count)
        qsort(turns, count, sizeof *turns, by_process);
    *ret_turns = turns;
    *ret_count = count;
    return 0;
}

/* The first turn of that process behind that place. NULL: none. */
static const struct sc_turn *find_turn(const struct sc_turn *turns, size_t count, uint32_t process, uint32_t offset)
{
    struct sc_turn key = {process, offset, false};
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_process(&turns[middle], &key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && turns[low].process == process ? &turns[low] : NULL;
}

/* Which chunk of that process comes behind number at; chunk_count: none. */
static size_t next_of_process(const struct sc_capture *capture, uint32_t process, size_t at)
{
    size_t low = 0, high = capture->chunk_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2, chunk = capture->chunks_by_process[middle];
        uint32_t owner = capture->chunks[chunk].process;
        if (owner < process || (owner == process && chunk <= at))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == capture->chunk_count || capture->chunks[capture->chunks_by_process[low]].process != process)
        return capture->chunk_count;
    return capture->chunks_by_process[low];
}

/* Is a mark of main the process's next turn behind the chunk of that number? Each byte is looked at about once. */
static bool main_follows(struct sc_capture *capture, uint32_t process, size_t at)
{
    size_t budget = FIND_MAIN_BYTES;
    while ((at = next_of_process(capture, process, at)) < capture->chunk_count) {
        const struct sc_chunk_ref *ref = &capture->chunks[at];
        if (ref->used > budget || capture->bytes_ahead > capture->bytes_total)
            break;
        budget -= ref->used;
        capture->bytes_ahead += ref->used;
        struct sc_turn *turns = NULL;
        size_t count = 0;
        uint8_t *bytes = malloc(ref->used);
        if (bytes && sc_capture_read(capture, bytes, ref->used, ref->offset) == 0 &&
            list_turns(capture, bytes, ref->used, &turns, &count) != 0)
            capture->failed = -ENOMEM;
        free(bytes);
        const struct sc_turn *turn = find_turn(turns, count, process, 0);
        bool main = turn && turn->main, found = turn != NULL;
        free(turns);
        if (found)
            return main;
    }
    return false;
}

bool sc_stream_finds_main(struct sc_capture *capture, struct sc_stream *stream, uint32_t process)
{
    if (!stream->turns_known &&
        list_turns(capture, stream->bytes, stream->ref->used, &stream->turns, &stream->turn_count) != 0)
        capture->failed = -ENOMEM;
    stream->turns_known = true;
    /* The items of the queue are decoded already: behind the PROCESS record that asks, the first in the queue. */
    const struct sc_item *item = stream->queue[0];
    const struct sc_turn *turn =
        find_turn(stream->turns, stream->turn_count, process, (uint32_t)(item->payload - stream->bytes));
    return turn ? turn->main : main_follows(capture, process, (size_t)(stream->ref - capture->chunks));
}
