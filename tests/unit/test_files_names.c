#include <sys/stat.h>

#include "files_calls.h"

TestSuite(files_names, .init = setup, .fini = teardown);

static uint32_t file_of(int fd)
{
    return sc_files_of_descriptor(files, process, fd);
}

/* What the source printed beside the descriptor. */
static void write_as(int fd, const char *name)
{
    struct sc_event event = event_of(SC_NR_write, 10);
    event.args[0].value = fd;
    event.args[0].state |= SC_ARG_TEXT;
    event.args[0].text = name;
    event.args[0].text_len = strlen(name);
    apply(&event);
}

static void link_at(int dir, const char *from, const char *to, int64_t result)
{
    struct sc_event event = event_of(SC_NR_linkat, result);
    event.args[0].value = dir;
    event.args[1] = path(from);
    event.args[2].value = AT_FDCWD;
    event.args[3] = path(to);
    event.args[4].value = AT_SYMLINK_FOLLOW;
    apply(&event);
}

Test(files_names, a_file_without_a_name_is_not_its_folder)
{
    open_file("store", O_RDONLY | O_DIRECTORY, 3);
    open_file("store", O_TMPFILE | O_WRONLY, 4);
    open_file("store", O_TMPFILE | O_WRONLY, 5);
    expect_name(3, "/data/store");
    expect_name(4, "/data/store/(no name)");
    cr_expect_neq(file_of(4), file_of(5), "each is a file of its own");
    write_data(4, 10, SC_DATA_SOME);
    write_data(5, 10, SC_DATA_SOME);
    cr_expect_eq(file_at(5)->counts.rewrites, 0);
    cr_expect_eq(file_at(3)->counts.writes, 0);
    open_file("store", O_TMPFILE | O_WRONLY, -EOPNOTSUPP);
    cr_expect_eq(last.file, file_of(3), "a failure is about the folder");
    open_file("/", O_TMPFILE | O_WRONLY, 6);
    expect_name(6, "/(no name)");
}

Test(files_names, what_lies_below_an_open_folder_is_its_file)
{
    open_file("in", O_RDONLY | O_DIRECTORY, 4);
    open_at(4, "one", O_RDONLY, 5);
    open_file("/proc/self/fd/4/one", O_RDONLY, 6);
    expect_name(6, "/data/in/one");
    cr_expect_eq(file_of(6), file_of(5));
    open_file("/dev/fd/4/deep/two", O_RDONLY, 7);
    expect_name(7, "/data/in/deep/two");
    open_file("/proc/self/fd/9/one", O_RDONLY, 8);
    expect_name(8, "/proc/self/fd/9/one");
    open_file("/proc/self/fd/4x/one", O_RDONLY, 8);
    expect_name(8, "/proc/self/fd/4x/one");
}

Test(files_names, a_link_gives_a_file_its_name)
{
    open_file("store", O_TMPFILE | O_WRONLY, 4);
    open_file("store", O_TMPFILE | O_WRONLY, 5);
    link_at(AT_FDCWD, "/proc/self/fd/4", "store/one", 0);
    cr_expect_eq(last.file, file_of(4));
    link_at(5, "", "store/two", 0);
    link_at(5, "", "store/three", -EEXIST);
    expect_name(4, "/data/store/one");
    expect_name(5, "/data/store/two");
    open_file("store/one", O_RDONLY, 6);
    cr_expect_eq(file_of(6), file_of(4));
    link_at(AT_FDCWD, "/proc/self/fd/99", "store/four", 0);
    link_at(AT_FDCWD, "/proc/self/fd/4x", "store/five", -ENOENT);
    cr_expect_eq(last.file, SC_NO_FILE);
    link_at(88, "", "store/six", -EBADF);
    cr_expect_eq(last.file, SC_NO_FILE);
    cr_expect_null(last.path);
}

/* strace prints the kernel's name: "#" and the inode, also after the link. */
Test(files_names, what_a_source_calls_a_file_without_a_name_is_that_file)
{
    open_file("store", O_TMPFILE | O_WRONLY, 4);
    write_as(4, "/data/store/#42");
    expect_name(4, "/data/store/(no name)");
    link_at(AT_FDCWD, "/proc/self/fd/4", "store/one", 0);
    write_as(4, "/data/store/#42");
    expect_name(4, "/data/store/one");
    cr_expect_eq(file_at(4)->counts.writes, 2);
}

static void unlink_name(enum sc_nr nr, const char *name, int64_t result)
{
    struct sc_event event = event_of(nr, result);
    unsigned at = event.desc->kinds[0] == SC_KIND_DIRFD;
    if (at)
        event.args[0].value = AT_FDCWD;
    event.args[at] = path(name);
    apply(&event);
}

