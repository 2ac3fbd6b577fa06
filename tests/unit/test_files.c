#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "files_calls.h"

TestSuite(files, .init = setup, .fini = teardown);

Test(files, names_are_resolved_lexically)
{
    open_file("a/./b//../c", O_RDONLY, 3);
    expect_name(3, "/data/a/c");
    open_file("../../../x", O_RDONLY, 4);
    expect_name(4, "/x");
    open_file("/a/b/../../..", O_RDONLY, 5);
    expect_name(5, "/");
    open_file("/data/", O_RDONLY | O_DIRECTORY, 6);
    expect_name(6, "/data");
    open_at(6, "in/it", O_RDONLY, 7);
    expect_name(7, "/data/in/it");
    open_at(6, "/elsewhere", O_RDONLY, 8);
    expect_name(8, "/elsewhere");
    open_at(6, "..", O_RDONLY, 9);
    expect_name(9, "/");
}

Test(files, the_working_directory_is_followed)
{
    struct sc_event chdir_to = event_of(SC_NR_chdir, 0);
    chdir_to.args[0] = path("sub/dir");
    apply(&chdir_to);
    open_file("f", O_RDONLY, 3);
    expect_name(3, "/data/sub/dir/f");
    chdir_to.args[0] = path("missing");
    chdir_to.result = -ENOENT;
    apply(&chdir_to);
    open_file("/other", O_RDONLY, 4);
    CALL(SC_NR_fchdir, 0, 4);
    open_file("g", O_RDONLY, 5);
    expect_name(5, "/other/g");
}

Test(files, without_a_known_directory_names_stay_relative)
{
    sc_files_free(files);
    begin(NULL);
    open_file("./a/../b", O_RDONLY, 3);
    expect_name(3, "b");
    open_file("../x", O_RDONLY, 4);
    expect_name(4, "../x");
    open_file("../../y", O_RDONLY, 5);
    expect_name(5, "../../y");
    open_file(".", O_RDONLY, 6);
    expect_name(6, ".");
}

Test(files, an_open_may_throw_away_what_the_run_wrote)
{
    open_file("f", O_WRONLY | O_CREAT | O_TRUNC, 3);
    cr_expect_not(last.empties, "what was there is another's");
    write_data(3, 10, SC_DATA_SOME);
    open_file("f", O_WRONLY | O_CREAT, 4);
    cr_expect_not(last.empties);
    open_file("f", O_WRONLY | O_CREAT | O_TRUNC, 5);
    cr_expect(last.empties);
    open_file("f", O_WRONLY | O_CREAT | O_TRUNC, 6);
    cr_expect_not(last.empties, "it is empty");
}

Test(files, the_same_path_is_the_same_file)
{
    open_file("f", O_RDWR, 3);
    open_file("/data/./f", O_RDWR, 4);
    open_file("f", O_RDWR, -ENOENT);
    cr_expect_eq(sc_files_of_descriptor(files, 0, 3), sc_files_of_descriptor(files, 0, 4));
    cr_expect_eq(file_at(3)->counts.opens, 2);
    cr_expect(file_at(3)->regular);
    cr_expect_eq(sc_files_count(files), 1);
    cr_expect_eq(last.file, 0, "a failed call is about the file too, where that is known");
}

Test(files, probes_of_what_is_not_there_make_no_file)
{
    open_file("nowhere", O_RDONLY, -ENOENT);
    cr_expect_eq(last.file, SC_NO_FILE);
    struct sc_event stat_call = event_of(SC_NR_stat, 0);
    stat_call.args[0] = path("other");
    apply(&stat_call);
    for (int fd = 3; fd < 100; fd++)
        CALL(SC_NR_close, -EBADF, fd);
    CALL(SC_NR_fcntl, -EBADF, 50, F_GETFD, 0);
    cr_expect_eq(sc_files_count(files), 0);
}

