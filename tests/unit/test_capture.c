#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "build_capture.h"

enum { T = BUILD_TICK0 };

static const struct sc_event *call_of(const struct build_events *events, enum sc_nr nr, unsigned nth)
{
    for (size_t i = 0; i < events->count; i++)
        if (events->list[i].type == SC_EVENT_CALL && events->list[i].desc->nr == nr && nth-- == 0)
            return &events->list[i];
    cr_assert_fail("call %d is missing", nr);
    return NULL;
}

static size_t count_type(const struct build_events *events, enum sc_event_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->list[i].type == type;
    return count;
}

static bool warns(const struct sc_run *run, const char *part)
{
    for (size_t i = 0; i < run->warning_count; i++)
        if (strstr(run->warnings[i], part))
            return true;
    return false;
}

Test(capture, a_little_run)
{
    struct build build;
    build_little(&build);
    struct build_events events = build_loaded(&build);
    const struct sc_run *run = events.run;
    cr_assert_eq(events.count, 11); /* 8 calls, process, main, end */
    cr_expect_eq(events.list[0].type, SC_EVENT_PROCESS);
    cr_expect_eq(events.list[0].origin, SC_ORIGIN_ROOT);
    cr_expect_eq(events.list[1].desc->nr, SC_NR_read);
    cr_expect(events.list[1].startup);
    cr_expect_eq(events.list[2].type, SC_EVENT_MAIN);
    const struct sc_event *open = call_of(&events, SC_NR_openat, 0);
    cr_expect_not(open->startup);
    cr_expect_eq(open->args[0].value, AT_FDCWD);
    cr_expect_eq(open->args[1].state, SC_ARG_TEXT);
    cr_expect_str_eq(open->args[1].text, "data.bin");
    cr_expect_eq(open->result, 3);
    cr_expect_eq(open->start_ns, T + 110);
    cr_expect_eq(open->duration_ns, 10);
    cr_expect_eq(open->site, 0x555500);
    cr_expect_eq(call_of(&events, SC_NR_write, 0)->data, SC_DATA_ZERO);
    cr_expect_eq(call_of(&events, SC_NR_write, 1)->data, SC_DATA_SOME);
    cr_expect_eq(call_of(&events, SC_NR_read, 1)->result, -EBADF);
    cr_expect_eq(call_of(&events, SC_NR_exit_group, 0)->outcome, SC_NO_RETURN);
    cr_expect_eq(events.list[10].type, SC_EVENT_PROCESS_END);
    cr_expect(run->main_marked && run->has_times && !run->startup_seen && !run->launched);
    cr_expect_eq(run->argc, 3);
    cr_expect_str_eq(run->argv[1], "--rows");
    cr_expect_null(run->argv[3]);
    cr_expect_str_eq(run->cwd, "/data");
    cr_expect_str_eq(run->exe, "/usr/bin/little");
    cr_expect_eq(run->end.kind, SC_ENDED_EXITED);
    cr_expect_eq(run->end.code, 0);
    cr_expect_eq(run->processes, 1);
    cr_expect_eq(run->threads, 1);
    cr_expect_eq(run->warning_count, 0);
    cr_expect(run->coverage.counters_known && !run->coverage.damaged);
    cr_expect_eq(run->coverage.read_calls_seen, 1, "EBADF is not counted by the kernel");
    cr_expect_eq(run->coverage.read_calls_kernel, 1);
    cr_expect_eq(run->coverage.write_calls_seen, 2);
    cr_expect_eq(run->coverage.write_calls_kernel, 2);
    build_unload(&events);
}

Test(capture, batches_of_any_size_yield_the_same)
{
    struct build build;
    build_little(&build);
    const char *path = build_save(&build, build.size);
    build_free(&build);
    for (size_t batch = 1; batch < 13; batch++) {
        struct sc_source *source;
        struct sc_error error;
        struct sc_event events[16];
        size_t total = 0;
        cr_assert_eq(sc_source_open(path, &source, &error), 0);
        for (int64_t got; (got = sc_source_next(source, events, batch, &error)) != 0; total += (size_t)got)
            cr_assert_gt(got, 0);
        cr_expect_eq(total, 11);
        cr_expect_eq(sc_source_next(source, events, batch, &error), 0);
        uint64_t done, all;
        sc_source_progress(source, &done, &all);
        cr_expect(all > 0 && done == all);
        sc_source_close(source);
    }
    build_remove(path);
}

