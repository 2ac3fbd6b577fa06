/*
 * array.h: arrays that grow, each with its capacity beside it.
 */
#ifndef SC_ARRAY_H
#define SC_ARRAY_H

#include <stddef.h>

/*
 * Room for needed items in array, an lvalue, of capacity, one of type size_t: both change, or neither. What is new
 * holds anything. 0, or -ENOMEM, also for more than can be counted.
 */
#define SC_RESERVE(array, capacity, needed) sc_array_reserve(&(array), &(capacity), needed, sizeof *(array))

/* The same, and what is new is zero. */
#define SC_RESERVE_ZERO(array, capacity, needed) sc_array_reserve_zero(&(array), &(capacity), needed, sizeof *(array))

/*
 * Room at index in an array that keeps no capacity: it is the power of two behind the index, so items are added one by
 * one, the first at 0 or, where one more is kept behind the last, at 1. 0, or -ENOMEM.
 */
#define SC_RESERVE_NEXT(array, index) sc_array_reserve_next(&(array), index, sizeof *(array))

/* For the macros, and for items whose size is known only when the program runs. array: the address of the pointer. */
int sc_array_grow(void *array, size_t *capacity, size_t needed, size_t item_bytes);
int sc_array_reserve_zero(void *array, size_t *capacity, size_t needed, size_t item_bytes);
int sc_array_reserve_next(void *array, size_t index, size_t item_bytes);

static inline int sc_array_reserve(void *array, size_t *capacity, size_t needed, size_t item_bytes)
{
    return __builtin_expect(needed <= *capacity, 1) ? 0 : sc_array_grow(array, capacity, needed, item_bytes);
}

#endif
