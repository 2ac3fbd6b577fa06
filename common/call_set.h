/*
 * call_set.h: a set of calls as strace's -e trace= writes it: names, classes, all of them or all but them.
 */
#ifndef SC_CALL_SET_H
#define SC_CALL_SET_H

#include "calls.h"

struct sc_call_set {
    bool has[SC_NR_LIMIT];
    bool others; /* those without a row in our table: they can be in "all" and in "!..." only */
};

enum { SC_CALL_WORD_BYTES = 64 };

/*
 * "read,write", "%file", "!lseek", "%desc,%network", "all": names may hold * and ?, classes are strace's (%file, %desc,
 * %network, %process, %memory, %signal, %ipc, %stat, %clock) and our categories (%write_ops ...), with or without the %
 * as strace has it. 0, or -EINVAL and in ret_bad the word that is unknown.
 */
int sc_call_set_parse(const char *text, struct sc_call_set *ret_set, char ret_bad[SC_CALL_WORD_BYTES]);

/* Of a number that may have no row. */
static inline bool sc_call_set_has(const struct sc_call_set *set, unsigned nr)
{
    return sc_call(nr)->name ? set->has[nr] : set->others;
}

#endif
