#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "../../analyzer/text/format_memo.h"
#include "../../analyzer/text/sequence.h"

static char *no_argv[] = {"./prog", NULL};

struct fixture {
    struct sc_run run;
    struct sc_files *files;
    struct sc_formatter formatter;
    struct sc_steps *steps, *other_steps;
    struct sc_memo *memo;
    struct sc_lines *lines;
};

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13, *seed ^= *seed >> 7, *seed ^= *seed << 17;
    return *seed;
}

static void setup(struct fixture *f, bool by_thread)
{
    *f = (struct fixture){.run = {.argv = no_argv, .argc = 1, .cwd = "/data"}};
    f->files = sc_files_new("/data");
    f->steps = sc_steps_new(by_thread);
    f->other_steps = sc_steps_new(by_thread);
    f->memo = sc_memo_new();
    f->lines = sc_lines_new();
    f->formatter = (struct sc_formatter){.files = f->files};
    f->formatter.normaliser = sc_normaliser_new(&f->run, "prog", NULL, NULL, NULL, 0);
    cr_assert(f->files && f->steps && f->other_steps && f->memo && f->lines && f->formatter.normaliser);
}

static void finish(struct fixture *f)
{
    sc_files_free(f->files);
    sc_steps_free(f->steps);
    sc_steps_free(f->other_steps);
    sc_memo_free(f->memo);
    sc_lines_free(f->lines);
    sc_normaliser_free(f->formatter.normaliser);
}

static uint32_t formatted(struct fixture *f, const struct sc_event *event, struct sc_steps *steps)
{
    char line[512];
    uint32_t id;
    f->formatter.steps = steps;
    size_t len = sc_format_line(&f->formatter, event, line, sizeof line);
    cr_assert_eq(sc_lines_intern(f->lines, line, len, &id), 0);
    return id;
}

/* Few different values of everything that a line can depend on, so that calls come again, and as others too. */
static struct sc_event some_call(uint64_t *seed)
{
    static const unsigned numbers[] = {SC_NR_read, SC_NR_write, SC_NR_pread64, SC_NR_pwrite64, SC_NR_lseek};
    static const int64_t results[] = {0, 7, 4096, -EBADF, -EINVAL};
    static const int64_t values[] = {7, 4096, 0, 4103, INT64_MAX, -5, INT64_C(1) << 33, INT64_MIN};
    uint64_t choice = next(seed);
    struct sc_event event = {.type = SC_EVENT_CALL, .outcome = SC_DONE, .desc = sc_call(numbers[choice % 5])};
    event.nargs = event.desc->nargs;
    event.result = results[(choice >> 8) % 8 ? 2 : (choice >> 40) % 5];
    event.data = (uint8_t)((choice >> 12) % 3);
    event.process = (uint32_t)((choice >> 16) % 2);
    event.thread = (uint32_t)((choice >> 20) % 3);
    if ((choice >> 24) % 31 == 0)
        event.outcome = SC_UNFINISHED;
    if ((choice >> 30) % 31 == 0 && event.result < 0)
        event.errno_name = "ERESTARTSYS";
    for (unsigned i = 0; i < event.nargs; i++) {
        struct sc_arg *arg = &event.args[i];
        uint64_t other = next(seed);
        arg->kind = event.desc->kinds[i];
        arg->value = i == 0                        ? (int64_t)(3 + other % 3)
                     : arg->kind == SC_KIND_WHENCE ? (int64_t)(other % 4 * (other % 5))
                                                   : values[other % 64 ? other % 2 : other >> 8 & 7];
        bool pointer = !(event.desc->stored >> i & 1);
        arg->state = pointer ? (other % 4 ? 0 : SC_ARG_NULL) : other % 61 ? SC_ARG_VALUE : 0;
    }
    return event;
}

/* A line that is remembered is the line that formatting makes, for a single thread and for several. */
static void expect_same_lines(bool by_thread)
{
    struct fixture f;
    uint64_t seed = 4711;
    unsigned known[2] = {0, 0}, plain = 0;
    setup(&f, by_thread);
    for (unsigned turn = 0; turn < 200000; turn++) {
        struct sc_event event = some_call(&seed);
        struct sc_access access;
        struct sc_memo_place places[2];
        cr_assert_eq(sc_files_apply(f.files, &event, &access), 0);
        f.formatter.access = &access;
        f.formatter.steps = f.steps;
        sc_memo_fetch(f.memo, &event);
        bool is_plain = sc_memo_places(f.memo, &f.formatter, &event, places);
        uint32_t ids[2], remembered[2];
        ids[0] = formatted(&f, &event, NULL);
        ids[1] = formatted(&f, &event, f.other_steps);
        f.formatter.steps = f.steps;
        if (is_plain)
            sc_steps_move(&f.formatter, &event);
        else
            cr_assert_eq(formatted(&f, &event, f.steps), ids[1]);
        plain += is_plain;
        for (unsigned i = 0; i < 2 && is_plain; i++) {
            if (sc_memo_get(&places[i], &remembered[i])) {
                known[i]++;
                cr_assert_eq(remembered[i], ids[i], "%s, not %s", sc_lines_text(f.lines, remembered[i]),
                             sc_lines_text(f.lines, ids[i]));
            } else {
                sc_memo_put(&places[i], ids[i]);
            }
        }
    }
    cr_expect(plain > 150000 && known[0] > 150000 && known[1] > 150000, "%u plain, %u and %u known", plain, known[0],
              known[1]);
    finish(&f);
}

Test(format_memo, remembered_lines_are_right)
{
    expect_same_lines(false);
}

Test(format_memo, remembered_lines_are_right_with_threads)
{
    expect_same_lines(true);
}
