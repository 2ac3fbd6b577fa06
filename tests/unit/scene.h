/*
 * scene.h: a run acted out call by call through the model of the files and the ledger, for the tests of findings and
 * causes. Every call takes 10 ns, unless told otherwise.
 */
#ifndef SC_TEST_SCENE_H
#define SC_TEST_SCENE_H

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../analyzer/why/breakdown.h"
#include "../../analyzer/why/findings.h"
#include "fake.h"

struct scene {
    struct fake fake;
    struct sc_files *files;
    struct sc_ledger *ledger;
    uint64_t site, duration_ns;
    bool startup;
};

static inline struct scene scene_new(void)
{
    static const struct sc_ledger_sizes small = {.write = 4096, .read = 4096, .output = 1024};
    struct scene scene = {.fake = fake_run(), .files = sc_files_new("/data"), .ledger = sc_ledger_new(&small)};
    scene.duration_ns = 10;
    scene.fake.run.has_times = true;
    return scene;
}

static inline void scene_free(struct scene *scene)
{
    sc_files_free(scene->files);
    sc_ledger_free(scene->ledger);
    sc_tally_free(scene->fake.tally);
}

static inline void scene_play(struct scene *scene, struct sc_event *event)
{
    struct sc_access access;
    event->site = scene->site;
    event->startup = scene->startup;
    event->has_duration = true;
    event->duration_ns = scene->duration_ns;
    cr_assert_eq(sc_files_apply(scene->files, event, &access), 0);
    cr_assert_eq(sc_ledger_add(scene->ledger, &scene->fake.run, scene->files, event, &access, true), 0);
    cr_assert_eq(sc_tally_add(scene->fake.tally, event, 1), 0);
}

static inline struct sc_event scene_event(enum sc_nr nr, int64_t result)
{
    struct sc_event event = fake_call(nr, result);
    for (unsigned i = 0; i < event.nargs; i++) {
        event.args[i].kind = event.desc->kinds[i];
        event.args[i].state = event.desc->stored & 1 << i ? SC_ARG_VALUE : 0;
    }
    return event;
}

/* A call whose arguments are numbers. */
#define PLAY(scene, nr, result, ...)                                                                                   \
    do {                                                                                                               \
        const int64_t values_[] = {__VA_ARGS__};                                                                       \
        struct sc_event event_ = scene_event(nr, result);                                                              \
        for (unsigned i_ = 0; i_ < sizeof values_ / sizeof values_[0]; i_++) {                                         \
            event_.args[i_].value = values_[i_];                                                                       \
            event_.args[i_].state |= SC_ARG_VALUE;                                                                     \
        }                                                                                                              \
        scene_play(scene, &event_);                                                                                    \
    } while (0)

/* A call with a path as its first or, behind AT_FDCWD, second argument. */
static inline void scene_path(struct scene *scene, enum sc_nr nr, const char *path, int64_t flags, int64_t result)
{
    struct sc_event event = scene_event(nr, result);
    unsigned at = event.args[0].kind == SC_KIND_DIRFD;
    event.args[0].value = AT_FDCWD;
    event.args[at].state = SC_ARG_TEXT;
    event.args[at].text = path;
    event.args[at].text_len = strlen(path);
    event.args[at + 1].value = flags;
    scene_play(scene, &event);
}

static inline void scene_open(struct scene *scene, const char *path, int flags, int fd)
{
    scene_path(scene, SC_NR_openat, path, flags, fd);
}

/* A new and empty file that can be read and written. */
static inline void scene_create(struct scene *scene, const char *path, int fd)
{
    scene_open(scene, path, O_RDWR | O_CREAT | O_TRUNC, fd);
}

static inline void scene_write(struct scene *scene, int fd, int64_t bytes, enum sc_data data)
{
    struct sc_event event = scene_event(SC_NR_write, bytes);
    event.args[0].value = fd;
    event.data = (uint8_t)data;
    scene_play(scene, &event);
}

static inline void scene_pwrite(struct scene *scene, int fd, int64_t bytes, int64_t at, enum sc_data data)
{
    struct sc_event event = scene_event(SC_NR_pwrite64, bytes);
    event.args[0].value = fd;
    event.args[3].value = at;
    event.args[3].state |= SC_ARG_VALUE;
    event.data = (uint8_t)data;
    scene_play(scene, &event);
}

static inline void scene_read(struct scene *scene, int fd, int64_t bytes)
{
    PLAY(scene, SC_NR_read, bytes, fd, 0, bytes);
}

static inline void scene_pread(struct scene *scene, int fd, int64_t bytes, int64_t at)
{
    PLAY(scene, SC_NR_pread64, bytes, fd, 0, bytes, at);
}

static inline void scene_seek(struct scene *scene, int fd, int64_t to)
{
    PLAY(scene, SC_NR_lseek, to, fd, to, SEEK_SET);
}

static inline void scene_rename(struct scene *scene, const char *from, const char *to, int64_t result)
{
    struct sc_event event = scene_event(SC_NR_rename, result);
    const char *const names[2] = {from, to};
    for (unsigned i = 0; i < 2; i++) {
        event.args[i].state = SC_ARG_TEXT;
        event.args[i].text = names[i];
        event.args[i].text_len = strlen(names[i]);
    }
    scene_play(scene, &event);
}

static inline void scene_map(struct scene *scene, int fd)
{
    PLAY(scene, SC_NR_mmap, 0x7f0000000000, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static inline struct sc_run_view scene_run_view(const struct scene *scene)
{
    return (struct sc_run_view){&scene->fake.run, scene->files, scene->ledger, NULL, NULL};
}

static inline struct sc_report_input scene_input(const struct scene *scene, const char *label)
{
    struct sc_report_input input = fake_input(&scene->fake, label);
    input.files = scene->files;
    input.ledger = scene->ledger;
    return input;
}

#endif
