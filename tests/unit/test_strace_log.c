/*
 * The shapes of strace's logs, one by one, through the source as the analyzer uses it.
 */
#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../analyzer/sources/source.h"

enum { MAX_EVENTS = 512 };

struct log {
    struct sc_source *source;
    struct sc_event events[MAX_EVENTS];
    size_t count;
    int fd;
    size_t kept;
    char text[1 << 16];
};

/* An event's strings stay until the next batch only. */
static const char *keep(struct log *log, const char *text, size_t len)
{
    cr_assert(log->kept + len <= sizeof log->text);
    char *copy = log->text + log->kept;
    if (len)
        memcpy(copy, text, len);
    log->kept += len;
    return copy;
}

static void keep_strings(struct log *log, struct sc_event *event)
{
    if (event->type != SC_EVENT_CALL)
        return;
    event->name = keep(log, event->name, event->name_len);
    if (event->opened)
        event->opened = keep(log, event->opened, event->opened_len);
    for (unsigned i = 0; i < event->nargs; i++) {
        struct sc_arg *arg = &event->args[i];
        if (arg->state & SC_ARG_TEXT)
            arg->text = keep(log, arg->text, arg->text_len);
        arg->raw = keep(log, arg->raw, arg->raw_len);
    }
}

static const struct sc_run *run_of(const struct log *log)
{
    return sc_source_run(log->source);
}

static struct log *read_bytes(const char *text, size_t len)
{
    struct log *log = calloc(1, sizeof *log);
    char path[64];
    struct sc_error error = {""};
    cr_assert_not_null(log);
    log->fd = memfd_create("log", 0);
    cr_assert_eq(write(log->fd, text, len), (ssize_t)len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", log->fd);
    cr_assert_eq(sc_strace_source.open(path, &log->source, &error), 0, "%s", error.text);
    int64_t got;
    while ((got = sc_source_next(log->source, log->events + log->count, MAX_EVENTS - log->count, &error)) > 0)
        for (int64_t i = 0; i < got; i++)
            keep_strings(log, &log->events[log->count++]);
    cr_assert_eq(got, 0);
    return log;
}

static struct log *read_log(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void done(struct log *log)
{
    sc_source_close(log->source);
    close(log->fd);
    free(log);
}

static const struct sc_event *nth(const struct log *log, unsigned type, size_t n)
{
    for (size_t i = 0; i < log->count; i++)
        if (log->events[i].type == type && n-- == 0)
            return &log->events[i];
    cr_assert_fail("no such event");
    return NULL;
}

static const struct sc_event *call(const struct log *log, size_t n)
{
    return nth(log, SC_EVENT_CALL, n);
}

static size_t how_many(const struct log *log, unsigned type)
{
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++)
        count += log->events[i].type == type;
    return count;
}

static bool text_is(const struct sc_arg *arg, const char *text)
{
    return arg->state & SC_ARG_TEXT && arg->text_len == strlen(text) && memcmp(arg->text, text, arg->text_len) == 0;
}

static bool named(const struct sc_event *event, const char *name)
{
    return event->name_len == strlen(name) && memcmp(event->name, name, event->name_len) == 0;
}

Test(strace_log, plain_call)
{
    struct log *log = read_log("openat(AT_FDCWD, \"/a b, (c)\\\"\\n\", O_RDONLY|O_CLOEXEC) = 3\n"
                               "lseek(3, -5, SEEK_END)                  = 10\n"
                               "close(4)   = -1 EBADF (Bad file descriptor)\n");
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 3);
    const struct sc_event *event = call(log, 0);
    cr_expect(named(event, "openat") && event->desc->nr == SC_NR_openat && event->result == 3);
    cr_expect(event->args[0].value == AT_FDCWD && text_is(&event->args[1], "/a b, (c)\"\n"));
    cr_expect(event->nargs == 3 && event->args[2].value == (O_RDONLY | O_CLOEXEC));
    event = call(log, 1);
    cr_expect(event->args[1].value == -5 && event->args[2].value == SEEK_END && event->result == 10);
    event = call(log, 2);
    cr_expect(event->result == -EBADF && sc_event_failed(event) && !event->errno_name);
    cr_expect_eq(run_of(log)->warning_count, 0);
    done(log);
}

