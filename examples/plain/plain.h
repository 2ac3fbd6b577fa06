/*
 * The job that plain_a and plain_b share: write a file of fixed-size rows and read it back row by row. Like the
 * casacore examples (seven doubles, two ints, one bool, 32 rows to a bucket), but with nothing except the C library.
 *
 * Each program brings a put and a get of its own and calls plain_main. For equal parameters both leave the same bytes.
 * Exit status: 0 done, 1 the file could not be written or did not read back as written, 2 bad arguments.
 */
#ifndef PLAIN_H
#define PLAIN_H
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { PLAIN_BUCKET_ROWS = 32 };
#define PLAIN_MAX_ROWS UINT64_C(1000000000)

struct plain_row {
    double doubles[7];
    int32_t ints[2];
    uint8_t boolean;
    uint8_t padding[7]; /* named, so that it is written as zeros and not as whatever lay there */
};
_Static_assert(sizeof(struct plain_row) == 72, "the row as it lies in the file");

struct plain_program {
    const char *name;
    const char *default_path;
    /* size bytes at offset; returned as by write and read */
    ssize_t (*put)(int fd, const void *data, size_t size, off_t offset);
    ssize_t (*get)(int fd, void *ret_data, size_t size, off_t offset);
};

struct plain_options {
    const char *path;
    uint64_t rows;
    bool initialize;
};

/* One line on stderr; control characters in the subject would make it more than one. Returns the status. */
static int plain_fail(const struct plain_program *program, int status, const char *subject, const char *text)
{
    fprintf(stderr, "%s: '", program->name);
    for (const char *c = subject; *c; c++)
        fputc(iscntrl((unsigned char)*c) ? '?' : *c, stderr);
    fprintf(stderr, "': %s\n", text);
    return status;
}

/* Digits only: strtoull alone would take blanks and signs too. */
static bool plain_parse_rows(const char *text, uint64_t *ret_rows)
{
    if (!*text || text[strspn(text, "0123456789")])
        return false;
    errno = 0;
    *ret_rows = strtoull(text, NULL, 10);
    return errno == 0 && *ret_rows <= PLAIN_MAX_ROWS;
}

/* Returns 0, or the exit status after having said what is wrong. */
static int plain_parse(const struct plain_program *program, int argc, char **argv, struct plain_options *ret_options)
{
    *ret_options = (struct plain_options){.path = program->default_path, .rows = 100, .initialize = false};
    for (int i = 1; i < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        bool path = !strcmp(name, "--path"), rows = !strcmp(name, "--rows");
        if (!path && !rows && strcmp(name, "--initialize") != 0)
            return plain_fail(program, 2, name, "unknown argument");
        if (!value)
            return plain_fail(program, 2, name, "needs a value");
        if (path && !*value)
            return plain_fail(program, 2, name, "must not be empty");
        if (path)
            ret_options->path = value;
        else if (rows && !plain_parse_rows(value, &ret_options->rows))
            return plain_fail(program, 2, name, "not a whole number from 0 to 1000000000");
        else if (!rows && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return plain_fail(program, 2, name, "neither true nor false");
        else if (!rows)
            ret_options->initialize = !strcmp(value, "true");
    }
    return 0;
}

/* Depends on the number only, and no row is all zeros: a write of nothing but zeros is never data. */
static struct plain_row plain_row_at(uint64_t number)
{
    struct plain_row row = {.boolean = number % 2 == 0};
    for (int i = 0; i < 7; i++)
        row.doubles[i] = 0.25 * (i + 1) * (double)(number + 1);
    for (int i = 0; i < 2; i++)
        row.ints[i] = (int32_t)((uint64_t)(i + 1) * (number + 1));
    return row;
}

/* Null where all was done, else what went wrong. */
static const char *plain_check(ssize_t done, size_t size)
{
    if (done < 0)
        return strerror(errno);
    return (size_t)done == size ? NULL : "read or write cut short";
}

/* Returns null, or what went wrong. */
static const char *plain_job(const struct plain_program *program, int fd, const struct plain_options *options)
{
    static const struct plain_row zeros[PLAIN_BUCKET_ROWS];
    const uint64_t buckets = (options->rows + PLAIN_BUCKET_ROWS - 1) / PLAIN_BUCKET_ROWS;
    const char *error = NULL;
    if (ftruncate(fd, (off_t)(buckets * sizeof zeros)) != 0)
        return strerror(errno);
    for (uint64_t i = 0; !error && options->initialize && i < buckets; i++)
        error = plain_check(program->put(fd, zeros, sizeof zeros, (off_t)(i * sizeof zeros)), sizeof zeros);
    for (uint64_t i = 0; !error && i < options->rows; i++) {
        const struct plain_row row = plain_row_at(i);
        error = plain_check(program->put(fd, &row, sizeof row, (off_t)(i * sizeof row)), sizeof row);
    }
    for (uint64_t i = 0; !error && i < options->rows; i++) {
        const struct plain_row written = plain_row_at(i);
        struct plain_row row;
        error = plain_check(program->get(fd, &row, sizeof row, (off_t)(i * sizeof row)), sizeof row);
        /* the bytes themselves are meant: NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
        if (!error && memcmp(&row, &written, sizeof row) != 0)
            error = "a row read back other values than were written";
    }
    return error;
}

static int plain_main(const struct plain_program *program, int argc, char **argv)
{
    struct plain_options options;
    const int status = plain_parse(program, argc, argv, &options);
    if (status != 0)
        return status;
    const int fd = open(options.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return plain_fail(program, 1, options.path, strerror(errno));
    const char *error = plain_job(program, fd, &options);
    if (close(fd) != 0 && !error)
        error = strerror(errno);
    return error ? plain_fail(program, 1, options.path, error) : 0;
}

#endif
