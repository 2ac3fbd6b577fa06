/*
 * sqlite_tables.h: the tables of to_sqlite.c, and rows into them.
 */
#ifndef SC_SQLITE_TABLES_H
#define SC_SQLITE_TABLES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "../model/report.h"

/* In the file's head: that it is an export of ours ("sysc"), and of which tables. */
#define SC_SQLITE_APPLICATION 0x73797363
#define SC_SQLITE_SCHEMA 2

extern const char sc_sqlite_calls[], sc_sqlite_schema[], sc_sqlite_indexes[];

/* 0, or -errno, of what SQLite gave back. */
int sc_sqlite_error(int result);
/* Statements without rows. 0, or -errno. */
int sc_sqlite_do(sqlite3 *db, const char *statements);

/* A table while rows are added: their columns one after the other, then sc_rows_end_row. */
struct sc_rows {
    sqlite3_stmt *insert;
    int column;
    int error; /* the first one, -errno */
};

/* 0, or -errno. */
int sc_rows_open(sqlite3 *db, const char *name, struct sc_rows *ret_rows);
void sc_rows_close(struct sc_rows *table);

void sc_rows_number(struct sc_rows *table, int64_t value);
void sc_rows_known(struct sc_rows *table, bool known, int64_t value);
/* NULL stays NULL. It has to stay as it is until the row ends. */
void sc_rows_text(struct sc_rows *table, const char *text);
/* 0, or -errno, of the whole row. */
int sc_rows_end_row(struct sc_rows *table);

/* What the report has of all runs: runs, processes, findings, causes. 0, or -errno. */
int sc_sqlite_report(sqlite3 *db, const struct sc_report *report);

#endif
