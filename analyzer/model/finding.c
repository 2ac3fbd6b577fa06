#include "finding.h"

#include <stdlib.h>
#include <string.h>

/* Below 0 where a is more. */
static int more(uint64_t a, uint64_t b)
{
    return (a < b) - (a > b);
}

int sc_compare_findings(const struct sc_finding *a, const struct sc_finding *b, enum sc_rank rank, bool times)
{
    int order = rank == SC_RANK_BYTES ? more(a->bytes, b->bytes) : 0;
    if (times &&
        (rank == SC_RANK_TIME || (rank == SC_RANK_COST && (a->saved_ns >= SC_RANK_NS || b->saved_ns >= SC_RANK_NS))))
        order = more(a->saved_ns, b->saved_ns);
    order = order ? order : more(a->saved_calls, b->saved_calls);
    order = order ? order : more(a->calls, b->calls);
    order = order ? order : strcmp(a->id, b->id);
    return order ? order : strcmp(a->role ? a->role : "", b->role ? b->role : "");
}

void sc_findings_free(struct sc_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sc_finding *finding = &findings[i];
        free(finding->file);
        free(finding->role);
        free(finding->detail);
        free(finding->advice);
        for (uint32_t k = 0; k < finding->site_count; k++)
            free(finding->sites[k].name);
        sc_strings_free(&finding->evidence);
    }
    free(findings);
}

void sc_causes_free(struct sc_cause *causes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(causes[i].role);
        free(causes[i].pattern);
        sc_strings_free(&causes[i].files);
        for (uint32_t k = 0; k < causes[i].site_count; k++)
            free(causes[i].sites[k].name);
        free(causes[i].sites);
    }
    free(causes);
}
