/*
 * string_builder.h: a line under construction: append only, bounded, never allocating.
 *
 * Formatting is the analyzer's hottest loop after reading, so these are a few instructions each and there is no printf.
 * What does not fit is dropped and remembered; sc_out_end then marks the line as cut.
 */
#ifndef SC_STRING_BUILDER_H
#define SC_STRING_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct sc_out {
    char *begin, *at;
    char *end; /* one byte before the capacity's: room for the NUL */
    bool cut;
};

/* capacity must be at least 1. */
static inline void sc_out_begin(struct sc_out *out, char *text, size_t capacity)
{
    out->begin = out->at = text;
    out->end = text + capacity - 1;
    out->cut = false;
}

static inline void sc_out_char(struct sc_out *out, char c)
{
    if (__builtin_expect(out->at < out->end, 1))
        *out->at++ = c;
    else
        out->cut = true;
}

static inline void sc_out_bytes(struct sc_out *out, const char *bytes, size_t len)
{
    size_t room = (size_t)(out->end - out->at);
    if (__builtin_expect(len > room, 0)) {
        len = room;
        out->cut = true;
    }
    memcpy(out->at, bytes, len);
    out->at += len;
}

static inline void sc_out_text(struct sc_out *out, const char *text)
{
    sc_out_bytes(out, text, strlen(text));
}

void sc_out_unsigned(struct sc_out *out, uint64_t value);
void sc_out_signed(struct sc_out *out, int64_t value);

/* With leading zeros, as printf's %0*lu; count: at most 20. */
void sc_out_digits(struct sc_out *out, uint64_t value, unsigned count);

/* As printf's %#lx: 0x1f, and 0 alone for zero. */
void sc_out_hex(struct sc_out *out, uint64_t value);

/* A mode: octal with a leading 0 and at least three digits: 000, 022, 0644. */
void sc_out_mode(struct sc_out *out, uint32_t mode);

/*
 * In double quotes, with what is no printable ASCII escaped as strace does (\n, \33, \303): the line stays one line,
 * and a hostile name cannot send anything to a terminal.
 */
void sc_out_quoted(struct sc_out *out, const char *bytes, size_t len);

/* The same without the quotes, for names between angle brackets: there < and > are escaped too. */
void sc_out_escaped(struct sc_out *out, const char *bytes, size_t len);

/* Ends the line with a NUL, and with "..." where something was dropped. Returns its length. */
size_t sc_out_end(struct sc_out *out);

#endif
