/*
 * exec.h: how the program starts other programs, so that they are captured too.
 */
#ifndef SC_EXEC_H
#define SC_EXEC_H

#include "../core/state.h"

/*
 * The environment for starting path (seen from the directory fd, where that is not negative) or, path being 0, the
 * descriptor fd's file: environment with the session added, or, where the program cannot be recorded, without our
 * LD_PRELOAD entry. same_process: exec, not spawn. The array lives in the calling thread's writer until its next exec.
 * Returns environment itself where nothing can or need be done.
 */
sc_addr sc_exec_environment(sc_addr path, int fd, sc_addr environment, bool same_process);

/*
 * Finds the file that execvp would run: name itself with a slash in it, else by PATH. Returns the address of its name,
 * which lives in the calling thread's writer until the next search, or 0 where there is none.
 */
sc_addr sc_exec_search(sc_addr name);

#endif
