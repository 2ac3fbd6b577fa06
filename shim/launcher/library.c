#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "../../common/elf_probe.h"
#include "../../common/elf_static.h"
#include "launcher.h"

/* The directory that this program lies in, without the slash. */
static bool own_directory(char directory[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", directory, PATH_MAX - 1);
    if (length > 0) {
        directory[length] = '\0';
    } else { /* no /proc: the path that we were started with */
        const char *started = (const char *)getauxval(AT_EXECFN);
        if (!started || !realpath(started, directory))
            return false;
    }
    char *slash = strrchr(directory, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static bool there(struct sc_launch *launch, const char *directory, const char *below, const char *library)
{
    char name[PATH_MAX];
    return snprintf(name, sizeof name, "%s%s/%s", directory, below, library) < (int)sizeof name &&
           realpath(name, launch->library) && access(launch->library, R_OK) == 0;
}

static int refuse(const struct sc_launch *launch)
{
    if (launch->musl)
        sc_say("%s cannot be captured: it uses musl, and " SC_LIBRARY_MUSL
               " is not found: it belongs beside " SC_LIBRARY " and is built where musl-gcc is",
               launch->program);
    else
        sc_say(SC_LIBRARY " is not found: it belongs beside syscap-record, or into the folder lib beside its folder");
    return SC_EXIT_REFUSED;
}

static int find_loader(struct sc_launch *launch)
{
    int folder = (int)(strrchr(launch->library, '/') - launch->library);
    if (snprintf(launch->loader, sizeof launch->loader, "%.*s/" SC_STATIC_LOADER, folder, launch->library) <
            (int)sizeof launch->loader &&
        access(launch->loader, X_OK) == 0)
        return 0;
    sc_say("%s cannot be captured: it is statically linked, and " SC_STATIC_LOADER " is not beside %s", launch->program,
           launch->library);
    return SC_EXIT_REFUSED;
}

static bool find(struct sc_launch *launch, const char *library)
{
    static const char *const beside[] = {"", "/../lib", "/../lib/x86_64-linux-gnu", "/../lib64"};
    static const char *const systems[] = {"/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib", "/usr/lib64"};
    char directory[PATH_MAX];
    bool found = false;
    if (own_directory(directory))
        for (size_t i = 0; i < sizeof beside / sizeof beside[0] && !found; i++)
            found = there(launch, directory, beside[i], library);
    for (size_t i = 0; i < sizeof systems / sizeof systems[0] && !found; i++)
        found = there(launch, systems[i], "", library);
    return found;
}

/*
 * The absolute path is needed: the library knows its own entry in LD_PRELOAD by it. Asking ld.so, by dlopen, would run
 * the library's constructor in us. A statically linked program needs the loader, and any of the two says where that is:
 * where all else uses musl there may be that one alone.
 */
int sc_library_find(struct sc_launch *launch)
{
    bool found = find(launch, launch->musl ? SC_LIBRARY_MUSL : SC_LIBRARY) ||
                 (launch->loaded[0] && find(launch, SC_LIBRARY_MUSL));
    if (!found)
        return refuse(launch);
    /* ld.so takes the first two for ends of a name, and replaces words after the third. */
    if (strpbrk(launch->library, ": $")) {
        sc_say("%s cannot be preloaded from a folder with a blank, colon or dollar sign in its name", launch->library);
        return SC_EXIT_REFUSED;
    }
    return launch->loaded[0] ? find_loader(launch) : 0;
}
