#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../analyzer/passes/sites.h"
#include "../../analyzer/render/render.h"
#include "build_capture.h"

static void module(struct build *build, const char *path, uint64_t begin)
{
    struct sc_module info = {.process = build->process, .bias = begin, .begin = begin, .end = begin + 0x1000};
    build_meta(build, SC_META_MODULE, &info, sizeof info, path, strlen(path));
}

/* A write of 100 bytes from stack[0]. */
static void call(struct build *build, const uint64_t *stack, size_t depth, uint64_t start)
{
    struct sc_record record = {
        .nr = SC_NR_write, .start = start, .duration = 10, .site = stack[0], .result = 100, .data = SC_DATA_ZERO};
    record.args[0] = 3;
    record.args[2] = 100;
    if (depth) {
        uint8_t payload[SC_STACK_BYTES(64) + 8];
        cr_assert_leq(depth, 64);
        size_t bytes = sc_encode_stack(payload, stack, (unsigned)depth);
        uint32_t offset = build_meta(build, SC_META_STACK, payload, bytes, NULL, 0);
        record.extras[0] = (struct sc_extra){SC_EXTRA_STACK, 0, offset};
        record.extra_count = 1;
    }
    build_record(build, record);
}

static struct sc_report_sites report(const struct build *build, bool stacks)
{
    const char *path = build_save(build, build->size);
    struct build_events events = build_load(path);
    struct sc_sites *sites = sc_sites_new(stacks);
    cr_assert_eq(sc_sites_add(sites, events.list, events.count), 0);
    struct sc_symbols *symbols = sc_symbols_new(events.run);
    struct sc_report_sites report;
    cr_assert_eq(sc_sites_report(sites, symbols, true, &report), 0);
    sc_symbols_free(symbols);
    sc_sites_free(sites);
    build_unload(&events);
    build_remove(path);
    return report;
}

Test(sites, calls_are_counted_by_place_whatever_the_process)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, here[] = {0x10010}, there[] = {0x20020}, moved[] = {0x70010}, nowhere[] = {0x99};
    build_begin(&build);
    build_chunk(&build, 0, 100, t);
    build_process(&build, 0, 100, SC_ORIGIN_ROOT, t);
    module(&build, "/lib/a.so", 0x10000);
    module(&build, "/lib/b.so", 0x20000);
    for (unsigned i = 0; i < 3; i++)
        call(&build, here, 0, t + 20 * i + 10);
    call(&build, there, 0, t + 110);
    call(&build, nowhere, 0, t + 130);
    build_chunk(&build, 1, 101, t + 200); /* forked: the same modules */
    build_process(&build, 0, 101, SC_ORIGIN_FORK, t + 200);
    call(&build, here, 0, t + 210);
    build_chunk(&build, 2, 102, t + 300); /* another start address */
    build_process(&build, 0, 102, SC_ORIGIN_SPAWN, t + 300);
    module(&build, "/lib/a.so", 0x70000);
    call(&build, moved, 0, t + 310);
    struct sc_report_sites found = report(&build, false);
    cr_assert_eq(found.count, 3);
    cr_expect_eq(found.total, 3);
    cr_expect_str_eq(found.items[0].name, "a.so+0x10");
    cr_expect_str_eq(found.items[0].module, "/lib/a.so");
    cr_expect_str_eq(found.items[0].call, "write");
    cr_expect_eq(found.items[0].calls, 5);
    cr_expect_eq(found.items[0].bytes, 500);
    cr_expect_eq(found.items[0].time_ns, 50);
    cr_expect_str_eq(found.items[1].name, "b.so+0x20");
    cr_expect_str_eq(found.items[2].name, "unknown at 0x99");
    cr_expect_null(found.branches);
    sc_report_sites_free(&found);
    build_free(&build);
}

Test(sites, after_an_exec_addresses_mean_something_else)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, here[] = {0x10010};
    build_begin(&build);
    build_chunk(&build, 0, 100, t);
    build_process(&build, 0, 100, SC_ORIGIN_ROOT, t);
    module(&build, "/bin/first", 0x10000);
    call(&build, here, 0, t + 10);
    build_process(&build, 0, 100, SC_ORIGIN_EXEC, t + 50);
    module(&build, "/bin/second", 0x10000);
    call(&build, here, 0, t + 60);
    call(&build, here, 0, t + 80);
    struct sc_report_sites found = report(&build, false);
    cr_assert_eq(found.count, 2);
    cr_expect_str_eq(found.items[0].name, "second+0x10");
    cr_expect_eq(found.items[0].calls, 2);
    cr_expect_str_eq(found.items[1].name, "first+0x10");
    sc_report_sites_free(&found);
    build_free(&build);
}

