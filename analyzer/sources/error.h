/*
 * error.h: what is said of an input that cannot be read.
 */
#ifndef SC_ERROR_H
#define SC_ERROR_H

#include <errno.h>
#include <stdio.h>

/* Why an input cannot be read: one line without the program's name, naming file, byte offset or line, and cause. */
struct sc_error {
    char text[512];
};

/* -ENOMEM, and says so. */
static inline int sc_no_memory(struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    return -ENOMEM;
}

#endif
