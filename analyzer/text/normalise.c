#include "normalise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "../model/string_builder.h"
#include "normalise_internal.h"

enum { LINE_MAX_BYTES = 1024 };

const char sc_normalise_no_memory[] = "(out of memory)";

struct sc_normaliser *sc_normaliser_new(const struct sc_run *run, const char *label, const struct sc_run *other,
                                        const char *other_label, const struct sc_map_rule *rules, size_t rule_count)
{
    struct sc_normaliser *normaliser = calloc(1, sizeof *normaliser);
    if (!normaliser)
        return NULL;
    normaliser->cwd = run->cwd;
    /* A side that does not know its working directory would show the same paths in full. */
    normaliser->cwd_rule = run->cwd && run->cwd[0] == '/' && run->cwd[1] && (!other || other->cwd);
    normaliser->maps = rules;
    normaliser->map_count = rule_count;
    normaliser->map_used = calloc(rule_count + 1, sizeof *normaliser->map_used);
    for (size_t i = 0; i < rule_count; i++)
        if (strlen(rules[i].to) > normaliser->longest_map)
            normaliser->longest_map = strlen(rules[i].to);
    if (sc_rules_init(&normaliser->rules, run, label, other, other_label) < 0 || !normaliser->map_used) {
        sc_normaliser_free(normaliser);
        return NULL;
    }
    return normaliser;
}

void sc_normaliser_keep_names(struct sc_normaliser *normaliser)
{
    normaliser->keep_names = true;
    normaliser->cwd_rule = false;
}

void sc_normaliser_free(struct sc_normaliser *normaliser)
{
    if (!normaliser)
        return;
    sc_rules_free(&normaliser->rules);
    free(normaliser->shown_cwd);
    free(normaliser->map_used);
    sc_intern_free(&normaliser->raw);
    sc_intern_free(&normaliser->results);
    sc_intern_free(&normaliser->prefixes);
    sc_intern_free(&normaliser->short_names);
    sc_intern_free(&normaliser->upward);
    sc_intern_free(&normaliser->mappings.texts);
    free(normaliser->entries);
    free(normaliser->again);
    free(normaliser->prefix_results);
    free(normaliser->by_number);
    free(normaliser);
}

/* One line more, once: parts one after the other, paths escaped. Lines are for people: where memory is short, none. */
static void add_line(struct sc_line_list *lines, const char *a, const char *between, const char *b, const char *after)
{
    if (lines->count > SC_NORMALISER_LINES)
        return;
    char text[LINE_MAX_BYTES];
    struct sc_out out;
    sc_out_begin(&out, text, sizeof text);
    if (lines->count == SC_NORMALISER_LINES) {
        sc_out_text(&out, "... and more of this kind");
    } else {
        sc_out_escaped(&out, a, strlen(a));
        sc_out_text(&out, between);
        sc_out_escaped(&out, b, strlen(b));
        sc_out_text(&out, after);
    }
    size_t len = sc_out_end(&out);
    uint32_t id, known = lines->texts.count;
    if (sc_intern_add(&lines->texts, text, len, &id) == 0 && id == known)
        lines->items[lines->count++] = sc_intern_text(&lines->texts, id);
}

/*
 * Gives text[0, len) out as a name, or text#2 and so on where it was given before; text has 12 bytes more of room.
 * NULL where memory is short.
 */
static const char *give_out(struct sc_normaliser *normaliser, char *text, size_t len, bool *ret_again)
{
    struct sc_intern *given = &normaliser->results;
    size_t used = len;
    uint32_t id = sc_intern_find(given, text, len), first = id, number = 0;
    *ret_again = id != SC_NOT_INTERNED;
    if (*ret_again) {
        if (SC_RESERVE_ZERO(normaliser->again, normaliser->again_capacity, (size_t)id + 1))
            return NULL;
        number = normaliser->again[first];
    }
    for (; id != SC_NOT_INTERNED; id = sc_intern_find(given, text, used)) {
        struct sc_out out;
        sc_out_begin(&out, text + len, 12);
        sc_out_char(&out, '#');
        sc_out_unsigned(&out, number + 2);
        used = len + sc_out_end(&out);
        number++;
    }
    if (*ret_again)
        normaliser->again[first] = number;
    return sc_intern_add(given, text, used, &id) == 0 ? sc_intern_text(given, id) : NULL;
}

