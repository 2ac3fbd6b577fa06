/*
 * Nothing of ours lies in the program's heap: the break, what mallinfo2 says, and how often the allocator was called,
 * at the start and after work of every kind, in threads and children too. The build with COUNTED has an allocator of
 * its own, which sees requests that are given back as well.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int file;

/* Without stdio, which allocates. */
static void say(const char *format, ...)
{
    char line[256];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (write(1, line, (size_t)length) != length)
        _exit(90);
}

#ifdef COUNTED
enum { ROOM = 4 << 20 };
static char room[ROOM] __attribute__((aligned(16)));
static size_t used;
static unsigned long calls, bytes;

void *malloc(size_t size)
{
    size_t whole = (size + 31) & ~(size_t)15;
    size_t at = __atomic_fetch_add(&used, whole, __ATOMIC_RELAXED);
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&bytes, size, __ATOMIC_RELAXED);
    if (at + whole > ROOM)
        _exit(91);
    *(size_t *)(room + at) = size;
    return room + at + 16;
}

void free(void *unused)
{
    (void)unused;
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
}

void *calloc(size_t count, size_t size)
{
    return malloc(count * size); /* never used before, so zero */
}

void *realloc(void *old, size_t size)
{
    char *new = malloc(size);
    if (old) {
        size_t before = ((size_t *)old)[-2];
        memcpy(new, old, before < size ? before : size);
    }
    return new;
}

static void look(const char *when)
{
    say("%s: %lu calls of the allocator, %lu bytes\n", when, calls, bytes);
}
#else
static char *first_break;

static void look(const char *when)
{
    struct mallinfo2 all = mallinfo2();
    char *now = sbrk(0);
    if (!first_break)
        first_break = now;
    say("%s: break %td, arena %zu, blocks %zu, mapped %zu, in use %zu, free %zu\n", when, now - first_break, all.arena,
        all.ordblks, all.hblkhd, all.uordblks, all.fordblks);
}
#endif

static void work(void)
{
    for (int i = 0; i < 20000; i++) /* several chunks */
        if (write(file, "heap", 4) != 4)
            _exit(92);
    for (int i = 0; i < 200; i++) {
        char name[40];
        snprintf(name, sizeof name, "missing-%d", i);
        if (open(name, O_RDONLY) >= 0)
            _exit(93);
    }
}

static void *in_thread(void *unused)
{
    work();
    return unused;
}

static void try_exec(void)
{
    char *arguments[] = {(char *)"true", NULL}, *environment[] = {(char *)"ONE=1", NULL};
    execve("/missing/program", arguments, environment);
    execvp("missing-program", arguments);
    pid_t child;
    if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environment) == 0)
        waitpid(child, NULL, 0);
}

int main(void)
{
    look("start");
    file = open("written", O_WRONLY | O_CREAT | O_APPEND, 0600);
    work();
    look("work");
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, in_thread, NULL);
        pthread_join(thread, NULL);
    }
    look("threads");
    try_exec();
    look("execs");
    void *library = dlopen("libm.so.6", RTLD_NOW);
    look("dlopen");
    if (library)
        dlclose(library);
    FILE *stream = fopen("stream", "w");
    fputs("some", stream);
    fclose(stream);
    look("stream");
    pid_t child = fork();
    if (child == 0) {
        work();
        look("child");
        exit(0);
    }
    waitpid(child, NULL, 0);
    look("end");
    return 0;
}