Test(files, offsets_through_reads_writes_and_seeks)
{
    open_file("f", O_RDWR | O_CREAT | O_TRUNC, 3);
    write_data(3, 100, SC_DATA_ZERO);
    cr_expect_eq(last.offset, 0);
    cr_expect_eq(last.length, 100);
    write_data(3, 50, SC_DATA_SOME);
    cr_expect_eq(last.offset, 100);
    CALL(SC_NR_lseek, 150, 3, 150, SEEK_SET);
    cr_expect(last.redundant_seek);
    cr_expect_eq(last.seek_delta, 0);
    CALL(SC_NR_lseek, 20, 3, 20, SEEK_SET);
    cr_expect_not(last.redundant_seek);
    cr_expect_eq(last.seek_delta, -130);
    CALL(SC_NR_lseek, -EINVAL, 3, -1, SEEK_SET);
    CALL(SC_NR_read, 30, 3, 0, 4096);
    cr_expect_eq(last.offset, 20);
    CALL(SC_NR_pread64, 7, 3, 0, 7, 1000);
    cr_expect_eq(last.offset, 1000);
    CALL(SC_NR_pwrite64, 8, 3, 0, 8, 2000);
    cr_expect_eq(last.offset, 2000);
    CALL(SC_NR_preadv2, 5, 3, 0, 1, -1, 0);
    cr_expect_eq(last.offset, 50);
    CALL(SC_NR_lseek, 55, 3, 0, SEEK_CUR);
    cr_expect(last.redundant_seek);
    write_data(3, -ENOSPC, SC_DATA_NONE);
    const struct sc_file *file = file_at(3);
    cr_expect_eq(file->counts.writes, 4);
    cr_expect_eq(file->counts.zero_writes, 1);
    cr_expect_eq(file->counts.zero_bytes, 100);
    cr_expect_eq(file->counts.bytes_written, 158);
    cr_expect_eq(file->counts.reads, 3);
    cr_expect_eq(file->counts.bytes_read, 42);
    cr_expect_eq(file->counts.seeks, 4);
    cr_expect_eq(file->counts.redundant_seeks, 2);
    cr_expect_eq(file->counts.time_ns, 12 * 5);
}

Test(files, appending)
{
    open_file("log", O_WRONLY | O_APPEND, 3);
    write_data(3, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, SC_OFFSET_UNKNOWN, "the file may have held something");
    CALL(SC_NR_lseek, 500, 3, 0, SEEK_END);
    write_data(3, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, 500);
    CALL(SC_NR_lseek, 0, 3, 0, SEEK_SET);
    write_data(3, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, 510);
    CALL(SC_NR_pwrite64, 5, 3, 0, 5, 0);
    cr_expect_eq(last.offset, 520, "pwrite appends too, whatever offset it names");
    CALL(SC_NR_lseek, 520, 3, 0, SEEK_CUR);
    cr_expect(last.redundant_seek, "and does not move the offset");
    open_file("plain", O_WRONLY | O_CREAT | O_TRUNC, 4);
    write_data(4, 10, SC_DATA_SOME);
    CALL(SC_NR_fcntl, 0, 4, F_SETFL, O_APPEND);
    CALL(SC_NR_lseek, 0, 4, 0, SEEK_SET);
    write_data(4, 1, SC_DATA_SOME);
    cr_expect_eq(last.offset, 10);
    CALL(SC_NR_ftruncate, 0, 4, 3);
    write_data(4, 1, SC_DATA_SOME);
    cr_expect_eq(last.offset, 3);
}

Test(files, duplicates_share_the_offset)
{
    open_file("f", O_RDWR, 3);
    CALL(SC_NR_dup, 4, 3);
    CALL(SC_NR_fcntl, 10, 3, F_DUPFD, 10);
    write_data(4, 100, SC_DATA_SOME);
    CALL(SC_NR_lseek, 100, 10, 100, SEEK_SET);
    cr_expect(last.redundant_seek);
    CALL(SC_NR_close, 0, 3);
    expect_name(3, "none");
    open_file("g", O_RDWR, 3);
    CALL(SC_NR_dup2, 3, 4, 3);
    cr_expect_str_eq(sc_files_get(files, last.file)->path, "/data/f");
    cr_expect_str_eq(sc_files_get(files, last.second_file)->path, "/data/g");
    expect_name(3, "/data/f");
    CALL(SC_NR_dup2, 3, 3, 3);
    expect_name(3, "/data/f");
    open_file("f", O_RDWR, 5);
    CALL(SC_NR_lseek, 0, 5, 0, SEEK_SET);
    cr_expect(last.redundant_seek, "a second open has an offset of its own");
}

