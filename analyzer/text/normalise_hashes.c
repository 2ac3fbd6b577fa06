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

enum { LEAST = 32 /* digits: of MD5; a number of a process or a time has fewer */ };

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

/* The hashes of one run's names, and by each what stands before it. */
struct hashes {
    struct sc_intern texts;
    uint32_t *before; /* numbers in the names that both sides share, by number of the hash */
    size_t capacity;
};

/* For each hash in the names of the run's files. */
static int collect_path(struct hashes *hashes, struct sc_intern *befores, const char *path)
{
    size_t from, to;
    int error = 0;
    for (const char *at = path; at && !error; at = strchr(at, '/')) {
        at += *at == '/';
        size_t len = strcspn(at, "/");
        uint32_t id, before, known = hashes->texts.count;
        if (len > SC_COMPONENT_MAX - 8 || !find_hash(at, len, &from, &to))
            continue;
        if (sc_intern_add(&hashes->texts, at + from, to - from, &id) || sc_intern_add(befores, at, from, &before) ||
            SC_RESERVE(hashes->before, hashes->capacity, (size_t)id + 1))
            error = -ENOMEM;
        else if (id == known)
            hashes->before[id] = before;
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
        counts[one->before[id]] += !is_shared(other, &one->texts.entries[id]);
}

/* HASH, HASH2 and so on: of those only that have a counterpart. taken: how many have a name, by what is before. */
static int name_hashes(struct sc_rules *rules, const struct hashes *one, const struct hashes *other,
                       const uint32_t *others, uint32_t *taken)
{
    for (uint32_t id = 0; id < one->texts.count; id++) {
        const struct sc_interned *text = &one->texts.entries[id];
        uint32_t hash;
        if (is_shared(other, text) || !others[one->before[id]])
            continue;
        if (sc_intern_add(&rules->hashes, text->text, text->len, &hash) ||
            SC_RESERVE(rules->hash_numbers, rules->hash_capacity, (size_t)hash + 1))
            return -ENOMEM;
        rules->hash_numbers[hash] = ++taken[one->before[id]];
    }
    return 0;
}

int sc_rules_find_hashes(struct sc_rules *const rules[2], const struct sc_files *const files[2])
{
    struct hashes hashes[2] = {{.before = NULL}, {.before = NULL}};
    struct sc_intern befores = {0};
    int error = 0;
    for (unsigned i = 0; i < 2 && !error; i++)
        error = collect(&hashes[i], &befores, files[i]);
    for (unsigned i = 0; i < 2 && !error && befores.count; i++) {
        uint32_t *others = calloc(befores.count, sizeof *others), *taken = calloc(befores.count, sizeof *taken);
        error = others && taken ? 0 : -ENOMEM;
        if (!error)
            count(&hashes[1 - i], &hashes[i], others);
        if (!error)
            error = name_hashes(rules[i], &hashes[i], &hashes[1 - i], others, taken);
        free(others);
        free(taken);
    }
    for (unsigned i = 0; i < 2; i++) {
        sc_intern_free(&hashes[i].texts);
        free(hashes[i].before);
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
    if (rules->hash_numbers[hash] > 1)
        snprintf(number, sizeof number, "%u", (unsigned)rules->hash_numbers[hash]);
    memcpy(text, component, from);
    int shown = snprintf(text + from, 20, "HASH%s", number);
    memcpy(text + from + shown, component + to, len - to);
    text[from + (size_t)shown + len - to] = '\0';
    return true;
}
