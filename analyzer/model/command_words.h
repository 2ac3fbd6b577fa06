/*
 * command_words.h: two command lines cut into options, values and arguments.
 */
#ifndef SC_COMMAND_WORDS_H
#define SC_COMMAND_WORDS_H

#include <limits.h>

#include "intern.h"
#include "run.h"

/* "--rows 1000", "--rows=1000" and "-n5" by name and value; "bs=4k" too; "-v" has no value, an argument no name. */
struct sc_command_word {
    char *name;
    const char *value; /* in the run's argv */
    size_t cut;        /* so much of the value is known, and not its end; 0: all is */
    unsigned position; /* of an argument among the arguments, from 1 on; else 0 */
};

struct sc_command_words {
    struct sc_command_word *items;
    size_t count;
    bool leaves_out; /* not all of its words are known: one that is missing may be there */
};

/* What is known of both lines before they are cut. */
struct sc_command_lines {
    const struct sc_run *runs[2];
    struct sc_intern texts[2];     /* their words */
    bool tailed[2][UCHAR_MAX + 1]; /* has "-T2", which the other has not, by letter */
    bool alone[2][UCHAR_MAX + 1];  /* has "-T" and an argument behind it */
    struct sc_intern options;      /* "-r", "--rows" that have an argument behind them somewhere */
    bool *flags;                   /* by option: it takes nothing of what is behind it */
    size_t flag_capacity;
};

/* 0, or -ENOMEM; sc_command_lines_free in both cases. */
int sc_command_lines_init(struct sc_command_lines *lines, const struct sc_run *const runs[2]);
void sc_command_lines_free(struct sc_command_lines *lines);

/* Cuts both, by what lines->flags says; what words had is freed. 0, or -ENOMEM; sc_command_words_free in both cases. */
int sc_command_split(const struct sc_command_lines *lines, struct sc_command_words words[2]);
void sc_command_words_free(struct sc_command_words words[2]);

#endif
