#include "param_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../common/siphash.h"
#include "../model/command_pairs.h"
#include "../model/intern.h"
#include "idle_variables.h"
#include "named.h"

/* What is known of a variable's value. */
enum knowledge {
    VALUE,  /* all, or it has none */
    HASHED, /* its hash */
    HIDDEN, /* nothing */
};

struct variable {
    struct sc_command_word word; /* name and value; NULL: not VALUE */
    enum knowledge known;
    uint64_t hash; /* unless HIDDEN */
    bool rare;     /* one that only a source with all of them has: of which another says nothing */
};

struct variables {
    struct variable *items;
    size_t count;
    bool leaves_out;      /* that one is not here does not say that it was not set: */
    bool leaves_out_rare; /* or a rare one */
};

static void free_variables(struct variables *variables)
{
    for (size_t i = 0; i < variables->count; i++)
        free(variables->items[i].word.name);
    free(variables->items);
}

/* A side, and the components of its files' paths: looked up once for each word. */
struct party {
    const struct sc_side *side;
    struct sc_intern components;
    bool collected;
};

static bool collect_components(struct party *party, const char *path)
{
    bool good = true;
    for (const char *at = path; at && good; at = strchr(at, '/')) {
        uint32_t id;
        at += *at == '/';
        good = sc_intern_add(&party->components, at, strcspn(at, "/"), &id) == 0;
    }
    return good;
}

