#include "site_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "libcasa_tables.so.7+0x1234", "0x..." where no module is there; "" for site 0, which is not known. Returns text. */
static const char *place(const struct sc_run *run, uint64_t site, char *text, size_t capacity)
{
    const struct sc_module_map *module = site ? sc_run_module(run, site) : NULL;
    const char *path = module && module->path ? module->path : NULL, *slash = path ? strrchr(path, '/') : NULL;
    if (!site)
        *text = '\0';
    else if (path)
        snprintf(text, capacity, "%s+0x%llx", slash ? slash + 1 : path, (unsigned long long)(site - module->bias));
    else
        snprintf(text, capacity, "0x%llx", (unsigned long long)(site & ~SC_ADDRESS_GONE));
    return text;
}

char *sc_site_function(const struct sc_run_view *view, uint64_t site)
{
    char text[256], *name;
    if (!view->symbols || !site || !sc_run_module(view->run, site))
        return strdup(place(view->run, site, text, sizeof text));
    const struct sc_symbol *symbol = sc_symbols_find(view->symbols, site);
    if (!symbol || !symbol->frame_count || !symbol->module)
        return symbol ? strdup(symbol->text) : NULL;
    size_t at = sc_symbol_own_frame(symbol);
    const char *slash = strrchr(symbol->module, '/');
    return asprintf(&name, "%s [%s]", symbol->frames[at].function, slash ? slash + 1 : symbol->module) < 0 ? NULL
                                                                                                           : name;
}

char *sc_site_name(const struct sc_run_view *view, uint64_t site)
{
    char text[256];
    const char *name = view->symbols && sc_run_module(view->run, site) ? sc_symbols_name(view->symbols, site)
                                                                       : place(view->run, site, text, sizeof text);
    return name ? strdup(name) : NULL;
}
