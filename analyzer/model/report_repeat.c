#include "report_repeat.h"

#include <stdlib.h>

void sc_report_repeat_free(struct sc_report_repeat *repeat)
{
    for (unsigned side = 0; side < 2; side++) {
        for (size_t i = 0; i < repeat->run_counts[side]; i++) {
            free(repeat->runs[side][i].source);
            sc_strings_free(&repeat->runs[side][i].problems);
        }
        free(repeat->runs[side]);
        free(repeat->labels[side]);
    }
    for (size_t i = 0; i < repeat->count; i++)
        free(repeat->counts[i].key);
    free(repeat->counts);
    sc_strings_free(&repeat->why_not);
    sc_strings_free(&repeat->differences);
    sc_strings_free(&repeat->warnings);
    *repeat = (struct sc_report_repeat){0};
}
