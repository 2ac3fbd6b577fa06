/* Findings about what follows what: three shapes of each, and a control just under its threshold. */
#include <sched.h>
#include <signal.h>

#include "findings_expect.h"

/* Makes a pipe of two descriptors. */
static void make_pipe(struct scene *s, int from, int to)
{
    struct sc_event event = scene_event(SC_NR_pipe2, 0);
    event.args[0].extra[0] = from;
    event.args[0].extra[1] = to;
    event.args[0].extra_count = 2;
    scene_play(s, &event);
}

static void trickle(struct scene *s, int fd, int count, int64_t bytes)
{
    for (int i = 0; i < count; i++)
        scene_write(s, fd, bytes, SC_DATA_SOME);
}

Test(findings, unbuffered_output)
{
    struct scene s = scene_new();
    make_pipe(&s, 3, 4);
    trickle(&s, 4, 101, 16); /* the first one is behind none */
    expect_finding(&s, (struct expected){"unbuffered-output", "pipe:[1]", 100, -1, -1, 99});
    s = scene_new();
    scene_open(&s, "in", O_RDONLY, 3);
    for (int i = 0; i < 131; i++) { /* a line for each part of a file, to the standard output */
        scene_read(&s, 3, 65536);
        scene_write(&s, 1, 1023, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"unbuffered-output", "stdout", 130, -1, -1, 127});
    s = scene_new();
    PLAY(&s, SC_NR_socket, 5, 1 /* AF_UNIX */, 1, 0);
    for (int i = 0; i < 111; i++) /* each in parts of its own, or by the socket's own call */
        if (i % 2)
            PLAY(&s, SC_NR_writev, 20, 5, 0, 2);
        else
            PLAY(&s, SC_NR_sendto, 20, 5, 0, 20, 0, 0, 0);
    expect_finding(&s, (struct expected){"unbuffered-output", "socket:[1]", 110, -1, -1, 109});
}

Test(findings, no_unbuffered_output)
{
    struct scene s = scene_new();
    trickle(&s, 1, 100, 16);
    make_pipe(&s, 3, 4);
    make_pipe(&s, 5, 6);
    for (int i = 0; i < 200; i++) { /* a talk: each waits for its answer */
        scene_write(&s, 4, 16, SC_DATA_SOME);
        scene_read(&s, 5, 16);
    }
    trickle(&s, 6, 200, 1024);
    PLAY(&s, SC_NR_eventfd2, 7, 0, 0);
    trickle(&s, 7, 200, 8);         /* a count goes nowhere */
    for (int i = 0; i < 200; i++) { /* now and then */
        PLAY(&s, SC_NR_poll, 0, 0, 1, 1000);
        scene_write(&s, 2, 16, SC_DATA_SOME);
    }
    expect_none(&s, "unbuffered-output");
}

Test(findings, spinning)
{
    struct scene s = scene_new();
    make_pipe(&s, 3, 4);
    for (int i = 0; i < 33; i++) /* the first one had to be asked */
        PLAY(&s, SC_NR_read, -EAGAIN, 3, 0, 100);
    scene_read(&s, 3, 100);
    expect_finding(&s, (struct expected){"spinning", "pipe:[1]", 32, -1, -1, 32});
    s = scene_new();
    PLAY(&s, SC_NR_socket, 5, 1, 1, 0);
    PLAY(&s, SC_NR_write, 100, 5, 0, 100);
    for (int i = 0; i < 50; i++) /* a receiver that does not come along */
        PLAY(&s, i % 2 ? SC_NR_sendto : SC_NR_write, -EAGAIN, 5, 0, 100);
    expect_finding(&s, (struct expected){"spinning", "socket:[1]", 49, -1, -1, 49});
    s = scene_new();
    scene_create(&s, "lock", 3);
    for (int i = 0; i < 40; i++) { /* a lock that another process has, tried by one of two threads */
        struct sc_event event = scene_event(SC_NR_flock, -EAGAIN), other = scene_event(SC_NR_getpid, 1);
        event.args[0].value = 3;
        scene_play(&s, &event);
        other.thread = 1;
        scene_play(&s, &other);
    }
    expect_finding(&s, (struct expected){"spinning", "/data/lock", 39, -1, -1, 39});
    s = scene_new();
    make_pipe(&s, 3, 4);
    for (int i = 0; i < 32; i++)
        PLAY(&s, SC_NR_read, -EAGAIN, 3, 0, 100);
    for (int i = 0; i < 200; i++) { /* all that there is, to the last, and then it waits */
        scene_read(&s, 3, 100);
        PLAY(&s, SC_NR_read, -EAGAIN, 3, 0, 100);
        PLAY(&s, SC_NR_poll, 1, 0, 1, -1);
    }
    for (int i = 0; i < 200; i++) /* which waited well */
        PLAY(&s, SC_NR_futex, -EAGAIN, 0, 0, 0);
    expect_none(&s, "spinning");
}

