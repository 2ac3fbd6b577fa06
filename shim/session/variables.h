/* variables.h: what the capture is told of the environment that a program was started with. */
#ifndef SC_VARIABLES_H
#define SC_VARIABLES_H

/*
 * By the constructor, of the array that the kernel laid out. Of the root's first program all variables, in the form
 * that was asked for; of others, which mostly have the same ones, those that are always recorded with their values.
 */
void sc_put_variables(char *const *environment);

#endif