Test(files, what_was_inherited)
{
    write_data(1, 10, SC_DATA_SOME);
    expect_name(1, "stdout");
    CALL(SC_NR_read, 4, 0, 0, 10);
    expect_name(0, "stdin");
    CALL(SC_NR_read, 4, 17, 0, 10);
    expect_name(17, "fd 17");
    CALL(SC_NR_close, 0, 0);
    CALL(SC_NR_read, 4, 0, 0, 10);
    expect_name(0, "fd 0");
    CALL(SC_NR_read, -EBADF, 2000000000, 0, 10);
    CALL(SC_NR_read, 4, 2000000000, 0, 10);
    cr_expect_eq(last.file, SC_NO_FILE);
    CALL(SC_NR_read, 4, -1, 0, 10);
}

Test(files, what_the_source_prints_beside_a_descriptor_wins)
{
    struct sc_event event = event_of(SC_NR_write, 10);
    event.args[0].value = 9;
    event.args[0].state |= SC_ARG_TEXT;
    event.args[0].text = "/srv/x";
    event.args[0].text_len = 6;
    apply(&event);
    expect_name(9, "/srv/x");
    open_file("link", O_RDWR, 9);
    apply(&event);
    expect_name(9, "/srv/x");
    cr_expect_eq(last.offset, 0, "the offset of the open that was seen stays known");
}

/* Within the bounds of what is kept; a sanitizer tells. */
Test(files, a_name_beside_a_descriptor_may_hold_a_nul)
{
    static const char long_name[] = "/s\0a name that is longer than the one that is kept for it";
    struct sc_event event = event_of(SC_NR_write, 10);
    event.args[0].value = 9;
    event.args[0].state |= SC_ARG_TEXT;
    event.args[0].text = long_name;
    event.args[0].text_len = sizeof long_name - 1;
    apply(&event);
    apply(&event);
    expect_name(9, "/s");
    event.args[0].text_len = 2;
    apply(&event);
    expect_name(9, "/s");
}

Test(files, ranges_are_closed)
{
    for (int fd = 3; fd < 10; fd++)
        open_file("f", O_RDWR, fd);
    CALL(SC_NR_close_range, 0, 5, 7, 0);
    expect_name(4, "/data/f");
    expect_name(5, "none");
    expect_name(7, "none");
    expect_name(8, "/data/f");
    CALL(SC_NR_close_range, 0, 9, UINT32_MAX, 4);
    expect_name(9, "/data/f");
    struct sc_event exec = {.type = SC_EVENT_EXEC, .desc = sc_call(SC_NR_LIMIT)};
    apply(&exec);
    expect_name(9, "none");
    expect_name(8, "/data/f");
}

Test(files, what_lies_behind_a_closed_range_is_found_again)
{
    for (int fd = 3; fd < 200; fd++)
        open_file("f", O_RDWR, fd);
    CALL(SC_NR_close_range, 0, 4, UINT32_MAX, 0);
    CALL(SC_NR_close_range, 0, 300, UINT32_MAX, 0);
    expect_name(3, "/data/f");
    expect_name(4, "none");
    open_file("g", O_RDWR, 150);
    for (int fd = 4; fd < 300; fd++)
        expect_name(fd, fd == 150 ? "/data/g" : "none");
    open_file("h", O_RDWR, 1000);
    expect_name(150, "/data/g");
    expect_name(1000, "/data/h");
    expect_name(999, "none");
}

