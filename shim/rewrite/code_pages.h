/*
 * code_pages.h: the pages of the code that is being changed, one segment at a time: made writable, copied, and sealed.
 *
 * They are executable all the time: only we run in them meanwhile, and running code is never without its execute bit.
 */
#ifndef SC_CODE_PAGES_H
#define SC_CODE_PAGES_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

/* A segment's, as PROT_. */
int sc_code_protection(const Elf64_Phdr *segment);

/* Makes [begin, end) writable, if it is not yet. False: it may not be. */
bool sc_code_writable(uint64_t begin, uint64_t end);

/*
 * The page of that address is about to be written to, and is copied: a fault costs more than the copy. Sites lie close
 * together: the kernel is asked for each run of pages that have some, and a page between two costs less than to ask
 * once more. Addresses ascend; 0 ends the last run, and nothing more is copied until sc_code_done. Where the kernel
 * can't do it (before Linux 5.14) there are faults.
 */
void sc_code_copy(uint64_t address);

/* Its pages are as they were; nothing where they never were writable. */
void sc_code_done(const Elf64_Phdr *segment, uint64_t begin, uint64_t end);

#endif