Test(strace_log, times_pids_and_pointers)
{
    static const char *const prefixes[] = {
        "77  ",
        "[pid 77] ",
        "[pid    77] ",
        "12:00:01 ",
        "77  12:00:01.000002 ",
        "[pid 77] 1700000000.000002 ",
        "77       0.000002 ",
        "     0.000002 ",
        "12:00:01 (+     0.000002) ",
        "[00007f64d1e11ad7] ",
        "77 12:00:01 [  59] [00007f64d1e11ad7] ",
        "77<sh> ",
        "[????????????????] ",
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "%sread(3, \"abc\", 10) = 3 <0.000012>\r\n", prefixes[i]);
        struct log *log = read_log(text);
        cr_assert_eq(how_many(log, SC_EVENT_CALL), 1, "%s", prefixes[i]);
        const struct sc_event *event = call(log, 0);
        cr_expect(event->result == 3 && text_is(&event->args[1], "abc"), "%s", prefixes[i]);
        cr_expect(event->has_duration && event->duration_ns == 12000, "%s", prefixes[i]);
        cr_expect_eq(event->tid, strstr(prefixes[i], "77") ? 77 : 0, "%s", prefixes[i]);
        cr_expect_eq(event->has_start, strchr(prefixes[i], '.') || strchr(prefixes[i], ':'), "%s", prefixes[i]);
        cr_expect(run_of(log)->has_times && run_of(log)->warning_count == 0, "%s", prefixes[i]);
        done(log);
    }
}

Test(strace_log, clocks_go_on)
{
    struct log *log = read_log("23:59:59.500000 getpid() = 1\n00:00:00.500000 getpid() = 1\n");
    cr_expect_eq(call(log, 1)->start_ns - call(log, 0)->start_ns, 1000000000);
    done(log);
    log = read_log("     0.000000 getpid() = 1\n     0.000100 getpid() = 1\n     0.000200 getpid() = 1\n");
    cr_expect_eq(call(log, 2)->start_ns, 300000);
    done(log);
}

Test(strace_log, descriptors)
{
    struct log *log =
        read_log("close(3</tmp/a, (b) \\\"c\\\" \\74x\\76>) = 0\n"
                 "read(0</dev/pts/0<char 136:0>>, \"x\", 1) = 1\n"
                 "close(5<TCP:[127.0.0.1:80->127.0.0.1:99]>) = 0\n"
                 "close(6</tmp/gone>(deleted)) = 0\n"
                 "close(6</tmp/old (deleted)>) = 0\n"
                 "close(7<socket:[123]>) = 0\n"
                 "openat(AT_FDCWD</home/x>, \"f\", O_RDONLY) = 3</home/x/f>\n"
                 "mmap(NULL, 10, PROT_READ, MAP_PRIVATE|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, 3</a>, 0) = 0x7f00\n"
                 "close(3</old/a>b>) = 0\n");
    cr_expect(text_is(&call(log, 0)->args[0], "/tmp/a, (b) \"c\" <x>"));
    cr_expect(text_is(&call(log, 1)->args[0], "/dev/pts/0") && call(log, 1)->args[0].value == 0);
    cr_expect(text_is(&call(log, 2)->args[0], "TCP:[127.0.0.1:80->127.0.0.1:99]"));
    cr_expect(text_is(&call(log, 3)->args[0], "/tmp/gone") && call(log, 3)->result == 0);
    cr_expect(text_is(&call(log, 4)->args[0], "/tmp/old"));
    cr_expect(text_is(&call(log, 5)->args[0], "socket:[123]"));
    cr_expect(text_is(&call(log, 6)->args[0], "/home/x") && call(log, 6)->result == 3);
    cr_expect(call(log, 7)->nargs == 6 && call(log, 7)->args[4].value == 3 && call(log, 7)->result == 0x7f00);
    cr_expect(text_is(&call(log, 8)->args[0], "/old/a>b"));
    cr_expect_eq(run_of(log)->warning_count, 0);
    done(log);
}

Test(strace_log, what_was_opened)
{
    struct log *log = read_log("openat(AT_FDCWD, \"link\", O_RDONLY) = 3</srv/a b>\n"
                               "openat(AT_FDCWD, \"link\", O_RDONLY) = 3\n"
                               "openat(AT_FDCWD, \"link\", O_RDONLY) = -1 ENOENT (No such file or directory)\n");
    cr_assert_not_null(call(log, 0)->opened);
    cr_expect_eq(call(log, 0)->opened_len, 8);
    cr_expect_eq(memcmp(call(log, 0)->opened, "/srv/a b", 8), 0);
    cr_expect_null(call(log, 1)->opened);
    cr_expect_null(call(log, 2)->opened);
    done(log);
}