Test(files, pipes_and_other_nameless_things)
{
    struct sc_event pipe_call = event_of(SC_NR_pipe2, 0);
    pipe_call.args[0].extra_count = 2;
    pipe_call.args[0].extra[0] = 3;
    pipe_call.args[0].extra[1] = 4;
    pipe_call.args[1].value = O_CLOEXEC;
    apply(&pipe_call);
    expect_name(3, "pipe:[1]");
    expect_name(4, "pipe:[1]");
    write_data(4, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, SC_OFFSET_UNKNOWN);
    CALL(SC_NR_socket, 5, 1, 1, 0);
    expect_name(5, "socket:[1]");
    struct sc_event accept_call = event_of(SC_NR_accept, 6);
    accept_call.args[0].value = 5;
    apply(&accept_call);
    expect_name(6, "socket:[2]");
    cr_expect_str_eq(sc_files_get(files, last.file)->path, "socket:[1]");
    CALL(SC_NR_epoll_create1, 7, 0);
    expect_name(7, "anon_inode:[eventpoll]");
    struct sc_event memfd = event_of(SC_NR_memfd_create, 8);
    memfd.args[0] = path("buffer");
    apply(&memfd);
    expect_name(8, "/memfd:buffer");
    struct sc_event exec = {.type = SC_EVENT_EXEC, .desc = sc_call(SC_NR_LIMIT)};
    apply(&exec);
    expect_name(3, "none");
    expect_name(8, "/memfd:buffer");
}

Test(files, copies_count_on_both_sides)
{
    open_file("in", O_RDONLY, 3);
    open_file("out", O_WRONLY | O_CREAT | O_TRUNC, 4);
    CALL(SC_NR_sendfile, 100, 4, 3, 0, 100);
    cr_expect_str_eq(sc_files_get(files, last.file)->path, "/data/out");
    cr_expect_str_eq(sc_files_get(files, last.second_file)->path, "/data/in");
    cr_expect_eq(file_at(3)->counts.bytes_read, 100);
    cr_expect_eq(file_at(4)->counts.bytes_written, 100);
    struct sc_event copy = event_of(SC_NR_copy_file_range, 50);
    copy.args[0].value = 3;
    copy.args[1].state = SC_ARG_NULL;
    copy.args[2].value = 4;
    copy.args[3].extra_count = 1;
    copy.args[3].extra[0] = 4096;
    apply(&copy);
    cr_expect_eq(file_at(3)->counts.reads, 2);
    cr_expect_eq(file_at(4)->counts.writes, 2);
    CALL(SC_NR_lseek, 100, 4, 0, SEEK_CUR);
    cr_expect_not(last.file == SC_NO_FILE);
}

Test(files, children_share_what_was_open_at_the_fork)
{
    open_file("shared", O_RDWR, 3);
    open_file("private", O_RDWR | O_CLOEXEC, 4);
    CALL(SC_NR_fork, 77, 0);
    CALL(SC_NR_close, 0, 3); /* before the child does anything */
    new_process(1, 0, 77, SC_ORIGIN_FORK);
    new_process(2, 0, 88, SC_ORIGIN_SPAWN);
    process = 1;
    expect_name(3, "/data/shared");
    expect_name(4, "/data/private");
    write_data(4, 10, SC_DATA_SOME);
    open_file("rel", O_RDWR, 5);
    expect_name(5, "/data/rel");
    process = 2;
    expect_name(3, "none");
    expect_name(4, "none");
    process = 0;
    CALL(SC_NR_lseek, 10, 4, 10, SEEK_SET);
    cr_expect(last.redundant_seek, "one offset for both");
    struct sc_event end = {.type = SC_EVENT_PROCESS_END, .process = 1, .desc = sc_call(SC_NR_LIMIT)};
    apply(&end);
    end.process = 2;
    apply(&end);
    expect_name(4, "/data/private");
}

