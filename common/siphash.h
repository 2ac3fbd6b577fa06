/* siphash.h: SipHash-2-4 of Aumasson and Bernstein ("SipHash: a fast short-input PRF", 2012): 64 bits of any bytes. */
#ifndef SC_SIPHASH_H
#define SC_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t sc_siphash(const uint64_t key[2], const void *bytes, size_t count);

/*
 * What a capture keeps in the place of a variable's value: the hash of the entry, "NAME=VALUE", so that one value under
 * two names is not seen to be one. The key is the same in all captures, or no two of them could be compared.
 */
uint64_t sc_variable_hash(const char *entry, size_t count);

#endif
