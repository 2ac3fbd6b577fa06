/*
 * file_roles.h: what a file is called on both sides of a comparison: TABLE.ms/table.f0.
 */
#ifndef SC_FILE_ROLES_H
#define SC_FILE_ROLES_H

#include "../model/files.h"
#include "../text/normalise.h"

/* The role of a path, or of a file that has no path in a directory (regular: false). Owned by the caller; NULL where
 * memory is short. normaliser may be NULL. */
char *sc_make_file_role(struct sc_normaliser *normaliser, const char *path, bool regular);

#endif