/* With -v; of what is no file the number of the device is that of what it stands for. */
Test(strace_log, which_file_stat_is_about)
{
    struct log *log = read_log("fstat(3, {st_dev=makedev(0x8, 0x1), st_ino=42, st_mode=S_IFREG|0644, st_nlink=1, "
                               "st_size=123, st_atime=0}) = 0\n"
                               "fstat(1, {st_dev=makedev(0x8, 0x1), st_ino=43, st_mode=S_IFCHR|0620, st_nlink=1, "
                               "st_rdev=makedev(0x88, 0x1), st_atime=0}) = 0\n");
    const struct sc_arg *told = &call(log, 0)->args[1];
    cr_assert_eq(told->extra_count, 4);
    cr_expect(told->extra[1] == 123 && told->extra[2] == 0x801 && told->extra[3] == 42);
    cr_expect_eq(call(log, 1)->args[1].extra_count, 2);
    done(log);
}

Test(strace_log, structures)
{
    struct log *log =
        read_log("newfstatat(AT_FDCWD, \"/x\", {st_mode=S_IFREG|0644, st_size=123, ...}, 0) = 0\n"
                 "fstat(1, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x1), ...}) = 0\n"
                 "fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=1, l_len=2}) = 0\n"
                 "pipe2([3<pipe:[1]>, 4<pipe:[1]>], O_CLOEXEC) = 0\n"
                 "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 9\n"
                 "wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL) = 8\n"
                 "getdents64(3, 0x55e6 /* 12 entries */, 32768) = 100\n"
                 "sendfile(4, 3, [10] => [15], 5) = 5\n"
                 "openat2(AT_FDCWD, \"x\", {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_NO_XDEV}, 24) = 3\n");
    cr_expect(call(log, 0)->args[2].extra_count == 2 && call(log, 0)->args[2].extra[0] == (S_IFREG | 0644));
    cr_expect_eq(call(log, 0)->args[2].extra[1], 123);
    cr_expect_eq(call(log, 1)->args[1].extra[1], 0x8801);
    cr_expect(call(log, 2)->args[2].extra_count == 4 && call(log, 2)->args[2].extra[0] == F_WRLCK);
    cr_expect(call(log, 3)->args[0].extra[0] == 3 && call(log, 3)->args[0].extra[1] == 4);
    cr_expect_eq(call(log, 4)->args[1].extra[0], 3 << 8);
    cr_expect_eq(call(log, 5)->args[1].extra[0], 11 | 0x80);
    cr_expect_eq(call(log, 6)->args[1].extra[0], 12);
    cr_expect(call(log, 7)->args[2].extra[0] == 10 && call(log, 7)->data == SC_DATA_UNSEEN);
    cr_expect(call(log, 8)->args[2].extra[0] == (O_RDONLY | O_CLOEXEC) && call(log, 8)->args[2].extra[2] == 1);
    done(log);
}

Test(strace_log, results)
{
    struct log *log = read_log("poll([{fd=1, events=POLLIN}], 1, 10) = 0 (Timeout)\n"
                               "fcntl(1, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)\n"
                               "read(0, 0x7ff, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n"
                               "open(\"x\", O_RDONLY) = -1 ENOENT (No such file or directory) (INJECTED)\n"
                               "restart_syscall(<... resuming interrupted read ...>) = 1\n"
                               "brk(NULL) = 0x5591fb476000\n"
                               "exit_group(7) = ?\n");
    cr_expect(call(log, 0)->result == 0 && call(log, 1)->result == 0x8002);
    cr_expect(call(log, 2)->result == -512 && strcmp(call(log, 2)->errno_name, "ERESTARTSYS") == 0);
    cr_expect_eq(call(log, 3)->result, -ENOENT);
    cr_assert_eq(run_of(log)->warning_count, 1);
    cr_expect(strstr(run_of(log)->warnings[0], "1 call was changed by strace (-e inject=)"));
    cr_expect(call(log, 4)->desc->nr == SC_NR_restart_syscall && call(log, 4)->result == 1);
    cr_expect_eq(call(log, 5)->result, 0x5591fb476000);
    cr_expect_eq(call(log, 6)->outcome, SC_NO_RETURN);
    cr_expect(run_of(log)->end.kind == SC_ENDED_EXITED && run_of(log)->end.code == 7);
    done(log);
}

