/* What could not be seen, as the recorded processes noted it: in the run, and as the report says it. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/render/render.h"
#include "../../common/elf_probe.h"
#include "build_capture.h"
#include "fake.h"

enum { T = BUILD_TICK0 };

static bool warns(const struct sc_run *run, const char *part)
{
    for (size_t i = 0; i < run->warning_count; i++)
        if (strstr(run->warnings[i], part))
            return true;
    return false;
}

static void note(struct build *build, enum sc_note_what what, uint64_t a, uint64_t b)
{
    struct sc_note info = {.tick = T + 5, .process = build->process, .what = what, .a = a, .b = b};
    build_meta(build, SC_META_NOTE, &info, sizeof info, NULL, 0);
}

static void untraced(struct build *build, const char *name, enum sc_untraced reason, uint32_t replaces)
{
    struct sc_untraced_program info = {
        .tick = T + 6, .process = build->process, .reason = reason, .replaces = replaces};
    build_meta(build, SC_META_UNTRACED, &info, sizeof info, name, strlen(name));
}

static struct sc_report report_of(const struct build_events *events)
{
    struct fake fake = {.run = *events->run, .tally = sc_tally_new()};
    struct sc_report report;
    struct sc_report_input inputs[2] = {fake_input(&fake, "A"), fake_input(&fake, "B")};
    cr_assert_eq(sc_report_build(inputs, 2, SC_TAXONOMY_DEFAULT, SC_STARTUP_AUTO, "x", &report), 0);
    sc_tally_free(fake.tally);
    return report;
}

static unsigned lines_with(const struct sc_strings *lines, const char *part)
{
    unsigned count = 0;
    for (size_t i = 0; i < lines->count; i++)
        count += strstr(lines->items[i], part) != NULL;
    return count;
}

/* Is it said, once, as a warning and a reason not to compare? */
static void expect_problem(const struct build_events *events, const char *part, enum sc_known complete)
{
    struct sc_report report = report_of(events);
    cr_expect_eq(lines_with(&report.runs[0].warnings, part), 1, "warnings with '%s'", part);
    cr_expect_eq(lines_with(&report.runs[0].problems, part), 1, "problems with '%s'", part);
    cr_expect_eq(report.runs[0].complete, complete);
    cr_expect_not(report.comparable);
    cr_expect_not_null(strstr(report.why_not, part));
    sc_report_free(&report);
}

/* A run that is complete but for what is added to it. */
static void begin_counted(struct build *build)
{
    build_root(build);
    build_text(build, SC_TEXT_EXE, "/usr/bin/root", 13);
    build_counters(build, 100, false, 0, 0);
}

static struct build_events end_counted(struct build *build)
{
    build_counters(build, 100, true, 0, 0);
    build_process_end(build, SC_END_EXIT, 0, T + 500);
    return build_loaded(build);
}

Test(capture_notes, one_loss_is_one_line)
{
    struct build build;
    begin_counted(&build);
    build_chunk_header(&build)->lost = 12;
    build_chunk_header(&build)->stop_reason = SC_STOP_SPACE;
    build_chunk_header(&build)->stop_errno = ENOSPC;
    struct build_events events = end_counted(&build);
    cr_expect_eq(events.run->coverage.dropped_records, 12);
    cr_expect_eq(events.run->coverage.stop, SC_STOP_SPACE);
    cr_expect_eq(events.run->coverage.stop_errno, ENOSPC);
    expect_problem(&events, "No space left on device; 12 calls found no place", SC_NO);
    expect_problem(&events, "12 calls", SC_NO);
    expect_problem(&events, "stopped early", SC_NO);
    build_unload(&events);
}

Test(capture_notes, stopped_without_a_loss_that_was_counted)
{
    struct build build;
    begin_counted(&build);
    build_header(&build)->any_stop = SC_STOP_DISPATCH;
    struct build_events events = end_counted(&build);
    cr_expect_eq(events.run->coverage.stop, SC_STOP_DISPATCH);
    expect_problem(&events, "syscall user dispatch", SC_NO);
    build_unload(&events);
}

