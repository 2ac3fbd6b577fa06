/*
 * normalise_hashes.c: names that hold what a hash says of the contents (pack-9bab....pack, a cache's): other ones in
 * each run of one workload.
 *
 * A hash that files of both runs have is left alone: there it tells which is which. Of the others those stand for one
 * another that have the same before them in their names, in the order of their first use.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "normalise_internal.h"

enum {
    LEAST = 32,   /* digits: of MD5; a number of a process or a time has fewer */
    SPREAD = 1024 /* hashes whose folders are named: each is held to all */
};

/* A hash in a component: whole words of hexadecimal digits, not all of them decimal. */
static bool find_hash(const char *component, size_t len, size_t *ret_from, size_t *ret_to)
{
    for (size_t at = 0; at + LEAST <= len;) {
        size_t to = at;
        bool hex = true, letters = false;
        for (; to < len && isalnum((unsigned char)component[to]); to++) {
            hex &= isxdigit((unsigned char)component[to]) != 0;
            letters |= isalpha((unsigned char)component[to]) != 0;
        }
        if (hex && letters && to - at >= LEAST) {
            *ret_from = at;
            *ret_to = to;
            return true;
        }
        at = to + 1;
    }
    return false;
}

/* A hash of one run's names. */
struct hash {
    uint32_t before; /* number of what stands before it, in a list that both runs share */
    uint32_t folder; /* "objects/ab", where the hash is spread over such; or SC_NOT_INTERNED */
};

struct hashes {
    struct sc_intern texts, folders;
    struct hash *items; /* by number of the text */
    size_t capacity;
};

/* Bytes of the path up to the folder of two digits that is above the component at at; 0: there is none. */
static size_t spread_folder(const char *path, const char *at)
{
    bool two = at - path >= 3 && (at - path == 3 || at[-4] == '/');
    return two && isxdigit((unsigned char)at[-3]) && isxdigit((unsigned char)at[-2]) ? (size_t)(at - path - 1) : 0;
}

/* For each hash in the names of the run's files. */
static int collect_path(struct hashes *hashes, struct sc_intern *befores, const char *path)
{
    size_t from, to;
    int error = 0;
    for (const char *at = path; at && !error; at = strchr(at, '/')) {
        at += *at == '/';
        size_t len = strcspn(at, "/");
        uint32_t id, before, folder = SC_NOT_INTERNED, known = hashes->texts.count;
        if (len > SC_COMPONENT_MAX - 8 || !find_hash(at, len, &from, &to))
            continue;
        size_t above = from == 0 && to == len ? spread_folder(path, at) : 0;
        if (sc_intern_add(&hashes->texts, at + from, to - from, &id) || sc_intern_add(befores, at, from, &before) ||
            (above && sc_intern_add(&hashes->folders, path, above, &folder)) ||
            SC_RESERVE(hashes->items, hashes->capacity, (size_t)id + 1))
            error = -ENOMEM;
        else if (id == known)
            hashes->items[id] = (struct hash){before, folder};
    }
    return error;
}

static int collect(struct hashes *hashes, struct sc_intern *befores, const struct sc_files *files)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        const char *names[2];
        unsigned count = file->regular ? sc_names_of(file, names) : 0;
        for (unsigned k = 0; k < count && !error; k++)
            error = collect_path(hashes, befores, names[k]);
    }
    return error;
}

static bool is_shared(const struct hashes *other, const struct sc_interned *text)
{
    return sc_intern_find(&other->texts, text->text, text->len) != SC_NOT_INTERNED;
}

/* How many of its hashes that the other has not have each text before them. */
static void count(const struct hashes *one, const struct hashes *other, uint32_t *counts)
{
    for (uint32_t id = 0; id < one->texts.count; id++)
        counts[one->items[id].before] += !is_shared(other, &one->texts.entries[id]);
}

