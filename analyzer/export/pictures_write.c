/* pictures_write.c: the bins as JSON, those that are empty left out where most are. */
#include "pictures_internal.h"

#include <inttypes.h>

static void numbers(FILE *out, const uint64_t *values, size_t count)
{
    putc('[', out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, i ? ",%" PRIu64 : "%" PRIu64, values[i]);
    putc(']', out);
}

static bool is_empty(const uint64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i])
            return false;
    return true;
}

static bool is_seen(const struct grid *grid)
{
    return !is_empty(&grid->cells[0][0][0][0], sizeof grid->cells / sizeof(uint64_t));
}

/* "place,reads,writes,zeros,seeks," and so on; the place is that of the time times the number of offsets. */
static void cells(FILE *out, uint64_t (*times)[GRID_OFFSETS][CELL_KINDS])
{
    const char *between = "";
    putc('[', out);
    for (unsigned time = 0; time < GRID_TIMES; time++) {
        for (unsigned offset = 0; offset < GRID_OFFSETS; offset++) {
            const uint64_t *cell = times[time][offset];
            if (is_empty(cell, CELL_KINDS))
                continue;
            fprintf(out, "%s%u", between, time * GRID_OFFSETS + offset);
            for (unsigned kind = 0; kind < CELL_KINDS; kind++)
                fprintf(out, ",%" PRIu64, cell[kind]);
            between = ",";
        }
    }
    putc(']', out);
}

static void grids(FILE *out, const struct sc_pictures *pictures)
{
    unsigned shown = 0;
    fprintf(out, "\"grid_times\":%d,\"grid_offsets\":%d,\"grids\":[", GRID_TIMES, GRID_OFFSETS);
    for (size_t i = 0; i < pictures->grid_count && shown < GRIDS_SHOWN; i++) {
        struct grid *grid = pictures->grids[i];
        if (!is_seen(grid))
            continue;
        fprintf(out, "%s{\"time_width\":%" PRIu64 ",\"offset_width\":%" PRIu64 ",\"runs\":[", shown++ ? "," : "",
                grid->time_width, grid->offset_width);
        for (unsigned run = 0; run < pictures->report->run_count; run++) {
            fprintf(out, "%s{\"file\":", run ? "," : "");
            fprintf(out, grid->file[run] < 0 ? "null" : "%" PRId64, grid->file[run]);
            fprintf(out, ",\"begin\":%" PRIu64 ",\"cells\":", grid->begin[run]);
            cells(out, grid->cells[run]);
            putc('}', out);
        }
        fputs("]}", out);
    }
    putc(']', out);
}

/* A row each of count rows of width values: "name":[[...],[...]]. */
static void rows(FILE *out, const char *name, const uint64_t *values, size_t count, size_t width)
{
    fprintf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        if (i)
            putc(',', out);
        numbers(out, &values[i * width], width);
    }
    putc(']', out);
}

void sc_pictures_write(FILE *out, const struct sc_pictures *pictures)
{
    fprintf(out, "{\"by_time\":%s,\"span\":%" PRIu64 ",", pictures->by_time ? "true" : "false", pictures->span);
    grids(out, pictures);
    fputs(",\"runs\":[", out);
    for (unsigned i = 0; i < pictures->report->run_count; i++) {
        const struct run_pictures *run = &pictures->runs[i];
        size_t processes = pictures->report->runs[i].process_count;
        fprintf(out, "%s{\"calls\":%" PRIu64, i ? "," : "", run->shown);
        rows(out, "activity", &run->activity[0][0], TIMES, BIN_KINDS);
        rows(out, "processes", &run->processes[0][0], processes < PROCESSES ? processes : PROCESSES, PROCESS_TIMES);
        rows(out, "sizes", &run->sizes[0][0], SIZE_KINDS, POWERS);
        rows(out, "took", &run->took[0][0], TOOK_KINDS, POWERS);
        putc('}', out);
    }
    fputs("]}", out);
}
