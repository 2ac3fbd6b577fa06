/* capture_merge.c: the chunks together: a heap of those being read, and the list of those that begin later. */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

static uint64_t key_of(const struct sc_stream *stream)
{
    return stream->queue[0]->key;
}

/*
 * Among equals the one that lies earlier in the file, so that the order is the same every time. But a call's requests
 * come before it, which has the same start and may stand in the next chunk.
 */
static bool comes_before(const struct sc_stream *a, const struct sc_stream *b)
{
    if (key_of(a) != key_of(b))
        return key_of(a) < key_of(b);
    bool announces_a = a->queue[0]->type == SC_META_REQUESTS, announces_b = b->queue[0]->type == SC_META_REQUESTS;
    return announces_a != announces_b ? announces_a : a->ref->offset < b->ref->offset;
}

static void sink(struct sc_capture *capture)
{
    struct sc_stream **heap = capture->heap;
    struct sc_stream *stream = heap[0];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= capture->heap_count)
            break;
        if (child + 1 < capture->heap_count && comes_before(heap[child + 1], heap[child]))
            child++;
        if (!comes_before(heap[child], stream))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = stream;
}

static int push(struct sc_capture *capture, struct sc_stream *stream)
{
    if (SC_RESERVE(capture->heap, capture->heap_capacity, capture->heap_count + 1))
        return -ENOMEM;
    size_t at = capture->heap_count++;
    while (at > 0 && comes_before(stream, capture->heap[(at - 1) / 2])) {
        capture->heap[at] = capture->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    capture->heap[at] = stream;
    return 0;
}

static void free_stream(struct sc_stream *stream)
{
    free(stream->bytes);
    free(stream->turns);
    free(stream);
}

static void retire(struct sc_capture *capture, struct sc_stream *stream)
{
    capture->bytes_done += stream->ref->used;
    stream->next_retired = capture->retired;
    capture->retired = stream;
}

void sc_merge_recycle(struct sc_capture *capture)
{
    sc_stack_recycle(capture);
    sc_capture_recycle_blocks(capture);
    while (capture->retired) {
        struct sc_stream *stream = capture->retired;
        capture->retired = stream->next_retired;
        free_stream(stream);
    }
}

void sc_merge_free(struct sc_capture *capture)
{
    sc_merge_recycle(capture);
    free(capture->stacks);
    for (size_t i = 0; i < capture->heap_count; i++)
        free_stream(capture->heap[i]);
    free(capture->heap);
}

/* Opens the chunks in which something may come before the first item of the heap. */
static void open_due(struct sc_capture *capture)
{
    while (!capture->failed && capture->next_chunk < capture->chunk_count) {
        const struct sc_chunk_ref *ref = &capture->chunks[capture->next_chunk];
        if (capture->heap_count && ref->key > key_of(capture->heap[0]))
            return;
        capture->next_chunk++;
        struct sc_stream *stream = sc_stream_open(capture, ref);
        if (stream && !stream->count) {
            retire(capture, stream);
        } else if (stream && push(capture, stream) != 0) {
            capture->failed = -ENOMEM;
            free_stream(stream);
        }
    }
}

static void pop(struct sc_capture *capture)
{
    retire(capture, capture->heap[0]);
    capture->heap[0] = capture->heap[--capture->heap_count];
    if (capture->heap_count)
        sink(capture);
}

size_t sc_merge_next(struct sc_capture *capture, struct sc_event *events, size_t capacity)
{
    size_t count = 0;
    while (count < capacity) {
        open_due(capture);
        if (capture->failed || !capture->heap_count)
            break;
        struct sc_stream *stream = capture->heap[0];
        count += sc_item_take(capture, stream, stream->queue[0], &events[count]);
        if (sc_capture_results_left(capture))
            continue;
        if (!sc_stream_advance(capture, stream))
            pop(capture);
        else if (capture->heap_count > 1)
            sink(capture);
    }
    return count;
}
