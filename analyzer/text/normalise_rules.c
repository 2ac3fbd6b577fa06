#include "../model/array.h"
#include "normalise_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
static bool is_alnum(char c)
{
    return is_digit(c) || is_lower(c) || is_upper(c);
}

static bool begins(const char *path, size_t len, const char *with)
{
    size_t with_len = strlen(with);
    return len >= with_len && memcmp(path, with, with_len) == 0;
}

size_t sc_clean_path(const char *path, size_t len, bool resolve, char *text)
{
    size_t used = 0;
    bool absolute = len > 0 && path[0] == '/';
    if (absolute)
        text[used++] = '/';
    size_t root = used;
    for (size_t at = 0; at < len;) {
        if (path[at] == '/') {
            at++;
            continue;
        }
        size_t end = at;
        while (end < len && path[end] != '/')
            end++;
        size_t size = end - at;
        bool last = end == len;
        if (resolve && size == 2 && memcmp(path + at, "..", 2) == 0 && used > root) {
            used--; /* the slash behind the component that goes */
            while (used > root && text[used - 1] != '/')
                used--;
        } else if (size != 1 || path[at] != '.' || (last && used == 0)) {
            memcpy(text + used, path + at, size);
            used += size;
            if (!last)
                text[used++] = '/';
        }
        at = end;
    }
    text[used] = '\0';
    return used;
}

/* What follows the label in a component that is made of it ("_a.ms" of rust_a.ms), or NULL. */
static const char *after_label(const char *component, size_t len, const char *label)
{
    size_t end = sc_match_word(component, len, 0, label);
    return end ? component + end : NULL;
}

static size_t component_end(const char *text, size_t at)
{
    while (text[at] && text[at] != '/')
        at++;
    return at;
}

/* The paths in an argument: itself, and what follows its '='. */
static const char *next_value(const char *argument, const char *value)
{
    if (value == NULL)
        return argument;
    const char *equals = value == argument ? strchr(argument, '=') : NULL;
    return equals ? equals + 1 : NULL;
}

/* What follows the other run's label wherever it stands in its command line, to the end of the path: what has the
 * same here is an output.
 */
static int collect_rests(const struct sc_run *other, const char *label, struct sc_intern *rests)
{
    int error = 0;
    for (size_t i = 1; other->argv && i < other->argc && !error; i++) {
        const char *value = NULL;
        while (!error && (value = next_value(other->argv[i], value))) {
            unsigned found = 0; /* as many as find_outputs looks for: each may be as long as the value */
            for (size_t at = 0; value[at] && !error && found < SC_REPLACED_MAX; at++) {
                size_t end = component_end(value, at);
                const char *rest = after_label(value + at, end - at, label);
                uint32_t id;
                found += rest != NULL;
                error = rest ? sc_intern_add(rests, rest, strlen(rest), &id) : 0;
                at = end;
                if (!value[at])
                    break;
            }
        }
    }
    return error;
}

int sc_rules_add_name(struct sc_rules *rules, const char *path, size_t len, bool anywhere, const char *name,
                      size_t name_len)
{
    if (len > SC_OUTPUT_MAX)
        return 0;
    uint32_t id, name_id = 0;
    uint32_t known = rules->outputs.count;
    int error = sc_intern_add(&rules->outputs, path, len, &id);
    if (error == 0)
        error = sc_intern_add(&rules->names, name, name_len, &name_id);
    if (error < 0 || id < known)
        return error;
    if (SC_RESERVE_NEXT(rules->output_names, id))
        return -ENOMEM;
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign): set where interning succeeded */
    rules->output_names[id] = name_id;
    rules->longest = len > rules->longest ? len : rules->longest;
    if (anywhere && rules->anywhere_count < SC_ANYWHERE_MAX)
        rules->anywhere[rules->anywhere_count++] = id;
    return 0;
}

int sc_rules_add_output(struct sc_rules *rules, const char *path, size_t len, bool anywhere, const char *rest,
                        size_t rest_len)
{
    char name[SC_COMPONENT_MAX] = "TABLE";
    if (rest_len > sizeof name - 6)
        return 0;
    memcpy(name + 5, rest, rest_len);
    return sc_rules_add_name(rules, path, len, anywhere, name, 5 + rest_len);
}

