/* start_data.h: what the kernel gave the process on its stack, as the program is to find it. */
#ifndef SC_START_DATA_H
#define SC_START_DATA_H

#include <elf.h>
#include <stdint.h>

#include "load_program.h"

struct sc_start_data {
    uint64_t *stack; /* as the kernel left the stack pointer: argc, argv, environment, auxiliary vector */
    int argc;
    char **argv;
    char **environment;
    Elf64_auxv_t *auxiliary;
};

struct sc_start_data sc_start_data_of(uint64_t *stack);

/* A value of the vector; NULL: it is not there. */
Elf64_auxv_t *sc_start_data_find(const struct sc_start_data *data, uint64_t type);

/* The vector tells of the program that was loaded, and of the name by which it was executed. */
void sc_start_data_tell(const struct sc_start_data *data, const struct sc_loaded *loaded, const char *execfn);

/* After variables were taken out of the environment: the vector follows at its end again. */
void sc_start_data_close(struct sc_start_data *data);

/*
 * The kernel learns what of it can be told without a privilege: where code, heap, arguments and variables are, the
 * vector, and the name that ps shows.
 */
void sc_start_data_to_kernel(const struct sc_start_data *data, const struct sc_loaded *loaded, const char *execfn);

#endif
