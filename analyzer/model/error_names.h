/*
 * error_names.h: errors by name, those too that the kernel keeps to itself and only a tracer sees.
 */
#ifndef SC_ERROR_NAMES_H
#define SC_ERROR_NAMES_H

#include <stddef.h>

/* "ENOENT", "ERESTARTSYS"; NULL for a number that has no name. */
const char *sc_error_name(int number);

/* 0 where there is none of that name. ret_kernels_own: the name where libc has none or another one; else NULL. */
int sc_error_number(const char *name, size_t len, const char **ret_kernels_own);

#endif
