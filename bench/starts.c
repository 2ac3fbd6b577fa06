/*
 * starts.c: what it costs to start a program: N times posix_spawn of PROGRAM, waited for.
 *
 *   starts N PROGRAM [VARIABLE=VALUE]...    the variables are added to the programs' environment only
 *
 * Prints microseconds per start.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
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
    int n = argc >= 3 ? atoi(argv[1]) : 0, count = 0;
    if (n <= 0) {
        fprintf(stderr, "usage: starts N PROGRAM [VARIABLE=VALUE]...\n");
        return 2;
    }
    while (environ[count])
        count++;
    char **environment = calloc((size_t)(count + argc), sizeof *environment);
    if (!environment)
        return 1;
    for (int i = 0; i < count; i++)
        environment[i] = environ[i];
    for (int i = 3; i < argc; i++)
        environment[count + i - 3] = argv[i];
    start(argv[2], environment);
    double begin = now();
    for (int i = 0; i < n; i++)
        start(argv[2], environment);
    printf("%.1f\n", (now() - begin) / n);
    free(environment);
    return 0;
}
