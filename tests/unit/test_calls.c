#include <criterion/criterion.h>
#include <string.h>
#include <sys/syscall.h>

#include "../../common/calls.h"
#include "../../common/capture_format.h"

Test(calls, names_are_found_and_belong_to_one_number)
{
    unsigned rows = 0;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (!desc->name)
            continue;
        rows++;
        cr_expect_eq(desc->nr, nr);
        cr_expect_eq(sc_call_by_name(desc->name, strlen(desc->name)), desc, "%s stands twice", desc->name);
        cr_expect_lt(strlen(desc->name), sizeof((struct sc_file_call *)0)->name);
    }
    cr_expect_gt(rows, 300);
}

Test(calls, unknown_names_and_numbers)
{
    cr_expect_null(sc_call_by_name("wri", 3));
    cr_expect_null(sc_call_by_name("writes", 6));
    cr_expect_null(sc_call_by_name("", 0));
    cr_expect_not_null(sc_call_by_name("write(1", 5));
    cr_assert_not_null(sc_call(SC_NR_LIMIT));
    cr_expect_null(sc_call(SC_NR_LIMIT)->name);
    cr_expect_null(sc_call(UINT32_MAX)->name);
    cr_expect_eq(sc_call(SC_NR_LIMIT)->stored, 0x3f);
}

/* Where this machine's headers know the call, its number is theirs. */
Test(calls, numbers_are_the_kernels)
{
    static const struct {
        const char *name;
        unsigned nr;
    } rows[] = {
#define CHECK(call) {#call, SYS_##call}
        CHECK(read),
        CHECK(write),
        CHECK(open),
        CHECK(close),
        CHECK(stat),
        CHECK(fstat),
        CHECK(lstat),
        CHECK(poll),
        CHECK(lseek),
        CHECK(mmap),
        CHECK(mprotect),
        CHECK(munmap),
        CHECK(brk),
        CHECK(ioctl),
        CHECK(pread64),
        CHECK(pwrite64),
        CHECK(readv),
        CHECK(writev),
        CHECK(access),
        CHECK(pipe),
        CHECK(mremap),
        CHECK(msync),
        CHECK(madvise),
        CHECK(dup),
        CHECK(dup2),
        CHECK(sendfile),
        CHECK(socket),
        CHECK(clone),
        CHECK(fork),
        CHECK(vfork),
        CHECK(execve),
        CHECK(exit),
        CHECK(wait4),
        CHECK(fcntl),
        CHECK(flock),
        CHECK(fsync),
        CHECK(fdatasync),
        CHECK(truncate),
        CHECK(ftruncate),
        CHECK(getdents64),
        CHECK(getcwd),
        CHECK(chdir),
        CHECK(rename),
        CHECK(mkdir),
        CHECK(rmdir),
        CHECK(creat),
        CHECK(unlink),
        CHECK(readlink),
        CHECK(exit_group),
        CHECK(openat),
        CHECK(newfstatat),
        CHECK(unlinkat),
        CHECK(renameat),
        CHECK(faccessat),
        CHECK(splice),
        CHECK(tee),
        CHECK(vmsplice),
        CHECK(fallocate),
        CHECK(pipe2),
        CHECK(dup3),
        CHECK(preadv),
        CHECK(pwritev),
        CHECK(renameat2),
        CHECK(memfd_create),
        CHECK(copy_file_range),
        CHECK(preadv2),
        CHECK(pwritev2),
        CHECK(statx),
        CHECK(close_range),
        CHECK(openat2),
        CHECK(faccessat2),
        CHECK(futex),
        CHECK(io_uring_enter),
#undef CHECK
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct sc_call_desc *desc = sc_call(rows[i].nr);
        cr_expect_str_eq(desc->name ? desc->name : "", rows[i].name, "number %u", rows[i].nr);
    }
}

Test(calls, masks_and_kinds_agree)
{
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        const char *name = desc->name ? desc->name : "?";
        unsigned all = (1u << desc->nargs) - 1;
        cr_assert_leq(desc->nargs, SC_MAX_ARGS, "%s", name);
        cr_expect_eq(desc->stored | desc->skipped | desc->text, all, "%s", name);
        cr_expect_eq(desc->stored & desc->skipped, 0, "%s", name);
        cr_expect_eq((desc->stored | desc->skipped) & desc->text, 0, "%s", name);
        cr_expect_lt(desc->category, SC_CAT_COUNT, "%s", name);
        cr_expect_lt(desc->seed, SC_CAT_COUNT, "%s", name);
        if (desc->expect != SC_EXPECT_NONE)
            cr_expect(desc->expect < desc->nargs && desc->stored & 1 << desc->expect, "%s", name);
        for (unsigned i = 0; i < SC_MAX_ARGS; i++)
            cr_expect((desc->kinds[i] == SC_KIND_NONE) == (i >= desc->nargs), "%s, argument %u", name, i);
    }
}

/* The published numbers count only these outside "other": see the design, Categories. */
Test(calls, taxonomies)
{
    static const char *const seed_files[] = {"open",    "openat", "openat2", "close",      "close_range", "mkdir",
                                             "mkdirat", "fsync",  "fstat",   "newfstatat", "fstatfs"};
    unsigned counts[SC_CAT_COUNT] = {0};
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        if (sc_call(nr)->name)
            counts[sc_call(nr)->seed]++;
    cr_expect_eq(counts[SC_CAT_WRITE], 4);
    cr_expect_eq(counts[SC_CAT_READ], 4);
    cr_expect_eq(counts[SC_CAT_SEEK], 1);
    cr_expect_eq(counts[SC_CAT_MEM], 4);
    for (size_t i = 0; i < sizeof seed_files / sizeof seed_files[0]; i++) {
        const struct sc_call_desc *desc = sc_call_by_name(seed_files[i], strlen(seed_files[i]));
        cr_expect(desc && desc->category == SC_CAT_FILE, "%s", seed_files[i]);
    }
    cr_expect_str_eq(sc_category_name(SC_CAT_FILE), "file_ops");
    cr_expect_str_eq(sc_category_name(SC_CAT_OTHER), "other");
}
