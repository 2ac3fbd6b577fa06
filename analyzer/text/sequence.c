#include "sequence.h"

#include <stdlib.h>

#include "../model/array.h"
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

const char *sc_lines_get(const struct sc_lines *lines, uint32_t id, size_t *ret_len)
{
    const struct sc_interned *line = &lines->intern.entries[id];
    *ret_len = line->len;
    return line->text;
}

void sc_lines_fetch(const struct sc_lines *lines, uint32_t soon, uint32_t later)
{
    __builtin_prefetch(&lines->intern.entries[later]);
    __builtin_prefetch(lines->intern.entries[soon].text);
}

int sc_lines_merge(struct sc_lines *to, const struct sc_lines *from, uint32_t **ret_ids)
{
    uint32_t count = from->intern.count, *ids = malloc((count + (size_t)1) * sizeof *ids);
    int error = ids ? 0 : -ENOMEM;
    for (uint32_t at = 0; at < count && !error; at += SC_LINES_MANY) {
        const char *texts[SC_LINES_MANY];
        size_t lens[SC_LINES_MANY], many = count - at < SC_LINES_MANY ? count - at : SC_LINES_MANY;
        for (uint32_t i = 0; i < many; i++)
            texts[i] = sc_lines_get(from, at + i, &lens[i]);
        error = sc_lines_intern_many(to, texts, lens, many, ids + at);
    }
    if (error)
        free(ids);
    else
        *ret_ids = ids;
    return error;
}

int sc_sequence_grow(struct sc_sequence *sequence)
{
    return SC_RESERVE(sequence->ids, sequence->capacity, sequence->count + 1);
}

void sc_sequence_renumber(struct sc_sequence *sequence, const uint32_t *ids)
{
    for (size_t i = 0; i < sequence->count; i++)
        sequence->ids[i] = ids[sequence->ids[i]];
}

void sc_sequence_free(struct sc_sequence *sequence)
{
    free(sequence->ids);
    *sequence = (struct sc_sequence){0};
}
