#include "attribution.h"

#include <string.h>

/* By the beginnings of their file names, up to a dot, a dash or the end: libc.so.6, libc-2.31.so. */
static const char *const libraries[] = {"libc",   "ld",        "ld-linux-x86-64", "linux-vdso", "libpthread",
                                        "libdl",  "libm",      "librt",           "libgcc_s",   "libstdc++",
                                        "libc++", "libc++abi", "libsyscap"};

static bool is_library(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        size_t len = strlen(libraries[i]);
        if (strncmp(name, libraries[i], len) == 0 && (name[len] == '.' || name[len] == '-'))
            return true;
    }
    return false;
}

uint64_t sc_attribution_site(struct sc_attribution *attribution, const struct sc_run *run, const struct sc_event *event)
{
    for (uint32_t i = 0; i < event->stack_depth; i++) {
        uint64_t address = event->stack[i];
        size_t slot = (address ^ address >> 8) % SC_DECIDING_CACHE;
        bool hit = attribution->cache[slot].known && attribution->cache[slot].address == address;
        if (!hit) {
            const struct sc_module_map *module = sc_run_module(run, address);
            bool library = module && module->path && is_library(module->path);
            attribution->cache[slot].address = address;
            attribution->cache[slot].library = library;
            attribution->cache[slot].known = module != NULL; /* what is mapped may be said only later */
            if (!library)
                return address;
        } else if (!attribution->cache[slot].library) {
            return address;
        }
    }
    return event->site;
}
