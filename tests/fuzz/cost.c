/*
 * cost.c: what an input costs, against what its size allows: steps (edges of the control flow that are passed; a loop
 * counts with each turn) and bytes of the heap that are in use at a time. Both are counted, not timed, so that they are
 * the same on every machine, and checked as they grow, so that an input that would take hours ends at once.
 */
#include <sanitizer/allocator_interface.h>

#include "../../analyzer/model/hash.h"
#include "fuzz.h"

/*
 * Several times what the dearest inputs of the corpus take, which have a record every ten bytes; the free part is what
 * even an empty file costs (the table of calls, the report).
 */
enum {
    FREE_STEPS = 2000000,
    STEPS_PER_BYTE = 400,
    FREE_BYTES = 16 << 20,
    BYTES_PER_BYTE = 64,
};

static uint64_t steps, most_steps = UINT64_MAX;
static uint64_t in_use, peak, most_in_use;
static bool counting;

/* The compiler puts a call of __sanitizer_cov_trace_pc on each edge; the linker leads it here (fuzz.mk). */
__attribute__((no_sanitize("coverage"))) void __wrap___sanitizer_cov_trace_pc(void);
__attribute__((no_sanitize("coverage"))) void __wrap___sanitizer_cov_trace_pc(void)
{
    if (++steps > most_steps) {
        most_steps = UINT64_MAX;
        fprintf(stderr, "more steps than the size of the input allows\n");
        abort();
    }
}

static void allocated(const volatile void *block, size_t bytes)
{
    (void)block;
    in_use += counting ? bytes : 0;
    peak = in_use > peak ? in_use : peak;
    if (counting && in_use > most_in_use) {
        counting = false;
        fprintf(stderr, "%llu bytes in use, more than the size of the input allows\n", (unsigned long long)in_use);
        abort();
    }
}

static void freed(const volatile void *block)
{
    size_t bytes = counting && block ? __sanitizer_get_allocated_size((const void *)(uintptr_t)block) : 0;
    in_use -= bytes < in_use ? bytes : in_use;
}

void fuzz_cost_begin(size_t input_bytes)
{
    static bool installed;
    if (!installed)
        CHECK(__sanitizer_install_malloc_and_free_hooks(allocated, freed));
    if (!installed)
        sc_hash_seed(1); /* an input takes as many steps wherever it is tried again */
    installed = true;
    steps = in_use = peak = 0;
    most_steps = FREE_STEPS + (uint64_t)STEPS_PER_BYTE * input_bytes;
    most_in_use = FREE_BYTES + (uint64_t)BYTES_PER_BYTE * input_bytes;
    counting = true;
}

void fuzz_cost_end(void)
{
    if (getenv("FUZZ_COST"))
        fprintf(stderr, "cost: %llu steps of %llu, %llu bytes of %llu\n", (unsigned long long)steps,
                (unsigned long long)most_steps, (unsigned long long)peak, (unsigned long long)most_in_use);
    most_steps = UINT64_MAX;
    counting = false;
}
