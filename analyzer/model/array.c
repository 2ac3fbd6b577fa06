#include "array.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ITEMS = 16 };

/* The pointer at array is of any type: it is read and written as bytes. */
static int resize(void *array, size_t items, size_t item_bytes)
{
    void *old;
    memcpy(&old, array, sizeof old);
    void *moved = reallocarray(old, items, item_bytes);
    if (!moved)
        return -ENOMEM;
    memcpy(array, &moved, sizeof moved);
    return 0;
}

int sc_array_grow(void *array, size_t *capacity, size_t needed, size_t item_bytes)
{
    size_t items = *capacity ? *capacity : FIRST_ITEMS;
    if (*capacity && __builtin_mul_overflow(items, 2, &items))
        return -ENOMEM;
    if (items < needed)
        items = needed;
    int error = resize(array, items, item_bytes);
    if (!error)
        *capacity = items;
    return error;
}

int sc_array_reserve_zero(void *array, size_t *capacity, size_t needed, size_t item_bytes)
{
    size_t before = *capacity;
    int error = sc_array_reserve(array, capacity, needed, item_bytes);
    if (error || *capacity == before)
        return error;
    char *items;
    memcpy(&items, array, sizeof items);
    memset(items + before * item_bytes, 0, (*capacity - before) * item_bytes);
    return 0;
}

int sc_array_reserve_next(void *array, size_t index, size_t item_bytes)
{
    size_t items = index ? index : 1;
    if (index & (index - 1))
        return 0;
    if (index && __builtin_mul_overflow(items, 2, &items))
        return -ENOMEM;
    return resize(array, items, item_bytes);
}