Test(capture, threads_are_merged_by_start)
{
    struct build build;
    build_root(&build);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    build_write(&build, 1, 4, SC_DATA_SOME, T + 400);
    build_chunk(&build, 0, 101, T + 100);
    build_write(&build, 1, 2, SC_DATA_SOME, T + 110);
    build_write(&build, 1, 5, SC_DATA_SOME, T + 500);
    build_chunk(&build, 0, 102, T + 200);
    build_write(&build, 1, 3, SC_DATA_SOME, T + 210);
    build_write(&build, 1, 6, SC_DATA_SOME, T + 600);
    /* the main thread's second chunk */
    build_chunk(&build, 0, 100, T + 450);
    build_write(&build, 1, 7, SC_DATA_SOME, T + 700);
    struct build_events events = build_loaded(&build);
    static const unsigned threads[] = {0, 1, 2, 0, 1, 2, 0};
    for (unsigned i = 0; i < 7; i++) {
        cr_expect_eq(call_of(&events, SC_NR_write, i)->result, i + 1);
        cr_expect_eq(call_of(&events, SC_NR_write, i)->thread, threads[i]);
    }
    cr_expect_eq(events.run->threads, 3);
    cr_expect_not(events.run->coverage.counters_known);
    cr_expect_eq(events.run->end.kind, SC_ENDED_UNKNOWN);
    build_unload(&events);
}

Test(capture, a_handlers_calls_come_after_the_call_that_they_interrupted)
{
    struct build build;
    build_root(&build);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    build_write(&build, 1, 3, SC_DATA_SOME, T + 110); /* within the next one */
    build_write(&build, 1, 4, SC_DATA_SOME, T + 130);
    build_write(&build, 1, 2, SC_DATA_SOME, T + 100);
    build_write(&build, 1, 5, SC_DATA_SOME, T + 200);
    struct build_events events = build_loaded(&build);
    for (unsigned i = 0; i < 5; i++)
        cr_expect_eq(call_of(&events, SC_NR_write, i)->result, i + 1);
    build_unload(&events);
}

Test(capture, a_thread_number_given_again_is_another_thread)
{
    struct build build;
    build_root(&build);
    build_chunk(&build, 0, 101, T + 10);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 20);
    struct sc_thread_end end = {.tick = T + 40, .process = 0, .tid = 101};
    build_meta(&build, SC_META_THREAD_END, &end, sizeof end, NULL, 0);
    build_segment(&build, 101, T + 50);
    build_write(&build, 1, 2, SC_DATA_SOME, T + 60);
    struct build_events events = build_loaded(&build);
    cr_expect_neq(call_of(&events, SC_NR_write, 0)->thread, call_of(&events, SC_NR_write, 1)->thread);
    build_unload(&events);
}

Test(capture, forked_children_and_how_they_ended)
{
    struct build build;
    build_root(&build);
    build_child_end(&build, 200, 3 << 8, T + 900);
    build_child_end(&build, 999, SIGSEGV, T + 910);
    build_process_end(&build, SC_END_EXIT, 4, T + 920);
    build_chunk(&build, 1, 200, T + 100);
    build_process(&build, 0, 200, SC_ORIGIN_FORK, T + 100);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 110);
    build_process_end(&build, SC_END_IMMEDIATE, 0, T + 120); /* the parent's wait knows better */
    build_chunk(&build, 2, 300, T + 200);
    build_process(&build, 1, 300, SC_ORIGIN_SPAWN, T + 200);
    build_text(&build, SC_TEXT_ARGV, "/bin/cat\0x", 11);
    build_process_end(&build, SC_END_ABORT, 0, T + 220);
    struct build_events events = build_loaded(&build);
    const struct sc_run *run = events.run;
    cr_expect_eq(count_type(&events, SC_EVENT_PROCESS), 3);
    cr_expect_eq(run->end.code, 4);
    cr_expect_eq(run->processes, 3);
    cr_assert_eq(run->child_count, 3);
    cr_expect_eq(run->children[0].pid, 200);
    cr_expect_eq(run->children[0].end.code, 3);
    cr_expect_str_eq(run->children[1].command, "cat");
    cr_expect_eq(run->children[1].end.signal, SIGABRT);
    cr_expect_eq(run->children[2].process, UINT32_MAX);
    cr_expect_eq(run->children[2].end.signal, SIGSEGV);
    for (size_t i = 0; i < events.count; i++)
        if (events.list[i].type == SC_EVENT_PROCESS && events.list[i].pid == 300)
            cr_expect(events.list[i].parent == 1 && events.list[i].process == 2);
    build_unload(&events);
}

