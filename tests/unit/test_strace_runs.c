/*
 * What strace's logs tell of processes and of the run: children, ends, command line, start-up; families of files,
 * tables and what is taken for a log.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../analyzer/sources/source.h"

enum { MAX_EVENTS = 256 };

struct log {
    struct sc_source *source;
    struct sc_event events[MAX_EVENTS];
    size_t count;
};

static void read_source(struct log *log, const struct sc_source_ops *ops, const char *path)
{
    struct sc_error error = {""};
    cr_assert_eq(ops->open(path, &log->source, &error), 0, "%s", error.text);
    int64_t got;
    while ((got = ops->next(log->source, log->events + log->count, MAX_EVENTS - log->count, &error)) > 0)
        log->count += (size_t)got;
    cr_assert_eq(got, 0);
}

static struct log *read_as(const struct sc_source_ops *ops, const char *text)
{
    struct log *log = calloc(1, sizeof *log);
    char path[64];
    int fd = memfd_create("log", 0);
    cr_assert(log && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_source(log, ops, path);
    close(fd);
    return log;
}

static struct log *read_log(const char *text)
{
    return read_as(&sc_strace_source, text);
}

static void done(struct log *log)
{
    sc_source_close(log->source);
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

static size_t how_many(const struct log *log, unsigned type)
{
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++)
        count += log->events[i].type == type;
    return count;
}

Test(strace_runs, a_tree_of_processes)
{
    struct log *log = read_log("10 execve(\"/bin/sh\", [\"sh\", \"-c\"..., \"a b\"], 0x7f /* 3 vars */) = 0\n"
                               "10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 11\n"
                               "11 execve(\"/bin/ls\", [\"ls\"], 0x7f /* 3 vars */) = 0\n"
                               "10 vfork( <unfinished ...>\n"
                               "12 getpid() = 12\n"
                               "10 <... vfork resumed>) = 12\n"
                               "11 exit_group(2) = ?\n"
                               "11 +++ exited with 2 +++\n"
                               "12 +++ killed by SIGSEGV (core dumped) +++\n"
                               "10 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=11, si_status=2} ---\n"
                               "10 +++ exited with 0 +++\n");
    const struct sc_run *run = sc_source_run(log->source);
    cr_expect(run->processes == 3 && run->threads == 3 && run->root_pid == 10);
    cr_assert_eq(how_many(log, SC_EVENT_PROCESS), 3);
    cr_expect(nth(log, SC_EVENT_PROCESS, 0)->origin == SC_ORIGIN_ROOT);
    cr_expect(nth(log, SC_EVENT_PROCESS, 1)->pid == 11 && nth(log, SC_EVENT_PROCESS, 1)->parent == 0);
    cr_assert_eq(how_many(log, SC_EVENT_EXEC), 1);
    cr_expect_eq(nth(log, SC_EVENT_EXEC, 0)->process, 1);
    cr_expect_eq(how_many(log, SC_EVENT_PROCESS_END), 3);
    cr_assert_eq(run->child_count, 2);
    cr_expect(run->children[0].end.code == 2 && strcmp(run->children[0].command, "/bin/ls") == 0);
    cr_expect(run->children[1].end.kind == SC_ENDED_SIGNALED && run->children[1].end.signal == 11);
    cr_expect(run->end.kind == SC_ENDED_EXITED && run->end.code == 0);
    cr_expect(run->argc == 3 && run->argv_elided && strcmp(run->argv[1], "-c...") == 0 &&
              strcmp(run->argv[2], "a b") == 0);
    const struct sc_arg *clone = nth(log, SC_EVENT_CALL, 1)->args; /* in the kernel's order */
    cr_expect(clone[0].value == (0x01000000 | 17) && clone[1].state & SC_ARG_NULL && clone[3].raw_len == 4);
    cr_expect_eq(run->warning_count, 0);
    done(log);
}

