/*
 * normalise_words.c: the words in which the names of two runs' outputs may differ: how the captures are called, and
 * what their command lines differ in. "rust" and "cpp" of ./rust_example and ./cpp_example, "first" and "second" of -o
 * first.dat.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/command_pairs.h"
#include "normalise_internal.h"

static bool is_alnum(char c)
{
    return isalnum((unsigned char)c);
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c);
}

static bool is_separator(char c)
{
    return c == '-' || c == '_' || c == '.';
}

/* Both letters, or both digits: no word begins or ends between them. */
static bool same_kind(char a, char b)
{
    return is_alnum(a) && is_alnum(b) && is_letter(a) == is_letter(b);
}

size_t sc_match_word(const char *component, size_t len, size_t at, const char *word)
{
    size_t to = at;
    const char *p = word;
    while (*p && to < len) {
        if (tolower((unsigned char)component[to]) == *p)
            p++;
        else if (to == at || !is_separator(component[to]))
            return 0;
        to++;
    }
    bool goes_on = to > at && to < len && (is_letter(component[to]) || same_kind(component[to - 1], component[to]));
    return p > word && !*p && !goes_on ? to : 0;
}

bool sc_find_word(const char *component, size_t len, const char *word, size_t *ret_from, size_t *ret_to)
{
    for (size_t at = 0; at < len; at++) {
        if (at && same_kind(component[at - 1], component[at]))
            continue;
        *ret_from = at;
        *ret_to = sc_match_word(component, len, at, word);
        if (*ret_to)
            return true;
    }
    return false;
}

/* What a word is held to a name by: small letters and digits. NULL where memory is short. */
static char *key_of(const char *text, size_t len)
{
    char *key = malloc(len + 1), *to = key;
    for (size_t i = 0; key && i < len; i++)
        if (is_alnum(text[i]))
            *to++ = (char)tolower((unsigned char)text[i]);
    if (key)
        *to = '\0';
    return key;
}

static int add_pair(struct sc_word_pairs *pairs, const char *a, size_t len_a, const char *b, size_t len_b)
{
    char *words[2] = {key_of(a, len_a), key_of(b, len_b)};
    int error = words[0] && words[1] ? 0 : -ENOMEM;
    bool known = error || !*words[0] || !*words[1] || pairs->count == SC_WORD_PAIRS;
    for (unsigned i = 0; i < pairs->count && !known; i++)
        known = strcmp(pairs->words[i][0], words[0]) == 0 && strcmp(pairs->words[i][1], words[1]) == 0;
    if (known) {
        free(words[0]);
        free(words[1]);
        return error;
    }
    memcpy(pairs->words[pairs->count++], words, sizeof words);
    return 0;
}

static bool has_letter(const char *text, size_t from, size_t to)
{
    while (from < to && !is_letter(text[from]))
        from++;
    return from < to;
}

/* Letters or digits on both sides of that place: no word begins or ends there. */
static bool in_word(const char *text, size_t len, size_t at)
{
    return at > 0 && at < len && is_alnum(text[at - 1]) && is_alnum(text[at]);
}

/* Two names but for what both begin and end with. */
static bool both_tell(const char *a, size_t len_a, const char *b, size_t len_b, size_t from, size_t same)
{
    return has_letter(a, from, len_a - same) && has_letter(b, from, len_b - same);
}

/* Where the word begins that ends there, or before the separators that do. */
static size_t word_before(const char *text, size_t at)
{
    while (at && is_separator(text[at - 1]))
        at--;
    while (at && is_alnum(text[at - 1]))
        at--;
    return at;
}

/* Of the last bytes those that are left without the first word in them. */
static size_t without_word(const char *text, size_t len, size_t last)
{
    while (last && is_separator(text[len - last]))
        last--;
    while (last && is_alnum(text[len - last]))
        last--;
    return last;
}

/* The last component of a path, without the slashes behind it. */
static const char *base_of(const char *value, size_t *ret_len)
{
    size_t end = strlen(value);
    while (end > 1 && value[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && value[begin - 1] != '/')
        begin--;
    *ret_len = end - begin;
    return value + begin;
}

/*
 * Two values of one argument: the words in which their last components differ. Where those are the same, they are the
 * words: what lies there may be an output in two places. A number says nothing by itself: part-1 and part-2, not 1
 * and 2.
 */
static int add_values(struct sc_word_pairs *pairs, const char *value_a, const char *value_b)
{
    size_t len_a, len_b;
    const char *a = base_of(value_a, &len_a), *b = base_of(value_b, &len_b);
    if (strcmp(value_a, value_b) == 0)
        return 0;
    if (len_a == len_b && memcmp(a, b, len_a) == 0)
        return add_pair(pairs, a, strcspn(a, "./"), b, strcspn(b, "./"));
    size_t least = len_a < len_b ? len_a : len_b, from = 0, same = 0;
    while (from < least && a[from] == b[from])
        from++;
    while (same < least - from && a[len_a - 1 - same] == b[len_b - 1 - same])
        same++;
    while (same && (in_word(a, len_a, len_a - same) || in_word(b, len_b, len_b - same)))
        same--;
    while (from && (in_word(a, len_a, from) || in_word(b, len_b, from)))
        from--;
    if (!both_tell(a, len_a, b, len_b, from, same))
        from = word_before(a, from);
    if (!both_tell(a, len_a, b, len_b, from, same))
        same = without_word(a, len_a, same);
    if (!both_tell(a, len_a, b, len_b, from, same))
        return 0;
    return add_pair(pairs, a + from, len_a - same - from, b + from, len_b - same - from);
}

int sc_word_pairs_find(const struct sc_run *const runs[2], char *const labels[2], struct sc_word_pairs *ret_pairs)
{
    *ret_pairs = (struct sc_word_pairs){0};
    int error = add_pair(ret_pairs, labels[0], strlen(labels[0]), labels[1], strlen(labels[1]));
    for (unsigned i = 0; i < 2 && !error; i++)
        error = i ? add_pair(ret_pairs, "cpp", 3, "rust", 4) : add_pair(ret_pairs, "rust", 4, "cpp", 3);
    if (error || !runs[0]->argv || !runs[1]->argv || !runs[0]->argv[0] || !runs[1]->argv[0])
        return error;
    struct sc_command_pairs commands = {0};
    error = add_values(ret_pairs, runs[0]->argv[0], runs[1]->argv[0]);
    if (!error)
        error = sc_command_pairs_find(runs, &commands);
    for (size_t i = 0; i < commands.count && i < SC_WORD_ARGUMENTS && !error; i++) {
        const struct sc_command_word *const *sides = commands.items[i].sides;
        if (sides[0] && sides[1] && sides[0]->value && sides[1]->value)
            error = add_values(ret_pairs, sides[0]->value, sides[1]->value);
    }
    sc_command_pairs_free(&commands);
    return error;
}

void sc_word_pairs_free(struct sc_word_pairs *pairs)
{
    for (unsigned i = 0; i < pairs->count; i++) {
        free(pairs->words[i][0]);
        free(pairs->words[i][1]);
    }
    pairs->count = 0;
}