Test(capture_notes, requests_that_are_no_calls)
{
    struct build build;
    begin_counted(&build);
    build_header(&build)->version = SC_VERSION_RINGS - 1;
    note(&build, SC_NOTE_IO_URING, 3, 0);
    note(&build, SC_NOTE_IO_URING, 3, 0);
    struct build_events events = end_counted(&build);
    expect_problem(&events, "2 io_uring set up: requests submitted through it are not in the counts", SC_NO);
    build_unload(&events);
    begin_counted(&build);
    note(&build, SC_NOTE_IO_URING, 3, 0);
    note(&build, SC_NOTE_RING_UNSEEN, 7, 0);
    events = end_counted(&build);
    expect_problem(&events, "7 of 7 requests of io_uring are not in the counts", SC_NO);
    build_unload(&events);
    begin_counted(&build);
    build_header(&build)->version = SC_VERSION_REQUESTS - 1;
    note(&build, SC_NOTE_AIO, 0, 0);
    events = end_counted(&build);
    expect_problem(&events, "1 context of Linux AIO (io_setup) set up: requests submitted", SC_NO);
    build_unload(&events);
}

Test(capture_notes, programs_that_are_not_recorded_by_name_and_reason)
{
    struct build build;
    begin_counted(&build);
    for (unsigned i = 0; i < 12; i++)
        untraced(&build, "bwrap", SC_UNTRACED_CAPTURE, 0);
    untraced(&build, "bwrap", SC_UNTRACED_SETUID, 0);
    note(&build, SC_NOTE_UNTRACED_CHILD, SC_UNTRACED_STATIC, 0); /* as version 2 had it */
    struct build_events events = end_counted(&build);
    cr_assert_eq(events.run->untraced_count, 3);
    cr_expect_str_eq(events.run->untraced[0].name, "bwrap");
    cr_expect_eq(events.run->untraced[0].reason, SC_UNTRACED_CAPTURE);
    cr_expect_eq(events.run->untraced[0].count, 12);
    cr_expect_eq(events.run->untraced[0].pid, 100);
    cr_expect_null(events.run->untraced[2].name);
    struct sc_report report = report_of(&events);
    cr_expect_eq(report.runs[0].complete, SC_NO);
    cr_expect_eq(lines_with(&report.runs[0].warnings, "bwrap x 12 (started by process 100): the capture is not"), 1);
    cr_expect_eq(lines_with(&report.runs[0].warnings, "bwrap x 1 (started by process 100): it is setuid"), 1);
    cr_expect_eq(lines_with(&report.runs[0].problems, "not recorded: bwrap x 12, bwrap x 1, a program x 1"), 1);
    json_t *json = sc_render_json(&report);
    const json_t *list = json_object_get(json_array_get(json_object_get(json, "runs"), 0), "untraced");
    cr_assert_eq(json_array_size(list), 3);
    cr_expect_str_eq(json_string_value(json_object_get(json_array_get(list, 0), "name")), "bwrap");
    cr_expect_eq(json_integer_value(json_object_get(json_array_get(list, 0), "count")), 12);
    json_decref(json);
    sc_report_free(&report);
    build_unload(&events);
}

Test(capture_notes, sites_of_all_programs_and_later_libraries)
{
    struct build build;
    begin_counted(&build);
    note(&build, SC_NOTE_SITES, 500, 5);
    note(&build, SC_NOTE_SITES, 40, 2); /* a library that came later */
    build_chunk(&build, 1, 200, T + 100);
    build_process(&build, 0, 200, SC_ORIGIN_FORK, T + 100);
    note(&build, SC_NOTE_SITES, 10, 1); /* in addition to its parent's */
    build_process(&build, 0, 200, SC_ORIGIN_EXEC, T + 110);
    build_text(&build, SC_TEXT_EXE, "/opt/chrome", 11);
    note(&build, SC_NOTE_SITES, 90000, 700);
    build_chunk(&build, 2, 300, T + 200);
    build_process(&build, 0, 300, SC_ORIGIN_SPAWN, T + 200);
    build_text(&build, SC_TEXT_EXE, "/opt/chrome", 11);
    note(&build, SC_NOTE_SITES, 90000, 768);
    struct build_events events = end_counted(&build);
    const struct sc_run *run = events.run;
    cr_expect_eq(run->coverage.sites_found, 540);
    cr_expect_eq(run->coverage.sites_left, 7);
    cr_assert_eq(run->program_count, 2);
    cr_expect_str_eq(run->programs[0].program, "chrome");
    cr_expect_eq(run->programs[0].left, 768);
    cr_expect_str_eq(run->programs[1].program, "root");
    cr_expect_eq(run->programs[1].found, 550);
    cr_expect_eq(run->programs[1].left, 8);
    build_unload(&events);
}

