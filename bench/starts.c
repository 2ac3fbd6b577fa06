/*
 * starts.c: what it costs to start a program: N times posix_spawn of PROGRAM, waited for.
 *
 *   starts cpu|wall N PROGRAM [VARIABLE=VALUE]...    the variables are added to the programs' environment only
 *
 * Prints microseconds per start: processor time of both sides, or time passed.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double used(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double now(bool wall)
{
    struct timespec time;
    if (!wall)
        return used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void start(char *program, char **environment)
{
    char *arguments[] = {program, NULL};
    pid_t pid;
    int status;
    if (posix_spawn(&pid, program, NULL, NULL, arguments, environment) != 0 || waitpid(pid, &status, 0) != pid ||
        status != 0) {
        fprintf(stderr, "starts: %s did not run well\n", program);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    int n = argc >= 4 ? atoi(argv[2]) : 0;
    size_t count = 0;
    bool wall = argc >= 4 && strcmp(argv[1], "wall") == 0;
    if (n <= 0) {
        fprintf(stderr, "usage: starts cpu|wall N PROGRAM [VARIABLE=VALUE]...\n");
        return 2;
    }
    while (environ[count])
        count++;
    char **environment = calloc(count + (size_t)argc, sizeof *environment);
    if (!environment)
        return 1;
    for (size_t i = 0; i < count; i++)
        environment[i] = environ[i];
    for (int i = 4; i < argc; i++)
        environment[count++] = argv[i];
    start(argv[3], environment);
    double begin = now(wall);
    for (int i = 0; i < n; i++)
        start(argv[3], environment);
    printf("%.1f\n", (now(wall) - begin) / n);
    free(environment);
    return 0;
}
