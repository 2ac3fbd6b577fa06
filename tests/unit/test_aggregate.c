#include <criterion/criterion.h>
#include <errno.h>

#include "fake.h"

static struct sc_counts sum(const struct fake *fake, bool startup, enum sc_taxonomy taxonomy)
{
    struct sc_counts counts;
    cr_assert_eq(sc_tally_sum(fake->tally, startup, taxonomy, &counts), 0);
    return counts;
}

Test(aggregate, every_write_is_of_exactly_one_kind)
{
    struct fake fake = fake_run();
    fake_add(&fake, SC_NR_write, 64, SC_DATA_ZERO, 3);
    fake_add(&fake, SC_NR_pwrite64, 65, SC_DATA_ZERO, 2);
    fake_add(&fake, SC_NR_writev, 10, SC_DATA_SOME, 4);
    fake_add(&fake, SC_NR_sendfile, 5000, SC_DATA_UNSEEN, 1);
    fake_add(&fake, SC_NR_write, 0, SC_DATA_NONE, 5);
    fake_add(&fake, SC_NR_write, -9, SC_DATA_NONE, 6);
    struct sc_event event = fake_call(SC_NR_write, 0);
    event.outcome = SC_UNFINISHED;
    sc_tally_add(fake.tally, &event, 1);
    struct sc_counts counts = sum(&fake, true, SC_TAXONOMY_DEFAULT);
    const struct sc_write_counts *writes = &counts.writes;
    cr_expect_eq(writes->zero, 5);
    cr_expect_eq(writes->data, 4);
    cr_expect_eq(writes->unseen, 1);
    cr_expect_eq(writes->empty, 5);
    cr_expect_eq(writes->failed, 6);
    cr_expect_eq(writes->unfinished, 1);
    cr_expect_eq(writes->small, 7, "64 bytes are small, 65 are not");
    cr_expect_eq(writes->large, 3);
    cr_expect_eq(writes->bytes, 3 * 64 + 2 * 65 + 4 * 10 + 5000);
    cr_expect_eq(writes->zero_bytes, 3 * 64 + 2 * 65);
    cr_expect_eq(counts.categories[SC_CAT_WRITE], 22);
    cr_expect_eq(counts.total, 22);
    sc_counts_free(&counts);
    sc_tally_free(fake.tally);
}

Test(aggregate, taxonomies_move_whole_calls)
{
    struct fake fake = fake_run();
    fake_add(&fake, SC_NR_writev, 10, SC_DATA_ZERO, 1);
    fake_add(&fake, SC_NR_write, 10, SC_DATA_ZERO, 2);
    fake_add(&fake, SC_NR_readv, 7, SC_DATA_NONE, 1);
    fake_add(&fake, SC_NR_read, 5, SC_DATA_NONE, 1);
    fake_add(&fake, SC_NR_munmap, 0, SC_DATA_NONE, 1);
    struct sc_counts ours = sum(&fake, true, SC_TAXONOMY_DEFAULT), seed = sum(&fake, true, SC_TAXONOMY_SEED);
    cr_expect_eq(ours.categories[SC_CAT_WRITE], 3);
    cr_expect_eq(ours.writes.zero, 3);
    cr_expect_eq(ours.read_bytes, 12);
    cr_expect_eq(ours.categories[SC_CAT_MEM], 1);
    cr_expect_eq(seed.categories[SC_CAT_WRITE], 2);
    cr_expect_eq(seed.writes.zero, 2);
    cr_expect_eq(seed.read_bytes, 5);
    cr_expect_eq(seed.categories[SC_CAT_OTHER], 3);
    sc_counts_free(&ours);
    sc_counts_free(&seed);
    sc_tally_free(fake.tally);
}

/* sendfile and the like read as much as they write. What was moved in all counts each call once, as causes do. */
Test(aggregate, copies_are_read_and_written)
{
    static const enum sc_nr copies[] = {SC_NR_sendfile, SC_NR_copy_file_range, SC_NR_splice, SC_NR_tee};
    struct fake fake = fake_run();
    fake_add(&fake, SC_NR_read, 5, SC_DATA_NONE, 1);
    for (unsigned i = 0; i < sizeof copies / sizeof copies[0]; i++) {
        fake_add(&fake, copies[i], 100, SC_DATA_UNSEEN, 1);
        fake_add(&fake, copies[i], -EAGAIN, SC_DATA_NONE, 1);
    }
    fake_add(&fake, SC_NR_vmsplice, 1000, SC_DATA_UNSEEN, 1);
    struct sc_counts ours = sum(&fake, true, SC_TAXONOMY_DEFAULT), seed = sum(&fake, true, SC_TAXONOMY_SEED);
    cr_expect_eq(ours.writes.bytes, 1400);
    cr_expect_eq(ours.read_bytes, 405, "vmsplice takes what the program has in memory");
    cr_expect_eq(ours.moved_bytes, 1405);
    cr_expect_eq(seed.writes.bytes, 0);
    cr_expect_eq(seed.read_bytes, 5);
    sc_counts_free(&ours);
    sc_counts_free(&seed);
    sc_tally_free(fake.tally);
}