/* Maps a file, or memory with fd -1, at that page. */
static void map(struct scene *s, int fd, int64_t page)
{
    PLAY(s, SC_NR_mmap, page * 4096, 0, 65536, PROT_READ, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE, fd, 0);
}

static void unmap(struct scene *s, int64_t page)
{
    PLAY(s, SC_NR_munmap, 0, page * 4096, 65536);
}

Test(findings, map_churn)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 33; i++) { /* a window of a file, the first one needed */
        map(&s, 3, 1000);
        unmap(&s, 1000);
    }
    expect_finding(&s, (struct expected){"map-churn", "/data/f", 32, -1, -1, 32});
    s = scene_new();
    for (int i = 0; i < 50; i++) { /* memory, each time elsewhere */
        map(&s, -1, 1000 + i);
        unmap(&s, 1000 + i);
    }
    expect_finding(&s, (struct expected){"map-churn", NULL, 49, -1, -1, 49});
    s = scene_new();
    for (int i = 0; i < 40; i++) { /* a file opened anew for each of its windows, two at a time */
        scene_open(&s, "f", O_RDONLY, 3);
        map(&s, 3, 1000 + i);
        PLAY(&s, SC_NR_close, 0, 3);
        if (i)
            unmap(&s, 1000 + i - 1);
    }
    expect_finding(&s, (struct expected){"map-churn", "/data/f", 38, -1, -1, 38});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3);
    for (int i = 0; i < 32; i++) {
        map(&s, 3, 1000);
        unmap(&s, 1000);
    }
    for (int i = 0; i < 200; i++) /* all of them stay */
        map(&s, -1, 2000 + i);
    for (int i = 0; i < 200; i++)
        unmap(&s, 2000 + i);
    expect_none(&s, "map-churn");
}

Test(findings, synchronous_open)
{
    struct scene s = scene_new();
    scene_open(&s, "f", O_WRONLY | O_CREAT | O_DSYNC, 3);
    for (int i = 0; i < 8; i++)
        scene_write(&s, 3, 5000, SC_DATA_SOME);
    struct sc_finding_list found = findings_of(&s);
    const struct sc_finding *finding = look_for(&found, "synchronous-open", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail, "opened with O_SYNC or O_DSYNC");
    sc_findings_free(found.items, found.count);
    expect_finding(&s, (struct expected){"synchronous-open", "/data/f", 8, -1, -1, 0});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY | O_DIRECT, 3);
    for (int i = 0; i < 20; i++) /* reads too pass by what is in memory */
        scene_pread(&s, 3, 4096, i * 8192);
    expect_finding(&s, (struct expected){"synchronous-open", "/data/f", 20, -1, -1, 0});
    s = scene_new();
    for (int i = 0; i < 10; i++) { /* opened anew for each entry, by openat2 */
        struct sc_event event = scene_event(SC_NR_openat2, 3);
        event.args[0].value = AT_FDCWD;
        event.args[1].state = SC_ARG_TEXT;
        event.args[1].text = "log";
        event.args[1].text_len = 3;
        event.args[2].extra[0] = O_RDWR | O_SYNC;
        event.args[2].extra_count = 1;
        scene_play(&s, &event);
        scene_read(&s, 3, 100); /* which waits for nothing */
        scene_write(&s, 3, 100, SC_DATA_SOME);
        PLAY(&s, SC_NR_close, 0, 3);
    }
    expect_finding(&s, (struct expected){"synchronous-open", "/data/log", 10, -1, -1, 0});
    s = scene_new();
    scene_open(&s, "f", O_WRONLY | O_CREAT | O_DSYNC, 3);
    for (int i = 0; i < 7; i++)
        scene_write(&s, 3, 5000, SC_DATA_SOME);
    scene_open(&s, "read", O_RDONLY | O_SYNC, 4);
    for (int i = 0; i < 100; i++)
        scene_read(&s, 4, 5000);
    scene_open(&s, "f", O_WRONLY, 3);
    for (int i = 0; i < 100; i++) /* no more */
        scene_write(&s, 3, 5000, SC_DATA_SOME);
    expect_none(&s, "synchronous-open");
}

