/*
 * A process that ends while others of its threads are within calls: two that read an empty pipe, one that waits for a
 * lock. Main has written ten times into "written" by then. By argument: kill segv stack abort _exit quick_exit exit
 * exec second (another thread than main execs), last (main leaves by pthread_exit, the readers go on, the last of them
 * ends likewise), handler (it is killed in a signal handler's call which interrupted another). Or "starting", without
 * any of these: threads begin while it ends.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READERS = 2, THREADS = READERS + 1 };

static int ends[2], main_ends[2], written;
static volatile int tids[THREADS];

static void *read_nothing(void *number)
{
    char byte;
    tids[(long)number] = gettid();
    if (read(ends[0], &byte, 1) == 1)
        for (int i = 0; i < 5; i++)
            write(written, "last", 4);
    pthread_exit(NULL);
}

static void *wait_for_lock(void *unused)
{
    int other = open("locked", O_RDWR);
    tids[READERS] = gettid();
    flock(other, LOCK_EX);
    return unused;
}

/* The state letter of /proc: sleeping means that it is in its call. */
static void until_asleep(int thread)
{
    char name[64], text[256] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", thread);
    for (const char *after = NULL; !after || after[2] != 'S'; usleep(1000)) {
        int fd = open(name, O_RDONLY);
        ssize_t length = read(fd, text, sizeof text - 1);
        close(fd);
        text[length > 0 ? length : 0] = '\0';
        after = strrchr(text, ')');
    }
}

static void in_handler(int signal)
{
    char byte;
    (void)signal;
    read(ends[0], &byte, 1);
}

static void killed_in_handler(void)
{
    char byte;
    pid_t parent = getpid(), child = fork();
    if (child == 0) { /* interrupts the parent's call, and kills it in that of its handler */
        until_asleep(parent);
        kill(parent, SIGUSR1);
        usleep(20000);
        until_asleep(parent);
        kill(parent, SIGKILL);
        _exit(0);
    }
    read(main_ends[0], &byte, 1);
}

static volatile int deeper = 1; /* always: else the compiler says that it never ends */

static int recurse(int depth)
{
    if (!deeper)
        return 0;
    volatile char room[4096];
    room[0] = (char)depth;
    return recurse(depth + 1) + room[0];
}

static void *exec_next(void *unused)
{
    write(written, "second", 6);
    execl("/bin/sh", "sh", "-c", "echo replaced; exit 3", NULL);
    return unused;
}

static void *one_write(void *unused)
{
    write(written, "started", 7);
    return unused;
}

static int end_among_beginners(void)
{
    pthread_t thread;
    for (int i = 0; i < 8; i++)
        pthread_create(&thread, NULL, one_write, NULL);
    _exit(4);
}

static void end(const char *how)
{
    pthread_t thread;
    if (strcmp(how, "second") == 0) {
        pthread_create(&thread, NULL, exec_next, NULL);
        pthread_join(thread, NULL);
    }
    if (strcmp(how, "kill") == 0)
        kill(getpid(), SIGKILL);
    if (strcmp(how, "segv") == 0)
        *(volatile int *)8 = 1;
    if (strcmp(how, "stack") == 0)
        recurse(0);
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "_exit") == 0)
        _exit(6);
    if (strcmp(how, "quick_exit") == 0)
        quick_exit(8);
    if (strcmp(how, "exit") == 0)
        exit(5);
    if (strcmp(how, "exec") == 0)
        execl("/bin/sh", "sh", "-c", "echo replaced; exit 3", NULL);
    if (strcmp(how, "handler") == 0)
        killed_in_handler();
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "exit";
    pthread_t threads[THREADS];
    written = open("written", O_RDWR | O_CREAT | O_APPEND, 0600);
    flock(open("locked", O_RDWR | O_CREAT, 0600), LOCK_EX);
    pipe(ends);
    pipe(main_ends);
    signal(SIGUSR1, in_handler);
    for (int i = 0; i < 10; i++)
        if (write(written, "12345678", 8) != 8)
            return 90;
    if (strcmp(how, "starting") == 0)
        return end_among_beginners();
    if (strcmp(how, "handler") != 0) { /* the signal is main's */
        int count = strcmp(how, "last") == 0 ? READERS : THREADS;
        for (long i = 0; i < count; i++)
            pthread_create(&threads[i], NULL, i < READERS ? read_nothing : wait_for_lock, (void *)i);
        for (int i = 0; i < count; i++) {
            while (!tids[i])
                usleep(1000);
            until_asleep(tids[i]);
        }
    }
    printf("%s begun\n", how);
    fflush(stdout);
    if (strcmp(how, "last") == 0) {
        write(ends[1], "xy", READERS);
        pthread_exit(NULL);
    }
    end(how);
    return 9;
}
