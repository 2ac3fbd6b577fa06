/* harness NAME-OF-A-SCENE FOLDER: see harness.h. Prints "ok - NAME", or says what is wrong and exits with 1. */
#include "harness.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "../../analyzer/sources/source.h"
#include "../../shim/core/ring.h"
#include "../../shim/session/process.h"
#include "../../shim/session/session_file.h"
#include "../../shim/unwind/modules.h"
#include "../../shim/unwind/unwind.h"

/* What reads programs in memory stays out: no stacks are asked for here, and no build-ids. */
bool sc_unwind_step(struct sc_cursor *cursor, struct sc_stack_walk *walk, enum sc_owner *ret_owner)
{
    (void)cursor;
    (void)walk;
    (void)ret_owner;
    abort();
}

uint32_t sc_modules_epoch(void)
{
    return 0;
}

unsigned sc_modules_build_id(const struct sc_elf_module *object, uint8_t id[SC_BUILD_ID_MOST])
{
    (void)object;
    (void)id;
    return 0;
}

void harness_begin(const char *path, uint64_t limit, bool keep_last, char **argv)
{
    struct sc_options options = {.asked = {.follow = true, .output = path, .max_size = limit, .keep_last = keep_last},
                                 .nonce = 12345};
    sc_process.pid = getpid();
    sc_process.follow = true;
    sc_process_identify(environ, 1, argv);
    CHECK(sc_writer_begin(&sc_process_events));
    CHECK(sc_session_create(&options) == 0 && sc_ring_begin());
    sc_process.interposing = true;
    sc_process.active = true;
    CHECK(sc_writer_get());
}

void harness_record(uint32_t writer, uint64_t number)
{
    struct sc_frame frame;
    if (number % 16 == 15) {
        char name[32];
        snprintf(name, sizeof name, "%u/%llu", writer, (unsigned long long)number);
        const uint64_t args[SC_MAX_ARGS] = {writer, (uint64_t)name, 0, 0};
        sc_begin_call(&frame, SC_NR_openat, args[0], args[1], args[2]);
        sc_end_call(&frame, SC_NR_openat, args, (int64_t)number, NULL);
        return;
    }
    const uint64_t args[SC_MAX_ARGS] = {writer, number, 0};
    sc_begin_call(&frame, SC_NR_lseek, args[0], args[1], args[2]);
    sc_end_call(&frame, SC_NR_lseek, args, (int64_t)number, NULL);
}

struct seen {
    uint64_t *next;
    uint64_t calls;
    uint32_t writers;
    enum harness_lack lack;
};

static void take(struct seen *seen, const struct sc_event *event)
{
    if (event->type != SC_EVENT_CALL)
        return;
    CHECK(event->outcome == SC_DONE && event->nargs >= 3 && event->args[0].state & SC_ARG_VALUE);
    uint64_t writer = (uint64_t)event->args[0].value, number = (uint64_t)event->result;
    CHECK(writer < seen->writers);
    seen->calls++;
    /* a long record found no room, a short one behind it did; or it is the first that was not overwritten */
    if ((seen->lack == HARNESS_LOST || (seen->lack == HARNESS_OLDEST && !seen->next[writer])) &&
        number > seen->next[writer])
        seen->next[writer] = number;
    if (number != seen->next[writer])
        fprintf(stderr, "writer %llu: %llu instead of %llu\n", (unsigned long long)writer, (unsigned long long)number,
                (unsigned long long)seen->next[writer]);
    CHECK(number == seen->next[writer]++);
    if (number % 16 != 15) {
        CHECK((uint64_t)event->args[1].value == number);
        return;
    }
    char name[32];
    int length = snprintf(name, sizeof name, "%llu/%llu", (unsigned long long)writer, (unsigned long long)number);
    CHECK(event->args[1].text_len == (size_t)length && memcmp(event->args[1].text, name, (size_t)length) == 0);
}

uint64_t harness_expect(const char *path, const uint64_t *counts, uint32_t writers, enum harness_lack lack)
{
    struct sc_source *source;
    struct sc_error error = {""};
    struct sc_event events[64];
    struct seen seen = {calloc(writers, sizeof *seen.next), 0, writers, lack};
    int64_t got;
    CHECK(seen.next && sc_source_open(path, &source, &error) == 0);
    while ((got = sc_source_next(source, events, 64, &error)) > 0)
        for (int64_t i = 0; i < got; i++)
            take(&seen, &events[i]);
    CHECK(got == 0);
    const struct sc_run *run = sc_source_run(source);
    CHECK(!run->coverage.damaged);
    uint64_t lost = run->coverage.dropped_records, overwritten = run->coverage.overwritten_calls, missing = 0;
    for (uint32_t i = 0; i < writers; i++) {
        CHECK(seen.next[i] <= counts[i]);
        missing += counts[i];
    }
    missing -= seen.calls;
    if (missing != lost + overwritten)
        fprintf(stderr, "%" PRIu64 " are missing, %" PRIu64 " are said to be\n", missing, lost + overwritten);
    CHECK(missing == lost + overwritten);
    CHECK((lack == HARNESS_LOST || !lost) && (lack == HARNESS_OLDEST || !overwritten));
    sc_source_close(source);
    free(seen.next);
    return missing;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(const char *path, char **argv);
    } scenes[] = {{"threads", scene_threads}, {"signals", scene_signals}, {"fork", scene_fork},
                  {"limit", scene_limit},     {"keep", scene_keep},       {"options", scene_options}};
    char path[4096];
    if (argc != 3)
        return 2;
    snprintf(path, sizeof path, "%s/%s.bin", argv[2], argv[1]);
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        if (strcmp(scenes[i].name, argv[1]) == 0) {
            scenes[i].run(path, argv);
            printf("ok - %s\n", argv[1]);
            return 0;
        }
    return 2;
}
