/*
 * descriptors.h: does the kernel read the bytes that are written to a descriptor.
 *
 * It does for files, pipes, sockets, terminals and disks. It does not for /dev/null and its kind, and cannot be known
 * for other devices. One byte a descriptor remembers the answer, found by one fstat at its first write; every call that
 * closes the number or gives it out anew forgets it.
 */
#ifndef SC_DESCRIPTORS_H
#define SC_DESCRIPTORS_H

#include "state.h"

bool sc_descriptor_reads(int fd);

/* From first to last, both included, the numbers mean something else now. */
void sc_descriptor_forget(unsigned first, unsigned last);

#endif
