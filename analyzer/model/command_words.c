#include "command_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* "-v", "--verbose", "-Ifolder"; a number is none. */
static bool is_option(const char *text)
{
    return text[0] == '-' && text[1] && !isdigit((unsigned char)text[1]) && text[1] != '.';
}

static bool ends_options(const char *text)
{
    return strcmp(text, "--") == 0;
}

static bool has(const struct sc_intern *texts, const char *text)
{
    return sc_intern_find(texts, text, strlen(text)) != SC_NOT_INTERNED;
}

/* "-T2": a letter and what may be its value. */
static bool has_tail(const char *text)
{
    return is_option(text) && text[1] != '-' && text[2];
}

/* dd's spelling: of=file */
static const char *assignment(const char *text)
{
    const char *p = text;
    while (isalnum((unsigned char)*p) || *p == '_' || *p == '-')
        p++;
    return p > text && *p == '=' ? p : NULL;
}

/* "--rows=5" */
static const char *joined_value(const char *text)
{
    return text[0] == '-' && text[1] == '-' ? strchr(text, '=') : NULL;
}

static bool is_plain(const char *text)
{
    return text && !is_option(text) && !ends_options(text);
}

/* How much of an argument is known where a source cut it; 0: all. */
static size_t cut_of(const struct sc_run *run, size_t at)
{
    size_t len = strlen(run->argv[at]);
    if (run->argv_elided && len >= 3 && strcmp(run->argv[at] + len - 3, "...") == 0)
        return len - 3;
    return run->argv_cut && !run->argv[at + 1] ? len : 0;
}

/*
 * The word as it is read: "cf" of "tar cf", where the other line has "-cf", is that option. It is the one argument
 * that may be spelled so.
 */
static const char *read_as(const struct sc_command_lines *lines, unsigned side, size_t at)
{
    const char *text = lines->runs[side]->argv[at];
    const struct sc_intern *texts = &lines->texts[1 - side];
    char option[16] = "-";
    size_t len = strlen(text);
    if (at != 1 || len == 0 || len > sizeof option - 2 || !isalpha((unsigned char)*text) || has(texts, text))
        return text;
    memcpy(option + 1, text, len + 1);
    uint32_t id = sc_intern_find(texts, option, len + 1);
    return id == SC_NOT_INTERNED ? text : sc_intern_text(texts, id);
}

static int note_option(struct sc_command_lines *lines, const char *text, bool takes_nothing)
{
    uint32_t id;
    if (sc_intern_add(&lines->options, text, strlen(text), &id) ||
        SC_RESERVE_ZERO(lines->flags, lines->flag_capacity, (size_t)id + 1))
        return -ENOMEM;
    lines->flags[id] |= takes_nothing;
    return 0;
}

static int look_at(struct sc_command_lines *lines, unsigned side)
{
    const struct sc_run *run = lines->runs[side];
    int error = 0;
    for (size_t i = 1; run->argv[0] && run->argv[i] && !error && !ends_options(run->argv[i]); i++) {
        const char *text = read_as(lines, side, i), *next = run->argv[i + 1];
        if (!is_option(text) || joined_value(text) || cut_of(run, i))
            continue;
        if (has_tail(text) && !has(&lines->texts[1 - side], text))
            lines->tailed[side][(unsigned char)text[1]] = true;
        if (!text[2] && is_plain(next))
            lines->alone[side][(unsigned char)text[1]] = true;
        if (next || !run->argv_cut)
            error = note_option(lines, text, !is_plain(next));
    }
    return error;
}

int sc_command_lines_init(struct sc_command_lines *lines, const struct sc_run *const runs[2])
{
    *lines = (struct sc_command_lines){.runs = {runs[0], runs[1]}};
    int error = 0;
    for (unsigned side = 0; side < 2; side++)
        for (size_t i = 0; runs[side]->argv[i] && !error; i++) {
            uint32_t id;
            error = i ? sc_intern_add(&lines->texts[side], runs[side]->argv[i], strlen(runs[side]->argv[i]), &id) : 0;
        }
    for (unsigned side = 0; side < 2 && !error; side++)
        error = look_at(lines, side);
    return error;
}

