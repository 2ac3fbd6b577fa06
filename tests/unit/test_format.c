#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "../../analyzer/text/format.h"

static char *no_argv[] = {"./prog", NULL};

struct fixture {
    struct sc_run run;
    struct sc_files *files;
    struct sc_formatter formatter;
};

static struct fixture setup(void)
{
    struct fixture f = {.run = {.argv = no_argv, .argc = 1, .cwd = "/data"}};
    f.files = sc_files_new("/data");
    f.formatter = (struct sc_formatter){.files = f.files};
    f.formatter.normaliser = sc_normaliser_new(&f.run, "prog", NULL, NULL, NULL, 0);
    cr_assert(f.files && f.formatter.normaliser);
    return f;
}

static void finish(struct fixture *f)
{
    sc_files_free(f->files);
    sc_normaliser_free(f->formatter.normaliser);
}

/* A finished call; its arguments are numbers. Pointers that are not 0 become pointers of unknown content. */
static struct sc_event call(unsigned nr, int64_t result, ...)
{
    struct sc_event event = {.type = SC_EVENT_CALL, .outcome = SC_DONE, .desc = sc_call(nr), .result = result};
    event.nargs = event.desc->nargs;
    va_list list;
    va_start(list, result);
    for (unsigned i = 0; i < event.nargs; i++) {
        struct sc_arg *arg = &event.args[i];
        arg->kind = event.desc->kinds[i];
        arg->value = va_arg(list, int64_t);
        bool pointer = event.desc->stored >> i & 1 ? false : true;
        arg->state = pointer ? (arg->value ? 0 : SC_ARG_NULL) : SC_ARG_VALUE;
    }
    va_end(list);
    return event;
}

#define CALL(name, result, ...) call(SC_NR_##name, (int64_t)(result), ##__VA_ARGS__)
#define N(x) ((int64_t)(x))

static struct sc_event with_text(struct sc_event event, unsigned arg, const char *text)
{
    event.args[arg].state = SC_ARG_TEXT;
    event.args[arg].text = text;
    event.args[arg].text_len = strlen(text);
    return event;
}

static struct sc_event with_extras(struct sc_event event, unsigned arg, uint8_t count, int64_t a, int64_t b, int64_t c,
                                   int64_t d)
{
    struct sc_arg *to = &event.args[arg];
    to->state = 0;
    to->extra_count = count;
    to->extra[0] = a, to->extra[1] = b, to->extra[2] = c, to->extra[3] = d;
    return event;
}

static void expect(struct fixture *f, struct sc_event event, const char *expected)
{
    char line[2048];
    size_t len = sc_format_line(&f->formatter, &event, line, sizeof line);
    cr_expect_str_eq(line, expected, "\n     got %s\nexpected %s", line, expected);
    cr_expect_eq(len, strlen(line));
    for (size_t capacity = 1; capacity < len + 1 && capacity < 60; capacity++) {
        char small[64];
        memset(small, 'X', sizeof small);
        cr_assert_eq(sc_format_line(&f->formatter, &event, small, capacity), capacity - 1);
        cr_assert_eq(small[capacity - 1], '\0');
        cr_assert_eq(small[capacity], 'X');
    }
    struct sc_access access;
    cr_assert_eq(sc_files_apply(f->files, &event, &access), 0);
}

static struct sc_event open_file(const char *path, int64_t flags, int64_t fd)
{
    return with_text(CALL(openat, fd, N(-100), N(1), flags, N(0666)), 1, path);
}

