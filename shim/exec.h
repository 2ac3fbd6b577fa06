/*
 * exec.h: the environment with which the program starts other programs, so that they are captured too.
 */
#ifndef SC_EXEC_H
#define SC_EXEC_H

#include "state.h"

/*
 * The environment for starting path (seen from the folder fd, where that is not negative) or, path being NULL, the
 * descriptor fd's file: environment with the session added, or, where the program cannot load us, without our
 * LD_PRELOAD entry. same_process: exec, not spawn. The array lives in the calling thread's lane until its next exec.
 * Returns environment itself where nothing can or need be done.
 */
char *const *sc_exec_environment(const char *path, int fd, char *const *environment, bool same_process);

/*
 * Finds the file that execvp would run: name itself with a slash in it, else by PATH; in found (SC_PATH_BYTES). Returns
 * found, or NULL where there is none.
 */
const char *sc_exec_search(const char *name, char *found);

#endif
