/*
 * session_file.h: the capture's file at the start: a new one, or that of the session that we belong to.
 *
 * Whoever has a capture mapped holds a shared lock on it (flock): the lock is the open file's, which a mapping keeps
 * when the descriptor is closed, through forks, until the last process has ended. So a capture that is being recorded
 * can be told from one that is done, and is never replaced.
 */
#ifndef SC_SESSION_FILE_H
#define SC_SESSION_FILE_H

#include "session_options.h"

/* Creates the capture of a new session at options' output name. 0, or -errno (with sc_process untouched); options->join
 * then says whether it is one that is being recorded and that we were started below. -ESTALE: that one, and we may not.
 */
int sc_session_create(struct sc_options *options);

/* Joins the session that options describes. 0; -ESTALE where the file is not that very one; -errno. */
int sc_session_join(const struct sc_options *options);

#endif