Test(strace_runs, pids_in_brackets_and_messages)
{
    struct log *log = read_log("execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "vfork(strace: Process 21 attached\n"
                               " <unfinished ...>\n"
                               "[pid 21] getpid() = 21\n"
                               "[pid 20] <... vfork resumed>) = 21\n"
                               "[pid 20] wait4(-1,  <unfinished ...>\n"
                               "[pid 21] +++ exited with 0 +++\n"
                               "<... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 21\n"
                               "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=21, si_status=0} ---\n"
                               "[ Process PID=20 runs in 32 bit mode. ]\n"
                               "+++ killed by SIGABRT +++\n");
    const struct sc_run *run = sc_source_run(log->source);
    cr_expect(run->processes == 2 && run->root_pid == 20 && how_many(log, SC_EVENT_CALL) == 4);
    cr_expect(nth(log, SC_EVENT_CALL, 1)->tid == 21 && nth(log, SC_EVENT_CALL, 3)->tid == 20);
    cr_expect(run->end.kind == SC_ENDED_SIGNALED && run->end.signal == 6 && run->child_count == 1);
    cr_expect_eq(run->warning_count, 0);
    done(log);
}

Test(strace_runs, several_clones_at_once)
{
    struct log *log = read_log("1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "1 clone3({flags=CLONE_THREAD}, 88) = 2\n"
                               "1 fork( <unfinished ...>\n"
                               "2 clone3({flags=CLONE_THREAD}, 88 <unfinished ...>\n"
                               "3 getpid() = 1\n"
                               "4 getpid() = 4\n"
                               "2 <... clone3 resumed>) = 3\n"
                               "1 <... fork resumed>) = 4\n");
    cr_expect(nth(log, SC_EVENT_CALL, 2)->process == 0 && nth(log, SC_EVENT_CALL, 3)->process == 1);
    cr_expect(sc_source_run(log->source)->processes == 2 && sc_source_run(log->source)->threads == 4);
    done(log);
}

Test(strace_runs, a_thread_that_execs)
{
    struct log *log = read_log("1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "1 clone3({flags=CLONE_THREAD}, 88) = 2\n"
                               "2 execve(\"./b\", [\"./b\"], 0x7f /* 3 vars */ <unfinished ...>\n"
                               "1 +++ superseded by execve in pid 2 +++\n"
                               "1 <... execve resumed>) = 0\n"
                               "1 +++ exited with 4 +++\n");
    cr_expect(how_many(log, SC_EVENT_EXEC) == 1 && how_many(log, SC_EVENT_PROCESS_END) == 1);
    cr_expect_eq(sc_source_run(log->source)->end.code, 4);
    cr_expect_eq(nth(log, SC_EVENT_CALL, 2)->outcome, SC_NO_RETURN);
    done(log);
}

Test(strace_runs, startup)
{
    static const char text[] = "execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                               "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
                               "mmap(NULL, 100, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000\n"
                               "close(3) = 0\n"
                               "%s"
                               "munmap(0x7f0000, 100) = 0\n"
                               "getrandom(\"\\x01\", 8, GRND_NONBLOCK) = 8\n"
                               "openat(AT_FDCWD, \"/x.so\", O_RDONLY) = 3\n";
    for (int cpp = 0; cpp < 2; cpp++) {
        char whole[1024];
        snprintf(whole, sizeof whole, text,
                 cpp ? "openat(AT_FDCWD, \"/lib/libstdc++.so.6\", O_RDONLY|O_CLOEXEC) = 3\n" : "close(3) = 0\n");
        struct log *log = read_log(whole);
        cr_expect(sc_source_run(log->source)->startup_seen);
        cr_expect(nth(log, SC_EVENT_CALL, 5)->startup && !nth(log, SC_EVENT_CALL, 7)->startup);
        cr_expect_eq(nth(log, SC_EVENT_CALL, 6)->startup, cpp);
        done(log);
    }
    struct log *log = read_log("getpid() = 3\nbrk(NULL) = 0x10\n");
    cr_expect(!sc_source_run(log->source)->startup_seen && !nth(log, SC_EVENT_CALL, 1)->startup);
    cr_expect_eq(sc_source_run(log->source)->end.kind, SC_ENDED_UNKNOWN);
    done(log);
}

/* A capture has it of no program: neither the root's nor those that a child becomes. */
Test(strace_runs, startup_of_each_program)
{
    struct log *log =
        read_log("1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
                 "1 write(1, \"x\", 1) = 1\n"
                 "1 vfork() = 2\n"
                 "2 read(0, \"x\", 1) = 1\n"
                 "2 execve(\"./b\", [\"./b\"], 0x7f /* 3 vars */) = -1 ENOENT (No such file or directory)\n"
                 "2 execve(\"/b\", [\"./b\"], 0x7f /* 3 vars */) = 0\n"
                 "2 openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
                 "2 mmap(NULL, 100, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000\n"
                 "1 read(0, \"x\", 1) = 1\n"
                 "2 munmap(0x7f0000, 100) = 0\n"
                 "2 read(0, \"x\", 1) = 1\n"
                 "1 execve(\"./c\", [\"./c\"], 0x7f /* 3 vars */) = 0\n"
                 "1 brk(NULL) = 0x10\n"
                 "1 write(1, \"x\", 1) = 1\n");
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 14);
    for (size_t i = 0; i < 14; i++)
        cr_expect_eq(nth(log, SC_EVENT_CALL, i)->startup, "x.....xx.x..x."[i] == 'x', "call %zu", i);
    done(log);
}

