/*
 * error.h: what is said of an input that cannot be read.
 */
#ifndef SC_ERROR_H
#define SC_ERROR_H

/* Why an input cannot be read: one line without the program's name, naming file, byte offset or line, and cause. */
struct sc_error {
    char text[512];
};

#endif