static void begin_program(struct scene *s, const char *path, int64_t result)
{
    struct sc_event event = scene_event(SC_NR_execve, result);
    event.args[0].state = SC_ARG_TEXT;
    event.args[0].text = path;
    event.args[0].text_len = strlen(path);
    event.outcome = result ? SC_DONE : SC_NO_RETURN;
    scene_play(s, &event);
}

Test(findings, process_storm)
{
    struct scene s = scene_new();
    for (int i = 0; i < 32; i++) { /* a program for each file */
        PLAY(&s, SC_NR_vfork, 100 + i, 0);
        begin_program(&s, "/bin/true", 0);
    }
    struct sc_finding_list found = findings_of(&s);
    const struct sc_finding *finding = look_for(&found, "process-storm", NULL);
    cr_assert_not_null(finding);
    cr_expect_str_eq(finding->detail, "32 processes; 1 program begun 32 times");
    sc_findings_free(found.items, found.count);
    expect_finding(&s, (struct expected){"process-storm", NULL, 64, -1, -1, 64});
    s = scene_new();
    for (int i = 0; i < 50; i++) /* copies of the process */
        PLAY(&s, i % 2 ? SC_NR_fork : SC_NR_clone, 100 + i, SIGCHLD, 0, 0, 0, 0);
    expect_finding(&s, (struct expected){"process-storm", NULL, 50, -1, -1, 50});
    s = scene_new();
    for (int i = 0; i < 40; i++) { /* of which only the programs are known, two of them */
        PLAY(&s, SC_NR_clone3, 100 + i, 0);
        begin_program(&s, i % 2 ? "/bin/false" : "/bin/true", 0);
    }
    expect_finding(&s, (struct expected){"process-storm", NULL, 40, -1, -1, 40});
    s = scene_new();
    for (int i = 0; i < 31; i++) {
        PLAY(&s, SC_NR_fork, 100 + i, 0);
        begin_program(&s, "/bin/true", 0);
        begin_program(&s, "/usr/local/bin/true", -ENOENT); /* looked for */
    }
    for (int i = 0; i < 100; i++) { /* threads */
        PLAY(&s, SC_NR_clone, 1000 + i, CLONE_VM | CLONE_THREAD, 0, 0, 0, 0);
        PLAY(&s, SC_NR_clone3, 2000 + i, 0);
    }
    expect_none(&s, "process-storm");
}

Test(findings, copy_by_hand)
{
    struct scene s = scene_new();
    scene_open(&s, "from", O_RDONLY, 3);
    scene_create(&s, "to", 4);
    for (int i = 0; i < 16; i++) {
        scene_read(&s, 3, 131072);
        scene_write(&s, 4, 131072, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"copy-by-hand", "/data/to", 16, 0, 16 * 131072, 15});
    s = scene_new();
    scene_open(&s, "from", O_RDONLY, 3);
    PLAY(&s, SC_NR_socket, 5, 1, 1, 0);
    for (int i = 0; i < 20; i++) { /* a file that is sent, its place sought before each part */
        scene_seek(&s, 3, i * 100000);
        scene_read(&s, 3, 4096 - i);
        scene_write(&s, 5, 4096 - i, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"copy-by-hand", "socket:[1]", 20, -1, -1, 19});
    s = scene_new();
    scene_open(&s, "from", O_RDONLY, 3);
    scene_create(&s, "to", 4);
    for (int i = 0; i < 30; i++) { /* between offsets, with another thread at work, and some that is no copy */
        struct sc_event other = scene_event(SC_NR_read, 100);
        other.thread = 1;
        scene_pread(&s, 3, 5000, i * 10000);
        scene_play(&s, &other);
        scene_pwrite(&s, 4, 5000, i * 6000, SC_DATA_SOME);
        scene_write(&s, 1, 5000, SC_DATA_SOME);
    }
    expect_finding(&s, (struct expected){"copy-by-hand", "/data/to", 30, 0, 29 * 6000 + 5000, 29});
}

