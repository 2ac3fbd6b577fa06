/* functions_internal.h: the list that functions.c and its parts fill. */
#ifndef SC_FUNCTIONS_INTERNAL_H
#define SC_FUNCTIONS_INTERNAL_H

#include <stdbool.h>

#include "load_program.h"

/* Relative to the list's base. */
struct sc_bounds {
    uint32_t begin, end;
    uint32_t fde; /* 0: none */
};

struct sc_function_list {
    const struct sc_loaded *loaded;
    uint64_t base;
    struct sc_bounds *at;
    size_t count, room;
    size_t settled;        /* so many are in order */
    bool records;          /* there are unwind records, and so code that is not Go's */
    uint32_t unknown_most; /* a function of one byte is one of unknown length, of so many bytes at most */
};

/* A section of the file, all of which is in it. */
bool sc_functions_section(const struct sc_loaded *loaded, const char *name, Elf64_Shdr *ret_section);

/* The linker's table of symbols. False: it was stripped. */
bool sc_functions_symbols(const struct sc_loaded *loaded, const Elf64_Sym **ret_symbols, uint32_t *ret_count);

/* Adds a function, if it is one: within the code. fde: the address of its record, or 0. */
void sc_functions_add(struct sc_function_list *list, uint64_t begin, uint64_t end, uint64_t fde);

/* Adds those of Go's table, which is bytes long. text: where the code that it counts from begins. */
void sc_functions_add_go(struct sc_function_list *list, const uint8_t *table, uint64_t bytes, uint64_t text);

/* Whether the address is in one of those that are in order: its beginning needs no symbol. */
bool sc_functions_has(const struct sc_function_list *list, uint64_t address);

/* Sorts, keeps one of each beginning (one with an unwind record, or the longest), and finds the ends that are unknown.
 */
void sc_functions_settle(struct sc_function_list *list);

#endif
