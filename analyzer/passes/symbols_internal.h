/*
 * symbols_internal.h: one module's file; private to analyzer/passes/symbols*.c.
 */
#ifndef SC_SYMBOLS_INTERNAL_H
#define SC_SYMBOLS_INTERNAL_H

#include <elfutils/libdwfl.h>

#include "symbols.h"

enum sc_module_state {
    SC_MODULE_UNTRIED,
    SC_MODULE_OPEN,
    SC_MODULE_CHANGED, /* another build-id, or none any more */
    SC_MODULE_GONE,    /* no regular file there, or one that cannot be read */
    SC_MODULE_UNKNOWN, /* the capture has no build-id of it: nothing to compare with */
    SC_MODULE_LEFT,    /* not to be opened */
};

/* A file that modules of one or more processes were mapped from. */
struct sc_module_file {
    const struct sc_module_map *map; /* the first of them */
    enum sc_module_state state;
    Dwfl *dwfl;
    Dwfl_Module *module; /* addresses in it are those of the file */
};

/* Opens it if its state is UNTRIED and the mode lets it. */
void sc_module_file_open(struct sc_module_file *file, enum sc_symbols_mode mode);
void sc_module_file_close(struct sc_module_file *file);

/* The frames at an address of an open file, innermost first. 0, or -ENOMEM. No frame: nothing is known there. */
int sc_module_file_frames(const struct sc_module_file *file, uint64_t address, struct sc_frame **ret_frames,
                          size_t *ret_count);
void sc_frames_free(struct sc_frame *frames, size_t count);

#endif