Test(strace_log, written_data)
{
    struct log *log = read_log("write(1, \"\\0\\0\\0\", 3) = 3\n"
                               "write(1, \"\\0\\0\\0\"..., 300) = 300\n"
                               "write(1, \"\\0\\0a\"..., 300) = 2\n"
                               "write(1, \"\\0\\0a\"..., 300) = 300\n"
                               "pwrite64(1, \"\\x00\\x00\", 2, 0) = 2\n"
                               "write(1, \"\", 0) = 0\n"
                               "write(1, \"\"..., 5) = 5\n"
                               "write(1, \"\\0\", 1) = -1 EBADF (Bad file descriptor)\n"
                               "writev(1, [{iov_base=\"\\0\\0\", iov_len=2}, {iov_base=\"a\", iov_len=1}], 2) = 2\n"
                               "writev(1, [{iov_base=\"\\0\\0\", iov_len=2}, {iov_base=\"a\", iov_len=1}], 2) = 3\n"
                               "pwritev(1, [{iov_base=\"\\0\\0\"..., iov_len=9}, ...], 2, 0) = 30\n"
                               "writev(1, [{\"\\0\\0\", 2}], 1) = 2\n"
                               "write(1, 0x7fff, 5) = 5\n"
                               "copy_file_range(3, NULL, 4, NULL, 10, 0) = 10\n");
    static const uint8_t data[] = {SC_DATA_ZERO, SC_DATA_ZERO,   SC_DATA_ZERO,   SC_DATA_SOME,  SC_DATA_ZERO,
                                   SC_DATA_NONE, SC_DATA_UNSEEN, SC_DATA_NONE,   SC_DATA_ZERO,  SC_DATA_SOME,
                                   SC_DATA_ZERO, SC_DATA_ZERO,   SC_DATA_UNSEEN, SC_DATA_UNSEEN};
    static const bool cut[] = {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    for (size_t i = 0; i < sizeof data; i++) {
        cr_expect_eq(call(log, i)->data, data[i], "call %zu", i);
        cr_expect_eq(call(log, i)->data_cut, cut[i], "call %zu", i);
    }
    cr_expect(call(log, 1)->args[1].state & SC_ARG_CUT);
    done(log);
}

Test(strace_log, calls_broken_in_two)
{
    struct log *log = read_log("1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "1 clone3({flags=CLONE_VM|CLONE_THREAD, exit_signal=0}, 88 <unfinished ...>\n"
                               "2 read(3,  <unfinished ...>\n"
                               "1 <... clone3 resumed>) = 2\n"
                               "1 write(4, \"\\0\", 1 <unfinished ...>\n"
                               "2 <... read resumed>\"abc\", 3) = 3\n"
                               "1 <... write resumed>)  = 1\n"
                               "1 <... lseek resumed>) = 7\n"
                               "2 futex(0x7f, FUTEX_WAIT, 1, NULL <unfinished ...>\n"
                               "1 close(3) = 0\n");
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 7);
    cr_expect_eq(how_many(log, SC_EVENT_PROCESS), 1);
    cr_expect_eq(run_of(log)->threads, 2);
    cr_expect(named(call(log, 1), "clone3") && call(log, 1)->result == 2);
    cr_expect(named(call(log, 2), "read") && call(log, 2)->tid == 2 && call(log, 2)->thread == 1);
    cr_expect(text_is(&call(log, 2)->args[1], "abc") && call(log, 2)->process == 0);
    cr_expect(call(log, 3)->data == SC_DATA_ZERO);
    cr_expect(named(call(log, 4), "lseek") && call(log, 4)->result == 7 && call(log, 4)->nargs == 0);
    cr_expect(named(call(log, 6), "futex") && call(log, 6)->outcome == SC_UNFINISHED &&
              call(log, 6)->args[2].value == 1);
    done(log);
}

/* A child that has ended by the time its parent's fork returns is one process, and so is the next. */
Test(strace_log, a_child_that_was_gone_before_its_parent_was_told)
{
    struct log *log = read_log("1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n"
                               "2 write(1, \"a\", 1) = 1\n"
                               "2 exit_group(3) = ?\n"
                               "2 +++ exited with 3 +++\n"
                               "1 <... clone resumed>, child_tidptr=0x7f) = 2\n"
                               "1 clone(child_stack=NULL, flags=SIGCHLD, child_tidptr=0x7f) = 3\n"
                               "3 close(3) = 0\n"
                               "1 close(3) = 0\n");
    cr_expect_eq(run_of(log)->processes, 3);
    cr_expect_eq(run_of(log)->threads, 3);
    done(log);
}

Test(strace_log, the_end_of_a_call_without_a_name)
{
    struct log *log =
        read_log("1 <... \1\2read resumed>\"abc\", 3) = 3\n1 <... \xc2\x9bm resumed>) = 0\n1 close(3) = 0\n");
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 1);
    cr_expect(named(call(log, 0), "close"));
    done(log);
}

