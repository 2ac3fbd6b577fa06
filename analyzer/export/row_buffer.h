/*
 * row_buffer.h: rows of text on their way into a file, a field at a time. An export of calls is mostly this, so that an
 * append is a few instructions and there is no printf.
 */
#ifndef SC_ROW_BUFFER_H
#define SC_ROW_BUFFER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Nobody else writes to the file before sc_row_flush. Whether it took everything is asked of the file. */
struct sc_row_buffer {
    FILE *file;
    size_t used;
    char bytes[1 << 16];
};

void sc_row_flush(struct sc_row_buffer *rows);
/* What the buffer has no room for. */
void sc_row_spill(struct sc_row_buffer *rows, const char *bytes, size_t len);

static inline void sc_row_bytes(struct sc_row_buffer *rows, const char *bytes, size_t len)
{
    if (__builtin_expect(len > sizeof rows->bytes - rows->used, 0)) {
        sc_row_spill(rows, bytes, len);
        return;
    }
    memcpy(rows->bytes + rows->used, bytes, len);
    rows->used += len;
}

static inline void sc_row_char(struct sc_row_buffer *rows, char c)
{
    sc_row_bytes(rows, &c, 1);
}

static inline void sc_row_text(struct sc_row_buffer *rows, const char *text)
{
    sc_row_bytes(rows, text, strlen(text));
}

void sc_row_number(struct sc_row_buffer *rows, int64_t value);

/* As a JSON string with its quotes; null for NULL. What is no UTF-8 is shown as the report's JSON shows it: \xNN. */
void sc_row_json(struct sc_row_buffer *rows, const char *text);

/* As a field of RFC 4180, in quotes where it has to be; nothing for NULL. What is no UTF-8 is shown as in JSON. */
void sc_row_csv(struct sc_row_buffer *rows, const char *text);

#endif