/* The output value[0, end): under the name given, and under its absolute one. */
static int add_output_forms(struct sc_rules *rules, const char *cwd, const char *value, size_t end, const char *rest)
{
    size_t rest_len = (size_t)(value + end - rest);
    size_t cwd_len = cwd ? strlen(cwd) : 0;
    char *joined = malloc(cwd_len + end + 2);
    char *clean = malloc(cwd_len + end + 2);
    int error = joined && clean ? 0 : -ENOMEM;
    bool relative = value[0] != '/';
    if (!error) {
        size_t len = sc_clean_path(value, end, false, clean);
        error = sc_rules_add_output(rules, clean, len, relative && !cwd, rest, rest_len);
    }
    if (!error && (!relative || cwd)) {
        size_t base = relative ? cwd_len : 0;
        if (relative) {
            memcpy(joined, cwd, cwd_len);
            joined[base++] = '/';
        }
        memcpy(joined + base, value, end);
        size_t len = sc_clean_path(joined, base + end, true, clean);
        error = sc_rules_add_output(rules, clean, len, false, rest, rest_len);
    }
    free(joined);
    free(clean);
    return error;
}

static int find_outputs(struct sc_rules *rules, const struct sc_run *run, const char *value, const char *label,
                        const struct sc_intern *rests)
{
    unsigned found = 0;
    for (size_t at = 0; value[at] && found < SC_REPLACED_MAX; at++) {
        size_t end = component_end(value, at);
        const char *rest = end <= SC_OUTPUT_MAX ? after_label(value + at, end - at, label) : NULL;
        if (rest && sc_intern_find(rests, rest, strlen(rest)) != SC_NOT_INTERNED) {
            int error = add_output_forms(rules, run->cwd, value, end, rest);
            found++;
            if (error < 0)
                return error;
        }
        at = end;
        if (!value[at])
            break;
    }
    return 0;
}

/* /tmp/x where something lies below it, or where it is the working directory. */
static int note_directory(struct sc_rules *rules, const char *path, bool is_directory)
{
    size_t len = strlen(path);
    if (!begins(path, len, "/tmp/"))
        return 0;
    size_t end = component_end(path, 5);
    uint32_t id;
    return end > 5 && (is_directory || path[end] == '/') ? sc_intern_add(&rules->directories, path, end, &id) : 0;
}

int sc_rules_init(struct sc_rules *rules, const struct sc_run *run, const char *label, const struct sc_run *other,
                  const char *other_label)
{
    memset(rules, 0, sizeof *rules);
    struct sc_intern rests = {0};
    bool pair = label && other && other_label;
    int error = run->cwd ? note_directory(rules, run->cwd, true) : 0;
    if (!error && pair)
        error = collect_rests(other, other_label, &rests);
    for (size_t i = 1; run->argv && i < run->argc && error == 0; i++) {
        const char *value = NULL;
        while (error == 0 && (value = next_value(run->argv[i], value))) {
            error = note_directory(rules, value, false);
            if (error == 0 && pair)
                error = find_outputs(rules, run, value, label, &rests);
        }
    }
    sc_intern_free(&rests);
    return error;
}

void sc_rules_free(struct sc_rules *rules)
{
    sc_intern_free(&rules->outputs);
    sc_intern_free(&rules->names);
    sc_intern_free(&rules->directories);
    sc_intern_free(&rules->drawn);
    sc_intern_free(&rules->draws);
    sc_intern_free(&rules->hashes);
    free(rules->hash_numbers);
    free(rules->output_names);
    memset(rules, 0, sizeof *rules);
}

static const char *output_name(const struct sc_rules *rules, const char *path, size_t end)
{
    uint32_t id = end <= rules->longest ? sc_intern_find(&rules->outputs, path, end) : SC_NOT_INTERNED;
    for (uint32_t i = 0; id == SC_NOT_INTERNED && i < rules->anywhere_count; i++) {
        const struct sc_interned *output = &rules->outputs.entries[rules->anywhere[i]];
        if (end > output->len && path[end - output->len - 1] == '/' &&
            memcmp(path + end - output->len, output->text, output->len) == 0)
            id = rules->anywhere[i];
    }
    return id == SC_NOT_INTERNED ? NULL : sc_intern_text(&rules->names, rules->output_names[id]);
}

static int class_of(char c)
{
    return is_digit(c) ? 0 : is_lower(c) ? 1 : 2;
}

/*
 * Letters and digits as mkstemp draws them, and not a word, a number, or a word with a number: the kind of character
 * changes at least twice, or once from small letters to capitals. One drawn name in twenty looks tame and is missed.
 */
bool sc_looks_drawn(const char *text, size_t len)
{
    unsigned changes = 0;
    bool rises = false;
    for (size_t i = 0; i < len; i++) {
        if (!is_alnum(text[i]))
            return false;
        if (i > 0 && class_of(text[i]) != class_of(text[i - 1])) {
            changes++;
            rises |= is_lower(text[i - 1]) && is_upper(text[i]);
        }
    }
    return changes >= 2 || (changes == 1 && rises);
}

