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
