/* symbols.c: which module an address lies in, and what was found there before. */
#include "symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/intern.h"
#include "symbols_internal.h"

struct sc_symbols {
    const struct sc_run *run;
    enum sc_symbols_mode mode;
    struct sc_module_file *files;
    size_t file_count;
    uint32_t *file_of; /* of each module of the run */
    struct sc_intern keys;
    struct sc_symbol **found; /* by number of the key: pointers, so that what was given out stays */
    size_t capacity;
};

static int collect_files(struct sc_symbols *symbols)
{
    const struct sc_run *run = symbols->run;
    symbols->files = calloc(run->module_count + 1, sizeof *symbols->files);
    symbols->file_of = calloc(run->module_count + 1, sizeof *symbols->file_of);
    struct sc_intern names = {0};
    int error = symbols->files && symbols->file_of ? 0 : -ENOMEM;
    for (size_t i = 0; i < run->module_count && !error; i++) {
        const struct sc_module_map *map = &run->modules[i];
        char text[4096 + 64];
        size_t len = strnlen(map->path, 4096);
        uint32_t id;
        memcpy(text, map->build_id, sizeof map->build_id);
        memcpy(text + sizeof map->build_id, &map->build_id_bytes, sizeof map->build_id_bytes);
        memcpy(text + sizeof map->build_id + sizeof map->build_id_bytes, map->path, len);
        error = sc_intern_add(&names, text, sizeof map->build_id + sizeof map->build_id_bytes + len, &id);
        if (!error && id == symbols->file_count)
            symbols->files[symbols->file_count++].map = map;
        if (!error)
            symbols->file_of[i] = id;
    }
    sc_intern_free(&names);
    return error;
}

struct sc_symbols *sc_symbols_new(const struct sc_run *run)
{
    struct sc_symbols *symbols = calloc(1, sizeof *symbols);
    if (!symbols)
        return NULL;
    symbols->run = run;
    if (collect_files(symbols)) {
        sc_symbols_free(symbols);
        return NULL;
    }
    return symbols;
}

static void free_symbol(struct sc_symbol *symbol)
{
    if (!symbol)
        return;
    sc_frames_free(symbol->frames, symbol->frame_count);
    free(symbol->text);
    free(symbol);
}

void sc_symbols_free(struct sc_symbols *symbols)
{
    if (!symbols)
        return;
    for (size_t i = 0; i < symbols->file_count; i++)
        sc_module_file_close(&symbols->files[i]);
    for (size_t i = 0; i < symbols->capacity; i++)
        free_symbol(symbols->found[i]);
    free(symbols->found);
    free(symbols->files);
    free(symbols->file_of);
    sc_intern_free(&symbols->keys);
    free(symbols);
}

void sc_symbols_set_mode(struct sc_symbols *symbols, enum sc_symbols_mode mode)
{
    symbols->mode = mode;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

/* Function names of C++'s and Rust's libraries. */
static bool is_library(const char *function)
{
    static const char *const prefixes[] = {
        "std::", "core::", "alloc::", "<std::", "<core::", "<alloc::", "__gnu_cxx::"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strncmp(function, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

size_t sc_symbol_own_frame(const struct sc_symbol *symbol)
{
    size_t at = 0;
    while (at + 1 < symbol->frame_count && is_library(symbol->frames[at].function))
        at++;
    return at;
}

static void write_frame(FILE *out, const char *before, const struct sc_frame *frame)
{
    fprintf(out, "%s%s", before, frame->function);
    if (frame->file && frame->line)
        fprintf(out, " (%s:%d)", last_part(frame->file), frame->line);
}

static int write_text(struct sc_symbol *symbol)
{
    size_t size;
    FILE *out = open_memstream(&symbol->text, &size);
    if (!out)
        return -ENOMEM;
    size_t own = sc_symbol_own_frame(symbol);
    for (size_t i = own; i < symbol->frame_count; i++)
        write_frame(out, i > own ? " inlined into " : "", &symbol->frames[i]);
    for (size_t i = own; i-- > 0;)
        write_frame(out, ", in ", &symbol->frames[i]);
    if (!symbol->module)
        fprintf(out, "unknown at 0x%llx", (unsigned long long)(symbol->offset & ~SC_ADDRESS_GONE));
    else if (symbol->frame_count)
        fprintf(out, " [%s]", last_part(symbol->module));
    else
        fprintf(out, "%s+0x%llx", last_part(symbol->module), (unsigned long long)symbol->offset);
    return fclose(out) ? -ENOMEM : 0;
}

static struct sc_symbol *make(struct sc_symbols *symbols, const struct sc_place *place)
{
    struct sc_symbol *symbol = calloc(1, sizeof *symbol);
    int error = symbol ? 0 : -ENOMEM;
    if (!error) {
        symbol->offset = place->offset;
        if (place->file != UINT64_MAX) {
            struct sc_module_file *file = &symbols->files[place->file];
            symbol->module = file->map->path;
            sc_module_file_open(file, symbols->mode);
            /* One less: the address is behind the call, which may be the last instruction of its function. */
            if (file->state == SC_MODULE_OPEN)
                error = sc_module_file_frames(file, place->offset - 1, &symbol->frames, &symbol->frame_count);
        }
        if (!error)
            error = write_text(symbol);
    }
    if (!error)
        return symbol;
    free_symbol(symbol);
    return NULL;
}

static int make_room(struct sc_symbols *symbols, size_t needed)
{
    return SC_RESERVE_ZERO(symbols->found, symbols->capacity, needed);
}

struct sc_place sc_symbols_place(const struct sc_symbols *symbols, uint64_t address)
{
    const struct sc_module_map *module = sc_run_module(symbols->run, address);
    if (!module)
        return (struct sc_place){address, UINT64_MAX};
    return (struct sc_place){address - module->bias, symbols->file_of[module - symbols->run->modules]};
}

const struct sc_symbol *sc_symbols_at(struct sc_symbols *symbols, struct sc_place place)
{
    uint32_t id;
    if (place.file != UINT64_MAX && place.file >= symbols->file_count)
        place = (struct sc_place){place.offset, UINT64_MAX};
    if (sc_intern_add(&symbols->keys, (const char *)&place, sizeof place, &id) || make_room(symbols, (size_t)id + 1))
        return NULL;
    if (!symbols->found[id])
        symbols->found[id] = make(symbols, &place);
    return symbols->found[id];
}

const struct sc_symbol *sc_symbols_find(struct sc_symbols *symbols, uint64_t address)
{
    return sc_symbols_at(symbols, sc_symbols_place(symbols, address));
}

const char *sc_symbols_name(struct sc_symbols *symbols, uint64_t address)
{
    const struct sc_symbol *symbol = sc_symbols_find(symbols, address);
    return symbol ? symbol->text : NULL;
}

void sc_symbols_warnings(const struct sc_symbols *symbols, struct sc_strings *ret_lines)
{
    for (size_t i = 0; i < symbols->file_count; i++) {
        const struct sc_module_file *file = &symbols->files[i];
        const char *path = file->map->path;
        if (file->state == SC_MODULE_CHANGED)
            sc_strings_addf(ret_lines,
                            "%s has changed since the capture (another build-id): its call sites are "
                            "offsets only.",
                            path);
        else if (file->state == SC_MODULE_GONE)
            sc_strings_addf(ret_lines, "%s is not there or cannot be read: its call sites are offsets only.", path);
    }
}