Test(findings, no_copy_by_hand)
{
    struct scene s = scene_new();
    scene_open(&s, "from", O_RDONLY, 3);
    scene_create(&s, "to", 4);
    scene_create(&s, "share", 5);
    for (int i = 0; i < 15; i++) {
        scene_read(&s, 3, 131072);
        scene_write(&s, 4, 131072, SC_DATA_SOME);
    }
    for (int i = 0; i < 100; i++) { /* one of two is a copy */
        scene_read(&s, 3, 1000);
        scene_write(&s, 5, 1000, SC_DATA_SOME);
        scene_write(&s, 5, 1000, SC_DATA_SOME);
    }
    scene_open(&s, "both", O_RDWR, 6);
    for (int i = 0; i < 100; i++) { /* changed where it lies; made smaller; from somebody who is no file */
        scene_pread(&s, 6, 4096, i * 4096);
        scene_pwrite(&s, 6, 4096, i * 4096, SC_DATA_SOME);
        scene_read(&s, 3, 4096);
        scene_write(&s, 1, 2000, SC_DATA_SOME);
        scene_read(&s, 0, 500);
        scene_write(&s, 1, 500, SC_DATA_SOME);
    }
    scene_create(&s, "packed", 7);
    for (int i = 0; i < 100; i++) { /* through a buffer of the same size, but fewer bytes */
        for (int k = 0; k < (i % 4 ? 1 : 2); k++)
            scene_read(&s, 3, 8192);
        scene_write(&s, 7, 8192, SC_DATA_SOME);
    }
    expect_none(&s, "copy-by-hand");
}

/* The process opens the file and reads so many parts of it. */
static void read_parts(struct scene *s, uint32_t process, const char *path, int count)
{
    struct sc_event open = scene_event(SC_NR_openat, 3), close = scene_event(SC_NR_close, 0);
    open.process = close.process = process;
    open.args[0].value = AT_FDCWD;
    open.args[1].state = SC_ARG_TEXT;
    open.args[1].text = path;
    open.args[1].text_len = strlen(path);
    scene_play(s, &open);
    for (int i = 0; i < count; i++) {
        struct sc_event read = scene_event(SC_NR_read, 65536);
        read.process = process;
        read.args[0].value = 3;
        scene_play(s, &read);
    }
    close.args[0].value = 3;
    scene_play(s, &close);
}

Test(findings, read_by_processes)
{
    struct scene s = scene_new();
    read_parts(&s, 0, "/in", 8);
    read_parts(&s, 1, "/in", 8);
    expect_finding(&s, (struct expected){"read-by-processes", "/in", 8, 0, 8 * 65536, 8});
    s = scene_new();
    for (uint32_t i = 0; i < 20; i++) /* a setting that each of many looks up */
        read_parts(&s, i, "/etc/setting", 1);
    expect_finding(&s, (struct expected){"read-by-processes", "/etc/setting", 19, 0, 65536, 19});
    s = scene_new();
    read_parts(&s, 1, "/in", 30); /* a child first; of what its parent reads some is new */
    read_parts(&s, 0, "/in", 40);
    expect_finding(&s, (struct expected){"read-by-processes", "/in", 30, 0, 30 * 65536, 30});
    s = scene_new();
    read_parts(&s, 0, "/in", 8);
    read_parts(&s, 1, "/in", 7);
    read_parts(&s, 0, "/own", 50);
    read_parts(&s, 0, "/own", 50); /* by one process only */
    read_parts(&s, 1, "/others", 50);
    expect_none(&s, "read-by-processes");
}

