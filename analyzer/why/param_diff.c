#include "param_diff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/siphash.h"
#include "../model/intern.h"
#include "flag_diff.h"
#include "idle_variables.h"
#include "named.h"

/* What is known of a word's value. */
enum knowledge {
    VALUE,  /* all, or it has none */
    HASHED, /* its hash */
    HIDDEN, /* nothing */
};

/*
 * One option or argument of a command line: "--rows" "1000", "-v" NULL, "argument 1" "in.dat". Or a variable of the
 * environment.
 */
struct word {
    char *name;
    const char *value; /* NULL: an option that stands alone, or not VALUE */
    size_t cut;        /* so much of the value is known, and not its end; 0: all is */
    enum knowledge known;
    uint64_t hash; /* of a variable, unless HIDDEN */
    bool rare;     /* a variable that only a source with all of them has: one of which another says nothing */
};

struct words {
    struct word *items;
    size_t count;
    bool leaves_out;      /* that a word is not here does not say that it was not given: */
    bool leaves_out_rare; /* or a rare one */
};

static void add_word(struct words *words, const char *name, size_t name_len, const char *value)
{
    char *copy = strndup(name, name_len);
    if (copy) /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room for each argument */
        words->items[words->count++] = (struct word){.name = copy, .value = value};
}

/* dd's spelling: of=file */
static const char *assignment(const char *text)
{
    const char *p = text;
    while (isalnum((unsigned char)*p) || *p == '_' || *p == '-')
        p++;
    return p > text && *p == '=' ? p : NULL;
}

/* How much of an argument is known where a source cut it; 0: all. */
static size_t cut_of(const struct sc_run *run, size_t at)
{
    size_t len = strlen(run->argv[at]);
    if (run->argv_elided && len >= 3 && strcmp(run->argv[at] + len - 3, "...") == 0)
        return len - 3;
    return run->argv_cut && !run->argv[at + 1] ? len : 0;
}

/* Does what stands behind the option belong to it? */
static bool takes_value(char *const *argv, size_t at)
{
    return argv[at + 1] && !sc_is_option(argv[at + 1]) && strcmp(argv[at + 1], "--") != 0;
}

/* The option at that place. Returns the place of its value, or of itself. */
static size_t split_option(const struct sc_run *run, size_t at, struct words *words)
{
    const char *text = run->argv[at], *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    size_t value_at = at + (!equals && takes_value(run->argv, at));
    if (equals)
        add_word(words, text, (size_t)(equals - text), equals + 1);
    else if (cut_of(run, at))
        words->leaves_out = true; /* what stands there in full on the other side may be it */
    else
        add_word(words, text, strlen(text), value_at > at ? run->argv[value_at] : NULL);
    return value_at;
}

/* Room for argc items is there: no argument makes more than one. */
static void split(const struct sc_run *run, struct words *words)
{
    char *const *argv = run->argv;
    bool options = true;
    unsigned position = 0;
    words->leaves_out = run->argv_cut;
    for (size_t i = 1; argv[0] && argv[i]; i++) {
        const char *text = argv[i], *equals = assignment(text);
        size_t before = words->count;
        if (options && strcmp(text, "--") == 0) {
            options = false;
        } else if (options && sc_is_option(text)) {
            i = split_option(run, i, words);
        } else if (equals) {
            add_word(words, text, (size_t)(equals - text), equals + 1);
        } else {
            char name[32];
            int len = snprintf(name, sizeof name, "argument %u", ++position);
            add_word(words, name, (size_t)len, text);
        }
        struct word *word = words->count > before ? &words->items[before] : NULL;
        if (word && word->value && cut_of(run, i))
            word->cut = cut_of(run, i) - (size_t)(word->value - argv[i]);
    }
}

static void free_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i].name);
    free(words->items);
}

/* A side, and the components of its files' paths that stand behind a slash: looked up once for each word. */
struct party {
    const struct sc_side *side;
    struct sc_intern components;
    bool collected;
};

static bool collect_components(struct party *party, const char *path)
{
    bool good = true;
    for (const char *slash = strchr(path, '/'); slash && good; slash = strchr(slash + 1, '/')) {
        uint32_t id;
        good = sc_intern_add(&party->components, slash + 1, strcspn(slash + 1, "/"), &id) == 0;
    }
    return good;
}

static bool collect(struct party *party)
{
    const struct sc_files *files = party->side->files;
    bool good = true;
    for (size_t i = 0; good && !party->collected && files && i < sc_files_count(files); i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        good = collect_components(party, file->path) &&
               (file->first_path == file->path || collect_components(party, file->first_path));
    }
    party->collected = true;
    return good;
}

