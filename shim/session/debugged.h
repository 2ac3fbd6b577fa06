/* debugged.h: whether a debugger traces the process (ptrace), which is going to be told of what it executes. */
#ifndef SC_DEBUGGED_H
#define SC_DEBUGGED_H

#include <stdbool.h>

/* Takes a descriptor for a moment: core/helper.h. A debugger would find our loader in a static program's place, and no
 * memory where its breakpoints are to be. */
bool sc_is_debugged(void);

#endif
