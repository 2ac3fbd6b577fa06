#include <stdlib.h>

#include "../model/array.h"
#include "../model/index.h"
#include "format_internal.h"

enum which { LAST_SEEK, LAST_READ, LAST_WRITE, LAST_COUNT };

struct last {
    bool known[LAST_COUNT];
    int64_t at[LAST_COUNT];
};

struct sc_steps {
    struct last *lasts; /* by the file's index in the model, or by number in places */
    size_t capacity;
    bool by_thread;
    struct sc_index places; /* by thread and file: as they were met */
};

struct sc_steps *sc_steps_new(bool by_thread)
{
    struct sc_steps *steps = calloc(1, sizeof *steps);
    if (steps)
        steps->by_thread = by_thread;
    return steps;
}

void sc_steps_free(struct sc_steps *steps)
{
    if (steps) {
        free(steps->lasts);
        sc_index_free(&steps->places);
    }
    free(steps);
}

static struct last *last_of(struct sc_steps *steps, uint32_t thread, uint32_t file)
{
    uint32_t at = file;
    if (steps->by_thread) {
        uint64_t key = (uint64_t)thread << 32 | file;
        at = sc_index_get(&steps->places, key);
        if (at == SC_INDEX_NONE) {
            at = (uint32_t)steps->places.count;
            if (sc_index_put(&steps->places, key, at))
                return NULL;
        }
    }
    if (SC_RESERVE_ZERO(steps->lasts, steps->capacity, (size_t)at + 1))
        return NULL;
    return &steps->lasts[at];
}

/* Which of a file's offsets this argument moves, or -1. */
static int which_offset(const struct sc_event *event)
{
    switch (event->desc->means) {
    case SC_MEANS_SEEK: return (event->args[2].state & SC_ARG_VALUE) && event->args[2].value == 0 ? LAST_SEEK : -1;
    case SC_MEANS_PREAD: return LAST_READ;
    case SC_MEANS_PWRITE: return LAST_WRITE;
    default: return -1;
    }
}

/* Where the offset of that event was last, and which one it is. NULL where steps do not apply. */
static struct last *find(const struct sc_formatter *formatter, const struct sc_event *event, int *ret_which)
{
    *ret_which = which_offset(event);
    bool failed = event->outcome != SC_DONE || sc_event_failed(event);
    if (!formatter->steps || failed || *ret_which < 0 || !(event->args[0].state & SC_ARG_VALUE))
        return NULL;
    uint32_t file = formatter->access
                        ? formatter->access->file
                        : sc_files_of_descriptor(formatter->files, event->process, (int)event->args[0].value);
    return file == SC_NO_FILE ? NULL : last_of(formatter->steps, event->thread, file);
}

static int64_t offset_of(const struct sc_event *event)
{
    return event->args[event->desc->means == SC_MEANS_SEEK ? 1 : 3].value;
}

bool sc_step_known(const struct sc_formatter *formatter, const struct sc_event *event, int64_t *ret_step)
{
    int which;
    const struct last *last = find(formatter, event, &which);
    return last && last->known[which] && !__builtin_sub_overflow(offset_of(event), last->at[which], ret_step);
}

void sc_steps_move(const struct sc_formatter *formatter, const struct sc_event *event)
{
    int which;
    struct last *last = find(formatter, event, &which);
    if (!last)
        return;
    last->known[which] = true;
    last->at[which] = offset_of(event);
}

bool sc_line_step(const struct sc_line *line)
{
    int64_t step;
    bool known = sc_step_known(line->formatter, line->event, &step);
    sc_steps_move(line->formatter, line->event);
    if (!known)
        return false;
    if (step >= 0)
        sc_out_char(line->out, '+');
    sc_out_signed(line->out, step);
    return true;
}