/* The normalised form of a raw path up to a component that the rules replace, the same each time. */
static const char *replaced_prefix(struct sc_normaliser *normaliser, const char *raw, size_t raw_len, char *text,
                                   size_t len, bool directory)
{
    uint32_t id, known = normaliser->prefixes.count;
    if (sc_intern_add(&normaliser->prefixes, raw, raw_len, &id) < 0)
        return NULL;
    if (id < known)
        return normaliser->prefix_results[id];
    if (SC_RESERVE_ZERO(normaliser->prefix_results, normaliser->prefix_capacity, (size_t)id + 1))
        return NULL;
    const char **results = normaliser->prefix_results;
    bool again;
    text[len] = '\0';
    results[id] = give_out(normaliser, text, len, &again);
    const char *shown = sc_intern_text(&normaliser->prefixes, id);
    if (results[id] && strcmp(results[id], shown) != 0)
        add_line(&normaliser->mappings, shown, directory ? "/ -> " : " -> ", results[id], directory ? "/" : "");
    return results[id];
}

static void note_map(struct sc_normaliser *normaliser, size_t rule)
{
    normaliser->map_used[rule] = true;
    add_line(&normaliser->mappings, normaliser->maps[rule].from, " -> ", normaliser->maps[rule].to, "");
}

/* The first --map rule for the path or a directory above it, in text. Returns how much of the path it stands for. */
static size_t map_beginning(struct sc_normaliser *normaliser, const char *path, char *text, size_t *ret_used)
{
    for (size_t i = 0; i < normaliser->map_count; i++) {
        const struct sc_map_rule *rule = &normaliser->maps[i];
        if (rule->from[0] != '/' || !sc_map_matches(rule, path, 0))
            continue;
        note_map(normaliser, i);
        *ret_used = strlen(rule->to);
        memcpy(text, rule->to, *ret_used);
        return strlen(rule->from);
    }
    return 0;
}

/* The component as the --map rules that are no paths make it, the caller's; NULL: they do not, or *ret_error is set. */
static char *map_component(struct sc_normaliser *normaliser, const char *component, size_t len, int *ret_error)
{
    char *text = NULL;
    bool mapped = false;
    for (size_t i = 0; i < normaliser->map_count && *ret_error >= 0; i++) {
        const struct sc_map_rule *rule = &normaliser->maps[i];
        if (strchr(rule->from, '/'))
            continue;
        if (!text && !(text = strndup(component, len))) {
            *ret_error = -ENOMEM;
            return NULL;
        }
        int applied = sc_apply_map(rule, &text);
        if (applied > 0)
            note_map(normaliser, i);
        mapped |= applied > 0;
        *ret_error = applied < 0 ? applied : 0;
    }
    if (!mapped || *ret_error < 0) {
        free(text);
        text = NULL;
    }
    return text;
}

/* text[0, used) with what the rules make of path[begin, end). Returns the new length, or SIZE_MAX. */
static size_t replace_component(struct sc_normaliser *normaliser, const char *path, size_t len, size_t begin,
                                size_t end, char *text, size_t used, unsigned *replaced)
{
    bool directory = false;
    char component[SC_COMPONENT_MAX];
    const char *name = NULL;
    if (*replaced < SC_REPLACED_MAX && !normaliser->keep_names)
        name = sc_rules_replace(&normaliser->rules, path, len, begin, end, component, &directory);
    *replaced += name != NULL;
    uint32_t known = end == len && end > begin ? sc_intern_find(&normaliser->prefixes, path, end) : SC_NOT_INTERNED;
    if (!name && known == SC_NOT_INTERNED) { /* known: a directory by what lay below it before */
        memcpy(text + used, path + begin, end - begin);
        return used + end - begin;
    }
    size_t size = name ? strlen(name) : 0;
    memcpy(text + used, name ? name : "", size);
    const char *prefix = replaced_prefix(normaliser, path, end, text, used + size, directory);
    if (!prefix)
        return SIZE_MAX;
    used = strlen(prefix);
    memcpy(text, prefix, used);
    return used;
}

