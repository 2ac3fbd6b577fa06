/*
 * host.h: what a process knows of itself. The C library tells it where there is one (host_libc.c); in a statically
 * linked program our own loader does, which put the program there (static/host_static.c).
 */
#ifndef SC_HOST_H
#define SC_HOST_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

#include "readable.h"

/* Calls each for every loaded object, the program first, as dl_iterate_phdr does; ends where it returns other than 0.
 */
typedef int sc_host_each(struct dl_phdr_info *info, size_t size, void *argument);
void sc_host_objects(sc_host_each *each, void *argument);

/* A value of the auxiliary vector as the program has it, 0 where there is none. */
uint64_t sc_host_auxiliary(uint64_t type);

/* An address in the C library's code; 0 where there is none. */
uint64_t sc_host_libc(void);

/* The program's variables, its memory. */
sc_addr sc_host_environment(void);

/* The program's file as /proc/self/exe names it, into path (bytes long). Its length, or -errno. */
long sc_host_program(char *path, size_t bytes);

/*
 * Where the functions of an object begin and end, if that has been found out from more than its unwind tables: fills in
 * all but the first members of module. False where the tables are to be read.
 */
struct sc_elf_module;
bool sc_host_functions(struct sc_elf_module *module);

/*
 * The file that path leads to when the process executes it: another than the kernel would take where that one would
 * take our loader for the program.
 */
const char *sc_host_executes(const char *path);

#endif
