#include "report_sites.h"

#include <stdlib.h>

static void free_site(struct sc_report_site *site)
{
    for (size_t i = 0; i < site->frame_count; i++) {
        free(site->frames[i].function);
        free(site->frames[i].file);
    }
    free(site->frames);
    free(site->name);
    free(site->call);
    free(site->module);
}

void sc_report_sites_free(struct sc_report_sites *sites)
{
    for (size_t i = 0; i < sites->count; i++)
        free_site(&sites->items[i]);
    for (size_t i = 0; i < sites->branch_count; i++)
        free(sites->branches[i].name);
    free(sites->items);
    free(sites->branches);
    sc_strings_free(&sites->notes);
    *sites = (struct sc_report_sites){0};
}