static void put(const char *directory, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *out = fopen(path, "w");
    cr_assert(out && fputs(text, out) >= 0 && fclose(out) == 0);
}

Test(strace_runs, families)
{
    char directory[] = "/tmp/sc_familyXXXXXX", path[256];
    cr_assert_not_null(mkdtemp(directory));
    put(directory, "t.30",
        "23:59:58.000000 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n"
        "23:59:59.000000 fork() = 29\n00:00:02.000000 getpid() = 30\n"
        "00:00:04.000000 +++ exited with 0 +++\n");
    put(directory, "t.29",
        "00:00:01.000000 getppid() = 30\n00:00:03.000000 getpid() = 29\n"
        "00:00:03.500000 +++ exited with 1 +++\n");
    put(directory, "t.txt", "getuid() = 0\n");
    snprintf(path, sizeof path, "%s/t", directory);
    cr_expect(sc_strace_source.recognise(path, (const unsigned char *)"", 0));
    struct log *log = calloc(1, sizeof *log);
    read_source(log, &sc_strace_source, path);
    static const uint16_t order[] = {SC_NR_execve, SC_NR_fork, SC_NR_getppid, SC_NR_getpid, SC_NR_getpid};
    static const int32_t tids[] = {30, 30, 29, 30, 29};
    cr_assert_eq(how_many(log, SC_EVENT_CALL), 5);
    for (size_t i = 0; i < 5; i++)
        cr_expect(nth(log, SC_EVENT_CALL, i)->desc->nr == order[i] && nth(log, SC_EVENT_CALL, i)->tid == tids[i]);
    cr_expect(sc_source_run(log->source)->child_count == 1 && sc_source_run(log->source)->root_pid == 30);
    done(log);
    put(directory, "t.30", "execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\nfork() = 29\n+++ exited with 0 +++\n");
    put(directory, "t.29", "getppid() = 30\n+++ exited with 1 +++\n");
    log = calloc(1, sizeof *log);
    read_source(log, &sc_strace_source, path);
    cr_expect(nth(log, SC_EVENT_CALL, 0)->tid == 30 && nth(log, SC_EVENT_CALL, 2)->tid == 29);
    cr_expect(nth(log, SC_EVENT_CALL, 2)->process == 1 && sc_source_run(log->source)->processes == 2);
    done(log);
    snprintf(path, sizeof path, "rm -r %s", directory);
    cr_expect_eq(system(path), 0);
}

