/* files_calls.h: calls by hand, for tests of the model of files. */
#ifndef SC_TEST_FILES_CALLS_H
#define SC_TEST_FILES_CALLS_H

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "../../analyzer/model/files.h"

static struct sc_files *files;
static struct sc_access last;
static uint32_t process; /* whose calls these are */

static inline void begin(const char *cwd)
{
    process = 0;
    files = sc_files_new(cwd);
    cr_assert_not_null(files);
}

static inline void setup(void)
{
    begin("/data");
}

static inline void teardown(void)
{
    sc_files_free(files);
}

static inline struct sc_event event_of(enum sc_nr nr, int64_t result)
{
    struct sc_event event = {.type = SC_EVENT_CALL,
                             .outcome = SC_DONE,
                             .process = process,
                             .desc = sc_call(nr),
                             .result = result,
                             .has_duration = true,
                             .duration_ns = 5};
    event.nargs = event.desc->nargs;
    for (unsigned i = 0; i < event.nargs; i++) {
        event.args[i].kind = event.desc->kinds[i];
        event.args[i].state = event.desc->stored & 1 << i ? SC_ARG_VALUE : 0;
    }
    return event;
}

static inline void apply(const struct sc_event *event)
{
    cr_assert_eq(sc_files_apply(files, event, &last), 0);
}

static inline struct sc_arg path(const char *text)
{
    return (struct sc_arg){.kind = SC_KIND_PATH, .state = SC_ARG_TEXT, .text = text, .text_len = strlen(text)};
}

/* A call whose arguments are all numbers. */
#define CALL(nr, result, ...)                                                                                          \
    do {                                                                                                               \
        const int64_t values_[] = {__VA_ARGS__};                                                                       \
        struct sc_event event_ = event_of(nr, result);                                                                 \
        for (unsigned i_ = 0; i_ < sizeof values_ / sizeof values_[0]; i_++)                                           \
            event_.args[i_].value = values_[i_];                                                                       \
        apply(&event_);                                                                                                \
    } while (0)

static inline void open_at(int dir, const char *name, int flags, int64_t fd)
{
    struct sc_event event = event_of(SC_NR_openat, fd);
    event.args[0].value = dir;
    event.args[1] = path(name);
    event.args[2].value = flags;
    apply(&event);
}

static inline void open_file(const char *name, int flags, int64_t fd)
{
    open_at(AT_FDCWD, name, flags, fd);
}

static inline void write_data(int fd, int64_t bytes, enum sc_data data)
{
    struct sc_event event = event_of(SC_NR_write, bytes);
    event.args[0].value = fd;
    event.data = (uint8_t)data;
    apply(&event);
}

static inline void new_process(uint32_t number, uint32_t parent, int pid, enum sc_origin origin)
{
    struct sc_event event = {.type = SC_EVENT_PROCESS,
                             .process = number,
                             .parent = parent,
                             .pid = pid,
                             .origin = (uint8_t)origin,
                             .desc = sc_call(SC_NR_LIMIT)};
    apply(&event);
}

static inline const char *name_of(int fd)
{
    uint32_t file = sc_files_of_descriptor(files, process, fd);
    return file == SC_NO_FILE ? "none" : sc_files_get(files, file)->path;
}

static inline const struct sc_file *file_at(int fd)
{
    return sc_files_get(files, sc_files_of_descriptor(files, process, fd));
}

#define expect_name(fd, expected) cr_expect_str_eq(name_of(fd), expected, "%s", name_of(fd))

#endif
