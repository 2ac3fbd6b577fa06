#include "flag_diff.h"

#include <ctype.h>
#include <string.h>

#include "../model/intern.h"

bool sc_is_option(const char *text)
{
    return text[0] == '-' && text[1] && !isdigit((unsigned char)text[1]) && text[1] != '.';
}

/* Words of one command line, and how far it was walked. */
struct walk {
    char *const *at;
    struct sc_intern words;
};

static bool begin(struct walk *walk, char *const *argv)
{
    bool good = true;
    uint32_t id;
    *walk = (struct walk){.at = argv + (argv[0] != NULL)};
    for (char *const *word = walk->at; *word && good; word++)
        good = sc_intern_add(&walk->words, *word, strlen(*word), &id) == 0;
    return good;
}

/* An option that the other side has not. */
static bool is_flag(const struct walk *walk, const struct walk *other)
{
    const char *text = *walk->at;
    return text && sc_is_option(text) && strcmp(text, "--") != 0 && !strchr(text, '=') &&
           sc_intern_find(&other->words, text, strlen(text)) == SC_NOT_INTERNED;
}

/* "-T2" and "-T1": one option with its value. */
static bool is_same_letter(const char *a, const char *b)
{
    return a[1] == b[1] && a[1] != '-' && a[2] && b[2];
}

/* One step: over what is equal, or over an option. False where neither is there. */
static bool step(struct walk *a, struct walk *b, struct sc_strings *lines)
{
    bool flag_a = is_flag(a, b), flag_b = is_flag(b, a);
    const char *text_a = *a->at, *text_b = *b->at;
    if (text_a && text_b && strcmp(text_a, text_b) == 0) {
        a->at++;
        b->at++;
    } else if (flag_a && flag_b && text_a && text_b && is_same_letter(text_a, text_b)) {
        sc_strings_addf(lines, "%.2s %s / %s", text_a, text_a + 2, text_b + 2);
        a->at++;
        b->at++;
    } else if (flag_a) {
        sc_strings_addf(lines, "%s (given) / (absent)", text_a);
        a->at++;
    } else if (flag_b) {
        sc_strings_addf(lines, "%s (absent) / (given)", text_b);
        b->at++;
    } else {
        return false;
    }
    return true;
}

bool sc_find_flag_diff(char *const *a, char *const *b, struct sc_strings *lines)
{
    struct walk walk_a, walk_b;
    struct sc_strings found = {0};
    bool begun_a = begin(&walk_a, a), begun_b = begin(&walk_b, b), all = begun_a && begun_b;
    while (all && (*walk_a.at || *walk_b.at))
        all = step(&walk_a, &walk_b, &found);
    for (size_t i = 0; i < found.count && all; i++)
        sc_strings_add(lines, found.items[i]);
    lines->failed |= found.failed || !begun_a || !begun_b;
    sc_strings_free(&found);
    sc_intern_free(&walk_a.words);
    sc_intern_free(&walk_b.words);
    return all;
}