static void rename_file(const char *from, const char *to, int64_t result)
{
    struct sc_event event = event_of(SC_NR_rename, result);
    event.args[0] = path(from);
    event.args[1] = path(to);
    apply(&event);
}

Test(files_names, a_name_that_was_taken_away_and_made_anew_is_another_file)
{
    static const enum sc_nr takes[] = {SC_NR_unlink, SC_NR_unlinkat, SC_NR_rmdir};
    for (unsigned i = 0; i < sizeof takes / sizeof takes[0]; i++) {
        open_file("f", O_WRONLY | O_CREAT, 3);
        write_data(3, 10, SC_DATA_SOME);
        unlink_name(takes[i], "f", -EBUSY);
        open_file("f", O_WRONLY | O_CREAT, 4);
        cr_expect_eq(file_of(4), file_of(3), "a failure takes nothing away");
        unlink_name(takes[i], "f", 0);
        cr_expect_eq(last.file, file_of(3));
        open_file("f", O_WRONLY | O_CREAT, 5);
        cr_expect_neq(file_of(5), file_of(3));
        write_data(5, 10, SC_DATA_SOME);
        cr_expect_eq(file_at(5)->counts.rewrites, 0);
        write_as(3, "/data/f");
        cr_expect_eq(last.file, file_of(3), "an open descriptor keeps its file");
        expect_name(3, "/data/f");
        expect_name(5, "/data/f");
        cr_expect_eq(file_at(3)->name, file_at(5)->name);
        unlink_name(takes[i], "f", 0);
    }
    unlink_name(SC_NR_unlink, "f", 0);
    cr_expect_eq(last.file, SC_NO_FILE);
    cr_expect_str_eq(last.path, "/data/f");
}

Test(files_names, a_rename_over_a_name_takes_it_away)
{
    open_file("f", O_WRONLY | O_CREAT, 3);
    rename_file("never opened", "f", 0);
    open_file("f", O_RDONLY, 4);
    cr_expect_neq(file_of(4), file_of(3));
    link_at(AT_FDCWD, "f", "g", 0);
    rename_file("g", "f", 0);
    open_file("g", O_RDONLY, 5);
    cr_expect_eq(file_of(5), file_of(4), "of two names of one file rename takes neither away");
}

Test(files_names, what_open_says_it_made_is_a_file_of_its_own)
{
    open_file("f", O_WRONLY | O_CREAT, 3);
    open_file("f", O_WRONLY | O_CREAT | O_EXCL, -EEXIST);
    cr_expect_eq(last.file, file_of(3));
    open_file("f", O_WRONLY | O_CREAT | O_EXCL, 4);
    cr_expect_neq(file_of(4), file_of(3), "a process that is not recorded took the name away");
}

Test(files_names, a_renamed_file_goes_by_its_last_name)
{
    open_file("f.tmp", O_WRONLY | O_CREAT, 3);
    rename_file("f.tmp", "g", -EXDEV);
    expect_name(3, "/data/f.tmp");
    rename_file("f.tmp", "g", 0);
    rename_file("g", "f", 0);
    expect_name(3, "/data/f");
    cr_expect_str_eq(file_at(3)->first_path, "/data/f.tmp");
    write_as(3, "/data/f");
    cr_expect_eq(last.file, file_of(3));
    open_file("other", O_WRONLY | O_CREAT, 4);
    struct sc_event exchange = event_of(SC_NR_renameat2, 0);
    exchange.args[0].value = exchange.args[2].value = AT_FDCWD;
    exchange.args[1] = path("f");
    exchange.args[3] = path("other");
    exchange.args[4].value = 2;
    apply(&exchange);
    expect_name(3, "/data/other");
    expect_name(4, "/data/f");
}

Test(files_names, a_file_goes_by_the_name_that_it_has_left)
{
    open_file("f.tmp", O_WRONLY | O_CREAT, 3);
    link_at(AT_FDCWD, "f.tmp", "f", 0);
    expect_name(3, "/data/f.tmp");
    rename_file("f", "g", 0);
    unlink_name(SC_NR_unlink, "f.tmp", 0);
    expect_name(3, "/data/g");
    cr_expect_str_eq(file_at(3)->first_path, "/data/f.tmp");
    write_as(3, "/data/f.tmp");
    cr_expect_eq(last.file, file_of(3), "to the kernel it is the name that it was opened by, deleted");
    unlink_name(SC_NR_unlink, "g", 0);
    expect_name(3, "/data/g");
}

static void symlink_to(const char *to, const char *name, int64_t result)
{
    struct sc_event event = event_of(SC_NR_symlinkat, result);
    event.args[0] = path(to);
    event.args[1].value = AT_FDCWD;
    event.args[2] = path(name);
    apply(&event);
}

