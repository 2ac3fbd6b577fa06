#include "export.h"

#include <string.h>

/* One a line, so that rows that are added at the same time do not meet. */
/* clang-format off */
static const struct sc_export_ops *const rows[] = {
    &sc_export_csv,
    &sc_export_folded,
    &sc_export_folded_bytes,
    &sc_export_folded_time,
    &sc_export_html,
    &sc_export_jsonl,
    &sc_export_perfetto,
    &sc_export_sqlite,
    &sc_export_strace,
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

const struct sc_export_ops *sc_export_find(const char *name, size_t len)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strlen(rows[i]->name) == len && memcmp(rows[i]->name, name, len) == 0)
            return rows[i];
    return NULL;
}

const struct sc_export_ops *sc_export_row(size_t index)
{
    return index < ROWS ? rows[index] : NULL;
}