Test(capture_notes, who_is_not_counted_and_why)
{
    struct build build;
    begin_counted(&build);
    build_child_end(&build, 200, SIGKILL, T + 400);
    build_child_end(&build, 201, SIGKILL, T + 410);
    build_counters(&build, 100, true, 0, 0);
    build_process_end(&build, SC_END_EXIT, 3, T + 500);
    for (uint32_t i = 0; i < 2; i++) {
        build_chunk(&build, 1 + i, 200 + i, T + 100);
        build_process(&build, 0, 200 + i, SC_ORIGIN_FORK, T + 100);
        build_write(&build, 1, 1, SC_DATA_SOME, T + 110);
    }
    build_chunk(&build, 3, 300, T + 200);
    build_process(&build, 0, 300, SC_ORIGIN_SPAWN, T + 200);
    build_text(&build, SC_TEXT_EXE, "/bin/passwd", 11);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 210);
    struct sc_counters counters = {.process = 3, .tid = 300, .at_end = 1};
    build_meta(&build, SC_META_COUNTERS, &counters, sizeof counters, NULL, 0);
    build_process_end(&build, SC_END_EXIT, 0, T + 220);
    struct build_events events = build_loaded(&build);
    cr_assert_not_null(events.run->uncounted);
    cr_expect_str_eq(events.run->uncounted[0], "root (pid 200 and 1 more): killed by SIGKILL");
    cr_expect_str_eq(events.run->uncounted[1],
                     "passwd (pid 300): its counters in /proc could not be read (not dumpable, or no /proc there)");
    cr_expect_null(events.run->uncounted[2]);
    struct sc_report report = report_of(&events); /* said though the exit status is 3 */
    cr_expect_eq(report.runs[0].complete, SC_NOT_KNOWN);
    cr_expect_eq(lines_with(&report.runs[0].warnings, "unknown: root (pid 200 and 1 more): killed by SIGKILL; passwd"),
                 1);
    sc_report_free(&report);
    build_unload(&events);
}

Test(capture_notes, an_unknown_run_is_not_comparable)
{
    struct build build;
    build_root(&build);
    build_text(&build, SC_TEXT_EXE, "/usr/bin/cgo", 12);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    struct sc_counters counters = {.tid = 100, .at_end = 1};
    build_meta(&build, SC_META_COUNTERS, &counters, sizeof counters, NULL, 0);
    build_process_end(&build, SC_END_EXIT, 0, T + 500);
    struct build_events events = build_loaded(&build);
    expect_problem(&events, "how many of its calls were seen is unknown", SC_NOT_KNOWN);
    expect_problem(&events, "cgo (pid 100): its counters in /proc could not be read", SC_NOT_KNOWN);
    build_unload(&events);
}

Test(capture_notes, names_that_were_taken_and_bytes_that_were_not_looked_at)
{
    struct build build;
    begin_counted(&build);
    build_header(&build)->turned_away = 2;
    note(&build, SC_NOTE_NAME_TAKEN, 0, 0);
    note(&build, SC_NOTE_NOT_LOOKED_AT, SC_NOT_ALLOWED, 0);
    note(&build, SC_NOTE_CLOCK, SC_CLOCK_STANDS, 0);
    for (unsigned i = 0; i < 3; i++)
        build_write(&build, 1, 10, SC_DATA_UNSEEN, T + 10 + i);
    build_counters(&build, 100, true, 0, 3);
    struct build_events events = end_counted(&build);
    cr_expect(warns(events.run, "2 other programs wanted this file"));
    cr_expect(warns(events.run, "another name than was asked for"));
    cr_expect(warns(events.run, "The bytes of 3 writes to pipes, sockets or terminals could not be looked at"));
    cr_expect(warns(events.run, "a seccomp filter is in force"));
    cr_expect(warns(events.run, "all times of that process are the last one"));
    build_unload(&events);
}

