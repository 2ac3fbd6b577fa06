/*
 * fake.h: runs made by hand for the tests of the middle of the pipeline, without any source.
 */
#ifndef SC_TEST_FAKE_H
#define SC_TEST_FAKE_H

#include <string.h>

#include "../../analyzer/model/run.h"
#include "../../analyzer/passes/tally.h"
#include "../../analyzer/why/build_report.h"

struct fake {
    struct sc_run run;
    struct sc_tally *tally;
};

static inline struct sc_event fake_call(enum sc_nr nr, int64_t result)
{
    struct sc_event event = {.type = SC_EVENT_CALL, .outcome = SC_DONE, .desc = sc_call(nr), .result = result};
    event.nargs = event.desc->nargs;
    event.name = event.desc->name;
    event.name_len = event.name ? strlen(event.name) : 0;
    return event;
}

static inline void fake_add(struct fake *fake, enum sc_nr nr, int64_t result, enum sc_data data, unsigned times)
{
    struct sc_event event = fake_call(nr, result);
    event.data = (uint8_t)data;
    while (times--)
        sc_tally_add(fake->tally, &event, 1);
}

/* A capture, seen completely, of a program that exited with 0. */
static inline struct fake fake_run(void)
{
    struct fake fake = {.tally = sc_tally_new()};
    fake.run.kind = SC_RUN_CAPTURE;
    fake.run.mode = SC_MODE_INTERPOSE;
    fake.run.end.kind = SC_ENDED_EXITED;
    fake.run.processes = fake.run.threads = 1;
    fake.run.main_marked = true;
    fake.run.coverage.counters_known = true;
    return fake;
}

static inline struct sc_report_input fake_input(const struct fake *fake, const char *label)
{
    return (struct sc_report_input){.path = "fake.bin", .label = label, .run = &fake->run, .tally = fake->tally};
}

#endif
