/*
 * safe.h: text from elsewhere (names in a capture, arguments, names of files) on its way to a terminal.
 */
#ifndef SC_SAFE_H
#define SC_SAFE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Bytes of the character at p that can be printed as it is; 0 where they are a control or no UTF-8. Not only ASCII has
 * controls: U+0080 to U+009F begin escape sequences on some terminals, and so do the bytes 0x80 to 0x9f alone on
 * others.
 */
size_t sc_safe_bytes(const char *p);

/* Prints text whatever bytes it holds: a line stays one line. At most columns of them, then "..."; 0: all. */
void sc_print_safe(FILE *out, const char *text, size_t columns);

#endif