Test(format, files_by_name)
{
    struct fixture f = setup();
    expect(&f, open_file("/tmp/abc/t.ms/table.f0", 0x42, 3),
           "openat(AT_FDCWD, \"/tmp/TEMP/t.ms/table.f0\", O_RDWR|O_CREAT, 0666) = <table.f0>");
    expect(&f, open_file("/x/a/table.f0", 0x80000, 4),
           "openat(AT_FDCWD, \"/x/a/table.f0\", O_RDONLY|O_CLOEXEC) = <a/table.f0>");
    expect(&f, open_file("/none", 0, -2),
           "openat(AT_FDCWD, \"/none\", O_RDONLY) = -1 ENOENT (No such file or directory)");
    struct sc_event write = CALL(write, 3328, N(3), N(1), N(3328));
    write.data = SC_DATA_ZERO;
    expect(&f, write, "write(<table.f0>, zeros[3328], 3328) = 3328");
    write.data = SC_DATA_SOME;
    write.result = 100;
    expect(&f, write, "write(<table.f0>, data[100], 3328) = 100");
    write.result = -28;
    expect(&f, write, "write(<table.f0>, buf[3328], 3328) = -1 ENOSPC (No space left on device)");
    expect(&f, CALL(write, -14, N(3), N(0), N(10)), "write(<table.f0>, NULL, 10) = -1 EFAULT (Bad address)");
    expect(&f, CALL(read, 10, N(4), N(1), N(4096)), "read(<a/table.f0>, data[10], 4096) = 10");
    expect(&f, CALL(lseek, 512, N(3), N(512), N(0)), "lseek(<table.f0>, 512, SEEK_SET) = 512");
    struct sc_event pwritev = CALL(pwritev, 7, N(3), N(1), N(2), N(64));
    pwritev.data = SC_DATA_SOME;
    expect(&f, pwritev, "pwritev(<table.f0>, data[7], 2, 64) = 7");
    expect(&f, CALL(dup, 9, N(3)), "dup(<table.f0>) = <table.f0>");
    expect(&f, CALL(mmap, 0x7f0000000000, N(0), N(4096), N(1), N(1), N(4), N(0x1000)),
           "mmap(NULL, 4096, PROT_READ, MAP_SHARED, <a/table.f0>, 0x1000) = 0xADDR");
    expect(&f, CALL(mmap, 0x7f0000000000, N(0), N(4096), N(3), N(0x22), N(-1), N(0)),
           "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0xADDR");
    expect(&f, CALL(close, 0, N(3)), "close(<table.f0>) = 0");
    expect(&f, CALL(close, -9, N(33)), "close(<?>) = -1 EBADF (Bad file descriptor)");
    expect(&f, CALL(close, -9, N(-1)), "close(-1) = -1 EBADF (Bad file descriptor)");
    finish(&f);
}

Test(format, structs)
{
    struct fixture f = setup();
    expect(&f, open_file("/x/f", 2, 3), "openat(AT_FDCWD, \"/x/f\", O_RDWR) = <f>");
    expect(&f, with_extras(CALL(fstat, 0, N(3), N(1)), 1, 2, 0100644, 1234, 0, 0),
           "fstat(<f>, {st_mode=S_IFREG|0644, st_size=1234, ...}) = 0");
    expect(&f, with_extras(CALL(fstat, 0, N(3), N(1)), 1, 2, 020666, 0x103, 0, 0),
           "fstat(<f>, {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}) = 0");
    expect(&f, CALL(fstat, -9, N(3), N(1)), "fstat(<f>, 0xADDR) = -1 EBADF (Bad file descriptor)");
    expect(&f,
           with_extras(with_text(CALL(statx, 0, N(-100), N(1), N(0), N(0x7ff), N(1)), 1, "/x"), 4, 2, 040755, 64, 0, 0),
           "statx(AT_FDCWD, \"/x\", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, {stx_mode=S_IFDIR|0755, stx_size=64, "
           "...}) = 0");
    expect(&f, with_extras(CALL(fcntl, 0, N(3), N(6), N(1)), 2, 4, 1, 0, 0, 10),
           "fcntl(<f>, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=10}) = 0");
    expect(&f, CALL(fcntl, 0x8002, N(3), N(3), N(0)), "fcntl(<f>, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)");
    expect(&f, CALL(fcntl, 1, N(3), N(1), N(0)), "fcntl(<f>, F_GETFD) = 0x1 (flags FD_CLOEXEC)");
    expect(&f, CALL(fcntl, 0, N(3), N(1), N(0)), "fcntl(<f>, F_GETFD) = 0");
    expect(&f, CALL(fcntl, 0, N(3), N(2), N(1)), "fcntl(<f>, F_SETFD, FD_CLOEXEC) = 0");
    expect(&f, CALL(fcntl, 0, N(3), N(4), N(0xc00)), "fcntl(<f>, F_SETFL, O_RDONLY|O_APPEND|O_NONBLOCK) = 0");
    expect(&f, CALL(fcntl, 11, N(3), N(1030), N(10)), "fcntl(<f>, F_DUPFD_CLOEXEC, 10) = <f>");
    expect(&f, with_extras(CALL(pipe2, 0, N(1), N(0x80000)), 0, 2, 4, 5, 0, 0),
           "pipe2([<pipe>, <pipe>], O_CLOEXEC) = 0");
    expect(&f, with_extras(CALL(wait4, 4242, N(-1), N(1), N(0), N(0)), 1, 1, 0, 0, 0, 0),
           "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = PID");
    expect(&f, with_extras(CALL(wait4, 4242, N(4242), N(1), N(0), N(0)), 1, 1, 0x86, 0, 0, 0),
           "wait4(PID, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGABRT && WCOREDUMP(s)}], 0, NULL) = PID");
    expect(&f, with_extras(with_text(CALL(openat2, 8, N(-100), N(1), N(1), N(24)), 1, "/t"), 2, 3, 0, 0, 4, 0),
           "openat2(AT_FDCWD, \"/t\", {flags=O_RDONLY, resolve=RESOLVE_NO_SYMLINKS}, 24) = <t>");
    expect(&f, with_extras(CALL(sendfile, 10, N(3), N(3), N(1), N(10)), 2, 1, 5, 0, 0, 0),
           "sendfile(<f>, <f>, [5], 10) = 10");
    expect(&f, with_extras(CALL(getdents64, 200, N(3), N(1), N(200)), 1, 1, 7, 0, 0, 0),
           "getdents64(<f>, 0xADDR /* 7 entries */, 200) = 200");
    finish(&f);
}