void sc_command_lines_free(struct sc_command_lines *lines)
{
    sc_intern_free(&lines->texts[0]);
    sc_intern_free(&lines->texts[1]);
    sc_intern_free(&lines->options);
    free(lines->flags);
}

/*
 * Is the tail of "-T2" a value? Where the other line has that letter with another one, attached or behind it. A letter
 * may be an option of its own: "ls -la" is not "ls -l a".
 */
static bool tail_is_value(const struct sc_command_lines *lines, unsigned side, const char *text)
{
    unsigned char letter = (unsigned char)text[1];
    if (!has_tail(text) || has(&lines->texts[1 - side], text))
        return false;
    return lines->tailed[1 - side][letter] ||
           (lines->alone[1 - side][letter] && (text[3] || !isalpha((unsigned char)text[2])));
}

static bool takes_next(const struct sc_command_lines *lines, const char *text, const char *next)
{
    uint32_t id = sc_intern_find(&lines->options, text, strlen(text));
    return is_plain(next) && id != SC_NOT_INTERNED && !lines->flags[id];
}

static int add(struct sc_command_words *words, const char *name, size_t name_len, const char *value)
{
    struct sc_command_word word = {.name = name ? strndup(name, name_len) : NULL, .value = value};
    if (name && !word.name)
        return -ENOMEM;
    words->items[words->count++] = word;
    return 0;
}

/* The option at *at, which goes to the place of its value. */
static int split_option(const struct sc_command_lines *lines, unsigned side, size_t *at, struct sc_command_words *words)
{
    const struct sc_run *run = lines->runs[side];
    const char *text = read_as(lines, side, *at), *equals = joined_value(text);
    if (equals)
        return add(words, text, (size_t)(equals - text), equals + 1);
    if (cut_of(run, *at)) {
        words->leaves_out = true; /* what stands there in full on the other side may be it */
        return 0;
    }
    if (tail_is_value(lines, side, text))
        return add(words, text, 2, run->argv[*at] + 2);
    bool takes = takes_next(lines, text, run->argv[*at + 1]);
    *at += takes;
    return add(words, text, strlen(text), takes ? run->argv[*at] : NULL);
}

static int split_side(const struct sc_command_lines *lines, unsigned side, struct sc_command_words *words)
{
    const struct sc_run *run = lines->runs[side];
    bool options = true;
    unsigned position = 0;
    int error = 0;
    words->leaves_out = run->argv_cut;
    for (size_t i = 1; run->argv[0] && run->argv[i] && !error; i++) {
        const char *text = run->argv[i], *equals = assignment(text);
        size_t before = words->count;
        if (options && ends_options(text)) {
            options = false;
            continue;
        }
        if (options && is_option(read_as(lines, side, i)))
            error = split_option(lines, side, &i, words);
        else if (equals)
            error = add(words, text, (size_t)(equals - text), equals + 1);
        else
            error = add(words, NULL, 0, text);
        if (error || words->count == before)
            continue;
        struct sc_command_word *word = &words->items[before];
        word->position = word->name ? 0 : ++position;
        if (word->value && cut_of(run, i))
            word->cut = cut_of(run, i) - (size_t)(word->value - run->argv[i]);
    }
    return error;
}

void sc_command_words_free(struct sc_command_words words[2])
{
    for (unsigned side = 0; side < 2; side++) {
        for (size_t i = 0; i < words[side].count; i++)
            free(words[side].items[i].name);
        free(words[side].items);
        words[side] = (struct sc_command_words){0};
    }
}

int sc_command_split(const struct sc_command_lines *lines, struct sc_command_words words[2])
{
    int error = 0;
    sc_command_words_free(words);
    for (unsigned side = 0; side < 2 && !error; side++) {
        size_t count = 0;
        while (lines->runs[side]->argv[count])
            count++;
        words[side].items = calloc(count + 1, sizeof *words[side].items); /* none makes more than one */
        error = words[side].items ? split_side(lines, side, &words[side]) : -ENOMEM;
    }
    return error;
}
