/*
 * assertion_internal.h: private to assertion*.c.
 */
#ifndef SC_ASSERTION_INTERNAL_H
#define SC_ASSERTION_INTERNAL_H

#include "assertion.h"

enum { SC_ASSERT_KEY = 128 };

/* The end of a path of keys and names, KEY.KEY["NAME"].KEY; NULL where it is none. */
const char *sc_assert_scan(const char *path);

/* One key of a path, copied to key (SC_ASSERT_KEY bytes); what follows it, a dot left out. */
const char *sc_assert_next_key(const char *path, char *key);

/*
 * The elements of a list that all names at path[0], ["NAME"]["NAME"], are names of, and behind the names either
 * nothing, and it is how many there are, or a key, and it is the sum of that number. kind: the list's key. 0, or
 * -EINVAL and in ret_cause why there is no such number.
 */
int sc_assert_select(const json_t *report, const json_t *list, const char *kind, const char *path, const char *end,
                     int64_t *ret_number, const char **ret_cause);

#endif