Test(capture, exec_is_the_same_process_and_a_failed_one_is_one_call)
{
    struct build build;
    build_root(&build);
    build_main(&build, T + 5);
    struct sc_record exec = {.nr = SC_NR_execve, .start = T + 10, .noreturn = true};
    build_record(&build, exec);
    build_counters(&build, 100, true, 1, 1);
    exec.noreturn = false;
    exec.result = -ENOENT;
    exec.duration = 30;
    build_record(&build, exec);
    exec.start = T + 100;
    exec.noreturn = true;
    exec.result = 0;
    exec.duration = 0;
    build_record(&build, exec);
    build_counters(&build, 100, true, 1, 1);
    build_chunk(&build, 0, 100, T + 200);
    build_process(&build, 0, 100, SC_ORIGIN_EXEC, T + 200);
    build_counters(&build, 100, false, 11, 11);
    build_read(&build, 0, 1, T + 210);
    build_main(&build, T + 220);
    build_read(&build, 0, 1, T + 230);
    build_counters(&build, 100, true, 13, 11);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(call_of(&events, SC_NR_execve, 0)->result, -ENOENT);
    cr_expect_eq(call_of(&events, SC_NR_execve, 1)->outcome, SC_NO_RETURN);
    cr_expect_eq(count_type(&events, SC_EVENT_EXEC), 1);
    cr_expect_eq(count_type(&events, SC_EVENT_MAIN), 2);
    cr_expect(call_of(&events, SC_NR_read, 0)->startup);
    cr_expect_not(call_of(&events, SC_NR_read, 1)->startup);
    cr_expect_eq(events.run->processes, 1);
    cr_expect(events.run->coverage.counters_known);
    cr_expect_eq(events.run->coverage.read_calls_kernel, 3);
    cr_expect_eq(events.run->coverage.read_calls_seen, 2);
    build_unload(&events);
}

Test(capture, reads_before_an_exec_that_were_not_counted_leave_the_coverage_unknown)
{
    struct build build;
    build_root(&build);
    build_counters(&build, 100, false, 1, 1);
    build_counters(&build, 100, true, 1, 1);
    build_chunk(&build, 1, 200, T + 100);
    build_process(&build, 0, 200, SC_ORIGIN_FORK, T + 100);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 110);
    build_chunk(&build, 1, 200, T + 200);
    build_process(&build, 1, 200, SC_ORIGIN_EXEC, T + 200);
    build_counters(&build, 200, false, 11, 1);
    build_counters(&build, 200, true, 11, 1);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(count_type(&events, SC_EVENT_EXEC), 1);
    cr_expect_not(events.run->coverage.counters_known);
    build_unload(&events);
}

Test(capture, killed_in_a_call)
{
    struct build build;
    build_root(&build);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    build_chunk_header(&build)->inflight[0] = (struct sc_inflight){SC_NR_write + 1, T + 50, {4, 0, 512}};
    struct build_events events = build_loaded(&build);
    const struct sc_event *last = &events.list[events.count - 1];
    cr_expect_eq(last->outcome, SC_UNFINISHED);
    cr_expect_eq(last->desc->nr, SC_NR_write);
    cr_expect_eq(last->args[0].value, 4);
    cr_expect_eq(last->args[2].value, 512);
    cr_expect_eq(last->start_ns, T + 50);
    cr_expect_not(last->has_duration);
    cr_expect_eq(events.run->end.kind, SC_ENDED_UNKNOWN);
    cr_expect_not(events.run->coverage.counters_known);
    build_unload(&events);
}

Test(capture, killed_in_handlers_within_calls)
{
    struct build build;
    build_root(&build);
    for (unsigned i = 0; i < 5; i++) /* more than are put in order at a time */
        build_write(&build, 1, 1, SC_DATA_SOME, T + 10 + i);
    for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++)
        build_chunk_header(&build)->inflight[i] = (struct sc_inflight){SC_NR_read + 1, T + 50 + i, {i, 0, 512}};
    build_chunk_header(&build)->inflight[1].nr1 = 0; /* one that was just taken */
    struct build_events events = build_loaded(&build);
    cr_assert_geq(events.count, 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct sc_event *event = &events.list[events.count - 3 + i];
        cr_expect_eq(event->outcome, SC_UNFINISHED);
        cr_expect_eq(event->args[0].value, i + (i > 0));
        cr_expect_eq(event->start_ns, T + 50 + i + (i > 0));
    }
    cr_expect_neq(events.list[events.count - 4].outcome, SC_UNFINISHED);
    build_unload(&events);
}

