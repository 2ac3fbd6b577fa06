#include "error_names.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { OWN_LIMIT = 200 }; /* libc's numbers are below; Linux: include/uapi/asm-generic/errno.h */

/* Linux: include/linux/errno.h. */
static const struct {
    const char *name;
    int number;
} kernels_own[] = {
    {"ERESTARTSYS", 512},           {"ERESTARTNOINTR", 513}, {"ERESTARTNOHAND", 514}, {"ENOIOCTLCMD", 515},
    {"ERESTART_RESTARTBLOCK", 516}, {"EPROBE_DEFER", 517},   {"EOPENSTALE", 518},     {"ENOPARAM", 519},
    {"EDEADLOCK", EDEADLK},
};

enum { KERNELS_OWN = sizeof kernels_own / sizeof kernels_own[0] };

const char *sc_error_name(int number)
{
    const char *name = strerrorname_np(number);
    for (size_t i = 0; i < KERNELS_OWN && !name; i++)
        if (kernels_own[i].number == number)
            name = kernels_own[i].name;
    return name;
}

static bool is(const char *known, const char *name, size_t len)
{
    return known && strlen(known) == len && memcmp(known, name, len) == 0;
}

int sc_error_number(const char *name, size_t len, const char **ret_kernels_own)
{
    *ret_kernels_own = NULL;
    for (int number = 1; number < OWN_LIMIT; number++)
        if (is(strerrorname_np(number), name, len))
            return number;
    for (size_t i = 0; i < KERNELS_OWN; i++)
        if (is(kernels_own[i].name, name, len)) {
            *ret_kernels_own = kernels_own[i].name;
            return kernels_own[i].number;
        }
    return 0;
}