/* Component by component into text; what --map names is left to it. Returns the length, or SIZE_MAX: memory is short.
 */
static size_t replace_components(struct sc_normaliser *normaliser, const char *path, size_t len, char *text)
{
    size_t used = 0;
    unsigned replaced = 0;
    if (normaliser->map_count)
        memset(normaliser->map_used, 0, normaliser->map_count * sizeof *normaliser->map_used);
    size_t begin = map_beginning(normaliser, path, text, &used);
    normaliser->beginning_mapped = begin > 0;
    if (begin > 0 && begin < len && path[begin] == '/') {
        text[used++] = '/';
        begin++;
    } else if (begin == len && len > 0) {
        begin++;
    }
    while (begin <= len) {
        size_t end = begin;
        while (end < len && path[end] != '/')
            end++;
        int error = 0;
        char *mapped = map_component(normaliser, path + begin, end - begin, &error);
        if (mapped) {
            memcpy(text + used, mapped, strlen(mapped));
            used += strlen(mapped);
            free(mapped);
        } else if (!error) {
            used = replace_component(normaliser, path, len, begin, end, text, used, &replaced);
        }
        if (error || used == SIZE_MAX)
            return SIZE_MAX;
        if (end < len)
            text[used++] = '/';
        begin = end + 1;
    }
    text[used] = '\0';
    return used;
}

/* The --map rules that did not fit the path as it is: they may be for what the other rules make. */
static int apply_maps(struct sc_normaliser *normaliser, char **text)
{
    for (size_t i = 0; i < normaliser->map_count; i++) {
        int applied = normaliser->map_used[i] ? 0 : sc_apply_map(&normaliser->maps[i], text);
        if (applied < 0)
            return applied;
        if (applied)
            note_map(normaliser, i);
    }
    return 0;
}

/*
 * A component grows by a name of five letters and a number at the most, or by what --map makes of each of its bytes,
 * and has one byte and a slash at least.
 */
static char *room_for(const struct sc_normaliser *normaliser, size_t len)
{
    return malloc(len * (9 + normaliser->longest_map) + SC_COMPONENT_MAX + normaliser->longest_map + 32);
}

/* The working directory as the other rules show it. NULL: memory is short. */
static char *show_cwd(struct sc_normaliser *normaliser)
{
    /* what --map did to the path at hand is still asked for */
    bool *used = normaliser->map_used, beginning = normaliser->beginning_mapped;
    size_t len = strlen(normaliser->cwd);
    char *shown = room_for(normaliser, len);
    normaliser->map_used = calloc(normaliser->map_count + 1, sizeof *normaliser->map_used);
    if (!shown || !normaliser->map_used || replace_components(normaliser, normaliser->cwd, len, shown) == SIZE_MAX) {
        free(shown);
        shown = NULL;
    }
    free(normaliser->map_used);
    normaliser->map_used = used;
    normaliser->beginning_mapped = beginning;
    return shown;
}

/* Once. False where it is one that they name already. */
static bool find_cwd(struct sc_normaliser *normaliser)
{
    if (normaliser->shown_cwd)
        return true;
    normaliser->shown_cwd = show_cwd(normaliser);
    normaliser->cwd_rule = normaliser->shown_cwd && strcmp(normaliser->shown_cwd, "/tmp/TEMP") != 0 &&
                           strcmp(normaliser->shown_cwd, "/home/USER") != 0;
    return normaliser->cwd_rule;
}

/* Two runs of one program in two directories show the same: what lies below the working directory is shown below CWD.
 */
static void apply_cwd(struct sc_normaliser *normaliser, char *text)
{
    if (text[0] != '/' || !normaliser->cwd_rule || !find_cwd(normaliser))
        return;
    size_t len = strlen(normaliser->shown_cwd);
    if (len < 3 || strncmp(text, normaliser->shown_cwd, len) != 0 || (text[len] != '/' && text[len]))
        return;
    memcpy(text, "CWD", 3);
    memmove(text + 3, text + len, strlen(text + len) + 1);
    add_line(&normaliser->mappings, normaliser->cwd, "/ -> ", "CWD", "/");
}

