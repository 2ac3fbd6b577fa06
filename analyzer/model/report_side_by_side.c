#include "report_side_by_side.h"

#include <stdlib.h>

void sc_report_side_by_side_free(struct sc_report_side_by_side *sides)
{
    for (size_t i = 0; i < sides->count; i++) {
        free(sides->rows[i].left);
        free(sides->rows[i].right);
    }
    free(sides->rows);
    *sides = (struct sc_report_side_by_side){0};
}
