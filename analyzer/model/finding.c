#include "finding.h"

#include <stdlib.h>

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
