/*
 * limit.h: how far a count may grow: "writes.zero=0%", "calls=+2%:+10%", "files.TABLE.ms/table.f0.writes=+5".
 */
#ifndef SC_LIMIT_H
#define SC_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

/* A share of what was, in thousandths of a percent, or a number. */
struct sc_allowance {
    bool percent;
    int64_t amount;
};

struct sc_limit {
    char *key;        /* owned; as in a report's JSON, of a run */
    const char *text; /* behind the equals sign; within key */
    struct sc_allowance soft, hard;
    bool has_hard;
};

/* 0, -ENOMEM, or -EINVAL where it can't be read. */
int sc_limit_parse(const char *text, struct sc_limit *ret_limit);
void sc_limit_free(struct sc_limit *limit);

/* Is a growth by that much from what was more than is allowed? */
bool sc_exceeds(const struct sc_allowance *allowance, int64_t was, int64_t growth);

#endif
