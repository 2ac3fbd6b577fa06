#include "sqlite_tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../model/string_builder.h"
#include "../model/utf8.h"

int sc_sqlite_error(int result)
{
    switch (result & 0xff) { /* what is above tells more of the same */
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return 0;
    case SQLITE_NOMEM: return -ENOMEM;
    case SQLITE_FULL: return -ENOSPC;
    case SQLITE_TOOBIG: return -EFBIG;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY: return -EACCES;
    default: return -EIO;
    }
}

int sc_sqlite_do(sqlite3 *db, const char *statements)
{
    return sc_sqlite_error(sqlite3_exec(db, statements, NULL, NULL, NULL));
}

/* The table's definition says how many columns there are. */
static int count_columns(sqlite3 *db, const char *name, int *ret_count)
{
    char text[64];
    sqlite3_stmt *rows = NULL;
    snprintf(text, sizeof text, "SELECT * FROM %s", name);
    int error = sc_sqlite_error(sqlite3_prepare_v2(db, text, -1, &rows, NULL));
    *ret_count = sqlite3_column_count(rows);
    sqlite3_finalize(rows);
    return error;
}

int sc_rows_open(sqlite3 *db, const char *name, struct sc_rows *ret_rows)
{
    char text[128];
    struct sc_out out;
    int columns;
    *ret_rows = (struct sc_rows){0};
    int error = count_columns(db, name, &columns);
    if (error)
        return error;
    sc_out_begin(&out, text, sizeof text);
    sc_out_text(&out, "INSERT INTO ");
    sc_out_text(&out, name);
    for (int i = 0; i < columns; i++)
        sc_out_text(&out, i ? ",?" : " VALUES (?");
    sc_out_text(&out, ")");
    sc_out_end(&out);
    return sc_sqlite_error(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &ret_rows->insert, NULL));
}

void sc_rows_close(struct sc_rows *table)
{
    sqlite3_finalize(table->insert);
    *table = (struct sc_rows){0};
}

static void bound(struct sc_rows *table, int result)
{
    if (result != SQLITE_OK && !table->error)
        table->error = sc_sqlite_error(result);
}

void sc_rows_number(struct sc_rows *table, int64_t value)
{
    bound(table, sqlite3_bind_int64(table->insert, ++table->column, value));
}

void sc_rows_known(struct sc_rows *table, bool known, int64_t value)
{
    if (known)
        sc_rows_number(table, value);
    else
        bound(table, sqlite3_bind_null(table->insert, ++table->column));
}

void sc_rows_text(struct sc_rows *table, const char *text)
{
    char *copy = NULL;
    const char *shown = text ? sc_utf8_text(text, &copy) : NULL;
    if (text && !shown)
        table->error = -ENOMEM;
    bound(table, sqlite3_bind_text(table->insert, ++table->column, shown, -1, copy ? free : SQLITE_STATIC));
}

int sc_rows_end_row(struct sc_rows *table)
{
    if (!table->error)
        table->error = sc_sqlite_error(sqlite3_step(table->insert));
    sqlite3_reset(table->insert);
    table->column = 0;
    return table->error;
}
