/*
 * write_behind.h: a file that a thread of its own writes, while what comes next is made. Of an export of ten million
 * calls the kernel's copying is a quarter to a third.
 */
#ifndef SC_WRITE_BEHIND_H
#define SC_WRITE_BEHIND_H

#include <stdio.h>

/*
 * fd is the file's from here on. What could not be written shows at the latest in fclose, with errno as write left it.
 * Short texts need no thread and get none. NULL, with fd as it was: memory is short.
 */
FILE *sc_write_behind(int fd);

#endif
