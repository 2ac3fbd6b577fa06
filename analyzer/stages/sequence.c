#include "sequence.h"

#include <errno.h>
#include <stdlib.h>

#include "../model/intern.h"

struct sc_lines {
    struct sc_intern intern;
};

struct sc_lines *sc_lines_new(void)
{
    return calloc(1, sizeof(struct sc_lines));
}

void sc_lines_free(struct sc_lines *lines)
{
    if (lines)
        sc_intern_free(&lines->intern);
    free(lines);
}

int sc_lines_intern(struct sc_lines *lines, const char *line, size_t len, uint32_t *ret_id)
{
    if (lines->intern.count >= SC_FOLD_LOOP)
        return -ENOMEM;
    return sc_intern_add(&lines->intern, line, len, ret_id) < 0 ? -ENOMEM : 0;
}

int sc_lines_intern_many(struct sc_lines *lines, const char *const *texts, const size_t *lens, size_t count,
                         uint32_t *ret_ids)
{
    _Static_assert((int)SC_LINES_MANY <= (int)SC_INTERN_MANY, "handed on as they are");
    if (lines->intern.count >= SC_FOLD_LOOP - SC_LINES_MANY)
        return -ENOMEM;
    return sc_intern_add_many(&lines->intern, texts, lens, count, ret_ids) < 0 ? -ENOMEM : 0;
}

const char *sc_lines_text(const struct sc_lines *lines, uint32_t id)
{
    return sc_intern_text(&lines->intern, id);
}

int sc_sequence_add(struct sc_sequence *sequence, uint32_t id)
{
    if (sequence->count == sequence->capacity) {
        size_t capacity = sequence->capacity ? sequence->capacity * 2 : 1024;
        uint32_t *ids = realloc(sequence->ids, capacity * sizeof *ids);
        if (!ids)
            return -ENOMEM;
        sequence->ids = ids;
        sequence->capacity = capacity;
    }
    sequence->ids[sequence->count++] = id;
    return 0;
}

void sc_sequence_free(struct sc_sequence *sequence)
{
    free(sequence->ids);
    *sequence = (struct sc_sequence){0};
}

/* What is needed next is fetched meanwhile: lines stand where they were met first, which is anywhere. */
void sc_sequence_write(FILE *out, const struct sc_lines *lines, const struct sc_sequence *sequence)
{
    enum { NEAR = 8, FAR = 16 };
    const struct sc_interned *entries = lines->intern.entries;
    for (size_t i = 0; i < sequence->count; i++) {
        if (i + FAR < sequence->count) {
            __builtin_prefetch(&entries[sequence->ids[i + FAR]]);
            __builtin_prefetch(entries[sequence->ids[i + NEAR]].text);
        }
        const struct sc_interned *line = &entries[sequence->ids[i]];
        fwrite_unlocked(line->text, 1, line->len, out);
        putc_unlocked('\n', out);
    }
}