/* What every file of a run is held to: a hostile command line is long, and so is its list of files. */
enum { LOOKED_UP = 64 };

struct comparison {
    struct party a, b;
    struct sc_strings *lines;       /* what differs */
    struct sc_strings *other_names; /* what only goes by another name */
    const char *prefix;             /* before the name of what differs */
    bool arguments;                 /* every other value is said, and a path is held to what was done there */
    unsigned looked_up;
};

/* Is value the name of a file: it has a slash, or the path of a file that the run used has it as a component. */
static bool names_file(struct comparison *what, struct party *party, const char *value)
{
    size_t len = strlen(value);
    if (len && strchr(value, '/'))
        return true;
    if (!collect(party))
        what->lines->failed = true;
    return len && sc_intern_find(&party->components, value, len) != SC_NOT_INTERNED;
}

/* How two values differ. */
enum likeness {
    SAME,        /* or other names of the same, in the environment: not said */
    NAMES_OTHER, /* said, and no parameter */
    OTHER,
};

/* Two paths: the same by the rules for names, for what was done there, or not. */
static enum likeness compare_paths(struct comparison *what, const char *value_a, const char *value_b)
{
    struct sc_normaliser *a = what->a.side->normaliser, *b = what->b.side->normaliser;
    const char *name_a = a && b ? sc_normalise_path(a, value_a, strlen(value_a)) : NULL;
    const char *name_b = a && b ? sc_normalise_path(b, value_b, strlen(value_b)) : NULL;
    bool alike = name_a && name_b && strcmp(name_a, name_b) == 0;
    if (!what->arguments)
        return alike ? SAME : NAMES_OTHER;
    if (what->looked_up++ >= LOOKED_UP)
        return alike ? NAMES_OTHER : OTHER;
    return sc_names_the_same(what->a.side, value_a, what->b.side, value_b, alike, &what->lines->failed) ? NAMES_OTHER
                                                                                                        : OTHER;
}

/* What is known of one of them but a beginning, and that is the other's too. */
static bool may_be_same(const struct word *a, const struct word *b)
{
    if (!a->cut && !b->cut)
        return strcmp(a->value, b->value) == 0;
    size_t len_a = a->cut ? a->cut : strlen(a->value), len_b = b->cut ? b->cut : strlen(b->value);
    bool reaches = (a->cut || len_a >= len_b) && (b->cut || len_b >= len_a);
    return reaches && memcmp(a->value, b->value, len_a < len_b ? len_a : len_b) == 0;
}

static enum likeness compare_values(struct comparison *what, const struct word *a, const struct word *b)
{
    const char *value_a = a->value, *value_b = b->value;
    if (!value_a || !value_b)
        return value_a == value_b ? SAME : OTHER;
    if (may_be_same(a, b))
        return SAME;
    /* "--language rust / cpp" is no run's output. */
    if (!names_file(what, &what->a, value_a) || !names_file(what, &what->b, value_b))
        return OTHER;
    if (a->cut || b->cut)
        return NAMES_OTHER; /* what was done there is not known by a part of the name */
    return compare_paths(what, value_a, value_b);
}

static const char *shown(const struct word *word)
{
    return word && word->known != VALUE ? "set"
           : !word                      ? "(absent)"
           : !word->value               ? "(given)"
           : *word->value               ? word->value
                                        : "(empty)";
}

static void compare_word(struct comparison *what, const struct word *a, const struct word *b)
{
    if (a && b && (a->known != VALUE || b->known != VALUE)) {
        if (a->known == HIDDEN || b->known == HIDDEN || a->hash == b->hash)
            return;
        sc_strings_addf(what->lines, "%s%s differs", what->prefix, a->name);
        return;
    }
    enum likeness like = a && b ? compare_values(what, a, b) : OTHER;
    if (like == SAME)
        return;
    sc_strings_addf(like == OTHER ? what->lines : what->other_names, "%s%s %s / %s", what->prefix,
                    a ? a->name : b->name, shown(a), shown(b));
}

/* Words of one side by their names: of each name the first one that has no counterpart yet, and behind each the next.
 */
struct by_name {
    struct sc_intern names;
    size_t *first, *next; /* index + 1; 0: none */
};

static bool sort_out(const struct words *words, struct by_name *ret)
{
    *ret = (struct by_name){.first = calloc(words->count + 1, sizeof *ret->first),
                            .next = calloc(words->count + 1, sizeof *ret->next)};
    bool good = ret->first && ret->next;
    for (size_t i = words->count; good && i-- > 0;) { /* from the end, so that the first one is on top */
        uint32_t id;
        good = sc_intern_add(&ret->names, words->items[i].name, strlen(words->items[i].name), &id) == 0;
        if (good) {
            ret->next[i] = ret->first[id];
            ret->first[id] = i + 1;
        }
    }
    return good;
}