static bool collect(struct party *party)
{
    const struct sc_files *files = party->side->files;
    bool good = true;
    for (size_t i = 0; good && !party->collected && files && i < sc_files_count(files); i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        if (!file->regular && !strchr(file->path, '/')) /* "stdin" */
            continue;
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
    const char *cwd_a = what->a.side->run->cwd, *cwd_b = what->b.side->run->cwd;
    const char *name_a = a && b ? sc_normalise_below(a, cwd_a, value_a, strlen(value_a)) : NULL;
    const char *name_b = a && b ? sc_normalise_below(b, cwd_b, value_b, strlen(value_b)) : NULL;
    bool alike = name_a && name_b && strcmp(name_a, name_b) == 0;
    if (!what->arguments)
        return alike ? SAME : NAMES_OTHER;
    if (what->looked_up++ >= LOOKED_UP)
        return alike ? NAMES_OTHER : OTHER;
    return sc_names_the_same(what->a.side, value_a, what->b.side, value_b, alike, &what->lines->failed) ? NAMES_OTHER
                                                                                                        : OTHER;
}

static enum likeness compare_values(struct comparison *what, const struct sc_command_word *a,
                                    const struct sc_command_word *b)
{
    const char *value_a = a->value, *value_b = b->value;
    if (!value_a || !value_b)
        return value_a == value_b ? SAME : OTHER;
    if (sc_command_value_same(a, b))
        return SAME;
    /* "--language rust / cpp" is no run's output. */
    if (!names_file(what, &what->a, value_a) || !names_file(what, &what->b, value_b))
        return OTHER;
    if (a->cut || b->cut)
        return NAMES_OTHER; /* what was done there is not known by a part of the name */
    return compare_paths(what, value_a, value_b);
}

static const char *shown(const struct sc_command_word *word)
{
    return !word ? "(absent)" : !word->value ? "(given)" : *word->value ? word->value : "(empty)";
}

/* Says how they differ; one of them may be NULL. */
static void compare_word(struct comparison *what, const char *name, const struct sc_command_word *a,
                         const struct sc_command_word *b)
{
    enum likeness like = a && b ? compare_values(what, a, b) : OTHER;
    if (like != SAME)
        sc_strings_addf(like == OTHER ? what->lines : what->other_names, "%s%s %s / %s", what->prefix, name, shown(a),
                        shown(b));
}

static void compare_variable(struct comparison *what, const struct variable *a, const struct variable *b)
{
    static const struct sc_command_word set = {.value = "set"}; /* to a value that is not known */
    if (a && b && (a->known != VALUE || b->known != VALUE)) {
        if (a->known != HIDDEN && b->known != HIDDEN && a->hash != b->hash)
            sc_strings_addf(what->lines, "%s%s differs", what->prefix, a->word.name);
        return;
    }
    const struct sc_command_word *word_a = !a ? NULL : a->known == VALUE ? &a->word : &set;
    const struct sc_command_word *word_b = !b ? NULL : b->known == VALUE ? &b->word : &set;
    compare_word(what, (a ? a : b)->word.name, word_a, word_b);
}

static bool may_have(const struct variables *variables, const struct variable *variable)
{
    return variables->leaves_out || (variable->rare && variables->leaves_out_rare);
}

/* Variables of one side by their names: of each name the first one that has no counterpart yet, and behind each the
 * next. */
struct by_name {
    struct sc_intern names;
    size_t *first, *next; /* index + 1; 0: none */
};

static bool sort_out(const struct variables *variables, struct by_name *ret)
{
    *ret = (struct by_name){.first = calloc(variables->count + 1, sizeof *ret->first),
                            .next = calloc(variables->count + 1, sizeof *ret->next)};
    bool good = ret->first && ret->next;
    for (size_t i = variables->count; good && i-- > 0;) { /* from the end, so that the first one is on top */
        const char *name = variables->items[i].word.name;
        uint32_t id;
        good = sc_intern_add(&ret->names, name, strlen(name), &id) == 0;
        if (good) {
            ret->next[i] = ret->first[id];
            ret->first[id] = i + 1;
        }
    }
    return good;
}

static void compare_variables(struct comparison *what, const struct variables *a, const struct variables *b)
{
    struct by_name others;
    bool *used = calloc(b->count + 1, sizeof *used);
    bool good = sort_out(b, &others) && used;
    for (size_t i = 0; good && i < a->count; i++) {
        const char *name = a->items[i].word.name;
        uint32_t id = sc_intern_find(&others.names, name, strlen(name));
        size_t at = id == SC_NOT_INTERNED ? 0 : others.first[id];
        if (at) {
            others.first[id] = others.next[at - 1];
            used[at - 1] = true;
        }
        if (at || !may_have(b, &a->items[i]))
            compare_variable(what, &a->items[i], at ? &b->items[at - 1] : NULL);
    }
    for (size_t at = 0; good && at < b->count; at++)
        if (!used[at] && !may_have(a, &b->items[at]))
            compare_variable(what, NULL, &b->items[at]);
    what->lines->failed |= !good;
    sc_intern_free(&others.names);
    free(others.first);
    free(others.next);
    free(used);
}

static void compare_arguments(struct comparison *what, const struct sc_run *a, const struct sc_run *b)
{
    const struct sc_run *const runs[2] = {a, b};
    struct sc_command_pairs pairs;
    if (!a->argv || !b->argv)
        return;
    int error = sc_command_pairs_find(runs, &pairs);
    for (size_t i = 0; i < pairs.count && !error; i++) {
        const struct sc_command_word *const *sides = pairs.items[i].sides, *one = sides[0] ? sides[0] : sides[1];
        const struct sc_command_word *second = sides[0] && sides[1] ? sides[1] : one;
        unsigned at = second->position < one->position ? second->position : one->position;
        char position[32];
        snprintf(position, sizeof position, "argument %u", at); /* the same if the sides swap */
        if ((sides[0] || !pairs.words[0].leaves_out) && (sides[1] || !pairs.words[1].leaves_out))
            compare_word(what, one->name ? one->name : position, sides[0], sides[1]);
    }
    what->lines->failed |= error != 0;
    sc_command_pairs_free(&pairs);
}

static void add_variable(struct variables *variables, const struct sc_variable *source, bool rare)
{
    const char *entry = source->entry, *equals = strchr(entry, '=');
    struct variable variable = {.word.name = strndup(entry, equals ? (size_t)(equals - entry) : strlen(entry)),
                                .rare = rare,
                                .known = source->has_value ? VALUE
                                         : source->hashed  ? HASHED
                                                           : HIDDEN,
                                .hash = source->has_value ? sc_variable_hash(entry, strlen(entry)) : source->hash};
    if (!variable.word.name || sc_variable_is_idle(variable.word.name)) {
        free(variable.word.name);
        return;
    }
    if (source->has_value && equals)
        variable.word.value = equals + 1;
    variables->items[variables->count++] = variable;
}

static size_t length(char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    return count;
}

/* NULL items where memory is short. */
static struct variables variables_of(const struct sc_run *run)
{
    const struct sc_variables_known *others = &run->variables;
    size_t always = run->environ ? length(run->environ) : 0;
    struct variables variables = {.items = calloc(always + others->count + 1, sizeof(struct variable)),
                                  .leaves_out = others->left_out != 0,
                                  .leaves_out_rare = !others->listed};
    for (size_t i = 0; variables.items && i < always; i++) {
        const struct sc_variable variable = {.entry = run->environ[i], .has_value = true};
        add_variable(&variables, &variable, false);
    }
    for (size_t i = 0; variables.items && i < others->count; i++)
        add_variable(&variables, &others->items[i], true);
    return variables;
}

static void compare_environments(struct comparison *what, const struct sc_run *a, const struct sc_run *b)
{
    if ((!a->environ && !a->variables.listed) || (!b->environ && !b->variables.listed))
        return;
    struct variables of_a = variables_of(a), of_b = variables_of(b);
    if (of_a.items && of_b.items)
        compare_variables(what, &of_a, &of_b);
    else
        what->lines->failed = true;
    free_variables(&of_a);
    free_variables(&of_b);
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
