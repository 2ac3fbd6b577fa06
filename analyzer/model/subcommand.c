#include "subcommand.h"

#include <stdbool.h>
#include <string.h>

/* By name, since the first argument of others is a file or a pattern, and each would be a program of its own. */
static bool has_subcommands(const char *path)
{
    static const char *const programs[] = {"git", "busybox", "toybox", "cargo",  "go",
                                           "hg",  "svn",     "docker", "podman", "openssl"};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        if (strcmp(name, programs[i]) == 0)
            return true;
    return false;
}

static bool is_name(const char *word)
{
    return *word >= 'a' && *word <= 'z' && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

const char *sc_subcommand(const char *words, size_t len)
{
    const char *end = words + len;
    if (len == 0 || end[-1] || !has_subcommands(words))
        return NULL;
    for (const char *word = words + strlen(words) + 1; word < end; word += strlen(word) + 1) {
        bool takes_next = strcmp(word, "-c") == 0 || strcmp(word, "-C") == 0; /* git's */
        if (*word != '-')
            return is_name(word) ? word : NULL;
        if (takes_next)
            word += strlen(word) + 1;
        if (word >= end)
            return NULL;
    }
    return NULL;
}