/* Folders whose names are given by packages or the kernel, not drawn. */
static bool is_system(const char *path, size_t len)
{
    static const char *const directories[] = {"/usr/", "/lib", "/etc/", "/proc/", "/sys/", "/opt/", "/bin/", "/sbin/"};
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++)
        if (begins(path, len, directories[i]))
            return true;
    return false;
}

/* Git, ccache and the like name files by what is in them: the same in each run. */
static bool is_hash(const char *text, size_t len)
{
    enum { LEAST = 16 };
    size_t hex = 0;
    while (hex < len && (is_digit(text[hex]) || (text[hex] >= 'a' && text[hex] <= 'f')))
        hex++;
    return hex == len && len >= LEAST;
}

/* A random part of a name: six, eight or ten characters behind a separator, or the last six of a name in /tmp. */
static bool find_drawn(const char *path, size_t begin, size_t end, size_t *ret_from, size_t *ret_to)
{
    bool temporary = begins(path, end, "/tmp/") || begins(path, end, "/var/tmp/") || begins(path, end, "/dev/shm/");
    for (size_t at = begin; at < end;) {
        size_t to = at;
        while (to < end && is_alnum(path[to]))
            to++;
        size_t size = to - at;
        bool separated = at > begin;
        if (separated && (size == 6 || size == 8 || size == 10) && sc_looks_drawn(path + at, size)) {
            *ret_from = at;
            *ret_to = to;
            return true;
        }
        if (temporary && !separated && size >= 6 && !is_hash(path + at, size) && sc_looks_drawn(path + to - 6, 6)) {
            *ret_from = to - 6;
            *ret_to = to;
            return true;
        }
        at = to + 1;
    }
    return false;
}

static bool all_digits(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_digit(text[i]))
            return false;
    return len > 0;
}

enum { MKSTEMP_DRAWS = 6 };

/* Where the run made a file as mkstemp does: the last six letters and digits of its name, or those before its ending.
 */
static bool find_made_drawn(const struct sc_rules *rules, const char *path, size_t begin, size_t end, size_t *ret_from,
                            size_t *ret_to)
{
    if (sc_intern_find(&rules->drawn, path, end) == SC_NOT_INTERNED)
        return false;
    const char *dot = memrchr(path + begin, '.', end - begin);
    size_t ends[] = {end, dot ? (size_t)(dot - path) : end};
    for (unsigned i = 0; i < 2; i++) {
        size_t from = ends[i];
        while (from > begin && ends[i] - from < MKSTEMP_DRAWS && is_alnum(path[from - 1]))
            from--;
        if (ends[i] - from == MKSTEMP_DRAWS && !all_digits(path + from, MKSTEMP_DRAWS)) {
            *ret_from = from;
            *ret_to = ends[i];
            return true;
        }
    }
    return false;
}

static const char *drawn_name(const struct sc_rules *rules, const char *path, size_t begin, size_t end, char *text)
{
    size_t from, to;
    if (end - begin > SC_COMPONENT_MAX - 8 || is_system(path, end))
        return NULL;
    if (sc_rules_drawn(rules, path, begin, end, text))
        return text;
    if (!find_made_drawn(rules, path, begin, end, &from, &to) && !find_drawn(path, begin, end, &from, &to))
        return NULL;
    memcpy(text, path + begin, from - begin);
    memcpy(text + (from - begin), "TEMP", 4);
    memcpy(text + (from - begin) + 4, path + to, end - to);
    text[(from - begin) + 4 + (end - to)] = '\0';
    return text;
}

const char *sc_rules_replace(const struct sc_rules *rules, const char *path, size_t len, size_t begin, size_t end,
                             char *text, bool *ret_directory)
{
    *ret_directory = end < len;
    if (end == begin)
        return NULL;
    const char *output = output_name(rules, path, end);
    if (output)
        return output;
    if (begin == 5 && begins(path, len, "/tmp/") &&
        (end < len || sc_intern_find(&rules->directories, path, end) != SC_NOT_INTERNED)) {
        *ret_directory = true;
        return "TEMP";
    }
    if (begin == 6 && begins(path, len, "/home/")) {
        *ret_directory = true;
        return "USER";
    }
    if (begins(path, len, "/proc/") && all_digits(path + begin, end - begin)) {
        if (begin == 6)
            return "PID";
        if (begin > 11 && memcmp(path + begin - 6, "/task/", 6) == 0)
            return "TID";
    }
    if (sc_rules_hash(rules, path + begin, end - begin, text))
        return text;
    return drawn_name(rules, path, begin, end, text);
}
