#include "strace_log.h"

#include <stdlib.h>

struct sc_strace_block {
    struct sc_strace_block *next;
    size_t bytes;
    char data[];
};

enum { BLOCK = 1 << 18 };

char *sc_strace_arena_room(struct sc_strace_arena *arena, size_t len)
{
    size_t need = len + SC_STRACE_PAD;
    if (need <= arena->room)
        return arena->at;
    size_t bytes = need > BLOCK ? need : BLOCK;
    struct sc_strace_block *block = malloc(sizeof *block + bytes);
    if (!block)
        return NULL;
    block->next = arena->blocks;
    block->bytes = bytes;
    arena->blocks = block;
    arena->at = block->data;
    arena->room = bytes;
    return arena->at;
}

static void free_down_to(struct sc_strace_arena *arena, bool keep_last)
{
    while (arena->blocks && (arena->blocks->next || !keep_last)) {
        struct sc_strace_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}

void sc_strace_arena_reset(struct sc_strace_arena *arena)
{
    free_down_to(arena, true);
    if (!arena->blocks)
        return;
    arena->at = arena->blocks->data;
    arena->room = arena->blocks->bytes;
}

void sc_strace_arena_free(struct sc_strace_arena *arena)
{
    free_down_to(arena, false);
    *arena = (struct sc_strace_arena){0};
}
