// A small C interface to casacore's tables, as a language binding needs it: handles, plain values, error strings.
//
// Functions that return int return 0, or -1 on an error; those that return a pointer return null on an error. The
// text of the error is then in ct_error(). No exception leaves a function, with one exception that casacore leaves
// no way to catch: see ct_report_fatal_as().
//
// A handle belongs to the caller, who frees it with the function of the same family. Columns and rows have to be
// freed before their table. Handles are not thread-safe.
//
// A cell is passed as a pointer to its values in memory, of the column's type: double, int32_t, one byte 0 or 1
// (bool), two floats (complex). Arrays lie with the first axis varying fastest.
#ifndef EXAMPLES_GLUE_H
#define EXAMPLES_GLUE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_layout ct_layout; // the columns of a table that is to be created
typedef struct ct_table ct_table;
typedef struct ct_column ct_column;
typedef struct ct_row ct_row;       // a row of values, not yet in the table
typedef struct ct_record ct_record; // a copy of such a row

enum ct_type { CT_DOUBLE = 0, CT_INT = 1, CT_BOOL = 2, CT_COMPLEX = 3 };
enum ct_storage { CT_STORAGE_DEFAULT = 0, CT_STORAGE_MMAP = 1, CT_STORAGE_BUFFER = 2, CT_STORAGE_CACHE = 3 };

// The text of the last error in this thread. Valid until the next call.
const char *ct_error(void);

// What is left to write is written when a table is closed. casacore closes in a destructor, whose errors nobody can
// catch: after this call such an error prints one line that begins with the name, and ends the process with status 1
// (by default it would abort). The name must stay valid.
void ct_report_fatal_as(const char *program);

ct_layout *ct_layout_new(void);
void ct_layout_free(ct_layout *layout);
int ct_layout_add_scalar(ct_layout *layout, const char *column, int type);
// A column of arrays of one fixed shape; CT_BOOL and CT_COMPLEX only. rows_per_tile 0: stored beside the scalars, in
// the buckets of the standard storage manager. Otherwise in a tiled storage manager of its own.
int ct_layout_add_array(ct_layout *layout, const char *column, int type, const int32_t *shape, size_t ndim,
                        int32_t rows_per_tile);

// Creates the table with its rows; a table that is there is replaced. initialize: casacore writes default values into
// each cell.
ct_table *ct_table_create(const char *path, const ct_layout *layout, uint64_t rows, int initialize, int storage);
void ct_table_close(ct_table *table);

ct_column *ct_column_open(ct_table *table, const char *name);
void ct_column_free(ct_column *column);
int ct_column_put(ct_column *column, uint64_t row, const void *cell);
int ct_column_put_all(ct_column *column, uint64_t rows, const void *cells);
int ct_column_get(ct_column *column, uint64_t row, void *ret_cell);

ct_row *ct_row_open(ct_table *table);
void ct_row_free(ct_row *row);
int ct_row_set(ct_row *row, const char *column, const void *cell);
int ct_row_put(ct_row *row, uint64_t number);
ct_record *ct_row_copy(ct_row *row);
void ct_record_free(ct_record *record);
int ct_row_put_record(ct_row *row, uint64_t number, const ct_record *record);

#ifdef __cplusplus
}
#endif
#endif
