/*
 * present.h: which pages of a mapping are in the process's page table. They got there because it touched them, or one
 * beside them: the kernel maps some around a read. That is all a kernel tells that changes nothing: of a mapping that
 * was not told to (userfaultfd, clear_refs) it keeps no record of what was written.
 */
#ifndef SC_PRESENT_H
#define SC_PRESENT_H

#include <stddef.h>
#include <stdint.h>

struct sc_present_range {
    uint64_t begin, end, unused; /* as the kernel's struct page_region */
};

/* One look, on memory of its own. */
struct sc_present {
    uint64_t at, end; /* what is left to look at; multiples of a page. The caller sets them */
    unsigned count;   /* of ranges that were found */
    int error;        /* -errno: it can't be told */
    struct sc_present_range ranges[1024];
    union {
        uint64_t entries[4096]; /* of /proc/self/pagemap */
        uint8_t scratch[32768]; /* the caller's between two looks */
    };
};

/* Finds the next ranges and moves at on. Makes system calls, some on another thread (helper.h). */
void sc_present_next(struct sc_present *look);

#endif