Test(format, run_specific_values)
{
    struct fixture f = setup();
    expect(&f, CALL(getpid, 4242), "getpid() = PID");
    expect(&f, CALL(rt_sigreturn, 4242), "rt_sigreturn() = SOME");
    expect(&f, CALL(gettid, 4243), "gettid() = TID");
    expect(&f, CALL(tgkill, 0, N(4242), N(4243), N(6)), "tgkill(PID, TID, SIGABRT) = 0");
    expect(&f, CALL(brk, 0x55e000, N(0)), "brk(NULL) = 0xADDR");
    expect(&f, CALL(munmap, 0, N(0x7f00), N(4096)), "munmap(0xADDR, 4096) = 0");
    expect(&f, CALL(futex, 0, N(0x7f00), N(0x81), N(1), N(0), N(0), N(0)), "futex(0xADDR, FUTEX_WAKE_PRIVATE, 1) = 0");
    expect(&f, CALL(futex, 0, N(0x7f00), N(0x80), N(4711), N(0), N(0), N(0)), "futex(0xADDR, FUTEX_WAIT_PRIVATE) = 0");
    expect(&f, CALL(clone, 4242, N(0x1200011), N(0), N(0), N(1), N(0)),
           "clone(flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD) = PID");
    expect(&f, with_text(CALL(getcwd, 10, N(1), N(100)), 0, "/home/joe"), "getcwd(\"/home/USER\", 100) = 11");
    expect(&f, CALL(umask, 022, N(077)), "umask(077) = 022");
    expect(&f, with_text(CALL(creat, 3, N(1), N(0600)), 0, "/a\n"), "creat(\"/a\\n\", 0600) = <a\\n>");
    expect(&f, CALL(dup2, 1, N(33), N(1)), "dup2(<?>, <stdout>) = <?>");
    expect(&f, CALL(dup2, 20, N(33), N(20)), "dup2(<?>, FD) = <?>");
    finish(&f);
}

Test(format, outcomes)
{
    struct fixture f = setup();
    struct sc_event event = CALL(exit_group, 0, N(3));
    event.outcome = SC_NO_RETURN;
    expect(&f, event, "exit_group(3) = ?");
    event = with_text(CALL(execve, 0, N(1), N(1), N(1)), 0, "/bin/true");
    event.outcome = SC_NO_RETURN;
    expect(&f, event, "execve(\"/bin/true\", 0xADDR, 0xADDR) = 0");
    event = CALL(read, 0, N(0), N(1), N(10));
    event.outcome = SC_UNFINISHED;
    expect(&f, event, "read(<stdin>, buf[10], 10 <unfinished ...>");
    event = CALL(nanosleep, -516, N(1), N(0));
    event.errno_name = "ERESTART_RESTARTBLOCK";
    expect(&f, event, "nanosleep(0xADDR, NULL) = -1 ERESTART_RESTARTBLOCK");
    event = (struct sc_event){
        .outcome = SC_DONE, .desc = sc_call(999), .name = "syscall_0x3e7", .name_len = 13, .result = -38};
    expect(&f, event, "syscall_0x3e7(...) = -1 ENOSYS (Function not implemented)");
    finish(&f);
}

/* As a run is read: files follow the call, then its line, then mappings follow it. */
static void expect_then_apply(struct fixture *f, struct sc_mappings *mappings, struct sc_event event,
                              const char *wanted)
{
    struct sc_access access;
    cr_assert_eq(sc_files_apply(f->files, &event, &access), 0);
    f->formatter.access = &access;
    expect(f, event, wanted);
    f->formatter.access = NULL;
    cr_assert_eq(sc_mappings_apply(mappings, f->files, &event), 0);
}

