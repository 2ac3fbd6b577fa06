#include "input_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/intern.h"
#include "file_roles.h"

/* So many are named; a folder of ten thousand that differ is told by some of them. */
enum { INPUTS_NAMED = 16 };

/* What the machine has, not the one who ran the program: other sizes in other places say nothing of the work. */
static bool is_of_system(const char *path)
{
    static const char *const below[] = {"/proc/", "/sys/", "/dev/"};
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++)
        if (strncmp(path, below[i], strlen(below[i])) == 0)
            return true;
    const char *name = strrchr(path, '/'), *library = name ? strstr(name, ".so") : NULL;
    return strcmp(path, "/etc/ld.so.cache") == 0 || (library && (library[3] == '\0' || library[3] == '.'));
}

bool sc_is_input(const struct sc_file *file)
{
    return (file->regular || file->given) && file->counts.reads && !file->counts.writes && !file->made &&
           !is_of_system(file->path);
}

static bool is_whole_input(const struct sc_file *file)
{
    return sc_is_input(file) && file->read_to_end;
}

static const struct sc_file *standard_input(const struct sc_files *files)
{
    for (size_t i = 0; i < sc_files_count(files); i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        if (file->given && is_whole_input(file))
            return file;
    }
    return NULL;
}

/* "4.2 KB" */
static void show_size(uint64_t size, bool exact, char text[32])
{
    static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
    if (exact || size < 1000) {
        snprintf(text, 32, "%llu bytes", (unsigned long long)size);
        return;
    }
    double value = (double)size / 1000;
    unsigned unit = 0;
    for (; value >= 999.5; unit++)
        value /= 1000;
    /* 4 KB, not 4.0 KB */
    bool tenths = value < 9.95 && (unsigned)(value * 10 + 0.5) % 10;
    snprintf(text, 32, "%.*f %s", tenths, value, units[unit]);
}

static void say(struct sc_strings *lines, const char *kind, const char *name, uint64_t a, uint64_t b)
{
    char shown_a[32], shown_b[32];
    show_size(a, false, shown_a);
    show_size(b, false, shown_b);
    if (strcmp(shown_a, shown_b) == 0) {
        show_size(a, true, shown_a);
        show_size(b, true, shown_b);
    }
    sc_strings_addf(lines, "%s%s: %s / %s", kind, name, shown_a, shown_b);
}

static char *role_of(const struct sc_side *side, const struct sc_file *file, struct sc_strings *lines)
{
    char *role = sc_make_file_role(side->normaliser, file->path, true);
    lines->failed |= !role;
    return role;
}

/* The inputs of one side by their roles: numbers of roles, and the file of each. NULL where memory is short. */
static const struct sc_file **inputs_by_role(const struct sc_side *side, struct sc_intern *roles,
                                             struct sc_strings *lines)
{
    size_t count = sc_files_count(side->files);
    const struct sc_file **ret = calloc(count + 1, sizeof *ret);
    for (size_t i = 0; ret && i < count && !lines->failed; i++) {
        const struct sc_file *file = sc_files_get(side->files, (uint32_t)i);
        char *role = is_whole_input(file) && !file->given ? role_of(side, file, lines) : NULL;
        uint32_t id;
        if (role && sc_intern_add(roles, role, strlen(role), &id) == 0)
            ret[id] = ret[id] ? ret[id] : file;
        free(role);
    }
    lines->failed |= !ret;
    return ret;
}

static void compare_named(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines)
{
    struct sc_intern roles = {0};
    const struct sc_file **of_a = inputs_by_role(a, &roles, lines);
    size_t others = sc_files_count(b->files), differing = 0;
    for (size_t i = 0; of_a && i < others && !lines->failed; i++) {
        const struct sc_file *file = sc_files_get(b->files, (uint32_t)i);
        char *role = is_whole_input(file) && !file->given ? role_of(b, file, lines) : NULL;
        uint32_t id = role ? sc_intern_find(&roles, role, strlen(role)) : SC_NOT_INTERNED;
        if (id != SC_NOT_INTERNED && of_a[id]->length != file->length && differing++ < INPUTS_NAMED)
            say(lines, "input ", role, of_a[id]->length, file->length);
        free(role);
    }
    if (differing > INPUTS_NAMED)
        sc_strings_addf(lines, "and %zu more inputs", differing - INPUTS_NAMED);
    sc_intern_free(&roles);
    free(of_a);
}

void sc_find_input_diff(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines)
{
    if (!a->files || !b->files)
        return;
    const struct sc_file *in_a = standard_input(a->files), *in_b = standard_input(b->files);
    if (in_a && in_b && in_a->length != in_b->length)
        say(lines, "standard input", "", in_a->length, in_b->length);
    compare_named(a, b, lines);
}
