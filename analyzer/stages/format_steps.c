#include <stdlib.h>

#include "format_args.h"

enum which { LAST_SEEK, LAST_READ, LAST_WRITE, LAST_COUNT };

struct last {
    bool known[LAST_COUNT];
    int64_t at[LAST_COUNT];
};

struct sc_steps {
    struct last *files; /* by index in the model */
    size_t capacity;
};

struct sc_steps *sc_steps_new(void)
{
    return calloc(1, sizeof(struct sc_steps));
}

void sc_steps_free(struct sc_steps *steps)
{
    if (steps)
        free(steps->files);
    free(steps);
}

static struct last *last_of(struct sc_steps *steps, uint32_t file)
{
    if (file >= steps->capacity) {
        size_t capacity = (size_t)file + file / 2 + 16;
        struct last *files = realloc(steps->files, capacity * sizeof *files);
        if (!files)
            return NULL;
        memset(files + steps->capacity, 0, (capacity - steps->capacity) * sizeof *files);
        steps->files = files;
        steps->capacity = capacity;
    }
    return &steps->files[file];
}

/* Which of a file's offsets this argument moves, or -1. */
static int which_offset(const struct sc_event *event)
{
    switch (event->desc->nr) {
    case SC_NR_lseek: return (event->args[2].state & SC_ARG_VALUE) && event->args[2].value == 0 ? LAST_SEEK : -1;
    case SC_NR_pread64:
    case SC_NR_preadv:
    case SC_NR_preadv2: return LAST_READ;
    case SC_NR_pwrite64:
    case SC_NR_pwritev:
    case SC_NR_pwritev2: return LAST_WRITE;
    default: return -1;
    }
}

bool sc_line_step(const struct sc_line *line, unsigned i)
{
    const struct sc_formatter *formatter = line->formatter;
    const struct sc_event *event = line->event;
    int which = which_offset(event);
    if (!formatter->steps || line->failed || which < 0 || !(event->args[0].state & SC_ARG_VALUE))
        return false;
    uint32_t file = formatter->access
                        ? formatter->access->file
                        : sc_files_of_descriptor(formatter->files, event->process, (int)event->args[0].value);
    struct last *last = file == SC_NO_FILE ? NULL : last_of(formatter->steps, file);
    if (!last)
        return false;
    int64_t offset = event->args[i].value;
    int64_t step;
    bool known = last->known[which] && !__builtin_sub_overflow(offset, last->at[which], &step);
    last->known[which] = true;
    last->at[which] = offset;
    if (!known)
        return false;
    if (step >= 0)
        sc_out_char(line->out, '+');
    sc_out_signed(line->out, step);
    return true;
}