Test(format, addresses_say_what_lies_there)
{
    enum { AT = 0x7f0000000000, ANON = MAP_PRIVATE | MAP_ANONYMOUS };
    struct fixture f = setup();
    struct sc_mappings *mappings = sc_mappings_new();
    struct sc_access access;
    f.formatter.mappings = mappings;
    struct sc_event open = open_file("/x/table.f0", 2, 3);
    cr_assert_eq(sc_files_apply(f.files, &open, &access), 0);
#define THEN(event, wanted) expect_then_apply(&f, mappings, event, wanted)
    THEN(CALL(munmap, 0, N(AT), N(4096)), "munmap(0xADDR, 4096) = 0");
    THEN(CALL(mmap, AT, N(0), N(100000), N(PROT_READ), N(MAP_SHARED), N(3), N(8192)),
         "mmap(NULL, 100000, PROT_READ, MAP_SHARED, <table.f0>, 0x2000) = 0xADDR");
    THEN(CALL(close, 0, N(3)), "close(<table.f0>) = 0");
    THEN(CALL(msync, 0, N(AT + 4096), N(4096), N(MS_SYNC)), "msync(0xADDR<table.f0>+12288, 4096, MS_SYNC) = 0");
    THEN(CALL(mmap, AT + 0x100000, N(0), N(8192), N(PROT_READ), N(ANON), N(-1), N(0)),
         "mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0xADDR");
    THEN(CALL(mprotect, 0, N(AT + 0x101000), N(4096), N(PROT_NONE)), "mprotect(0xADDR[8192], 4096, PROT_NONE) = 0");
    THEN(CALL(mremap, AT + 0x200000, N(AT + 0x100000), N(8192), N(16384), N(1), N(0)),
         "mremap(0xADDR[8192], 8192, 16384, MREMAP_MAYMOVE) = 0xADDR");
    THEN(CALL(munmap, 0, N(AT + 0x100000), N(4096)), "munmap(0xADDR, 4096) = 0");
    THEN(CALL(munmap, 0, N(AT + 0x200000), N(4096)), "munmap(0xADDR[16384], 4096) = 0");
    THEN(CALL(munmap, 0, N(AT + 0x201000), N(12288)), "munmap(0xADDR[16384], 12288) = 0");
    THEN(CALL(munmap, -22, N(AT), N(1)), "munmap(0xADDR<table.f0>+8192, 1) = -1 EINVAL (Invalid argument)");
    struct sc_event other = CALL(munmap, 0, N(AT), N(4096));
    other.process = 1;
    THEN(other, "munmap(0xADDR, 4096) = 0");
    struct sc_event exec = {.type = SC_EVENT_EXEC, .desc = sc_call(SC_NR_LIMIT)};
    cr_assert_eq(sc_mappings_apply(mappings, f.files, &exec), 0);
    THEN(CALL(munmap, 0, N(AT), N(4096)), "munmap(0xADDR, 4096) = 0");
#undef THEN
    sc_mappings_free(mappings);
    finish(&f);
}

/* A strace log gives raw text beside or instead of numbers: lines equal those of a capture. */
Test(format, raw_text_is_not_copied)
{
    struct fixture f = setup();
    struct sc_event event = CALL(prlimit64, 0, N(0), N(7), N(0), N(1));
    event.args[1] = (struct sc_arg){.kind = SC_KIND_INT, .state = SC_ARG_RAW, .raw = "RLIMIT_NOFILE", .raw_len = 13};
    event.args[3].state = SC_ARG_RAW;
    event.args[3].raw = "{rlim_cur=20000}";
    event.args[3].raw_len = 16;
    expect(&f, event, "prlimit64(0, RLIMIT_NOFILE, NULL, 0xADDR) = 0");
    event = CALL(clone, 4242, N(0), N(0), N(0), N(1), N(0));
    event.args[0].state = SC_ARG_RAW;
    event.args[0].raw = "child_stack=NULL";
    event.args[0].raw_len = 16;
    event.args[1].state = SC_ARG_RAW;
    event.args[1].raw = "flags=CLONE_VM|SIGCHLD";
    event.args[1].raw_len = 22;
    expect(&f, event, "clone(flags=CLONE_VM|SIGCHLD) = PID");
    event = CALL(write, 5, N(3), N(1), N(5));
    event.data = SC_DATA_SOME;
    event = with_text(event, 1, "hello");
    event.args[0].state |= SC_ARG_TEXT;
    event.args[0].text = "/tmp/x/log";
    event.args[0].text_len = 10;
    expect(&f, event, "write(<log>, data[5], 5) = 5");
    f.formatter.show_data = true;
    expect(&f, event, "write(<log>, data[5] \"hello\", 5) = 5");
    finish(&f);
}