static void loaded(struct build *build, const char *path, uint64_t begin, uint64_t tick)
{
    struct sc_module_loaded info = {
        .tick = tick, .module = {.process = build->process, .bias = begin, .begin = begin, .end = begin + 0x1000}};
    build_meta(build, SC_META_LOADED, &info, sizeof info, path, strlen(path));
}

static void unloaded(struct build *build, uint64_t begin, uint64_t end, uint64_t tick)
{
    struct sc_module_unloaded info = {.tick = tick, .process = build->process, .begin = begin, .end = end};
    build_meta(build, SC_META_UNLOADED, &info, sizeof info, NULL, 0);
}

static uint64_t calls_from(const struct sc_report_sites *sites, const char *name)
{
    uint64_t calls = 0;
    for (size_t i = 0; i < sites->count; i++)
        calls += strcmp(sites->items[i].name, name) == 0 ? sites->items[i].calls : 0;
    return calls;
}

Test(sites, modules_come_and_go_at_the_same_addresses)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, here[] = {0x10010}, rest[] = {0x10810};
    build_root(&build);
    call(&build, here, 0, t + 10); /* nothing is there yet */
    for (unsigned i = 0; i < 3; i++) {
        uint64_t at = t + 100 + 100 * i;
        loaded(&build, i == 1 ? "/lib/b.so" : "/lib/a.so", 0x10000, at);
        for (unsigned k = 0; k <= i; k++)
            call(&build, here, 0, at + 10 + 20 * k);
        if (i == 1) { /* a child has what was there when it was forked */
            build_chunk(&build, 1, 200, at + 70);
            build_process(&build, 0, 200, SC_ORIGIN_FORK, at + 70);
            call(&build, here, 0, at + 500);
            build.process = 0;
            build_chunk(&build, 0, 100, at + 80);
        }
        unloaded(&build, 0x10000, i == 2 ? 0x10800 : 0x11000, at + 90); /* of the last one a part */
    }
    call(&build, here, 0, t + 800);
    call(&build, rest, 0, t + 820);
    struct sc_report_sites found = report(&build, false);
    cr_expect_eq(calls_from(&found, "a.so+0x10"), 5, "one from before it came, as nothing else was there");
    cr_expect_eq(calls_from(&found, "b.so+0x10"), 3);
    cr_expect_eq(calls_from(&found, "unknown at 0x10010"), 1);
    cr_expect_eq(calls_from(&found, "unknown at 0x10810"), 1, "what lost a part is gone");
    sc_report_sites_free(&found);
    build_free(&build);
}

/* A child's first record comes with its first call, when its parent's modules may be others. */
Test(sites, a_child_has_the_modules_of_the_fork_and_not_of_its_first_call)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, here[] = {0x10010};
    build_root(&build);
    loaded(&build, "/lib/a.so", 0x10000, t + 5);
    build_record(&build, (struct sc_record){.nr = SC_NR_clone, .start = t + 10, .duration = 5, .result = 200});
    unloaded(&build, 0x10000, 0x11000, t + 50);
    loaded(&build, "/lib/b.so", 0x10000, t + 60);
    call(&build, here, 0, t + 70);
    build_chunk(&build, 1, 200, t + 100);
    build_process(&build, 0, 200, SC_ORIGIN_FORK, t + 100);
    call(&build, here, 0, t + 110);
    call(&build, here, 0, t + 130);
    struct sc_report_sites found = report(&build, false);
    cr_expect_eq(calls_from(&found, "a.so+0x10"), 2);
    cr_expect_eq(calls_from(&found, "b.so+0x10"), 1);
    sc_report_sites_free(&found);
    build_free(&build);
}

Test(sites, stacks_are_read_with_what_was_mapped_then)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, stack[] = {0x10010, 0x10020};
    build_root(&build);
    loaded(&build, "/lib/a.so", 0x10000, t + 5);
    call(&build, stack, 2, t + 10);
    unloaded(&build, 0x10000, 0x11000, t + 50);
    loaded(&build, "/lib/b.so", 0x10000, t + 60);
    call(&build, stack, 2, t + 70);
    struct sc_report_sites found = report(&build, true);
    unsigned a = 0, b = 0;
    for (size_t i = 0; i < found.branch_count; i++) {
        a += strcmp(found.branches[i].name, "a.so+0x20") == 0;
        b += strcmp(found.branches[i].name, "b.so+0x20") == 0;
    }
    cr_expect_eq(a, 1);
    cr_expect_eq(b, 1);
    sc_report_sites_free(&found);
    build_free(&build);
}

