/* session_begin.h: the process takes its place in a session, or begins one. */
#ifndef SC_SESSION_BEGIN_H
#define SC_SESSION_BEGIN_H

#include "session_options.h"

/*
 * Joins the session that the options describe, or creates its file. False: nothing of this process is recorded; where
 * it was to create one, it has said why.
 *
 * A program that was handed a session and cannot reach it (another user, namespace, mount; the file is gone) is not
 * recorded: its parent's capture says so, nothing is written anywhere else and nothing said.
 */
bool sc_session_begin(struct sc_options *options);

/* The file of that name beside the one at path, into to (SC_PATH_BYTES). False: path names no folder, or it is too
 * long. */
bool sc_name_beside(char *to, const char *path, const char *name);

/* path, or what it means from the working directory, into to (SC_PATH_BYTES). False: there is no room, or no such
 * folder.
 */
bool sc_absolute(char *to, const char *path);

#endif
