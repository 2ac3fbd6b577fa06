#include "report_baseline.h"

#include <stdlib.h>

static void free_growths(struct sc_growth *growths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(growths[i].key);
        free(growths[i].limit);
    }
    free(growths);
}

void sc_report_baseline_free(struct sc_report_baseline *report)
{
    free(report->file);
    free(report->source);
    sc_strings_free(&report->problems);
    free_growths(report->held, report->held_count);
    free_growths(report->others, report->other_count);
    *report = (struct sc_report_baseline){0};
}
