/*
 * command_pairs.h: two command lines word by word: which option, value or argument of one stands for which of the
 * other.
 *
 * Whether an option takes the word behind it is known only to its program. It is told by both lines: what ends one, or
 * has another option behind it, takes nothing; of the rest that is taken which leaves the least to differ. Where both
 * readings leave the same, the word is the option's value.
 */
#ifndef SC_COMMAND_PAIRS_H
#define SC_COMMAND_PAIRS_H

#include "command_words.h"

struct sc_command_pair {
    const struct sc_command_word *sides[2]; /* NULL: that side has none */
};

struct sc_command_pairs {
    struct sc_command_pair *items; /* in the order of the first side, then what only the other one has */
    size_t count;
    struct sc_command_words words[2];
};

/* Both have an argv; argv[0] is not looked at. 0, or -ENOMEM; sc_command_pairs_free in both cases. */
int sc_command_pairs_find(const struct sc_run *const runs[2], struct sc_command_pairs *ret_pairs);
void sc_command_pairs_free(struct sc_command_pairs *pairs);

/* As far as both values are known they are the same. Neither is NULL. */
bool sc_command_value_same(const struct sc_command_word *a, const struct sc_command_word *b);

#endif