Test(files, a_rename_takes_the_name_along)
{
    open_file("f.tmp", O_WRONLY | O_CREAT, 3);
    open_file("f", O_RDONLY, 4);
    struct sc_event rename_call = event_of(SC_NR_rename, 0);
    rename_call.args[0] = path("f.tmp");
    rename_call.args[1] = path("f");
    apply(&rename_call);
    cr_expect_eq(last.file, sc_files_of_descriptor(files, 0, 3));
    cr_expect_eq(last.second_file, sc_files_of_descriptor(files, 0, 4));
    open_file("f", O_RDONLY, 5);
    cr_expect_eq(sc_files_of_descriptor(files, 0, 5), sc_files_of_descriptor(files, 0, 3));
    expect_name(4, "/data/f");
    open_file("f.tmp", O_WRONLY | O_CREAT, 6);
    cr_expect_neq(sc_files_of_descriptor(files, 0, 6), sc_files_of_descriptor(files, 0, 3));
    struct sc_event exchange = event_of(SC_NR_renameat2, 0);
    exchange.args[0].value = exchange.args[2].value = AT_FDCWD;
    exchange.args[1] = path("f");
    exchange.args[3] = path("f.tmp");
    exchange.args[4].value = 2;
    apply(&exchange);
    open_file("f", O_RDONLY, 7);
    cr_expect_eq(sc_files_of_descriptor(files, 0, 7), sc_files_of_descriptor(files, 0, 6));
}

Test(files, a_size_that_stat_tells_is_used)
{
    open_file("log", O_WRONLY | O_APPEND, 3);
    struct sc_event fstat_call = event_of(SC_NR_fstat, 0);
    fstat_call.args[0].value = 3;
    fstat_call.args[1].extra_count = 2;
    fstat_call.args[1].extra[0] = S_IFREG | 0644;
    fstat_call.args[1].extra[1] = 300;
    apply(&fstat_call);
    write_data(3, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, 300);
}

Test(files, contents_move_with_what_is_put_in_and_taken_out)
{
    open_file("f", O_RDWR | O_CREAT | O_TRUNC, 3);
    for (int i = 0; i < 4; i++)
        write_data(3, 4096, SC_DATA_SOME);
    CALL(SC_NR_fallocate, 0, 3, FALLOC_FL_COLLAPSE_RANGE, 0, 8192); /* 8192 bytes are left */
    CALL(SC_NR_pwrite64, 4096, 3, 0, 4096, 8192);
    cr_expect_eq(last.again, 0, "it lies behind the end now");
    CALL(SC_NR_pwrite64, 4096, 3, 0, 4096, 0);
    cr_expect_eq(last.again, 4096);
    CALL(SC_NR_fallocate, 0, 3, FALLOC_FL_INSERT_RANGE, 4096, 4096); /* 16384 */
    CALL(SC_NR_pwrite64, 4096, 3, 0, 4096, 4096);
    cr_expect_eq(last.again, 0);
    CALL(SC_NR_pwrite64, 4096, 3, 0, 4096, 8192);
    cr_expect_eq(last.again, 4096);
    CALL(SC_NR_fallocate, -EINVAL, 3, FALLOC_FL_COLLAPSE_RANGE, 0, 4096);
    CALL(SC_NR_fallocate, 0, 3, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20);
    CALL(SC_NR_fcntl, 0, 3, F_SETFL, O_APPEND);
    write_data(3, 1, SC_DATA_SOME);
    cr_expect_eq(last.offset, 16384, "at %ld", (long)last.offset);
    CALL(SC_NR_fallocate, 0, 3, FALLOC_FL_ZERO_RANGE, 0, 1 << 20);
    write_data(3, 1, SC_DATA_SOME);
    cr_expect_eq(last.offset, 1 << 20);
}

/* What comes by a socket has a number that is known only once it is used, and an offset that its sender may have moved.
 */
Test(files, a_descriptor_that_a_socket_brings_has_an_unknown_offset)
{
    CALL(SC_NR_socket, 3, 1, 1, 0);
    CALL(SC_NR_recvmsg, 1, 3, 0, 0);
    write_data(4, 10, SC_DATA_SOME);
    expect_name(4, "fd 4");
    cr_expect_eq(last.offset, SC_OFFSET_UNKNOWN);
    CALL(SC_NR_lseek, 50, 4, 0, SEEK_CUR);
    write_data(4, 10, SC_DATA_SOME);
    cr_expect_eq(last.offset, 50);
}