Test(sites, stacks_come_with_the_events)
{
    struct build build;
    const uint64_t t = BUILD_TICK0, stack[] = {0x10010, 0x10020, 0x10030};
    build_begin(&build);
    build_chunk(&build, 0, 100, t);
    build_process(&build, 0, 100, SC_ORIGIN_ROOT, t);
    build_text(&build, SC_TEXT_CWD, "/odd", 3); /* so that the stack stands at an odd place */
    call(&build, stack, 3, t + 10);
    call(&build, stack, 0, t + 30);
    const char *path = build_save(&build, build.size);
    struct build_events events = build_load(path);
    cr_assert_eq(events.count, 3);
    cr_expect_null(events.list[0].stack);
    cr_assert_eq(events.list[1].stack_depth, 3);
    cr_expect_eq(events.list[2].stack_depth, 0);
    build_unload(&events);
    struct sc_source *source;
    struct sc_error error;
    struct sc_event event;
    cr_assert_eq(sc_source_open(path, &source, &error), 0);
    cr_assert_eq(sc_source_next(source, &event, 1, &error), 1);
    cr_assert_eq(sc_source_next(source, &event, 1, &error), 1);
    cr_expect_eq((uintptr_t)event.stack % sizeof(uint64_t), 0);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(event.stack[i], stack[i]);
    cr_assert_eq(sc_source_next(source, &event, 1, &error), 1);
    cr_expect_null(event.stack);
    sc_source_close(source);
    build_remove(path);
    build_free(&build);
}

static void expect_branch(const struct sc_report_sites *found, size_t at, uint32_t depth, const char *name,
                          uint64_t calls)
{
    cr_assert_lt(at, found->branch_count);
    cr_expect_eq(found->branches[at].depth, depth, "%zu", at);
    cr_expect_str_eq(found->branches[at].name, name);
    cr_expect_eq(found->branches[at].calls, calls, "%zu", at);
}

Test(sites, stacks_become_a_tree_with_the_outermost_function_first)
{
    struct build build;
    const uint64_t t = BUILD_TICK0;
    const uint64_t deep[] = {0x10010, 0x10020, 0x10030}, other[] = {0x10040, 0x10030}, shallow[] = {0x10050};
    build_begin(&build);
    build_chunk(&build, 0, 100, t);
    build_process(&build, 0, 100, SC_ORIGIN_ROOT, t);
    module(&build, "/lib/a.so", 0x10000);
    for (unsigned i = 0; i < 5; i++)
        call(&build, deep, 3, t + 20 * i + 10);
    call(&build, other, 2, t + 200);
    call(&build, other, 2, t + 220);
    call(&build, shallow, 1, t + 240);
    struct sc_report_sites found = report(&build, true);
    cr_expect(found.stacks_known);
    cr_assert_eq(found.branch_count, 8);
    expect_branch(&found, 0, 0, "a.so+0x30", 7);
    expect_branch(&found, 1, 1, "a.so+0x20", 5);
    expect_branch(&found, 2, 2, "a.so+0x10", 5);
    expect_branch(&found, 3, 3, "write", 5);
    expect_branch(&found, 4, 1, "a.so+0x40", 2);
    expect_branch(&found, 5, 2, "write", 2);
    expect_branch(&found, 6, 0, "a.so+0x50", 1);
    expect_branch(&found, 7, 1, "write", 1);
    cr_expect_eq(found.branches[0].bytes, 700);
    sc_report_sites_free(&found);
    build_free(&build);
}

Test(sites, a_tree_shows_its_thick_branches_and_counts_the_others)
{
    struct build build;
    const uint64_t t = BUILD_TICK0;
    build_begin(&build);
    build_chunk(&build, 0, 100, t);
    build_process(&build, 0, 100, SC_ORIGIN_ROOT, t);
    module(&build, "/lib/a.so", 0x10000);
    for (uint64_t i = 0; i < 30; i++) {
        const uint64_t stack[] = {0x10010 + i, 0x10800};
        call(&build, stack, 2, t + 20 * i + 10);
    }
    struct sc_report_sites found = report(&build, true);
    expect_branch(&found, 0, 0, "a.so+0x800", 30);
    uint64_t calls = 0;
    for (size_t i = 1; i < found.branch_count; i++)
        if (found.branches[i].depth == 1)
            calls += found.branches[i].calls;
    cr_expect_eq(calls, 30, "nothing is lost");
    const struct sc_report_branch *last = &found.branches[found.branch_count - 1];
    cr_expect_null(last->name);
    cr_expect_eq(last->left_out, 22);
    cr_expect_eq(last->calls, 22);
    sc_report_sites_free(&found);
    build_free(&build);
}
