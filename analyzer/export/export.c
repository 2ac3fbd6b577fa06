#include "export.h"

#include <string.h>

static const struct sc_export_ops *const rows[] = {
    &sc_export_jsonl,
    &sc_export_perfetto,
    &sc_export_sqlite,
};

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