Test(capture_notes, a_child_that_is_waited_for_twice_is_one)
{
    struct build build;
    begin_counted(&build);
    for (unsigned i = 0; i < 2; i++) { /* waitid with WNOWAIT, then wait */
        build_child_end(&build, 200, 3 << 8, T + 400 + i);
        build_child_end(&build, 999, SIGSEGV, T + 410 + i);
    }
    build_child_end(&build, 999, SIGABRT, T + 420); /* the number was given again */
    build_counters(&build, 100, true, 0, 0);
    build_chunk(&build, 1, 200, T + 100);
    build_process(&build, 0, 200, SC_ORIGIN_FORK, T + 100);
    struct build_events events = build_loaded(&build);
    cr_assert_eq(events.run->child_count, 3);
    cr_expect_eq(events.run->children[0].end.code, 3);
    cr_expect_eq(events.run->children[1].end.signal, SIGSEGV);
    cr_expect_eq(events.run->children[2].end.signal, SIGABRT);
    build_unload(&events);
}

/* A small process leaves the rest of its chunk to a later one. */
static void build_variables(struct build *build, uint32_t what, uint32_t left_out, const void *bytes, size_t count)
{
    struct sc_variables head = {{build->process, what}, left_out};
    build_meta(build, SC_META_TEXT, &head, sizeof head, bytes, count);
}

Test(capture_notes, variables_of_several_records)
{
    struct build build;
    build_root(&build);
    build_variables(&build, SC_TEXT_HASHES, 0, "A\0\1\0\0\0\0\0\0\0BC\0\2\0\0\0\0\0\0\0", 21);
    build_variables(&build, SC_TEXT_HASHES, 3, "D\0\3\0\0\0\0\0\0\0E\0\4\0\0\0\0\0\0", 19); /* one is cut */
    build_text(&build, SC_TEXT_HASHES, "\1\0", 2);                                          /* not even a head */
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    struct build_events events = build_loaded(&build);
    const struct sc_variables_known *known = &events.run->variables;
    cr_assert_eq(known->count, 3);
    cr_expect(known->listed);
    cr_expect_eq(known->left_out, 3);
    static const char *const names[] = {"A", "BC", "D"};
    for (unsigned i = 0; i < known->count; i++) {
        cr_expect_str_eq(known->items[i].entry, names[i]);
        cr_expect(known->items[i].hashed && !known->items[i].has_value && known->items[i].hash == i + 1);
    }
    build_unload(&events);
}

Test(capture_notes, a_chunk_of_several_processes)
{
    struct build build;
    begin_counted(&build);
    build_counters(&build, 100, true, 0, 0);
    build_process_end(&build, SC_END_EXIT, 0, T + 900);
    build_chunk(&build, 1, 200, T + 100);
    for (uint32_t i = 0; i < 3; i++) {
        build.process = 1 + i;
        if (i)
            build_segment(&build, 200, T + 100 + 100 * i); /* the same pid, given again */
        build_process(&build, 0, 200, SC_ORIGIN_SPAWN, T + 100 + 100 * i);
        build_text(&build, SC_TEXT_EXE, i == 1 ? "/bin/two" : "/bin/one", 8);
        build_counters(&build, 200, false, 5, 5);
        build_read(&build, 3, 1, T + 110 + 100 * i);
        build_main(&build, T + 115 + 100 * i);
        build_write(&build, 1, 1 + i, SC_DATA_SOME, T + 120 + 100 * i);
        if (i == 2)
            break;
        build_counters(&build, 200, true, 6, 6);
        build_process_end(&build, SC_END_EXIT, 0, T + 150 + 100 * i);
    }
    struct sc_inflight *flights = build_chunk_header(&build)->inflight;
    flights[0] = (struct sc_inflight){SC_NR_exit_group + 1, T + 245, {0}}; /* of the second one, which is gone */
    flights[1] = (struct sc_inflight){SC_NR_read + 1, T + 330, {7}};       /* of the third one, which was killed */
    struct build_events events = build_loaded(&build);
    unsigned writes = 0, startup = 0;
    for (size_t i = 0; i < events.count; i++) {
        const struct sc_event *event = &events.list[i];
        if (event->type != SC_EVENT_CALL)
            continue;
        startup += event->startup;
        if (event->desc->nr == SC_NR_write)
            cr_expect_eq(event->process, ++writes);
        if (event->outcome == SC_UNFINISHED)
            cr_expect_eq(event->process, event->desc->nr == SC_NR_exit_group ? 2 : 3);
    }
    cr_expect_eq(writes, 3);
    cr_expect_eq(startup, 3);
    cr_expect_eq(events.run->threads, 4);
    cr_expect_str_eq(events.run->uncounted[0], "one (pid 200): no end is recorded: killed, crashed or still running");
    cr_expect_null(events.run->uncounted[1]);
    build_unload(&events);
}