Test(format, steps_make_loops_equal)
{
    struct fixture f = setup();
    f.formatter.steps = sc_steps_new(false);
    char line[3][256];
    struct sc_access access;
    struct sc_event open = open_file("/x/table.f0", 2, 3);
    cr_assert_eq(sc_files_apply(f.files, &open, &access), 0);
    for (int i = 0; i < 3; i++) {
        struct sc_event seek = CALL(lseek, 512 + 3328 * i, N(3), N(512 + 3328 * i), N(0));
        sc_format_line(&f.formatter, &seek, line[i], sizeof line[i]);
    }
    cr_expect_str_eq(line[0], "lseek(<table.f0>, 512, SEEK_SET)");
    cr_expect_str_eq(line[1], "lseek(<table.f0>, +3328, SEEK_SET)");
    cr_expect_str_eq(line[2], line[1]);
    struct sc_event write = CALL(write, 3328, N(3), N(1), N(3328));
    write.data = SC_DATA_ZERO;
    sc_format_line(&f.formatter, &write, line[0], sizeof line[0]);
    cr_expect_str_eq(line[0], "write(<table.f0>, zeros[3328])");
    sc_format_line(&f.formatter, &open, line[0], sizeof line[0]);
    cr_expect_str_eq(line[0], "openat(AT_FDCWD, \"/x/table.f0\", O_RDWR) = <table.f0>");
    sc_steps_free(f.formatter.steps);
    finish(&f);
}

/* Whatever a damaged capture or a log yields: a line of printable ASCII comes out. */
Test(format, anything_gives_a_line)
{
    static const char *const texts[] = {"", "/tmp/a/b", "x\n\033[31m", "pipe:[7]", "flags=SIGCHLD", "/home/j/../\377"};
    struct fixture f = setup();
    f.formatter.steps = sc_steps_new(false);
    uint64_t seed = 3;
    for (int round = 0; round < 60000; round++) {
        struct sc_event event = {.type = SC_EVENT_CALL};
        uint64_t *words = (uint64_t[2]){0};
        for (int i = 0; i < 2; i++)
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17, words[i] = seed;
        event.desc = sc_call((unsigned)(words[0] % 460));
        event.outcome = (uint8_t)(words[0] >> 32 & 3) & (words[0] >> 40 & 3);
        event.data = (uint8_t)(words[0] >> 44 & 3);
        event.nargs = (uint8_t)(words[0] >> 48) % 7;
        event.result = (int64_t)words[1] >> (words[1] & 63);
        for (unsigned i = 0; i < event.nargs; i++) {
            struct sc_arg *arg = &event.args[i];
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            arg->kind = event.desc->kinds[i];
            arg->state = (uint8_t)(seed >> 7 & 31);
            arg->value = (int64_t)seed >> (seed & 63);
            if ((arg->kind == SC_KIND_FD || arg->kind == SC_KIND_DIRFD) && seed & 1)
                arg->value = (int64_t)(seed >> 60);
            arg->text = arg->raw = texts[seed % 6];
            arg->text_len = arg->raw_len = strlen(arg->text);
            arg->extra_count = (uint8_t)(seed >> 20 & 3) + (seed >> 22 & 1);
            for (int extra = 0; extra < SC_ARG_EXTRAS; extra++)
                arg->extra[extra] = (int64_t)(seed * (uint64_t)(extra + 3)) >> (seed >> 50 & 63);
        }
        char line[300];
        size_t len = sc_format_line(&f.formatter, &event, line, sizeof line);
        cr_assert(len < sizeof line && strlen(line) == len);
        for (size_t i = 0; i < len; i++)
            cr_assert(line[i] >= ' ' && line[i] < 0x7f);
    }
    sc_steps_free(f.formatter.steps);
    finish(&f);
}

