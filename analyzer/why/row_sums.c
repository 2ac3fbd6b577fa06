#include "row_sums.h"

bool sc_row_is_write(const struct sc_row *row)
{
    return row->nr < SC_NR_LIMIT && sc_call(row->nr)->category == SC_CAT_WRITE && !(row->facts & SC_FACT_FAILED);
}

bool sc_row_is_read(const struct sc_row *row)
{
    return row->nr < SC_NR_LIMIT && sc_call(row->nr)->category == SC_CAT_READ && !(row->facts & SC_FACT_FAILED);
}

bool sc_row_moves_bytes(const struct sc_row *row)
{
    return sc_row_is_write(row) || sc_row_is_read(row);
}

bool sc_row_is_zero(const struct sc_row *row)
{
    return row->facts & SC_FACT_ZERO;
}

bool sc_row_grows(const struct sc_row *row)
{
    return row->facts & SC_FACT_GROW;
}

bool sc_row_maps(const struct sc_row *row)
{
    return row->facts & SC_FACT_SHARED;
}

void sc_sum_rows(const struct sc_file_group *group, sc_row_match *match, struct sc_sum *ret_sum)
{
    *ret_sum = (struct sc_sum){.begin = SC_OFFSET_UNKNOWN, .end = SC_OFFSET_UNKNOWN};
    for (size_t i = 0; i < group->count; i++) {
        const struct sc_row *row = group->rows[i];
        if (!sc_row_is_work(row) || !match(row))
            continue;
        ret_sum->calls += row->calls;
        ret_sum->repeats += row->facts & SC_FACT_AGAIN ? row->calls : 0;
        ret_sum->requests += row->way ? row->calls : 0;
        ret_sum->bytes += row->bytes;
        ret_sum->again += row->again;
        ret_sum->time_ns += row->time_ns;
        if (row->begin == SC_OFFSET_UNKNOWN)
            continue;
        if (ret_sum->begin == SC_OFFSET_UNKNOWN || row->begin < ret_sum->begin)
            ret_sum->begin = row->begin;
        if (row->end > ret_sum->end)
            ret_sum->end = row->end;
    }
}

bool sc_row_waits(const struct sc_files *files, const struct sc_row *row)
{
    bool file = row->subject != SC_NO_FILE && !(row->subject & SC_SUBJECT_PATH);
    return row->nr < SC_NR_LIMIT && sc_files_waits(files, sc_call(row->nr), file ? row->subject : SC_NO_FILE);
}

uint64_t sc_row_own_ns(const struct sc_files *files, const struct sc_row *row)
{
    if (!sc_row_waits(files, row) || row->way)
        return row->time_ns;
    uint64_t own;
    bool large = __builtin_mul_overflow(row->shortest_ns, row->calls, &own);
    return large || own > row->time_ns ? row->time_ns : own;
}
