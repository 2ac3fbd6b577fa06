/*
 * session_file.h: the capture's file at the start: creates one, or joins that of our session.
 *
 * Every mapping of a capture holds a shared lock on it (flock). The lock is the open file's: it outlives the descriptor
 * and forks, until the last process has ended. So a capture that is being recorded can be told from a finished one, and
 * is never replaced. On file systems whose flock goes with the descriptor (NFS) it can't.
 */
#ifndef SC_SESSION_FILE_H
#define SC_SESSION_FILE_H

#include "session_options.h"

/*
 * Creates the capture of a new session under options' output name. 0, or -errno (sc_process untouched). options->join
 * is set if we joined a recording that we were started below; -ESTALE: we belong to it but may not write.
 */
int sc_session_create(struct sc_options *options);

/* Joins the session that options describes. 0; -ESTALE if the file is not that very one; -errno. */
int sc_session_join(const struct sc_options *options);

#endif
