#include "site_names.h"

#include <stdio.h>
#include <string.h>

/* The module that holds the address: the process's own, or else any; a child that was forked has its parent's. */
static const struct sc_module_map *find_module(const struct sc_run *run, uint32_t process, uint64_t site)
{
    const struct sc_module_map *found = NULL;
    for (size_t i = 0; i < run->module_count; i++) {
        const struct sc_module_map *module = &run->modules[i];
        if (site < module->begin || site >= module->end)
            continue;
        if (module->process == process)
            return module;
        found = found ? found : module;
    }
    return found;
}

const char *sc_site_place(const struct sc_run *run, uint32_t process, uint64_t site, char *text, size_t capacity)
{
    const struct sc_module_map *module = site ? find_module(run, process, site) : NULL;
    const char *path = module && module->path ? module->path : NULL, *slash = path ? strrchr(path, '/') : NULL;
    if (!site)
        *text = '\0';
    else if (path)
        snprintf(text, capacity, "%s+0x%llx", slash ? slash + 1 : path, (unsigned long long)(site - module->bias));
    else
        snprintf(text, capacity, "0x%llx", (unsigned long long)site);
    return text;
}

char *sc_site_name(const struct sc_trail *trail, uint32_t process, uint64_t site)
{
    char text[256];
    const char *name = trail->symbols && find_module(trail->run, process, site)
                           ? sc_symbols_name(trail->symbols, process, site)
                           : sc_site_place(trail->run, process, site, text, sizeof text);
    return name ? strdup(name) : NULL;
}