/* "ab" of "objects/ab" is of the hash, unless one lies there that both runs have. */
static int name_folder(struct sc_rules *rules, const struct hashes *one, const struct hashes *other, uint32_t folder,
                       uint32_t number)
{
    char name[16];
    for (uint32_t id = 0; id < one->texts.count; id++)
        if (one->items[id].folder == folder && is_shared(other, &one->texts.entries[id]))
            return 0;
    int len = number ? snprintf(name, sizeof name, "HH%u", (unsigned)number) : snprintf(name, sizeof name, "HH");
    const struct sc_interned *path = &one->folders.entries[folder];
    return sc_rules_add_name(rules, path->text, path->len, false, name, (size_t)len);
}

/*
 * HASH; HASH1, HASH2 and so on where either run has several: of those only that have a counterpart. counts: of both, by
 * what is before. taken: how many have a name.
 */
static int name_hashes(struct sc_rules *rules, const struct hashes *one, const struct hashes *other,
                       const uint32_t *const counts[2], uint32_t *taken)
{
    for (uint32_t id = 0; id < one->texts.count; id++) {
        const struct sc_interned *text = &one->texts.entries[id];
        uint32_t hash, before = one->items[id].before, folder = one->items[id].folder;
        if (is_shared(other, text) || !counts[0][before] || !counts[1][before])
            continue;
        if (sc_intern_add(&rules->hashes, text->text, text->len, &hash) ||
            SC_RESERVE(rules->hash_numbers, rules->hash_capacity, (size_t)hash + 1))
            return -ENOMEM;
        uint32_t number = counts[0][before] > 1 || counts[1][before] > 1 ? ++taken[before] : 0;
        rules->hash_numbers[hash] = number;
        if (folder != SC_NOT_INTERNED && taken[before] <= SPREAD && name_folder(rules, one, other, folder, number))
            return -ENOMEM;
    }
    return 0;
}

int sc_rules_find_hashes(struct sc_rules *const rules[2], const struct sc_files *const files[2])
{
    struct hashes hashes[2] = {{.items = NULL}, {.items = NULL}};
    struct sc_intern befores = {0};
    int error = 0;
    for (unsigned i = 0; i < 2 && !error; i++)
        error = collect(&hashes[i], &befores, files[i]);
    uint32_t *counts[2] = {calloc(befores.count + 1, sizeof **counts), calloc(befores.count + 1, sizeof **counts)};
    error = counts[0] && counts[1] ? error : -ENOMEM;
    for (unsigned i = 0; i < 2 && !error; i++)
        count(&hashes[i], &hashes[1 - i], counts[i]);
    for (unsigned i = 0; i < 2 && !error; i++) {
        uint32_t *taken = calloc(befores.count + 1, sizeof *taken);
        const uint32_t *const both[2] = {counts[0], counts[1]};
        error = taken ? name_hashes(rules[i], &hashes[i], &hashes[1 - i], both, taken) : -ENOMEM;
        free(taken);
    }
    for (unsigned i = 0; i < 2; i++) {
        sc_intern_free(&hashes[i].texts);
        sc_intern_free(&hashes[i].folders);
        free(hashes[i].items);
        free(counts[i]);
    }
    sc_intern_free(&befores);
    return error;
}

bool sc_rules_hash(const struct sc_rules *rules, const char *component, size_t len, char *text)
{
    size_t from, to;
    if (!rules->hashes.count || len > SC_COMPONENT_MAX - 8 || !find_hash(component, len, &from, &to))
        return false;
    uint32_t hash = sc_intern_find(&rules->hashes, component + from, to - from);
    if (hash == SC_NOT_INTERNED)
        return false;
    char number[16] = "";
    if (rules->hash_numbers[hash])
        snprintf(number, sizeof number, "%u", (unsigned)rules->hash_numbers[hash]);
    memcpy(text, component, from);
    int shown = snprintf(text + from, 20, "HASH%s", number);
    memcpy(text + from + shown, component + to, len - to);
    text[from + (size_t)shown + len - to] = '\0';
    return true;
}
