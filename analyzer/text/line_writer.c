#include "line_writer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

void sc_line_writer_begin(struct sc_line_writer *log, FILE *out, const struct sc_lines *lines)
{
    log->out = out;
    log->lines = lines;
    log->noted = NULL;
    log->whole = NULL;
    log->error = 0;
    log->used = log->line = 0;
}

void sc_line_writer_note(struct sc_line_writer *log, struct sc_lines *lines, struct sc_sequence *whole)
{
    log->noted = lines;
    log->whole = whole;
}

/* Room for so many bytes more. False where a line would be longer than all of it. */
static bool make_room(struct sc_line_writer *log, size_t len)
{
    if (SC_LOG_BYTES - log->used >= len)
        return true;
    fwrite_unlocked(log->bytes, 1, log->line, log->out);
    log->used -= log->line;
    memmove(log->bytes, log->bytes + log->line, log->used);
    log->line = 0;
    if (SC_LOG_BYTES - log->used < len)
        log->error = -ENOMEM;
    return SC_LOG_BYTES - log->used >= len;
}

void sc_line_writer_add(struct sc_line_writer *log, const char *text, size_t len)
{
    if (!make_room(log, len))
        return;
    memcpy(log->bytes + log->used, text, len);
    log->used += len;
}

void sc_line_writer_text(struct sc_line_writer *log, const char *text)
{
    sc_line_writer_add(log, text, strlen(text));
}

void sc_line_writer_printf(struct sc_line_writer *log, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sc_line_writer_text(log, text);
}

void sc_line_writer_spaces(struct sc_line_writer *log, size_t count)
{
    if (!make_room(log, count))
        return;
    memset(log->bytes + log->used, ' ', count);
    log->used += count;
}

static void note(struct sc_line_writer *log, uint32_t id)
{
    if (sc_sequence_add(log->whole, id))
        log->error = -ENOMEM;
}

void sc_line_writer_end_line(struct sc_line_writer *log)
{
    uint32_t id;
    if (log->whole && sc_lines_intern(log->noted, log->bytes + log->line, log->used - log->line, &id))
        log->error = -ENOMEM;
    else if (log->whole)
        note(log, id);
    sc_line_writer_add(log, "\n", 1);
    log->line = log->used;
}

void sc_line_writer_number(struct sc_line_writer *log, uint32_t id)
{
    size_t len;
    const char *text = sc_lines_get(log->lines, id, &len);
    if (make_room(log, len + 1)) {
        memcpy(log->bytes + log->used, text, len);
        log->bytes[log->used + len] = '\n';
        log->used += len + 1;
    }
    log->line = log->used;
    if (log->whole)
        note(log, id);
}

/* What is needed next is fetched meanwhile: lines stand where they were met first, which is anywhere. */
void sc_line_writer_numbers(struct sc_line_writer *log, const uint32_t *ids, size_t count)
{
    enum { NEAR = 8, FAR = 16 };
    for (size_t i = 0; i < count; i++) {
        if (i + FAR < count)
            sc_lines_fetch(log->lines, ids[i + NEAR], ids[i + FAR]);
        sc_line_writer_number(log, ids[i]);
    }
}

int sc_line_writer_finish(struct sc_line_writer *log)
{
    fwrite_unlocked(log->bytes, 1, log->used, log->out);
    log->used = log->line = 0;
    return log->error;
}