Test(capture, a_call_in_flight_that_is_recorded_already_counts_once)
{
    struct build build;
    build_little(&build);
    build_chunk_header(&build)->inflight[0] = (struct sc_inflight){SC_NR_exit_group + 1, T + 230, {0}};
    struct build_events events = build_loaded(&build);
    cr_expect_eq(events.count, 11);
    build_unload(&events);
}

Test(capture, the_launcher_knows_the_end_best)
{
    struct build build;
    build_little(&build);
    build_header(&build)->launched = 2;
    build_header(&build)->wait_status = SIGKILL;
    struct build_events events = build_loaded(&build);
    cr_expect(events.run->launched);
    cr_expect_eq(events.run->end.kind, SC_ENDED_SIGNALED);
    cr_expect_eq(events.run->end.signal, SIGKILL);
    build_unload(&events);
}

Test(capture, losses_of_processes_without_a_chunk)
{
    struct build build;
    build_root(&build);
    build_chunk_header(&build)->lost = 3;
    build_header(&build)->lost = 9;
    build_header(&build)->stop_reason = SC_STOP_MEMORY;
    build_header(&build)->stop_errno = EINVAL;
    struct build_events events = build_loaded(&build);
    cr_expect_eq(events.run->coverage.dropped_records, 12);
    cr_expect_eq(events.run->coverage.stop, SC_STOP_MEMORY);
    cr_expect_eq(events.run->coverage.stop_errno, EINVAL);
    build_unload(&events);
}

Test(capture, extras_by_kind)
{
    struct build build;
    build_root(&build);
    struct sc_record copy = {
        .nr = SC_NR_copy_file_range, .start = T + 1, .args = {3, 0, 4, 0, 100}, .result = 100, .nulls = 1 << 1};
    copy.extras[0] = (struct sc_extra){SC_EXTRA_VALUE, 3, 600};
    copy.extra_count = 1;
    build_record(&build, copy);
    struct sc_record pipe = {.nr = SC_NR_pipe2, .start = T + 20};
    pipe.extras[0] = (struct sc_extra){SC_EXTRA_VALUE, 0, 5};
    pipe.extras[1] = (struct sc_extra){SC_EXTRA_VALUE, 0, 6};
    pipe.extra_count = 2;
    build_record(&build, pipe);
    struct build_events events = build_loaded(&build);
    const struct sc_event *event = call_of(&events, SC_NR_copy_file_range, 0);
    cr_expect_eq(event->args[1].state, SC_ARG_NULL);
    cr_expect_eq(event->args[3].state, 0);
    cr_expect_eq(event->args[3].extra_count, 1);
    cr_expect_eq(event->args[3].extra[0], 500, "where it began: after minus result");
    event = call_of(&events, SC_NR_pipe2, 0);
    cr_expect_eq(event->args[0].extra[1], 6);
    build_unload(&events);
}

/* An older reader, as it were: the capture knows a call that this program does not, and its layout differs. */
Test(capture, the_captures_own_table_is_believed)
{
    struct build build;
    build_root(&build);
    struct sc_file_header *header = build_header(&build);
    struct sc_file_call *rows = (struct sc_file_call *)(build.bytes + header->calls_offset);
    rows[header->calls_count++] = (struct sc_file_call){.nr = 700,
                                                        .nargs = 2,
                                                        .ret = SC_RET_L,
                                                        .expect = 1,
                                                        .category = SC_CAT_WRITE,
                                                        .stored = 3,
                                                        .kinds = {SC_KIND_FD, 200},
                                                        .name = "write_new"};
    header->version = SC_VERSION + 1;
    struct sc_call_desc like = *sc_call(SC_NR_ftruncate); /* two stored arguments */
    like.nr = 700;
    like.expect = 1;
    struct sc_record record = {.nr = 700, .desc = &like, .start = T + 10, .args = {3, 77}, .result = 77};
    uint8_t *at = build.bytes + build.chunk + build_chunk_header(&build)->used;
    build_chunk_header(&build)->used += (uint32_t)(sc_encode(at, &record, &build.base) - at);
    struct build_events events = build_loaded(&build);
    const struct sc_event *event = &events.list[events.count - 1];
    cr_expect_eq(event->name_len, 9);
    cr_expect_eq(strncmp(event->name, "write_new", 9), 0);
    cr_expect_eq(event->desc->category, SC_CAT_WRITE);
    cr_expect_eq(event->args[1].kind, SC_KIND_HEX);
    cr_expect_eq(event->result, 77);
    cr_expect(warns(events.run, "newer"));
    build_unload(&events);
}