/* The work of sc_normalise_path, for a clean path that is seen for the first time. NULL where memory is short. */
static const char *normalise_clean(struct sc_normaliser *normaliser, const char *path, size_t len)
{
    char *text = room_for(normaliser, len);
    const char *result = NULL;
    size_t used = text ? replace_components(normaliser, path, len, text) : SIZE_MAX;
    if (used != SIZE_MAX && !normaliser->beginning_mapped)
        apply_cwd(normaliser, text);
    if (used != SIZE_MAX && apply_maps(normaliser, &text) == 0) {
        used = strlen(text);
        bool again = false;
        uint32_t whole = sc_intern_find(&normaliser->prefixes, path, len);
        result = whole == SC_NOT_INTERNED ? NULL : normaliser->prefix_results[whole];
        if (!result || strcmp(result, text) != 0) /* else it is given out already, to this very path */
            result = give_out(normaliser, text, used, &again);
    }
    free(text);
    return result;
}

struct sc_path_entry *sc_normalise_entry(struct sc_normaliser *normaliser, const char *path, size_t len)
{
    uint32_t id = sc_intern_find(&normaliser->raw, path, len);
    if (id == SC_NOT_INTERNED) {
        if (sc_intern_add(&normaliser->raw, path, len, &id) < 0)
            return NULL;
        if (SC_RESERVE_ZERO(normaliser->entries, normaliser->entry_capacity, (size_t)id + 1))
            return NULL;
    }
    return id < normaliser->entry_capacity ? &normaliser->entries[id] : NULL;
}

const char *sc_normalise_path(struct sc_normaliser *normaliser, const char *path, size_t len)
{
    const void *nul = memchr(path, '\0', len);
    if (nul)
        len = (size_t)((const char *)nul - path);
    struct sc_path_entry *entry = sc_normalise_entry(normaliser, path, len);
    if (!entry)
        return sc_normalise_no_memory;
    if (entry->path)
        return entry->path;
    char *clean = malloc(len + 1);
    const char *result = NULL;
    if (clean) {
        size_t clean_len = sc_clean_path(path, len, false, clean);
        bool is_clean = clean_len == len && memcmp(clean, path, len) == 0;
        result =
            is_clean ? normalise_clean(normaliser, clean, clean_len) : sc_normalise_path(normaliser, clean, clean_len);
        free(clean);
    }
    entry = sc_normalise_entry(normaliser, path, len);
    if (!result || !entry)
        return sc_normalise_no_memory;
    entry->path = result;
    return result;
}

size_t sc_normaliser_mappings(const struct sc_normaliser *normaliser, const char *const **ret_lines)
{
    *ret_lines = normaliser->mappings.items;
    return normaliser->mappings.count;
}

/* How many files of the run would have the name. */
static uint32_t files_called(const struct sc_normaliser *normaliser, const struct sc_interned *name)
{
    uint32_t id = sc_intern_find(&normaliser->results, name->text, name->len);
    if (id == SC_NOT_INTERNED)
        return 0;
    return 1 + (id < normaliser->again_capacity ? normaliser->again[id] : 0);
}

size_t sc_normaliser_unlike(const struct sc_normaliser *a, const struct sc_normaliser *b,
                            struct sc_unlike_name *ret_first)
{
    size_t count = 0;
    for (unsigned side = 0; side < 2; side++) {
        const struct sc_normaliser *one = side ? b : a;
        for (uint32_t id = 0; id < one->results.count && id < one->again_capacity; id++) {
            const struct sc_interned *name = &one->results.entries[id];
            uint32_t files_a = files_called(a, name), files_b = files_called(b, name);
            if (!one->again[id] || files_a == files_b || (side && files_a > 1)) /* or counted on the first side */
                continue;
            if (count++ == 0)
                *ret_first = (struct sc_unlike_name){name->text, {files_a, files_b}};
        }
    }
    return count;
}
