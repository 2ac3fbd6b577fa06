#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { RECORD = 100, PAGE = 4096, PART = 65536, NAME = 64 };

/* The result, unless it is negative: a call that fails would leave a pair that shows nothing. */
long must(long result);
int file(const char *name, int flags);
char *filled(size_t size, int with);
/* Lasts until the next call. */
const char *numbered(const char *folder, int i);

/* Each of these does its job in two ways; dear is the one that makes more calls, or waits more. */
#define JOB(name) void job_##name(bool dear);
#include "jobs.def"
