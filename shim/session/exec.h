/* exec.h: prepares the start of other programs, so that they are captured too. */
#ifndef SC_EXEC_H
#define SC_EXEC_H

#include "../core/state.h"

/*
 * What the kernel is given where what the program asked for would not be recorded: our loader, for a statically linked
 * program, with the arguments that the kernel would have given an interpreter.
 */
struct sc_exec_instead {
    sc_addr path; /* 0: what was asked for */
    sc_addr argv; /* given as the program gave it */
};

/*
 * The environment for starting path (relative to the directory fd, unless negative) or, if path is 0, the file of
 * descriptor fd: environment plus the session or, if the program cannot be recorded, minus our LD_PRELOAD entry.
 * same_process: exec, not spawn. The array is in the calling thread's writer until its next exec. Returns environment
 * itself if nothing can or need be done. instead: NULL where the caller can start nothing but what it was asked for,
 * and a statically linked program is not recorded.
 */
sc_addr sc_exec_environment(sc_addr path, int fd, sc_addr environment, bool same_process,
                            struct sc_exec_instead *instead);

/*
 * Finds the file that execvp would run: name itself with a slash in it, else by PATH. Returns the address of its name,
 * which lives in the calling thread's writer until the next search, or 0 where there is none.
 */
sc_addr sc_exec_search(sc_addr name);

#endif