Test(strace_runs, batches_of_one_are_the_same)
{
    static const char text[] = "1 execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n1 fork() = 2\n2 getpid() = 2\n"
                               "2 read(3,  <unfinished ...>\n2 +++ killed by SIGKILL +++\n1 exit_group(0) = ?\n";
    struct log *log = read_log(text), *single = calloc(1, sizeof *single);
    char path[64];
    struct sc_error error;
    int fd = memfd_create("log", 0);
    cr_assert(write(fd, text, strlen(text)) > 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    cr_assert_eq(sc_strace_source.open(path, &single->source, &error), 0);
    while (sc_source_next(single->source, single->events + single->count, 1, &error) > 0)
        single->count++;
    cr_assert_eq(single->count, log->count);
    for (size_t i = 0; i < log->count; i++)
        cr_expect(log->events[i].type == single->events[i].type && log->events[i].process == single->events[i].process);
    close(fd);
    done(single);
    done(log);
}

static const char table[] = "% time     seconds  usecs/call     calls    errors syscall\n"
                            "------ ----------- ----------- --------- --------- ----------------\n"
                            " 43.37    0.005216           6       779           lseek\n"
                            "  0.35    0.000042           1        27        14 newfstatat\n"
                            "------ ----------- ----------- --------- --------- ----------------\n"
                            "100.00    0.012026           7       806        14 total\n";

static void expect_counts(const char *text, uint64_t errors, uint64_t time, size_t warnings)
{
    struct log *log = read_as(&sc_strace_summary_source, text);
    const struct sc_counted_call *rows;
    size_t count;
    cr_assert(sc_source_counts(log->source, &rows, &count) == 0 && count == 2 && log->count == 0);
    cr_expect(strcmp(rows[0].name, "lseek") == 0 && rows[0].calls == 779 && rows[0].errors == 0);
    cr_expect(strcmp(rows[1].name, "newfstatat") == 0 && rows[1].calls == 27 && rows[1].errors == errors);
    cr_expect(rows[1].time_ns == time);
    cr_expect_eq(sc_source_run(log->source)->warning_count, warnings);
    done(log);
}

Test(strace_runs, tables)
{
    expect_counts(table, 14, 42000, 0);
    expect_counts("hello\nsyscall              calls\n---------------- ---------\nlseek                  779\n"
                  "newfstatat              27\n---------------- ---------\ntotal                  806\n",
                  0, 0, 0);
    expect_counts("    calls    errors syscall\n--------- --------- ----------------\n      779           lseek\n"
                  "       27        14 newfstatat\n",
                  14, 0, 1);
}

Test(strace_runs, a_row_whose_name_is_none_ends_a_table)
{
    expect_counts("    calls    errors syscall\n--------- --------- ----------------\n      779           lseek\n"
                  "       27        14 newfstatat\n        3           re\xff"
                  "ad\n        3           a\033b\n",
                  14, 0, 1);
}

Test(strace_runs, recognition)
{
    static const struct {
        const char *text;
        bool log;
    } cases[] = {
        {"execve(\"./a\", [\"./a\"], 0x7f /* 3 vars */) = 0\n", true},
        {"[pid 3] <... read resumed>\"a\", 1) = 1\n", true},
        {"hello\nworld\n12:00:01 read(3, \"\", 1) = 0\n", true},
        {"+++ exited with 0 +++\n", true},
        {"7704  openat(AT_FDCWD, \"/very/long", true},
        {"read(2) reads from a descriptor\nwrite(2) writes\n", false},
        {"int main(void)\n{\n    n = read(fd, buf, 10);\n}\n", false},
        {"SYSCAP\r\n\1\0\0\0", false},
        {"a,b,c\n1,2,3\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(
            sc_strace_source.recognise("/nonexistent", (const unsigned char *)cases[i].text, strlen(cases[i].text)),
            cases[i].log, "%s", cases[i].text);
    cr_expect(sc_strace_summary_source.recognise("/nonexistent", (const unsigned char *)table, strlen(table)));
    cr_expect(!sc_strace_source.recognise("/nonexistent", (const unsigned char *)table, strlen(table)));
    char both[2048];
    snprintf(both, sizeof both, "getpid() = 3\n%s", table);
    cr_expect(sc_strace_source.recognise("/nonexistent", (const unsigned char *)both, strlen(both)));
    cr_expect(!sc_strace_summary_source.recognise("/nonexistent", (const unsigned char *)both, strlen(both)));
    struct log *log = read_log(both);
    cr_expect(how_many(log, SC_EVENT_CALL) == 1 && sc_source_run(log->source)->warning_count == 0);
    done(log);
}
