/*
 * Asks for the time in all ways. What the kernel's object in our memory (vDSO) can't tell, it asks the kernel for:
 * those are system calls, and the others are none. clocks          as programs do, through libc clocks direct   the
 * object itself, without libc clocks moved    the same, after it was moved elsewhere; and then there is none
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int ask(clockid_t clock, struct timespec *time);

static sigjmp_buf back;
static const clockid_t told[] = {
    CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE,
    CLOCK_BOOTTIME, CLOCK_TAI};
enum { TOLD = sizeof told / sizeof told[0] };

static void catch (int number)
{
    siglongjmp(back, number);
}

/* What came of asking so many times: the first result, and whether all were the same. */
static void say(const char *what, ask *function, clockid_t clock, struct timespec *time, int times)
{
    int first = 0, error = 0, others = 0;
    for (int i = 0; i < times; i++) {
        errno = 4711;
        int result = function(clock, time);
        if (i == 0) {
            first = result;
            error = errno;
        }
        others += result != first || errno != error;
    }
    printf("%s %d errno %d, other %d\n", what, first, error, others);
}

static void ask_badly(ask *function, void *bad)
{
    int caught = sigsetjmp(back, 1);
    if (!caught)
        function(CLOCK_MONOTONIC, bad);
    printf("a clock that is told, to a bad address: signal %d\n", caught);
    say("a CPU's, to a bad address", function, CLOCK_PROCESS_CPUTIME_ID, bad, 3);
    say("a CPU's, to none", function, CLOCK_THREAD_CPUTIME_ID, NULL, 2);
}

static void ask_libc(void)
{
    struct timespec time;
    struct timeval day;
    clockid_t process = 0, thread = 0;
    for (int i = 0; i < 1000; i++) {
        for (int k = 0; k < TOLD; k++)
            if (clock_gettime(told[k], &time) != 0 || clock_getres(told[k], i & 1 ? &time : NULL) != 0)
                abort();
        if (gettimeofday(&day, NULL) != 0 || timespec_get(&time, TIME_UTC) != TIME_UTC)
            abort();
    }
    say("process", clock_gettime, CLOCK_PROCESS_CPUTIME_ID, &time, 10);
    say("thread", clock_gettime, CLOCK_THREAD_CPUTIME_ID, &time, 20);
    int failed = 0;
    for (int i = 0; i < 30; i++)
        failed += clock() == (clock_t)-1;
    printf("clock failed %d times\n", failed);
    printf("of this process %d\n", clock_getcpuclockid(getpid(), &process));
    printf("of this thread %d\n", pthread_getcpuclockid(pthread_self(), &thread));
    say("process by its number", clock_gettime, process, &time, 5);
    say("thread by its number", clock_gettime, thread, &time, 6);
    printf("of no process %d\n", clock_getcpuclockid(0x3fffff0, &process));
    say("resolution", clock_getres, CLOCK_PROCESS_CPUTIME_ID, &time, 4);
    say("resolution to nowhere", clock_getres, thread, NULL, 3);
    say("resolution to a bad address", clock_getres, CLOCK_THREAD_CPUTIME_ID, (void *)8, 2);
    for (clockid_t clock = 12; clock < 16; clock++)
        say("no clock", clock_gettime, clock, &time, 1);
    say("no clock", clock_gettime, 4711, &time, 2);
    say("no descriptor's clock", clock_gettime, (clockid_t)(~99u << 3 | 3), &time, 2);
    say("an auxiliary clock that is not there", clock_gettime, 20, &time, 2);
    ask_badly(clock_gettime, (void *)8);
}

static ask *find_object(void)
{
    void *object = dlopen("linux-vdso.so.1", RTLD_NOW | RTLD_NOLOAD);
    ask *found = object ? (ask *)dlvsym(object, "__vdso_clock_gettime", "LINUX_2.6") : NULL;
    if (!found) {
        puts("cannot find the kernel's object");
        exit(0);
    }
    return found;
}

static void ask_object(ask *object)
{
    struct timespec time;
    for (int i = 0; i < 1000; i++)
        for (int k = 0; k < TOLD; k++)
            if (object(told[k], &time) != 0)
                abort();
    say("process", object, CLOCK_PROCESS_CPUTIME_ID, &time, 10);
    say("no clock", object, 4711, &time, 2);
    ask_badly(object, (void *)8);
}

/* Its data lies before its code, some of it under a name of its own; all of it has to go along. */
static void move_object(ask *object)
{
    char line[512], *end;
    uint64_t begin = 0, stop = 0, vdso = getauxval(AT_SYSINFO_EHDR);
    uint64_t begins[8], ends[8];
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps)) {
        if (!strstr(line, "[vvar") && !strstr(line, "[vdso]"))
            continue;
        begins[count] = strtoull(line, &end, 16);
        ends[count] = strtoull(end + 1, NULL, 16);
        if (!begin)
            begin = begins[count];
        stop = ends[count++];
    }
    if (maps)
        fclose(maps);
    char *to = mmap(NULL, stop - begin, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        size_t bytes = ends[i] - begins[i];
        if (mremap((void *)begins[i], bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to + (begins[i] - begin)) ==
            MAP_FAILED) {
            static const char text[] = "cannot move the kernel's object\n";
            write(1, text, sizeof text - 1);
            _exit(0);
        }
    }
    ask_object((ask *)(to + ((uint64_t)object - begin)));
    munmap(to + (vdso - begin), stop - vdso);
    puts("unmapped");
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = catch};
    sigaction(SIGSEGV, &action, NULL);
    if (argc > 1 && strcmp(argv[1], "direct") == 0)
        ask_object(find_object());
    else if (argc > 1)
        move_object(find_object());
    else
        ask_libc();
    return 0;
}
