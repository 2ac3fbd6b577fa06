/*
 * filter_options.h: the options that say which calls are looked at.
 */
#ifndef SC_FILTER_OPTIONS_H
#define SC_FILTER_OPTIONS_H

#include "../passes/filter.h"

/*
 * The option --name with that value, NULL where it takes none; both have to outlive the rules. 0, -ENOMEM, or -EINVAL
 * and in ret_why (why_bytes) a line that says what is wrong.
 */
int sc_filter_option(struct sc_filter_rules *rules, const char *name, const char *value, char *ret_why,
                     size_t why_bytes);
void sc_filter_rules_free(struct sc_filter_rules *rules);

#endif