Test(aggregate, startup_is_counted_apart)
{
    struct fake fake = fake_run();
    struct sc_event event = fake_call(SC_NR_openat, 3);
    event.startup = true;
    sc_tally_add(fake.tally, &event, 1);
    fake_add(&fake, SC_NR_openat, 3, SC_DATA_NONE, 2);
    struct sc_counts with = sum(&fake, true, SC_TAXONOMY_DEFAULT), without = sum(&fake, false, SC_TAXONOMY_DEFAULT);
    cr_expect_eq(sc_counts_of(&with, "openat"), 3);
    cr_expect_eq(with.call_count, 1, "one name, one row");
    cr_expect_eq(sc_counts_of(&without, "openat"), 2);
    cr_expect_eq(sc_tally_total(fake.tally), 3);
    cr_expect_eq(sc_tally_startup(fake.tally), 1);
    sc_counts_free(&with);
    sc_counts_free(&without);
    sc_tally_free(fake.tally);
}

Test(aggregate, bytes_that_one_side_did_not_see_are_no_difference)
{
    const struct sc_write_counts seen = {.zero = 2, .data = 3, .large = 5, .bytes = 500, .zero_bytes = 200},
                                 some = {.zero = 1, .data = 2, .unseen = 2, .large = 5, .bytes = 500, .zero_bytes = 90},
                                 none = {.unseen = 5, .large = 5, .bytes = 500};
    const struct sc_write_counts *equal[] = {&seen, &some, &none};
    for (unsigned i = 0; i < 3; i++)
        for (unsigned k = 0; k < 3; k++)
            cr_expect_not(sc_writes_differ(equal[i], equal[k]), "%u %u", i, k);
    struct sc_write_counts other = seen;
    other.zero_bytes = 100;
    cr_expect(sc_writes_differ(&seen, &other) && !sc_writes_differ(&some, &other));
    other = seen;
    other.zero = 4;
    other.data = 1;
    cr_expect(sc_writes_differ(&seen, &other) && sc_writes_differ(&other, &some) && sc_writes_differ(&some, &other));
    other = none;
    other.unseen = 4;
    cr_expect(sc_writes_differ(&seen, &other));
    other = none;
    other.bytes = 400;
    cr_expect(sc_writes_differ(&seen, &other));
}

Test(aggregate, names_without_a_row_are_counted)
{
    struct fake fake = fake_run();
    struct sc_event event = fake_call((enum sc_nr)999, 0);
    event.name = "frobnicate2";
    event.name_len = 10;
    event.has_duration = true;
    event.duration_ns = 5;
    for (int i = 0; i < 20; i++)
        sc_tally_add(fake.tally, &event, 1);
    struct sc_counts counts = sum(&fake, true, SC_TAXONOMY_DEFAULT);
    cr_expect_eq(sc_counts_of(&counts, "frobnicate"), 20);
    cr_expect_eq(counts.categories[SC_CAT_OTHER], 20);
    cr_expect_eq(counts.time_ns[SC_CAT_OTHER], 100);
    cr_expect_eq(sc_counts_of(&counts, "lseek"), 0);
    sc_counts_free(&counts);
    sc_tally_free(fake.tally);
}

Test(aggregate, tables_of_counts)
{
    struct fake fake = fake_run();
    cr_assert_eq(sc_tally_add_count(fake.tally, "lseek", 779, 0, 3286000), 0);
    cr_assert_eq(sc_tally_add_count(fake.tally, "newfstatat", 27, 14, 59000), 0);
    cr_assert_eq(sc_tally_add_count(fake.tally, "unheard_of", 2, 0, 1), 0);
    struct sc_counts counts = sum(&fake, true, SC_TAXONOMY_DEFAULT);
    cr_expect_eq(counts.total, 808);
    cr_expect_eq(counts.categories[SC_CAT_SEEK], 779);
    cr_expect_eq(counts.categories[SC_CAT_FILE], 27);
    cr_expect_eq(counts.categories[SC_CAT_OTHER], 2);
    sc_counts_free(&counts);
    sc_tally_free(fake.tally);
}

Test(aggregate, what_is_no_call_is_not_counted)
{
    struct fake fake = fake_run();
    struct sc_event events[] = {{.type = SC_EVENT_PROCESS}, {.type = SC_EVENT_MAIN}, {.type = SC_EVENT_PROCESS_END}};
    sc_tally_add(fake.tally, events, 3);
    cr_expect_eq(sc_tally_total(fake.tally), 0);
    sc_tally_free(fake.tally);
}
