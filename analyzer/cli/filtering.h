/*
 * filtering.h: the filter of one run, made ready: the run is read once before where that is needed.
 */
#ifndef SC_FILTERING_H
#define SC_FILTERING_H

#include "../passes/filter.h"
#include "../sources/source.h"

struct sc_filtering {
    struct sc_filter *filter; /* NULL: all calls pass */
    struct sc_filter_known known;
    struct sc_source *source; /* what known speaks of */
};

/*
 * For the run that is read from path: of the user's rules, and of what alone was recorded of it. 0, or -errno and
 * ret_error filled. ret_filtering has to stay where it is, and is to be closed in any case.
 */
int sc_filtering_open(const struct sc_filter_rules *rules, const struct sc_run *run, const char *path,
                      const struct sc_terms *terms, enum sc_symbols_mode symbols, struct sc_filtering *ret_filtering,
                      struct sc_error *ret_error);
void sc_filtering_close(struct sc_filtering *filtering);

#endif