Test(files, ten_million_events_a_second, .timeout = 300)
{
    enum { ROUNDS = 1000000 };
    open_file("f", O_RDWR | O_CREAT | O_TRUNC, 3);
    struct sc_event seek = event_of(SC_NR_lseek, 0), write_call = event_of(SC_NR_write, 3328);
    seek.args[0].value = write_call.args[0].value = 3;
    struct timespec begin_time, end_time;
    clock_gettime(CLOCK_MONOTONIC, &begin_time);
    for (int i = 0; i < ROUNDS; i++) {
        seek.result = seek.args[1].value = (int64_t)i * 3328;
        apply(&seek);
        apply(&write_call);
    }
    clock_gettime(CLOCK_MONOTONIC, &end_time);
    double seconds =
        (double)(end_time.tv_sec - begin_time.tv_sec) + 1e-9 * (double)(end_time.tv_nsec - begin_time.tv_nsec);
    cr_log_info("%.1f million events a second\n", 2 * ROUNDS / seconds / 1e6);
    cr_expect_eq(file_at(3)->counts.redundant_seeks, ROUNDS);
    cr_expect_lt(seconds, 10, "a hundredth of that speed is a mistake, however slow and busy the machine");
}

static void read_some(int fd, int64_t asked, int64_t got)
{
    CALL(SC_NR_read, got, fd, 0, asked);
}

Test(files, a_read_that_gets_nothing_tells_the_size)
{
    open_file("in", O_RDONLY, 3);
    read_some(3, 4096, 4096);
    read_some(3, 0, 0);
    cr_expect(!file_at(3)->read_to_end, "no byte was asked for");
    read_some(3, 4096, 10);
    cr_expect(!file_at(3)->read_to_end, "a short read may have others");
    CALL(SC_NR_pread64, 0, 3, 0, 100, 1000000);
    cr_expect(!file_at(3)->read_to_end, "somewhere behind its end");
    read_some(3, 4096, 0);
    cr_expect(file_at(3)->read_to_end);
    cr_expect_eq(file_at(3)->length, 4106);
    open_file("in", O_RDONLY, 4);
    read_some(4, 4096, 4096);
    cr_expect_eq(file_at(4)->length, 4106, "read twice, as long as before");
    cr_expect_eq(sc_files_size(files, sc_files_of_descriptor(files, 0, 4)), 4106);
}

Test(files, who_knows_the_size_reads_to_the_end_without_looking_for_it)
{
    open_file("in", O_RDONLY, 3);
    CALL(SC_NR_lseek, 100, 3, 0, SEEK_END);
    CALL(SC_NR_lseek, 0, 3, 0, SEEK_SET);
    read_some(3, 60, 60);
    cr_expect(!file_at(3)->read_to_end);
    read_some(3, 40, 40);
    cr_expect(file_at(3)->read_to_end);
    cr_expect_eq(file_at(3)->length, 100);
}

Test(files, a_standard_input_is_as_long_as_what_came_out_of_it)
{
    read_some(0, 4096, 4096);
    read_some(0, 4096, 5);
    read_some(0, 4096, 0);
    cr_expect(file_at(0)->given);
    cr_expect(file_at(0)->read_to_end);
    cr_expect_eq(file_at(0)->length, 4101);
    CALL(SC_NR_close, 0, 0);
    open_file("in", O_RDONLY, 0);
    read_some(0, 4096, 0);
    cr_expect(!file_at(0)->given, "another file is 0 now");
    cr_expect(!file_at(0)->made);
    open_file("out", O_RDWR | O_CREAT | O_TRUNC, 5);
    cr_expect(file_at(5)->made);
}

static bool waits(enum sc_nr nr, int fd)
{
    return sc_files_waits(files, sc_call(nr), sc_files_of_descriptor(files, 0, fd));
}

