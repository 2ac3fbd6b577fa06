/*
 * normalise_files.c: what the files of two runs tell of their names: outputs that differ in a word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/files.h"
#include "../model/intern.h"
#include "normalise.h"
#include "normalise_internal.h"

bool sc_is_written(const struct sc_file *file)
{
    return file->regular && (file->counts.writes > 0 || file->made || file->made_here);
}

unsigned sc_names_of(const struct sc_file *file, const char *ret_names[2])
{
    unsigned count = 0;
    ret_names[count++] = file->path;
    if (strcmp(file->first_path, file->path) != 0)
        ret_names[count++] = file->first_path;
    return count;
}

const char *sc_from_cwd(const struct sc_run *run, const char *path)
{
    size_t len = run->cwd ? strlen(run->cwd) : 0;
    return len && strncmp(path, run->cwd, len) == 0 && path[len] == '/' ? path + len + 1 : path;
}

/* A component that has the word, and all below it. */
struct place {
    const char *path;
    bool at_begin;               /* the word begins the component */
    size_t begin, from, to, end; /* component[begin, end), and the word in it */
};

/* The next one at or behind place->begin. */
static bool find_place(struct place *place, const char *word)
{
    for (size_t begin = place->begin;; begin = place->end + 1) {
        const char *component = place->path + begin;
        place->end = begin + strcspn(component, "/");
        if (sc_find_word(component, place->end - begin, word, &place->from, &place->to) &&
            (!place->from || !place->at_begin)) {
            place->begin = begin;
            place->from += begin;
            place->to += begin;
            return true;
        }
        if (!place->path[place->end])
            return false;
    }
}

/* Goes behind the component. */
static bool next_place(struct place *place)
{
    place->begin = place->end + 1;
    return place->path[place->end] != '\0';
}

/* What is around the word, in the component and below: the same in both runs. text has room for the path and a byte. */
static size_t around(const struct place *place, char *text)
{
    size_t before = place->from - place->begin, behind = strlen(place->path + place->to);
    memcpy(text, place->path + place->begin, before);
    text[before] = '/';
    memcpy(text + before + 1, place->path + place->to, behind);
    return before + 1 + behind;
}

/* TABLE and what follows the word, with what stands before it in between: out_x.ms is TABLE-out.ms. */
static int add_output(struct sc_rules *rules, const struct place *place)
{
    size_t before = place->from - place->begin, behind = place->end - place->to;
    char rest[SC_COMPONENT_MAX];
    while (before && strchr("-_.", place->path[place->begin + before - 1]))
        before--;
    if (before + behind + 1 > sizeof rest)
        return 0;
    size_t used = before ? 1 + before : 0;
    if (before) {
        rest[0] = '-';
        memcpy(rest + 1, place->path + place->begin, before);
    }
    memcpy(rest + used, place->path + place->to, behind);
    return sc_rules_add_output(rules, place->path, place->end, false, rest, used + behind);
}

/* One side: its files, and of those that it wrote the names. */
struct writer {
    const struct sc_files *files;
    const struct sc_run *run;
    struct sc_rules *rules;
    struct sc_intern names, arounds;
    bool at_begin; /* the word at hand is the same on both sides: o1/c and o2/c, which says nothing of f.c */
};

/* The name of one of its files. */
static int look_at(struct writer *writer, const struct writer *other, const char *path, const char *word,
                   bool collecting)
{
    struct place place = {.path = path, .at_begin = writer->at_begin};
    const char *name = sc_from_cwd(writer->run, path);
    /* what has the same name on both sides needs no other one */
    if (sc_intern_find(&other->names, name, strlen(name)) != SC_NOT_INTERNED || !find_place(&place, word))
        return 0;
    char *text = malloc(strlen(path) + 2);
    if (!text)
        return -ENOMEM;
    unsigned places = 0;
    int error = 0;
    do {
        size_t len = around(&place, text);
        uint32_t id;
        if (collecting)
            error = sc_intern_add(&writer->arounds, text, len, &id);
        else if (sc_intern_find(&other->arounds, text, len) != SC_NOT_INTERNED)
            error = add_output(writer->rules, &place);
    } while (error >= 0 && ++places < SC_REPLACED_MAX && next_place(&place) && find_place(&place, word));
    free(text);
    return error;
}

/* With rules: the components whose surroundings the other side has too are outputs. Without: collects its own. */
static int look(struct writer *writer, const struct writer *other, const char *word, bool collecting)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(writer->files) && error >= 0; i++) {
        const struct sc_file *file = sc_files_get(writer->files, (uint32_t)i);
        const char *names[2];
        unsigned count = sc_is_written(file) ? sc_names_of(file, names) : 0;
        for (unsigned k = 0; k < count && error >= 0; k++)
            error = look_at(writer, other, names[k], word, collecting);
    }
    return error == -ENOMEM ? error : 0;
}

/* What it wrote, by the name from the working directory. */
static int collect_names(struct writer *writer)
{
    int error = 0;
    for (size_t i = 0; i < sc_files_count(writer->files) && error != -ENOMEM; i++) {
        const struct sc_file *file = sc_files_get(writer->files, (uint32_t)i);
        const char *of_file[2];
        unsigned count = sc_is_written(file) ? sc_names_of(file, of_file) : 0;
        for (unsigned k = 0; k < count && error != -ENOMEM; k++) {
            const char *name = sc_from_cwd(writer->run, of_file[k]);
            uint32_t id;
            error = sc_intern_add(&writer->names, name, strlen(name), &id);
        }
    }
    return error == -ENOMEM ? error : 0;
}

static int pair_by(struct writer writers[2], char *const words[2])
{
    int error = 0;
    for (unsigned i = 0; i < 2; i++)
        writers[i].at_begin = strcmp(words[0], words[1]) == 0;
    for (unsigned i = 0; i < 4 && !error; i++) /* both collect before either looks */
        error = look(&writers[i % 2], &writers[1 - i % 2], words[i % 2], i < 2);
    for (unsigned i = 0; i < 2; i++)
        sc_intern_free(&writers[i].arounds);
    return error;
}

int sc_normaliser_pair_files(struct sc_normaliser *const normalisers[2], const struct sc_files *const files[2],
                             const struct sc_run *const runs[2], char *const labels[2])
{
    struct writer writers[2];
    struct sc_word_pairs pairs;
    int error = sc_word_pairs_find(runs, labels, &pairs);
    for (unsigned i = 0; i < 2; i++) {
        writers[i] = (struct writer){.files = files[i], .run = runs[i], .rules = &normalisers[i]->rules};
        if (!error)
            error = collect_names(&writers[i]);
    }
    for (unsigned i = 0; i < pairs.count && !error; i++)
        error = pair_by(writers, pairs.words[i]);
    struct sc_rules *rules[2] = {&normalisers[0]->rules, &normalisers[1]->rules};
    const struct sc_intern *const written[2] = {&writers[0].names, &writers[1].names};
    if (!error)
        error = sc_rules_find_arguments(rules, files, runs, written);
    if (!error)
        error = sc_rules_find_hashes(rules, files);
    if (!error)
        error = sc_rules_find_drawn(rules, files, runs);
    sc_word_pairs_free(&pairs);
    sc_intern_free(&writers[0].names);
    sc_intern_free(&writers[1].names);
    return error;
}
