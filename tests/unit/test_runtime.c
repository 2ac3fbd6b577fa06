/* What is recognised of Python's start and of libstdc++; Rust's is in test_causes.c. */
#include "scene.h"

static uint64_t calls_of(const struct scene *s, enum sc_language language)
{
    const struct sc_row *rows;
    uint64_t calls = 0;
    for (size_t i = sc_ledger_rows(s->ledger, &rows); i-- > 0;)
        calls += sc_row_language(&rows[i]) == language ? rows[i].calls : 0;
    return calls;
}

static void look(struct scene *s, const char *path)
{
    scene_path(s, SC_NR_newfstatat, path, 0, -ENOENT);
}

/* As CPython 3.8 to 3.13 do it, in few calls; returns how many of them are its own. */
static unsigned python_starts(struct scene *s)
{
    look(s, "/usr/bin/pyvenv.cfg");
    look(s, "/usr/lib/python311.zip");
    scene_open(s, "/usr/lib/python3.11/encodings/__pycache__/__init__.cpython-311.pyc", O_RDONLY, 3);
    PLAY(s, SC_NR_brk, 0x5000000, 0x5000000); /* not its own: a heap grows for anybody */
    scene_read(s, 3, 1000);
    PLAY(s, SC_NR_close, 0, 3);
    PLAY(s, SC_NR_rt_sigaction, 0, 2, 0, 0, 8);
    PLAY(s, SC_NR_dup, 3, 0);
    PLAY(s, SC_NR_close, 0, 3);
    PLAY(s, SC_NR_lseek, 0, 1, 0, SEEK_CUR);
    look(s, "/home/x/.local/lib/python3.11/site-packages");
    return 10;
}

Test(runtime, pythons_start)
{
    struct scene s = scene_new();
    PLAY(&s, SC_NR_getpid, 1, 0); /* the program is not known: nothing says yet that it is Python */
    unsigned calls = python_starts(&s);
    scene_create(&s, "out", 3);
    scene_open(&s, "/usr/lib/python3.11/json/__init__.py", O_RDONLY, 4); /* loaded later, by the program */
    look(&s, "/usr/bin/pyvenv.cfg");
    cr_expect_eq(calls_of(&s, SC_PYTHON), calls, "%lu", calls_of(&s, SC_PYTHON));
    scene_free(&s);
}

Test(runtime, pythons_start_and_its_script)
{
    static char *argv[] = {"python3", "dir/job.py", NULL};
    struct scene s = scene_new();
    s.fake.run.exe = "/usr/bin/python3.11";
    s.fake.run.argv = argv;
    s.fake.run.argc = 2;
    scene_open(&s, "/usr/lib/locale/C.utf8/LC_CTYPE", O_RDONLY, 3);
    PLAY(&s, SC_NR_close, 0, 3);
    unsigned calls = 2 + python_starts(&s);
    scene_open(&s, "dir/job.py", O_RDONLY, 3);
    scene_read(&s, 3, 100);
    PLAY(&s, SC_NR_close, 0, 3);
    scene_create(&s, "out", 3);
    scene_write(&s, 3, 100, SC_DATA_SOME);
    cr_expect_eq(calls_of(&s, SC_PYTHON), calls + 3, "%lu", calls_of(&s, SC_PYTHON));
    s.fake.run.exe = NULL;
    s.fake.run.argv = NULL;
    scene_free(&s);
}

Test(runtime, folders_to_import_from_do_not_end_pythons_start)
{
    static char *variables[] = {"HOME=/home/x", "PYTHONPATH=/mine::more", NULL};
    struct scene s = scene_new();
    s.fake.run.environ = variables;
    s.fake.run.cwd = "/data";
    look(&s, "/usr/bin/pyvenv.cfg");
    look(&s, "/mine"); /* that it does is the user's doing */
    look(&s, "/data/more");
    PLAY(&s, SC_NR_rt_sigaction, 0, 2, 0, 0, 8);
    look(&s, "/mine/module.py");
    PLAY(&s, SC_NR_rt_sigaction, 0, 2, 0, 0, 8);
    cr_expect_eq(calls_of(&s, SC_PYTHON), 2, "%lu", calls_of(&s, SC_PYTHON));
    s.fake.run.environ = NULL;
    s.fake.run.cwd = NULL;
    scene_free(&s);
}

Test(runtime, no_python)
{
    struct scene s = scene_new();
    s.fake.run.exe = "/opt/pythonic";
    look(&s, "/usr/lib/python3.11");
    scene_open(&s, "/usr/lib/locale/C.utf8/LC_CTYPE", O_RDONLY, 3);
    PLAY(&s, SC_NR_rt_sigaction, 0, 2, 0, 0, 8);
    cr_expect_eq(calls_of(&s, SC_PYTHON), 0);
    cr_expect_eq(calls_of(&s, SC_CPP), 0);
    s.fake.run.exe = NULL;
    scene_free(&s);
}

Test(runtime, what_libstdcpp_does_once)
{
    struct scene s = scene_new();
    struct sc_module_map library = {.begin = 0x1000, .end = 0x2000, .path = strdup("/usr/lib/libstdc++.so.6.0.30")};
    struct sc_module_map program = {.begin = 0x2000, .end = 0x3000, .path = strdup("/bin/prog")};
    cr_assert_eq(sc_run_add_module(&s.fake.run, library), 0);
    cr_assert_eq(sc_run_add_module(&s.fake.run, program), 0);
    s.site = 0x1010;
    PLAY(&s, SC_NR_futex, 0, 0x7000, 129, INT32_MAX); /* FUTEX_WAKE_PRIVATE */
    scene_open(&s, "/usr/lib/locale/C.utf8/LC_TIME", O_RDONLY, 3);
    PLAY(&s, SC_NR_close, 0, 3);
    cr_expect_eq(calls_of(&s, SC_CPP), 3);
    PLAY(&s, SC_NR_futex, 1, 0x7000, 129, INT32_MAX); /* somebody waited: threads are at work */
    PLAY(&s, SC_NR_futex, 0, 0x7000, 129, 1);
    scene_create(&s, "/data/f", 3);
    s.site = 0x2010;
    PLAY(&s, SC_NR_futex, 0, 0x7000, 129, INT32_MAX); /* the program's own pthread_once */
    scene_open(&s, "/usr/lib/locale/C.utf8/LC_TIME", O_RDONLY, 3);
    cr_expect_eq(calls_of(&s, SC_CPP), 3, "%lu", calls_of(&s, SC_CPP));
    sc_run_free_modules(&s.fake.run);
    scene_free(&s);
}