Test(strace_log, program_output_in_between)
{
    struct log *log = read_log("execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "write(1, \"hello\\n\", 6hello\n"
                               ")                  = 6\n"
                               "write(1, \"a\\nb\\n\", 4a\n"
                               "b\n"
                               ") = 4\n"
                               "write(1, \"x\", 1x)  = 1\n"
                               "no newlinewrite(1, \"y\", 1) = 1\n"
                               "read(2) is a system call\n"
                               "1: nonsense\n"
                               "lseek(3, 0, SEEK_S");
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 6);
    cr_expect(call(log, 1)->result == 6 && call(log, 1)->args[2].value == 6 && call(log, 1)->data == SC_DATA_SOME);
    cr_expect(call(log, 2)->result == 4 && call(log, 3)->result == 1 && call(log, 4)->result == 1);
    cr_expect(named(call(log, 5), "lseek") && call(log, 5)->outcome == SC_UNFINISHED);
    const struct sc_run *run = run_of(log);
    cr_assert(run->warning_count >= 4);
    cr_expect_str_eq(run->warnings[0], "3 lines could not be understood (program output, or damage).");
    cr_expect(strstr(run->warnings[1], ":5: "), "%s", run->warnings[1]);
    done(log);
}

Test(strace_log, a_line_beyond_the_bound)
{
    enum { LEN = 20 << 20 };
    char *text = malloc(LEN + 64);
    cr_assert_not_null(text);
    size_t len = (size_t)sprintf(text, "getpid() = 1\nwrite(1, \"");
    memset(text + len, 'a', LEN);
    len += LEN;
    len += (size_t)sprintf(text + len, "\", 5) = 5\ngetppid() = 1\n");
    struct sc_source *source;
    struct sc_error error;
    struct sc_event events[8];
    char path[64];
    int fd = memfd_create("log", 0);
    cr_assert_eq(write(fd, text, len), (ssize_t)len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    cr_assert_eq(sc_strace_source.open(path, &source, &error), 0);
    unsigned nrs[4], outcomes[4], count = 0;
    int64_t got;
    while ((got = sc_source_next(source, events, 8, &error)) > 0)
        for (int64_t i = 0; i < got; i++)
            if (events[i].type == SC_EVENT_CALL && count < 4) {
                nrs[count] = events[i].desc->nr;
                outcomes[count++] = events[i].outcome;
            }
    cr_assert_eq(count, 3);
    cr_expect(nrs[1] == SC_NR_write && outcomes[1] == SC_UNKNOWN && nrs[2] == SC_NR_getppid);
    cr_expect(sc_source_run(source)->coverage.damaged && sc_source_run(source)->warning_count == 1);
    sc_source_close(source);
    close(fd);
    free(text);
}

/* The room of an event is used again by the next batch, and what a line does not say must not be left over in it. */
Test(strace_log, nothing_is_left_of_the_batch_before)
{
    static const char text[] = "read(3, 0x7ffc0, 4096) = -1 EWHATEVER (Made up)\n"
                               "read(3,  <detached ...>\n";
    char path[64];
    struct sc_source *source;
    struct sc_event event;
    struct sc_error error = {""};
    int fd = memfd_create("log", 0);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    cr_assert_eq(sc_strace_source.open(path, &source, &error), 0, "%s", error.text);
    do
        cr_assert_eq(sc_source_next(source, &event, 1, &error), 1);
    while (event.type != SC_EVENT_CALL);
    cr_assert_str_eq(event.errno_name, "EWHATEVER");
    cr_assert_eq(sc_source_next(source, &event, 1, &error), 1);
    cr_assert_eq(event.outcome, SC_UNFINISHED);
    cr_assert_null(event.errno_name);
    sc_source_close(source);
    close(fd);
}