static bool may_have(const struct words *words, const struct word *word)
{
    return words->leaves_out || (word->rare && words->leaves_out_rare);
}

/* The same option again is compared with the same option again, in the order in which they stand. */
static void compare_words(struct comparison *what, const struct words *a, const struct words *b)
{
    struct by_name others;
    bool *used = calloc(b->count + 1, sizeof *used);
    bool good = sort_out(b, &others) && used;
    for (size_t i = 0; good && i < a->count; i++) {
        uint32_t id = sc_intern_find(&others.names, a->items[i].name, strlen(a->items[i].name));
        size_t at = id == SC_NOT_INTERNED ? 0 : others.first[id];
        if (at) {
            others.first[id] = others.next[at - 1];
            used[at - 1] = true;
        }
        if (at || !may_have(b, &a->items[i]))
            compare_word(what, &a->items[i], at ? &b->items[at - 1] : NULL);
    }
    for (size_t at = 0; good && at < b->count; at++)
        if (!used[at] && !may_have(a, &b->items[at]))
            compare_word(what, NULL, &b->items[at]);
    what->lines->failed |= !good;
    sc_intern_free(&others.names);
    free(others.first);
    free(others.next);
    free(used);
}

static size_t length(char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    return count;
}

static void compare_and_free(struct comparison *what, struct words *a, struct words *b)
{
    if (a->items && b->items)
        compare_words(what, a, b);
    else
        what->lines->failed = true;
    free_words(a);
    free_words(b);
}

static void compare_arguments(struct comparison *what, const struct sc_run *a, const struct sc_run *b)
{
    if (!a->argv || !b->argv)
        return;
    bool cut = a->argv_cut || b->argv_cut || a->argv_elided || b->argv_elided;
    if (!cut && sc_find_flag_diff(a->argv, b->argv, what->lines))
        return;
    struct words words_a = {.items = calloc(length(a->argv) + 1, sizeof(struct word))};
    struct words words_b = {.items = calloc(length(b->argv) + 1, sizeof(struct word))};
    if (words_a.items && words_b.items) {
        split(a, &words_a);
        split(b, &words_b);
    }
    compare_and_free(what, &words_a, &words_b);
}

static void add_variable(struct words *words, const struct sc_variable *variable, bool rare)
{
    const char *entry = variable->entry, *equals = strchr(entry, '=');
    size_t before = words->count;
    add_word(words, entry, equals ? (size_t)(equals - entry) : strlen(entry), NULL);
    if (words->count == before)
        return;
    struct word *word = &words->items[before];
    if (sc_variable_is_idle(word->name)) {
        free(word->name);
        words->count = before;
        return;
    }
    word->rare = rare;
    word->known = variable->has_value ? VALUE : variable->hashed ? HASHED : HIDDEN;
    word->hash = variable->has_value ? sc_variable_hash(entry, strlen(entry)) : variable->hash;
    if (variable->has_value && equals)
        word->value = equals + 1;
}

/* NULL items where memory is short. */
static struct words variables_of(const struct sc_run *run)
{
    const struct sc_variables_known *others = &run->variables;
    size_t always = run->environ ? length(run->environ) : 0;
    struct words words = {.items = calloc(always + others->count + 1, sizeof(struct word)),
                          .leaves_out = others->left_out != 0,
                          .leaves_out_rare = !others->listed};
    for (size_t i = 0; words.items && i < always; i++) {
        const struct sc_variable variable = {.entry = run->environ[i], .has_value = true};
        add_variable(&words, &variable, false);
    }
    for (size_t i = 0; words.items && i < others->count; i++)
        add_variable(&words, &others->items[i], true);
    return words;
}

static void compare_environments(struct comparison *what, const struct sc_run *a, const struct sc_run *b)
{
    if ((!a->environ && !a->variables.listed) || (!b->environ && !b->variables.listed))
        return;
    struct words words_a = variables_of(a), words_b = variables_of(b);
    compare_and_free(what, &words_a, &words_b);
}

void sc_find_param_diff(const struct sc_side *a, const struct sc_side *b, struct sc_strings *lines,
                        struct sc_strings *other_names)
{
    struct comparison what = {{.side = a}, {.side = b}, lines, other_names, "", true, 0};
    compare_arguments(&what, a->run, b->run);
    what.prefix = "environment ";
    what.arguments = false;
    compare_environments(&what, a->run, b->run);
    sc_intern_free(&what.a.components);
    sc_intern_free(&what.b.components);
}
