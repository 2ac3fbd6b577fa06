/*
 * pictures_internal.h: the bins, which pictures.c fills and pictures_write.c writes.
 */
#ifndef SC_PICTURES_INTERNAL_H
#define SC_PICTURES_INTERNAL_H

#include "pictures.h"

enum {
    GRID_TIMES = 96,
    GRID_OFFSETS = 48,
    TIME_LEAST = 1024,    /* nanoseconds */
    GRID_CANDIDATES = 16, /* pipes and the like turn out to have no offsets */
    GRIDS_SHOWN = 8,
    TIMES = 192,
    PROCESSES = 32,
    PROCESS_TIMES = 96,
    POWERS = 64,
};

enum { CELL_READS, CELL_WRITES, CELL_ZEROS, CELL_SEEKS, CELL_KINDS };
enum { BIN_CALLS, BIN_READ, BIN_WRITTEN, BIN_WAITING, BIN_KINDS };
enum { SIZE_READS, SIZE_WRITES, SIZE_KINDS };
enum { TOOK_READS, TOOK_WRITES, TOOK_OTHERS, TOOK_WAITS, TOOK_KINDS };

/* Where in time and in the file accesses began, of a file of either run or of both. */
struct grid {
    int64_t file[2]; /* number in the report's files; -1: that run has no such file */
    bool begun[2];
    uint64_t
        begin[2]; /* of the first access: each run's tiles begin there, for runs come to a file at their own times */
    uint64_t time_width, offset_width; /* of a tile: doubled when something comes that is behind the last tile */
    uint64_t cells[2][GRID_TIMES][GRID_OFFSETS][CELL_KINDS];
};

struct run_pictures {
    uint64_t shown; /* calls so far */
    uint64_t activity[TIMES][BIN_KINDS];
    uint64_t processes[PROCESSES][PROCESS_TIMES]; /* calls, in the order of the report's table */
    uint64_t sizes[SIZE_KINDS][POWERS], took[TOOK_KINDS][POWERS];
};

struct sc_pictures {
    const struct sc_report *report;
    bool by_time;  /* else the calls' order stands for the time */
    uint64_t span; /* nanoseconds or calls, of the longer run */
    struct run_pictures runs[2];
    struct grid *grids[GRID_CANDIDATES];
    size_t grid_count;
    uint8_t *known_files; /* by number of the model's file: 0 not looked at, 1 no grid, else the grid's number + 2 */
    size_t known_capacity;
};

#endif
