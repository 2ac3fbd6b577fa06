#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

#define MOVED_BEGIN (UINT64_C(1) << 63)
#define PAGE UINT64_C(4096)

/* Past the last one that was moved, with a gap between. What no program can map is not moved and never found. */
static void move(struct sc_run *run, struct sc_module_map *module)
{
    uint64_t bytes = (module->end - module->begin + 2 * PAGE - 1) / PAGE * PAGE;
    if (bytes > (MOVED_BEGIN >> 1) - run->moved_bytes) {
        module->end = module->begin;
        return;
    }
    uint64_t delta = MOVED_BEGIN + run->moved_bytes - module->begin;
    run->moved_bytes += bytes;
    module->begin += delta;
    module->end += delta;
    module->bias += delta;
}

/* Interned as the kind, a byte from '0' on, the name, a NUL and the subcommand. */
uint32_t sc_run_subprogram(struct sc_run *run, enum sc_program_kind kind, const char *path, size_t len,
                           const char *subcommand)
{
    enum { NAME_BYTES = 256 };
    char key[1 + NAME_BYTES + 1 + NAME_BYTES];
    const char *slash = len ? memrchr(path, '/', len) : NULL;
    size_t skip = slash && slash + 1 < path + len ? (size_t)(slash + 1 - path) : 0;
    size_t behind = subcommand ? strnlen(subcommand, NAME_BYTES) : 0;
    uint32_t number;
    len = len - skip < NAME_BYTES ? len - skip : NAME_BYTES;
    key[0] = (char)('0' + kind);
    memcpy(key + 1, path + skip, len);
    key[1 + len] = '\0';
    memcpy(key + 2 + len, behind ? subcommand : "", behind);
    return sc_intern_add(&run->program_keys, key, 2 + len + behind, &number) ? (uint32_t)SC_NO_PROGRAM : number;
}

uint32_t sc_run_program(struct sc_run *run, enum sc_program_kind kind, const char *path, size_t len)
{
    return sc_run_subprogram(run, kind, path, len, NULL);
}

uint32_t sc_run_forked(struct sc_run *run, uint32_t parent)
{
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run, parent, &kind);
    if (!name)
        return SC_NO_PROGRAM;
    return sc_run_subprogram(run, SC_PROGRAM_FORK, name, strlen(name), sc_run_subcommand(run, parent));
}

const char *sc_run_program_name(const struct sc_run *run, uint32_t program, enum sc_program_kind *ret_kind)
{
    if (program >= run->program_keys.count)
        return NULL;
    const char *key = sc_intern_text(&run->program_keys, program);
    *ret_kind = (enum sc_program_kind)(key[0] - '0');
    return key + 1;
}

const char *sc_run_subcommand(const struct sc_run *run, uint32_t program)
{
    enum sc_program_kind kind;
    const char *name = sc_run_program_name(run, program, &kind);
    return name ? name + strlen(name) + 1 : "";
}

const struct sc_child **sc_run_children(const struct sc_run *run, size_t count)
{
    const struct sc_child **children = calloc(count + 1, sizeof *children);
    for (size_t i = 0; children && i < run->child_count; i++)
        if (run->children[i].process < count)
            children[run->children[i].process] = &run->children[i];
    return children;
}

int sc_run_warn(struct sc_run *run, char *text)
{
    if (!text || SC_RESERVE_NEXT(run->warnings, run->warning_count + 1)) {
        free(text);
        return -ENOMEM;
    }
    run->warnings[run->warning_count++] = text;
    run->warnings[run->warning_count] = NULL;
    return 0;
}

int sc_run_add_variable(struct sc_run *run, const char *entry, size_t bytes, struct sc_variable variable)
{
    struct sc_variables_known *known = &run->variables;
    variable.entry = strndup(entry, bytes);
    if (!variable.entry || SC_RESERVE(known->items, known->capacity, known->count + 1)) {
        free(variable.entry);
        return -ENOMEM;
    }
    known->items[known->count++] = variable;
    return 0;
}

void sc_run_free_variables(struct sc_run *run)
{
    for (size_t i = 0; i < run->variables.count; i++)
        free(run->variables.items[i].entry);
    free(run->variables.items);
}

int sc_run_add_module(struct sc_run *run, struct sc_module_map module)
{
    if (SC_RESERVE(run->modules, run->module_capacity, run->module_count + 1))
        return -ENOMEM;
    if (module.end < module.begin || module.end > SC_ADDRESS_GONE)
        module.end = module.begin;
    if (sc_addresses_overlap(&run->addresses, &run->module_at, module.begin, module.end))
        move(run, &module);
    if (sc_addresses_set(&run->addresses, &run->module_at, module.begin, module.end, run->module_count))
        return -ENOMEM;
    run->modules[run->module_count++] = module;
    return 0;
}

void sc_run_free_modules(struct sc_run *run)
{
    for (size_t i = 0; i < run->module_count; i++)
        free(run->modules[i].path);
    free(run->modules);
    sc_addresses_free(&run->addresses);
}

const struct sc_module_map *sc_run_module(const struct sc_run *run, uint64_t address)
{
    uint64_t number;
    return sc_addresses_find(&run->addresses, &run->module_at, address - 1, &number) ? &run->modules[number] : NULL;
}
