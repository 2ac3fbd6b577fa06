/*
 * Small jobs, each in two ways that leave the same: guests JOB dear|cheap. What the job is and why the ways differ
 * stands in guests.def. Counts are fixed, so that two recordings of one way make the same calls; nothing here waits for
 * something else than its own threads.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guests.h"

long must(long result)
{
    if (result < 0)
        err(1, "a call that must succeed");
    return result;
}

int file(const char *name, int flags)
{
    return (int)must(open(name, flags | (flags & O_ACCMODE ? O_CREAT : 0), 0644));
}

char *filled(size_t size, int with)
{
    char *bytes = malloc(size);
    if (!bytes)
        err(1, "no memory");
    return memset(bytes, with, size);
}

const char *numbered(const char *folder, int i)
{
    static char name[NAME];
    snprintf(name, sizeof name, "%s/%d", folder, i);
    return name;
}

static const struct {
    const char *name;
    void (*run)(bool dear);
} jobs[] = {
#define JOB(name) {#name, job_##name},
#include "jobs.def"
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof jobs / sizeof *jobs; i++)
        if (strcmp(jobs[i].name, argv[1]) == 0) {
            jobs[i].run(strcmp(argv[2], "dear") == 0);
            return 0;
        }
    fprintf(stderr, "Usage: guests JOB dear|cheap\n");
    return 2;
}
