/* capture_stack.c: the stack of a call: what a chunk has of it, as addresses. */
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

enum {
    BLOCK_FRAMES = sizeof((struct sc_stack_block *)0)->frames / sizeof(uint64_t),
    MOST_BYTES = 1024, /* of a stack, whose writer stores 64 frames at most: many calls may name the same one */
};

/* Room for that many frames until the next batch. NULL where memory is short. */
static uint64_t *place(struct sc_capture *capture, size_t frames)
{
    struct sc_stack_block *block = capture->stacks;
    if (!block || block->used + frames > BLOCK_FRAMES) {
        block = malloc(sizeof *block);
        if (!block)
            return NULL;
        block->next = capture->stacks;
        block->used = 0;
        capture->stacks = block;
    }
    uint64_t *at = block->frames + block->used;
    block->used += frames;
    return at;
}

void sc_stack_event(struct sc_capture *capture, const struct sc_stream *stream, const struct sc_record *record,
                    const struct sc_cap_process *process, struct sc_event *event)
{
    const uint8_t *payload;
    size_t bytes;
    for (unsigned i = 0; i < record->extra_count; i++) {
        if (record->extras[i].type != SC_EXTRA_STACK ||
            sc_find_meta(stream->bytes, stream->ref->used, record->extras[i].value, SC_META_STACK, &payload, &bytes))
            continue;
        bytes = bytes < MOST_BYTES ? bytes : MOST_BYTES;
        uint64_t *stack = bytes ? place(capture, bytes) : NULL;
        if (bytes && !stack)
            capture->failed = -ENOMEM;
        if (!stack)
            return;
        size_t frames = sc_decode_stack(payload, bytes, stack);
        capture->stacks->used -= bytes - frames; /* there was room for as many as bytes */
        for (size_t k = 0; process->moved && k < frames; k++)
            stack[k] = sc_capture_address(capture, process, stack[k]);
        event->stack = frames ? stack : NULL;
        event->stack_depth = (uint32_t)frames;
        return;
    }
}

/* One block is kept: the next batch is much like the last. */
void sc_stack_recycle(struct sc_capture *capture)
{
    while (capture->stacks && capture->stacks->next) {
        struct sc_stack_block *block = capture->stacks;
        capture->stacks = block->next;
        free(block);
    }
    if (capture->stacks)
        capture->stacks->used = 0;
}