Test(files, a_pipe_with_a_name_carries_bytes_to_somebody)
{
    struct sc_event make = event_of(SC_NR_mknod, 0);
    make.args[0] = path("pipe");
    make.args[1].value = S_IFIFO | 0600;
    apply(&make);
    open_file("pipe", O_WRONLY, 3);
    open_file("file", O_WRONLY, 4);
    cr_expect(waits(SC_NR_write, 3) && waits(SC_NR_read, 3) && !file_at(3)->regular);
    cr_expect(!waits(SC_NR_write, 4) && !waits(SC_NR_read, 4));
    struct sc_event stat_call = event_of(SC_NR_stat, 0);
    stat_call.args[0] = path("other");
    stat_call.args[1].extra[0] = S_IFIFO | 0600;
    stat_call.args[1].extra_count = 1;
    apply(&stat_call);
    open_file("other", O_WRONLY, 5);
    cr_expect(waits(SC_NR_write, 5), "asked for before it was opened");
    stat_call.args[0] = path("file");
    apply(&stat_call);
    cr_expect(waits(SC_NR_write, 4), "or behind");
}

/* By another thread, from begin on, for so long. */
static struct sc_event timed(enum sc_nr nr, int64_t result, uint32_t thread, uint64_t begin_ns, uint64_t took_ns)
{
    struct sc_event event = event_of(nr, result);
    event.thread = thread;
    event.has_start = true;
    event.start_ns = begin_ns;
    event.duration_ns = took_ns;
    return event;
}

static void timed_open(const char *name, int64_t fd, uint32_t thread, uint64_t begin_ns, uint64_t took_ns)
{
    struct sc_event event = timed(SC_NR_openat, fd, thread, begin_ns, took_ns);
    event.args[0].value = AT_FDCWD;
    event.args[1] = path(name);
    event.args[2].value = O_RDONLY;
    apply(&event);
}

static void timed_close(int64_t fd, uint32_t thread, uint64_t begin_ns)
{
    struct sc_event event = timed(SC_NR_close, 0, thread, begin_ns, 5);
    event.args[0].value = fd;
    apply(&event);
}

Test(files, a_descriptor_may_be_given_again_by_a_call_that_began_before_it_was_closed)
{
    timed_open("/first", 3, 1, 100, 10);
    timed_open("/second", 3, 2, 200, 50);
    struct sc_event write = timed(SC_NR_write, 7, 1, 203, 2);
    write.args[0].value = 3;
    apply(&write);
    cr_expect_str_eq(sc_files_get(files, last.file)->path, "/first");
    timed_close(3, 1, 210);
    cr_expect_str_eq(sc_files_get(files, last.file)->path, "/first");
    expect_name(3, "/second");
    timed_close(3, 1, 251);
    expect_name(3, "none");
    timed_open("/first", 3, 1, 300, 10);
    timed_open("/second", 3, 2, 400, 50);
    timed_close(3, 1, 451);
    expect_name(3, "none");
    timed_open("/first", 3, 1, 500, 10);
    timed_open("/second", 3, 1, 600, 0);
    timed_close(3, 1, 600);
    expect_name(3, "none");
}

/* A log may be cut in the middle of a line; what an earlier call had in that place is not this one's. */
Test(files, what_lies_behind_the_arguments_is_no_argument)
{
    static const unsigned calls[] = {SC_NR_openat, SC_NR_newfstatat, SC_NR_linkat, SC_NR_unlinkat,
                                     SC_NR_open,   SC_NR_stat,       SC_NR_link,   SC_NR_memfd_create,
                                     SC_NR_close,  SC_NR_chdir,      SC_NR_rename, SC_NR_symlink};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct sc_event event = event_of(calls[i], 5);
        for (unsigned k = 0; k < SC_MAX_ARGS; k++)
            event.args[k] = path("stale");
        event.nargs = 0;
        apply(&event);
        cr_expect_null(last.path, "%s: %s", event.desc->name, last.path);
    }
    for (size_t i = 0; i < sc_files_count(files); i++)
        cr_expect_null(strstr(sc_files_get(files, (uint32_t)i)->path, "stale"));
}
