/*
 * placement.h: where our memory lies.
 *
 * The kernel would put it into the first hole: where the program has just unmapped something, expects a fault or
 * ENOMEM, or means to map something itself. So each piece gets an address far from where the kernel puts the program's,
 * and never used before.
 */
#ifndef SC_PLACEMENT_H
#define SC_PLACEMENT_H

#include <stddef.h>
#include <stdint.h>

/* By the constructor. near: any address where the kernel puts mappings. */
void sc_placement_begin(uint64_t near);

/* Private memory, of whole pages, readable and writable, or with protection 0 reserved only. The address or -errno. */
long sc_place_memory(size_t bytes, int protection);

#endif
