#include "thresholds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct row {
    const char *name; /* "zero-fill.calls" */
    int64_t value;
    const char *source;
} rows[] = {
#define SC_THRESHOLD(name, id, key, value, source) {id "." key, value, source},
#include "thresholds.def"
};

void sc_thresholds_default(struct sc_thresholds *thresholds)
{
    for (size_t i = 0; i < SC_T_COUNT; i++)
        thresholds->values[i] = rows[i].value;
}

int sc_thresholds_set(struct sc_thresholds *thresholds, const char *text)
{
    const char *equals = strchr(text, '=');
    for (size_t i = 0; equals && i < SC_T_COUNT; i++) {
        size_t len = strlen(rows[i].name);
        if (len != (size_t)(equals - text) || strncmp(text, rows[i].name, len) != 0)
            continue;
        char *end;
        errno = 0;
        long long value = strtoll(equals + 1, &end, 10);
        if (errno || end == equals + 1 || *end || value < 0)
            return -EINVAL;
        thresholds->values[i] = value;
        return 0;
    }
    return -EINVAL;
}

bool sc_is_finding(const char *id, size_t len)
{
    for (size_t i = 0; i < SC_T_COUNT; i++)
        if (strcspn(rows[i].name, ".") == len && strncmp(rows[i].name, id, len) == 0)
            return true;
    return false;
}

void sc_thresholds_list(FILE *out)
{
    for (size_t i = 0; i < SC_T_COUNT; i++)
        fprintf(out, "  %-28s %5" PRId64 "  %s\n", rows[i].name, rows[i].value, rows[i].source);
}
