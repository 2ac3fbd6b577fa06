/* capture_block.c: memory for what the last batch's events point to. */
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

struct sc_capture_block {
    struct sc_capture_block *next;
    uint64_t bytes[]; /* aligned */
};

void *sc_capture_block(struct sc_capture *capture, size_t bytes)
{
    struct sc_capture_block *block = malloc(sizeof *block + bytes);
    if (!block) {
        capture->failed = -ENOMEM;
        return NULL;
    }
    block->next = capture->blocks;
    capture->blocks = block;
    return block->bytes;
}

void sc_capture_recycle_blocks(struct sc_capture *capture)
{
    while (capture->blocks) {
        struct sc_capture_block *block = capture->blocks;
        capture->blocks = block->next;
        free(block);
    }
}