static struct sc_file_call *row_of(struct build *build, unsigned nr)
{
    struct sc_file_call *row = (struct sc_file_call *)(build->bytes + build_header(build)->calls_offset);
    while (row->nr != nr)
        row++;
    return row;
}

/* A writer from before there was PIPE_FLAGS; what is stored in another way stays as it says. */
Test(capture, an_older_kind_of_number_is_todays)
{
    struct build build;
    build_root(&build);
    row_of(&build, SC_NR_pipe2)->kinds[1] = SC_KIND_OPEN_FLAGS;
    row_of(&build, SC_NR_lseek)->kinds[1] = SC_KIND_LONG;
    row_of(&build, SC_NR_fstat)->kinds[1] = SC_KIND_STATX;
    row_of(&build, SC_NR_close)->kinds[0] = SC_KIND_HEX;
    struct sc_record pipe = {.nr = SC_NR_pipe2, .start = T + 10, .args = {0, O_CLOEXEC}, .result = -EMFILE};
    struct sc_record stat = {.nr = SC_NR_fstat, .start = T + 20, .args = {3}, .result = -EBADF};
    build_record(&build, pipe);
    build_record(&build, stat);
    build_lseek(&build, 3, 5, SEEK_SET, 5, T + 30);
    build_close(&build, 3, T + 40);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(call_of(&events, SC_NR_pipe2, 0)->args[1].kind, SC_KIND_PIPE_FLAGS);
    cr_expect_eq(call_of(&events, SC_NR_lseek, 0)->args[1].kind, SC_KIND_OFF, "as wide");
    cr_expect_eq(call_of(&events, SC_NR_fstat, 0)->args[1].kind, SC_KIND_STATX, "no number");
    cr_expect_eq(call_of(&events, SC_NR_close, 0)->args[0].kind, SC_KIND_HEX, "wider");
    build_unload(&events);
}

Test(capture, reserved_and_unused_space_is_no_damage)
{
    struct build build;
    build_root(&build);
    size_t unused = build.size;
    build_chunk(&build, 0, 100, T + 10);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 20);
    memset(build.bytes + unused, 0, build.size - unused); /* never published: no magic */
    build.bytes[unused + offsetof(struct sc_chunk, bytes)] = 64;
    build_chunk(&build, 0, 100, T + 30);
    build_write(&build, 1, 2, SC_DATA_SOME, T + 40);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(call_of(&events, SC_NR_write, 0)->result, 2);
    cr_expect_not(events.run->coverage.damaged);
    cr_expect_eq(events.run->warning_count, 0);
    build_unload(&events);
}

Test(capture, damage_costs_the_rest_of_its_chunk_only)
{
    struct build build;
    build_root(&build);
    build_write(&build, 1, 1, SC_DATA_SOME, T + 10);
    size_t damaged = build.chunk + build_chunk_header(&build)->used;
    build_write(&build, 1, 2, SC_DATA_SOME, T + 20);
    build.bytes[damaged] = 0xff; /* a meta record of no known kind */
    build.bytes[damaged + 1] = 0x03;
    build_chunk(&build, 0, 101, T + 30);
    build_write(&build, 1, 3, SC_DATA_SOME, T + 40);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(call_of(&events, SC_NR_write, 0)->result, 1);
    cr_expect_eq(call_of(&events, SC_NR_write, 1)->result, 3);
    char place[64];
    snprintf(place, sizeof place, "byte %zu: damaged record", damaged);
    cr_expect(warns(events.run, place));
    cr_expect(events.run->coverage.damaged);
    build_unload(&events);
}

Test(capture, a_killed_run_takes_its_clock_from_its_chunks)
{
    struct build build;
    build_root(&build);
    build_header(&build)->tick1 = build_header(&build)->mono1 = 0;
    build_chunk(&build, 0, 100, T + 4000000);
    build_chunk_header(&build)->open_mono = T + 2000000; /* two ticks a nanosecond */
    build_write(&build, 1, 1, SC_DATA_SOME, T + 4000100);
    struct build_events events = build_loaded(&build);
    cr_expect_eq(call_of(&events, SC_NR_write, 0)->start_ns, T + 2000050);
    cr_expect_eq(call_of(&events, SC_NR_write, 0)->duration_ns, 5);
    build_unload(&events);
}
