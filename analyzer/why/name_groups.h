/*
 * name_groups.h: many files by one name: "in/f*" for three thousand of them, so that a line can speak of all.
 *
 * What is alike is found from the names alone, in steps from what says most to what says least: those of one directory
 * whose names differ in their numbers ("in/f*"), those of one directory with one ending ("in/" and "*.c"), all of one
 * directory, and those below one ("in/" and "**"). A step takes only what is many, and what the steps before it left.
 */
#ifndef SC_NAME_GROUPS_H
#define SC_NAME_GROUPS_H

#include "../model/intern.h"

struct sc_named {
    const char *name;
    uint64_t weight;   /* what it counts for beside the others, in any unit: who has more than all others together stays
                          alone */
    const char *group; /* the name of its group, or its own */
};

/* Sets the groups of count names, no two of them equal. The groups' names live in texts. 0 or -ENOMEM. */
int sc_name_groups(struct sc_named *names, size_t count, struct sc_intern *texts);

/* Behind it: where one folder has many groups below it, they are its tree, "c1/" and "**". 0 or -ENOMEM. */
int sc_name_trees(struct sc_named *names, size_t count, struct sc_intern *texts);

#endif