Test(findings, rename_unsynced)
{
    struct scene s = scene_new();
    scene_create(&s, "new", 3);
    scene_write(&s, 3, 5000, SC_DATA_SOME);
    PLAY(&s, SC_NR_close, 0, 3);
    scene_rename(&s, "new", "old", 0);
    expect_finding(&s, (struct expected){"rename-unsynced", "/data/old", 1, -1, -1, 0});
    s = scene_new();
    scene_create(&s, "new", 3);
    scene_write(&s, 3, 5000, SC_DATA_SOME);
    PLAY(&s, SC_NR_fsync, 0, 3);
    scene_pwrite(&s, 3, 10, 0, SC_DATA_SOME); /* the head, behind the sync */
    scene_rename(&s, "new", "old", 0);
    expect_finding(&s, (struct expected){"rename-unsynced", "/data/old", 1, -1, -1, 0});
    s = scene_new();
    for (int i = 0; i < 5; i++) { /* each time anew, the sync failed or came too late */
        scene_create(&s, "new", 3);
        scene_write(&s, 3, 100, SC_DATA_SOME);
        PLAY(&s, SC_NR_fsync, -EIO, 3);
        scene_rename(&s, "new", "old", 0);
    }
    PLAY(&s, SC_NR_fsync, 0, 3);
    struct sc_finding_list found = findings_of(&s);
    uint64_t calls = 0;
    for (size_t i = 0; i < found.count; i++)
        calls += strcmp(found.items[i].id, "rename-unsynced") == 0 ? found.items[i].calls : 0;
    cr_expect_eq(calls, 5);
    sc_findings_free(found.items, found.count);
    scene_free(&s);
    s = scene_new();
    scene_create(&s, "new", 3);
    scene_write(&s, 3, 5000, SC_DATA_SOME);
    PLAY(&s, SC_NR_fdatasync, 0, 3);
    scene_rename(&s, "new", "old", 0);
    scene_open(&s, "synced", O_WRONLY | O_CREAT | O_DSYNC, 4);
    scene_write(&s, 4, 5000, SC_DATA_SOME);
    scene_rename(&s, "synced", "old", 0);
    scene_create(&s, "failed", 5);
    scene_write(&s, 5, 5000, SC_DATA_SOME);
    scene_rename(&s, "failed", "old", -EACCES);
    PLAY(&s, SC_NR_syncfs, 0, 5);
    scene_rename(&s, "failed", "old", 0);
    scene_create(&s, "empty", 6);
    scene_rename(&s, "empty", "old", 0);
    expect_none(&s, "rename-unsynced");
}

Test(findings, needless_sync)
{
    struct scene s = scene_new();
    scene_create(&s, "f", 3);
    scene_write(&s, 3, 5000, SC_DATA_SOME);
    PLAY(&s, SC_NR_fsync, 0, 3);
    PLAY(&s, SC_NR_fsync, 0, 3);
    expect_finding(&s, (struct expected){"needless-sync", "/data/f", 1, -1, -1, 1});
    s = scene_new();
    scene_open(&s, "f", O_RDONLY, 3); /* which is only read */
    for (int i = 0; i < 10; i++) {
        scene_read(&s, 3, 100);
        PLAY(&s, SC_NR_fdatasync, 0, 3);
    }
    expect_finding(&s, (struct expected){"needless-sync", "/data/f", 10, -1, -1, 10});
    s = scene_new();
    scene_open(&s, "f", O_WRONLY | O_DSYNC, 3); /* each write is on the disk when it returns */
    scene_write(&s, 3, 5000, SC_DATA_SOME);
    PLAY(&s, SC_NR_fsync, 0, 3);
    expect_finding(&s, (struct expected){"needless-sync", "/data/f", 1, -1, -1, 1});
    s = scene_new();
    scene_create(&s, "f", 3);
    for (int i = 0; i < 10; i++) {
        scene_write(&s, 3, 5000, SC_DATA_SOME);
        PLAY(&s, SC_NR_fsync, 0, 3);
        PLAY(&s, SC_NR_ftruncate, 0, 3, 0);
        PLAY(&s, SC_NR_fsync, 0, 3);
        scene_create(&s, "f", 3); /* made empty */
        PLAY(&s, SC_NR_fsync, 0, 3);
    }
    scene_open(&s, "directory", O_RDONLY | O_DIRECTORY, 4);
    scene_map(&s, 3);
    for (int i = 0; i < 10; i++) {
        PLAY(&s, SC_NR_fsync, 0, 4);
        PLAY(&s, SC_NR_fsync, 0, 3);
    }
    expect_none(&s, "needless-sync");
}