Test(format, how_much_the_mappings_are_depends_on_the_machine)
{
    struct fixture f = setup();
    expect(&f, open_file("/proc/self/maps", 0, 5), "openat(AT_FDCWD, \"/proc/self/maps\", O_RDONLY) = <maps>");
    expect(&f, CALL(read, 1777, N(5), N(1), N(4096)), "read(<maps>, data[SOME], 4096) = SOME");
    expect(&f, CALL(read, 0, N(5), N(1), N(4096)), "read(<maps>, data[0], 4096) = 0");
    expect(&f, open_file("/data/maps", 0, 6), "openat(AT_FDCWD, \"CWD/maps\", O_RDONLY) = <CWD/maps>");
    expect(&f, CALL(read, 1777, N(6), N(1), N(4096)), "read(<CWD/maps>, data[1777], 4096) = 1777");
    finish(&f);
}

static char *copy_argv[] = {"cp", "in.txt", "out/rust.ms", NULL}, *copy_other[] = {"cp", "in.txt", "out/cpp.ms", NULL};

/* A run whose output is out/rust.ms. */
static struct fixture setup_output(void)
{
    struct fixture f = {.run = {.argv = copy_argv, .argc = 3, .cwd = "/data"}};
    struct sc_run other = {.argv = copy_other, .argc = 3, .cwd = "/data"};
    f.files = sc_files_new("/data");
    f.formatter = (struct sc_formatter){.files = f.files};
    f.formatter.normaliser = sc_normaliser_new(&f.run, "rust", &other, "cpp", NULL, 0);
    cr_assert(f.files && f.formatter.normaliser);
    return f;
}

Test(format, a_relative_path_has_the_names_of_its_full_path)
{
    struct fixture f = setup_output();
    struct sc_access access;
    const int64_t at = AT_FDCWD;
    expect(&f, with_text(CALL(openat, -ENOENT, at, N(1), N(O_PATH), N(0)), 1, "out/rust.ms"),
           "openat(AT_FDCWD, \"out/TABLE.ms\", O_RDONLY|O_PATH) = -1 ENOENT (No such file or directory)");
    expect(&f, with_text(CALL(mkdir, 0, N(1), N(0777)), 0, "./out//rust.ms/x/"),
           "mkdir(\"out/TABLE.ms/x/\", 0777) = 0");
    expect(&f, with_text(CALL(unlink, 0, N(1)), 0, "in.txt"), "unlink(\"in.txt\") = 0");
    struct sc_event into = with_text(CALL(chdir, 0, N(1)), 0, "out");
    cr_assert_eq(sc_files_apply(f.files, &into, &access), 0);
    expect(&f, with_text(CALL(unlink, 0, N(1)), 0, "rust.ms"), "unlink(\"TABLE.ms\") = 0");
    expect(&f, with_text(CALL(unlink, 0, N(1)), 0, "../out/rust.ms"), "unlink(\"../out/TABLE.ms\") = 0");
    expect(&f, with_text(CALL(unlink, 0, N(1)), 0, "../in.txt"), "unlink(\"../in.txt\") = 0");
    expect(&f, with_text(CALL(unlink, 0, N(1)), 0, ".."), "unlink(\"..\") = 0");
    expect(&f, with_text(with_text(CALL(symlink, 0, N(1), N(1)), 0, "rust.ms/t"), 1, "../out/link"),
           "symlink(\"TABLE.ms/t\", \"../out/link\") = 0");
    struct sc_event deeper = with_text(CALL(chdir, 0, N(1)), 0, "rust.ms");
    cr_assert_eq(sc_files_apply(f.files, &deeper, &access), 0);
    f.formatter.access = &access;
    expect(&f, deeper, "chdir(\"TABLE.ms\") = 0");
    finish(&f);
}

Test(format, a_path_is_relative_to_its_descriptor)
{
    struct fixture f = setup_output();
    struct sc_access access;
    const int64_t at = AT_FDCWD;
    struct sc_event folder = with_text(CALL(openat, 3, at, N(1), N(O_DIRECTORY), N(0)), 1, "out");
    cr_assert_eq(sc_files_apply(f.files, &folder, &access), 0);
    expect(&f, with_text(CALL(mkdirat, 0, N(3), N(1), N(0777)), 1, "rust.ms"),
           "mkdirat(<out>, \"TABLE.ms\", 0777) = 0");
    expect(&f, with_text(CALL(mkdirat, 0, N(3), N(1), N(0777)), 1, "../rust.ms"),
           "mkdirat(<out>, \"../rust.ms\", 0777) = 0");
    expect(&f, with_text(CALL(mkdirat, 0, N(7), N(1), N(0777)), 1, "out/rust.ms"),
           "mkdirat(<?>, \"out/TABLE.ms\", 0777) = 0");
    finish(&f);
}
