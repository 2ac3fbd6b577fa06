/*
 * own_answers.h: the program's own file under its names in /proc.
 *
 * The kernel takes our loader for what the process runs, so /proc/self/exe leads there. What the program asks for by
 * that name is answered as if it led to the program.
 */
#ifndef SC_OWN_ANSWERS_H
#define SC_OWN_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../rewrite/site.h"

/* What the process runs: the file's name and identity, and the name by which it was executed. */
void sc_own_names_begin(const char *program, uint64_t dev, uint64_t ino);

/* Is that a name of the process's own file in /proc? */
bool sc_own_name(const char *path);

/* A call that names files has succeeded: its result, and its memory, as the program has to see them. */
int64_t sc_own_names_answer(unsigned nr, const uint64_t *args, int64_t result);

/* A call by such a name that would change our loader: it is made and recorded. False: it is none. */
bool sc_own_names_call(struct sc_regs *regs);

#endif
