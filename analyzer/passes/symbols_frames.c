/* symbols_frames.c: the functions at an address, from debug information or else from the symbol table. */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <libiberty/demangle.h>
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { FRAMES_MAX = 16, NAME_MAX_BYTES = 4096 };

/* Names of templates can be longer than anyone reads, and a demangler's work grows with them. */
static char *readable(const char *name)
{
    char *demangled = strlen(name) < NAME_MAX_BYTES ? cplus_demangle(name, DMGL_AUTO | DMGL_ANSI) : NULL;
    return demangled ? demangled : strndup(name, NAME_MAX_BYTES);
}

/* Adds a frame, and whose line is not known yet. False where memory is short. */
static bool add(struct sc_frame *frames, size_t *count, const char *name)
{
    frames[*count] = (struct sc_frame){.function = readable(name)};
    return frames[(*count)++].function != NULL;
}

static bool place_frame(struct sc_frame *frame, const char *file, int line)
{
    frame->line = line;
    return !file || (frame->file = strdup(file));
}

static const char *name_of(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute));
    if (!name)
        name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute));
    return name ? name : dwarf_diename(die);
}

/* Where the inlined function was called. */
static bool place_caller(Dwarf_Die *cu, Dwarf_Die *inlined, struct sc_frame *caller)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, line = 0;
    Dwarf_Files *files;
    size_t count = 0;
    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) ||
        dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) ||
        dwarf_getsrcfiles(cu, &files, &count) || file >= count)
        return true;
    return place_frame(caller, dwarf_filesrc(files, file, NULL, NULL), (int)line);
}

/* The innermost function and all that it was inlined into; the line in the innermost one is already known. */
static bool add_scopes(Dwarf_Die *cu, Dwarf_Die *scopes, int scope_count, struct sc_frame *frames, size_t *count)
{
    Dwarf_Die *inlined = NULL;
    for (int i = 0; i < scope_count && *count < FRAMES_MAX; i++) {
        int tag = dwarf_tag(&scopes[i]);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
            continue;
        const char *name = name_of(&scopes[i]);
        if (!add(frames, count, name ? name : "?"))
            return false;
        if (inlined && !place_caller(cu, inlined, &frames[*count - 1]))
            return false;
        inlined = &scopes[i];
        if (tag == DW_TAG_subprogram)
            break;
    }
    return true;
}

static bool add_from_debug_info(const struct sc_module_file *file, uint64_t address, struct sc_frame *frames,
                                size_t *count)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *cu = dwfl_module_addrdie(file->module, address, &bias);
    Dwarf_Die *at = NULL, *around = NULL;
    int found = cu ? dwarf_getscopes(cu, address - bias, &at) : 0;
    /* The first answer goes on with where an inlined function was written; the second one with where it runs. */
    int scope_count = found > 0 ? dwarf_getscopes_die(&at[0], &around) : 0;
    bool good = scope_count <= 0 || add_scopes(cu, around, scope_count, frames, count);
    free(at);
    free(around);
    return good;
}

int sc_module_file_frames(const struct sc_module_file *file, uint64_t address, struct sc_frame **ret_frames,
                          size_t *ret_count)
{
    struct sc_frame *frames = calloc(FRAMES_MAX, sizeof *frames);
    size_t count = 0;
    int line = 0;
    bool good = frames && add_from_debug_info(file, address, frames, &count);
    if (good && !count) {
        GElf_Off offset;
        GElf_Sym symbol;
        const char *name = dwfl_module_addrinfo(file->module, address, &offset, &symbol, NULL, NULL, NULL);
        good = !name || add(frames, &count, name);
    }
    Dwfl_Line *source = good && count ? dwfl_module_getsrc(file->module, address) : NULL;
    const char *path = source ? dwfl_lineinfo(source, NULL, &line, NULL, NULL, NULL) : NULL;
    if (good && path)
        good = place_frame(&frames[0], path, line);
    if (!good) {
        sc_frames_free(frames, count);
        return -ENOMEM;
    }
    *ret_frames = frames;
    *ret_count = count;
    return 0;
}

void sc_frames_free(struct sc_frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(frames[i].function);
        free(frames[i].file);
    }
    free(frames);
}