Test(files_names, a_link_that_the_run_made_is_followed)
{
    open_file("real/f", O_WRONLY | O_CREAT, 3);
    symlink_to("f", "real/link", 0);
    cr_expect_str_eq(last.path, "/data/real/link");
    open_file("real/link", O_RDONLY, 4);
    cr_expect_eq(file_of(4), file_of(3));
    symlink_to("real", "current", 0);
    open_file("current/link", O_RDONLY, 5);
    cr_expect_eq(file_of(5), file_of(3));
    symlink_to("/data/other", "current", -EEXIST);
    unlink_name(SC_NR_unlink, "current", 0);
    symlink_to("/data/other", "current", 0);
    open_file("current/f", O_RDONLY, 6);
    expect_name(6, "/data/other/f");
    rename_file("real/link", "moved", 0);
    open_file("real/link", O_RDONLY | O_CREAT, 7);
    expect_name(7, "/data/real/link");
    symlink_to("round", "round", 0);
    open_file("round", O_RDONLY, -ELOOP);
    cr_expect_str_eq(last.path, "/data/round");
    symlink_to("f", "/top", 0);
    open_file("/top", O_RDONLY, 8);
    expect_name(8, "/f");
}

Test(files_names, a_call_about_a_link_is_not_about_what_it_leads_to)
{
    open_file("f", O_WRONLY | O_CREAT, 3);
    symlink_to("f", "link", 0);
    struct sc_event call = event_of(SC_NR_lstat, 0);
    call.args[0] = path("link");
    apply(&call);
    cr_expect_str_eq(last.path, "/data/link");
    static const enum sc_nr of_target[] = {SC_NR_stat, SC_NR_listxattr};
    for (unsigned i = 0; i < sizeof of_target / sizeof of_target[0]; i++) {
        call = event_of(of_target[i], 0);
        call.args[0] = path("link");
        apply(&call);
        cr_expect_eq(last.file, file_of(3));
    }
    call = event_of(SC_NR_newfstatat, 0);
    call.args[0].value = AT_FDCWD;
    call.args[1] = path("link");
    call.args[3].value = AT_SYMLINK_NOFOLLOW;
    apply(&call);
    cr_expect_str_eq(last.path, "/data/link");
    unlink_name(SC_NR_unlink, "link", 0);
    open_file("f", O_RDONLY, 4);
    cr_expect_eq(file_of(4), file_of(3));
}

Test(files_names, hard_links_are_one_file_though_none_was_opened_before)
{
    link_at(AT_FDCWD, "one", "two", 0);
    open_file("two", O_RDONLY, 3);
    open_file("one", O_RDONLY, 4);
    cr_expect_eq(file_of(3), file_of(4));
    link_at(AT_FDCWD, "never", "made", -ENOENT);
    cr_expect_eq(last.file, SC_NO_FILE);
}

Test(files_names, names_in_proc_are_what_the_descriptor_is)
{
    open_file("f", O_WRONLY | O_CREAT, 3);
    write_data(3, 10, SC_DATA_SOME);
    open_file("/proc/self/fd/3", O_WRONLY, 4);
    cr_expect_eq(file_of(4), file_of(3));
    write_data(4, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, 0, "it is opened anew, with an offset of its own");
    open_file("/dev/stdout", O_WRONLY, 5);
    expect_name(5, "stdout");
    write_data(5, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, SC_OFFSET_UNKNOWN);
    cr_expect_not(file_at(5)->regular);
    open_file("/proc/self/fd/77", O_WRONLY, -ENOENT);
    cr_expect_eq(last.file, SC_NO_FILE);
    open_file("/proc/self/status", O_RDONLY, 6);
    expect_name(6, "/proc/self/status");
}

/* What fstat tells of a regular file. */
static void identify(int fd, int64_t size, int64_t device, int64_t inode)
{
    struct sc_event event = event_of(SC_NR_fstat, 0);
    event.args[0].value = fd;
    event.args[1].extra_count = 4;
    event.args[1].extra[0] = S_IFREG | 0644;
    event.args[1].extra[1] = size;
    event.args[1].extra[2] = device;
    event.args[1].extra[3] = inode;
    apply(&event);
}

