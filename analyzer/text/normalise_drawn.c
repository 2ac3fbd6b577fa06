/*
 * normalise_drawn.c: names that each run makes up for itself, by the files that both made: drawn as mkstemp, Python or
 * Perl draw them, or with the number of the process in them.
 *
 * A draw looks like a word at times. What tells it is that both runs made files whose names are the same around it
 * ("cc", six letters, ".s"), for nobody else or with some that look like no word, and that no file of the other run has
 * that name, in whatever folder.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "normalise_internal.h"

/* Who draws how many characters of which. */
static const struct draw {
    size_t size;
    const char *alphabet;
} draws[] = {
    {6, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},   /* mkstemp */
    {8, "abcdefghijklmnopqrstuvwxyz0123456789_"},                            /* Python's tempfile, multiprocessing */
    {10, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"}, /* Perl's File::Temp, mktemp */
};

enum {
    DRAWS = sizeof draws / sizeof draws[0],
    PLACES = 3,      /* at the name's end, before its ending, or before two: ".cdtor.c" */
    MIN_LEARNED = 3, /* characters before what was drawn, to know other names by them */
    TIME_DIGITS = 10,
};

/* What is around the drawn part of a component. */
struct frame {
    size_t from, to; /* the drawn part */
    bool counts;     /* it ends as numbers do: by itself it tells nothing */
    char key[SC_COMPONENT_MAX];
    size_t key_len;
};

/* Of both runs: how many files each has by the key of a frame. */
struct frames {
    struct sc_intern keys;
    uint64_t (*counts)[2];
    size_t capacity;
};

struct drawer {
    const struct sc_files *files;
    const struct sc_run *run;
    struct sc_rules *rules;
    struct sc_intern names; /* of all its files, without their folders */
    struct sc_intern pids;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *component_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool frame_of(const char *component, size_t len, unsigned which, unsigned place, struct frame *ret)
{
    const struct draw *draw = &draws[which];
    ret->to = len;
    for (unsigned i = 0; i < place; i++) {
        const char *dot = memrchr(component, '.', ret->to);
        if (!dot)
            return false;
        ret->to = (size_t)(dot - component);
    }
    if (len > SC_COMPONENT_MAX - 8 || ret->to < draw->size)
        return false;
    ret->from = ret->to - draw->size;
    size_t digits = 0; /* at the end */
    for (size_t i = ret->from; i < ret->to; i++) {
        if (!strchr(draw->alphabet, component[i]))
            return false;
        digits = is_digit(component[i]) ? digits + 1 : 0;
    }
    ret->key[0] = (char)('0' + which);
    memcpy(ret->key + 1, component, ret->from);
    ret->key[1 + ret->from] = '/'; /* in no component */
    memcpy(ret->key + 2 + ret->from, component + ret->to, len - ret->to);
    ret->key_len = 2 + ret->from + len - ret->to;
    ret->counts = digits >= draws[0].size;
    return digits < draw->size;
}

/* The component with PID for numbers of the run's processes, and TIME for one of seconds beside them. */
static size_t with_pid(const struct drawer *drawer, const char *component, size_t len, char *text)
{
    bool any = false;
    size_t used = 0;
    if (len > SC_COMPONENT_MAX / 4) /* each may become longer */
        return 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        used = 0;
        for (size_t at = 0, to; at < len; at = to) {
            for (to = at + 1; is_word(component[at]) && to < len && is_word(component[to]);)
                to++;
            bool is_pid = sc_intern_find(&drawer->pids, component + at, to - at) != SC_NOT_INTERNED;
            size_t digits = 0;
            while (at + digits < to && is_digit(component[at + digits]))
                digits++;
            const char *shown = is_pid ? "PID" : any && digits == to - at && digits == TIME_DIGITS ? "TIME" : NULL;
            size_t size = shown ? strlen(shown) : to - at;
            memcpy(text + used, shown ? shown : component + at, size);
            used += size;
            any |= is_pid;
        }
    }
    return any ? used : 0;
}

static int count(struct frames *frames, unsigned run, const char *key, size_t len)
{
    uint32_t id;
    if (sc_intern_add(&frames->keys, key, len, &id) ||
        SC_RESERVE_ZERO(frames->counts, frames->capacity, (size_t)id + 1))
        return -ENOMEM;
    frames->counts[id][run]++; /* NOLINT(clang-analyzer-core.NullDereference): reserved just now */
    return 0;
}

/* How many files of both runs have it, or 0 where one run has none. */
static uint64_t worth(const struct frames *frames, const char *key, size_t len)
{
    uint32_t id = sc_intern_find(&frames->keys, key, len);
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what is interned is counted */
    if (id == SC_NOT_INTERNED || !frames->counts[id][0] || !frames->counts[id][1])
        return 0;
    return frames->counts[id][0] + frames->counts[id][1];
}

/* The frame that most files have; a longer draw has to have far more of them, since it has all that a shorter one has.
 */
static uint64_t best_frame(const struct frames *frames, const char *component, size_t len, struct frame *ret)
{
    uint64_t most = 0;
    for (unsigned i = 0; i < DRAWS * PLACES; i++) {
        struct frame frame;
        uint64_t files =
            frame_of(component, len, i / PLACES, i % PLACES, &frame) ? worth(frames, frame.key, frame.key_len) : 0;
        if (files > 2 * most) {
            most = files;
            *ret = frame;
        }
    }
    return most;
}

static size_t show_drawn(const char *component, size_t len, size_t from, size_t to, char *text)
{
    memcpy(text, component, from);
    memcpy(text + from, "TEMP", 4);
    memcpy(text + from + 4, component + to, len - to);
    text[from + 4 + len - to] = '\0';
    return from + 4 + len - to;
}

/* By the full path, and by that from the working directory. */
static int add_name(const struct drawer *drawer, const char *path, const char *name, size_t len)
{
    const char *from_cwd = sc_from_cwd(drawer->run, path);
    int error = sc_rules_add_name(drawer->rules, path, strlen(path), false, name, len);
    if (error >= 0 && from_cwd != path)
        error = sc_rules_add_name(drawer->rules, from_cwd, strlen(from_cwd), false, name, len);
    return error == -ENOMEM ? error : 0;
}

/* A name that was made new, or is there to be deleted. own: for nobody else, as mkstemp does. */
struct made {
    const char *path;
    bool is_new, own, is_folder;
};

static int learn(const struct drawer *drawer, const struct frames *frames, const struct made *made,
                 const char *component)
{
    size_t len = strlen(component);
    struct frame frame;
    char text[SC_COMPONENT_MAX];
    uint32_t id;
    if (best_frame(frames, component, len, &frame)) {
        size_t size = show_drawn(component, len, frame.from, frame.to, text);
        if (frame.from >= MIN_LEARNED && sc_intern_add(&drawer->rules->draws, frame.key, frame.key_len, &id))
            return -ENOMEM;
        return add_name(drawer, made->path, text, size);
    }
    if (!made->own || made->is_folder) /* one of its own has a name that means something, more often than not */
        return 0;
    const char *from_cwd = sc_from_cwd(drawer->run, made->path);
    return sc_intern_add(&drawer->rules->drawn, made->path, strlen(made->path), &id) ||
                   sc_intern_add(&drawer->rules->drawn, from_cwd, strlen(from_cwd), &id)
               ? -ENOMEM
               : 0;
}

/* A name that both runs gave to a file was not drawn. */
static int look_at(const struct drawer drawers[2], struct frames *frames, unsigned run, const struct made *made,
                   bool counting)
{
    const struct drawer *drawer = &drawers[run];
    const char *component = component_of(made->path);
    size_t len = strlen(component);
    char text[SC_COMPONENT_MAX] = {'p'};
    int error = 0;
    if (sc_intern_find(&drawers[1 - run].names, component, len) != SC_NOT_INTERNED)
        return 0;
    size_t with = with_pid(drawer, component, len, text + 1);
    if (with && counting)
        return count(frames, run, text, with + 1);
    if (with && worth(frames, text, with + 1))
        return add_name(drawer, made->path, text + 1, with);
    if (made->is_new && !counting)
        return learn(drawer, frames, made, component);
    for (unsigned i = 0; i < DRAWS * PLACES && made->is_new && counting && !error; i++) {
        struct frame frame;
        if (frame_of(component, len, i / PLACES, i % PLACES, &frame) && !frame.counts &&
            (made->own || sc_looks_drawn(component + frame.from, frame.to - frame.from)))
            error = count(frames, run, frame.key, frame.key_len);
    }
    return error;
}

static int look(const struct drawer drawers[2], struct frames *frames, unsigned run, bool counting)
{
    const struct sc_files *files = drawers[run].files;
    const struct sc_intern *folders = sc_files_private_folders(files);
    int error = 0;
    for (size_t i = 0; i < sc_files_count(files) && !error; i++) {
        const struct sc_file *file = sc_files_get(files, (uint32_t)i);
        const char *names[2];
        unsigned known = file->regular && (file->made || file->made_here) ? sc_names_of(file, names) : 0;
        for (unsigned k = 0; k < known && !error; k++) {
            bool first = names[k] == file->first_path || known == 1;
            /* a name that it was given later is meant to stay, but where none outlives the machine */
            struct made made = {names[k], file->made_here && (first || strncmp(names[k], "/dev/shm/", 9) == 0),
                                file->own && first, false};
            error = look_at(drawers, frames, run, &made, counting);
        }
    }
    for (uint32_t i = 0; i < folders->count && !error; i++) {
        struct made made = {sc_intern_text(folders, i), true, true, true};
        error = look_at(drawers, frames, run, &made, counting);
    }
    return error;
}

static int collect(struct drawer *drawer)
{
    const struct sc_run *run = drawer->run;
    uint32_t id;
    int error = 0;
    for (size_t i = 0; i < sc_files_count(drawer->files) && !error; i++) {
        const struct sc_file *file = sc_files_get(drawer->files, (uint32_t)i);
        const char *names[2];
        unsigned known = sc_names_of(file, names);
        for (unsigned k = 0; k < known && !error; k++) {
            const char *name = component_of(names[k]);
            error = sc_intern_add(&drawer->names, name, strlen(name), &id);
        }
    }
    const struct sc_intern *folders = sc_files_private_folders(drawer->files);
    for (uint32_t i = 0; i < folders->count && !error; i++) {
        const char *name = component_of(sc_intern_text(folders, i));
        error = sc_intern_add(&drawer->names, name, strlen(name), &id);
    }
    for (size_t i = 0; i <= run->child_count && !error; i++) {
        char pid[16];
        int32_t number = i < run->child_count ? run->children[i].pid : run->root_pid;
        int len = snprintf(pid, sizeof pid, "%d", (int)number);
        error = number > 1 ? sc_intern_add(&drawer->pids, pid, (size_t)len, &id) : 0;
    }
    return error;
}

int sc_rules_find_drawn(struct sc_rules *const rules[2], const struct sc_files *const files[2],
                        const struct sc_run *const runs[2])
{
    struct frames frames = {0};
    struct drawer drawers[2];
    int error = 0;
    for (unsigned i = 0; i < 2; i++) {
        drawers[i] = (struct drawer){.files = files[i], .run = runs[i], .rules = rules[i]};
        error = error ? error : collect(&drawers[i]);
    }
    for (unsigned i = 0; i < 4 && !error; i++) /* both are counted before either is named */
        error = look(drawers, &frames, i % 2, i < 2);
    for (unsigned i = 0; i < 2; i++) {
        sc_intern_free(&drawers[i].names);
        sc_intern_free(&drawers[i].pids);
    }
    sc_intern_free(&frames.keys);
    free(frames.counts);
    return error ? -ENOMEM : 0;
}

const char *sc_rules_drawn(const struct sc_rules *rules, const char *path, size_t begin, size_t end, char *text)
{
    struct frame frame;
    for (unsigned i = 0; i < DRAWS * PLACES && rules->draws.count; i++) {
        if (!frame_of(path + begin, end - begin, i / PLACES, i % PLACES, &frame) ||
            sc_intern_find(&rules->draws, frame.key, frame.key_len) == SC_NOT_INTERNED)
            continue;
        show_drawn(path + begin, end - begin, frame.from, frame.to, text);
        return text;
    }
    return NULL;
}
