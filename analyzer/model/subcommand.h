/*
 * subcommand.h: programs that are many in one: what one of their processes does is said by an argument.
 */
#ifndef SC_SUBCOMMAND_H
#define SC_SUBCOMMAND_H

#include <stddef.h>

/*
 * The "pack-objects" of "git", "-c", "core.x=1", "pack-objects", in words, which stand one behind the other, each with
 * a NUL behind it. NULL: it is no such program, or has none.
 */
const char *sc_subcommand(const char *words, size_t len);

#endif