Test(files_names, names_of_one_inode_are_one_file)
{
    open_file("f", O_RDWR, 3);
    identify(3, 100, 1, 10);
    open_file("old link", O_RDONLY, 4);
    CALL(SC_NR_read, 64, 4, 0, 64);
    identify(4, 100, 1, 10);
    cr_expect_eq(last.file, file_of(3));
    cr_expect_eq(file_of(4), file_of(3));
    expect_name(4, "/data/f");
    cr_expect_eq(file_at(3)->counts.opens, 2);
    cr_expect_eq(file_at(3)->counts.reads, 1);
    CALL(SC_NR_pread64, 64, 3, 0, 64, 0);
    cr_expect_eq(last.again, 64);
    open_file("old link", O_RDONLY, 5);
    cr_expect_eq(file_of(5), file_of(3));
    cr_expect_eq(sc_files_get(files, 1)->same_as, file_of(3));
    cr_expect_eq(sc_files_get(files, 1)->counts.opens, 0);
    open_file("elsewhere", O_RDONLY, 6);
    identify(6, 100, 2, 10);
    cr_expect_neq(file_of(6), file_of(3), "another device's");
    struct sc_event by_name = event_of(SC_NR_statx, 0);
    by_name.args[0].value = AT_FDCWD;
    by_name.args[1] = path("never opened");
    by_name.args[4].extra_count = 4;
    by_name.args[4].extra[0] = S_IFREG | 0644;
    by_name.args[4].extra[1] = 100;
    by_name.args[4].extra[2] = 1;
    by_name.args[4].extra[3] = 10;
    apply(&by_name);
    cr_expect_eq(last.file, file_of(3));
    open_file("never opened", O_RDONLY, 7);
    cr_expect_eq(file_of(7), file_of(3));
}

/* Its number is given again once the file is gone; not all that takes names away is seen. */
Test(files_names, an_inode_of_two_files_unites_nothing)
{
    open_file("f", O_RDWR, 3);
    identify(3, 100, 1, 10);
    unlink_name(SC_NR_unlink, "f", 0);
    open_file("g", O_RDWR | O_CREAT, 4);
    identify(4, 100, 1, 10);
    cr_expect_neq(file_of(4), file_of(3), "what had it has no name");
    open_file("h", O_RDWR | O_CREAT | O_EXCL, 5);
    identify(5, 100, 1, 10);
    cr_expect_neq(file_of(5), file_of(4), "it was made just now");
    open_file("i", O_RDWR, 6);
    identify(6, 50, 1, 10);
    cr_expect_neq(file_of(6), file_of(4), "another size");
    open_file("j", O_RDWR, 7);
    write_data(7, 10, SC_DATA_SOME);
    identify(7, 100, 1, 10);
    cr_expect_neq(file_of(7), file_of(4), "more was done to it than can be told as the other's");
    open_file("k", O_RDWR, 8);
    identify(8, 100, 1, 11);
    identify(8, 100, 1, 10);
    cr_expect_neq(file_of(8), file_of(4), "it was another, so the name leads elsewhere now");
}

Test(files_names, a_renamed_folder_takes_its_files_along)
{
    open_file("new/deep/f", O_WRONLY | O_CREAT, 3);
    open_file("new/g", O_WRONLY | O_CREAT, 4);
    open_file("newer/h", O_WRONLY | O_CREAT, 5);
    open_file("new", O_RDONLY | O_DIRECTORY, 6);
    rename_file("new", "table", 0);
    expect_name(3, "/data/table/deep/f");
    expect_name(4, "/data/table/g");
    expect_name(5, "/data/newer/h");
    expect_name(6, "/data/table");
    open_at(6, "g", O_RDONLY, 7);
    cr_expect_eq(file_of(7), file_of(4));
    open_file("new/g", O_WRONLY | O_CREAT, 8);
    cr_expect_neq(file_of(8), file_of(4));
    rename_file("table/deep", "deep", 0);
    expect_name(3, "/data/deep/f");
    cr_expect_str_eq(file_at(3)->first_path, "/data/new/deep/f");
}

static void open_as(const char *name, int flags, int64_t fd, const char *opened)
{
    struct sc_event event = event_of(SC_NR_openat, fd);
    event.args[0].value = AT_FDCWD;
    event.args[1] = path(name);
    event.args[2].value = flags;
    event.opened = opened;
    event.opened_len = strlen(opened);
    apply(&event);
}

Test(files_names, the_kernels_name_of_what_was_opened_counts)
{
    open_file("f", O_RDONLY, 3);
    open_as("old link", O_RDONLY, 4, "/data/f");
    cr_expect_eq(file_of(4), file_of(3));
    open_file("old link", O_RDONLY, 5);
    cr_expect_eq(file_of(5), file_of(3), "from then on it is known where the link leads");
    open_as("dir/g", O_WRONLY | O_CREAT | O_EXCL, 6, "/srv/g");
    expect_name(6, "/srv/g");
    open_as("dir/g", O_WRONLY | O_CREAT | O_EXCL, 7, "/srv/g");
    cr_expect_neq(file_of(7), file_of(6));
    open_as("store", O_WRONLY | O_TMPFILE, 8, "/data/store/#42");
    expect_name(8, "/data/store/(no name)");
    open_as("/proc/self/fd/8", O_WRONLY, 9, "/data/store/#42");
    cr_expect_eq(file_of(9), file_of(8));
}
