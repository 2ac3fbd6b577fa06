/*
 * numbers.h: numbers as text, without libc's help: the library may call none of it.
 */
#ifndef SC_NUMBERS_H
#define SC_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number's digits without a NUL, at most 20 from base 10 on; how many. */
size_t sc_put_number(char *at, uint64_t number, unsigned base);

/* A number in base (up to 16, in small letters) up to one of the characters in ends, or the end. False: it is none. */
bool sc_read_number(const char *text, unsigned base, const char *ends, uint64_t *ret_value);

/* Decimal digits and at most one of K, M, G (1024, its square, its cube), in either case, behind them. */
bool sc_read_size(const char *text, uint64_t *ret_value);

#endif
