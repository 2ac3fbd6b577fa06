/*
 * steps.c: linked into syscap-analyze where all of it is compiled with -fsanitize-coverage=trace-pc: counts the edges
 * of the control flow that are passed and the most bytes of the heap that were in use, and leaves both in the file that
 * STEPS names. What libc does is not seen, but for the comparisons that it calls back.
 */
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/model/hash.h"

#pragma GCC visibility push(default) /* libc and other libraries are to meet these too */

static uint64_t steps, in_use, peak;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void __libc_free(void *block);

/* Two threads read the runs of a pair. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    __atomic_fetch_add(&steps, 1, __ATOMIC_RELAXED);
}

static void *taken(void *block)
{
    size_t bytes = block ? malloc_usable_size(block) : 0;
    uint64_t now = __atomic_add_fetch(&in_use, bytes, __ATOMIC_RELAXED);
    if (now > __atomic_load_n(&peak, __ATOMIC_RELAXED))
        __atomic_store_n(&peak, now, __ATOMIC_RELAXED);
    return block;
}

static void given_back(size_t bytes)
{
    __atomic_fetch_sub(&in_use, bytes, __ATOMIC_RELAXED);
}

void *malloc(size_t bytes)
{
    return taken(__libc_malloc(bytes));
}

void *calloc(size_t count, size_t bytes)
{
    return taken(__libc_calloc(count, bytes));
}

void *realloc(void *block, size_t bytes)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, bytes);
    if (!moved && bytes)
        return NULL;
    given_back(before);
    return taken(moved);
}

/* glibc's own goes to its realloc directly. */
void *reallocarray(void *block, size_t count, size_t bytes)
{
    size_t whole;
    return __builtin_mul_overflow(count, bytes, &whole) ? NULL : realloc(block, whole);
}

void free(void *block)
{
    given_back(block ? malloc_usable_size(block) : 0);
    __libc_free(block);
}

/* The same numbers in every run. */
__attribute__((constructor)) static void begin(void)
{
    sc_hash_seed(1);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("STEPS");
    FILE *out = path ? fopen(path, "w") : NULL;
    if (!out)
        return;
    fprintf(out, "%llu %llu\n", (unsigned long long)steps, (unsigned long long)peak);
    fclose(out);
}
