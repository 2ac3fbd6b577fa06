/* shapes.c: shapes NAME N SIDE FILE: writes that input, N times something; SIDE is 0, or 1 for the second run. */
#include "shapes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

/* Of an odd number, modulo 2^64. */
static uint64_t inverse(uint64_t odd)
{
    uint64_t found = odd;
    for (int i = 0; i < 6; i++)
        found *= 2 - odd * found;
    return found;
}

uint64_t shape_unmix(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * inverse(UINT64_C(0xc4ceb9fe1a85ec53));
    hash = (hash ^ hash >> 33) * inverse(UINT64_C(0xff51afd7ed558ccd));
    return hash ^ hash >> 33;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t one = mix(*(const uint64_t *)a), other = mix(*(const uint64_t *)b);
    return one < other ? -1 : one > other;
}

void shape_ranks(size_t count, uint64_t *ret_places)
{
    uint64_t *numbers = calloc(count, sizeof *numbers);
    if (!numbers)
        abort();
    for (size_t i = 0; i < count; i++)
        numbers[i] = i + 1;
    qsort(numbers, count, sizeof *numbers, by_hash);
    for (size_t place = 0; place < count; place++)
        ret_places[numbers[place] - 1] = place;
    free(numbers);
}

static void put_bytes(FILE *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fprintf(out, "\\%03o", (unsigned char)bytes[i]);
}

/* Single bytes that never touch, in the order in which the tree of written ranges becomes a list. */
static void ranges(FILE *out, size_t n, unsigned side)
{
    (void)side;
    uint64_t *places = calloc(n, sizeof *places);
    if (!places)
        abort();
    shape_ranks(n, places);
    fputs("openat(AT_FDCWD, \"f\", O_RDWR|O_CREAT, 0644) = 3\n", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "pwrite64(3, \"x\", 1, %llu) = 1\n", 2ULL * places[i]);
    free(places);
}

/* All in the first place of a table of up to 2^17 threads. */
static void threads(FILE *out, size_t n, unsigned side)
{
    for (size_t i = 1; i <= n; i++)
        fprintf(out, "%zu getpid() = %zu\n", i << 17, (i << 17) + side);
}

/* Names of eight bytes with one hash, in its lowest 32 bits. */
static void names(FILE *out, size_t n, unsigned side)
{
    size_t found = side;
    for (uint64_t i = 1; found < n; i++) {
        uint64_t word = shape_unmix(shape_unmix(i << 32)) ^ sizeof word;
        char bytes[sizeof word];
        memcpy(bytes, &word, sizeof word);
        if (bytes[0] != '/' || memchr(bytes, 0, sizeof bytes) || memchr(bytes + 1, '/', sizeof bytes - 1))
            continue;
        fputs("openat(AT_FDCWD, \"", out);
        put_bytes(out, bytes, sizeof bytes);
        fputs("\", O_RDONLY) = 3\nclose(3) = 0\n", out);
        found++;
    }
}

/* Names with one hash where words are multiplied in turn: two words differ in bits whose products cancel out. */
static void twins(FILE *out, size_t n, unsigned side)
{
    enum { PAIRS = 14 };
    for (size_t i = side; i < n; i++) {
        char bytes[16 * PAIRS];
        memset(bytes, 'a', sizeof bytes);
        bytes[0] = '/';
        for (unsigned k = 0; k < PAIRS; k++) {
            char flip = (i >> k & 1) ? (char)0x80 : 0;
            bytes[16 * k + 7] ^= flip;
            bytes[16 * k + 11] ^= flip;
            bytes[16 * k + 15] ^= flip;
        }
        fputs("stat(\"", out);
        put_bytes(out, bytes, sizeof bytes);
        fputs("\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", out);
    }
}

/* Command lines in opposite order, with values that differ and may be names of files. */
static void arguments(FILE *out, size_t n, unsigned side)
{
    fputs("brk(NULL) = 0x1000\nexecve(\"./p\", [\"./p\"", out);
    for (size_t i = 0; i < n; i++) {
        size_t number = side ? n - i : i + 1;
        fprintf(out, ", \"--o%zu=v%zu_%u\"", number, number, side);
    }
    fputs("], 0x7ffc00000000 /* 1 var */) = 0\n", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "stat(\"/d/v%zu/x\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", i);
}

/* Outputs by the labels of the runs, each of which might be the counterpart of each. */
static void outputs(FILE *out, size_t n, unsigned side)
{
    const char *label = side ? "cpp" : "rust";
    fputs("brk(NULL) = 0x1000\nexecve(\"./p\", [\"./p\"", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, ", \"%s_%zu\"", label, side ? n - i : i + 1);
    fputs("], 0x7ffc00000000 /* 1 var */) = 0\n", out);
    for (size_t i = 0; i < n && i < 16; i++)
        fprintf(out, "stat(\"/e/%s_%zu/x\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", label, i);
}

/* As many pairs of a call and an error, each with a name of its own, and each a finding; there are some 1500. */
static void failures(FILE *out, size_t n, unsigned side)
{
    static const char *const calls[] = {"stat",     "lstat",    "access", "chdir", "rmdir",  "unlink",
                                        "readlink", "truncate", "chmod",  "mkdir", "statfs", "chroot"};
    enum { CALLS = sizeof calls / sizeof calls[0], ERRORS = 131 };
    (void)side;
    for (size_t i = 0; i < n && i < CALLS * ERRORS; i++) {
        const char *error = strerrorname_np((int)(i / CALLS) + 1);
        if (error && strcmp(error, "EAGAIN") != 0 && strcmp(error, "EINTR") != 0)
            fprintf(out, "%s(\"/f%zu\") = -1 %s (no)\n", calls[i % CALLS], i, error);
    }
}

/* Files that are mapped to be shared, each told in a line of its own. */
static void mapped(FILE *out, size_t n, unsigned side)
{
    (void)side;
    for (size_t i = 0; i < n; i++)
        fprintf(out,
                "openat(AT_FDCWD, \"/m%zu\", O_RDWR|O_CREAT, 0644) = 3\n"
                "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0) = 0x7f0000000000\nclose(3) = 0\n",
                i);
}

/* Calls that nobody knows, each with a name of its own. */
static void unknown(FILE *out, size_t n, unsigned side)
{
    (void)side;
    fputs("execve(\"/usr/bin/python3\", [\"python3\"], 0x7ffc00000000 /* 1 var */) = 0\n", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "getpid() = 1\ncall_%zu() = 0\n", i);
}

/* Tables of strace -c, with a row for each name. */
static void summary(FILE *out, size_t n, unsigned side)
{
    enum { ROWS = 100 };
    static const char line[] = "------ ----------- ----------- --------- --------- ----------------\n";
    for (size_t i = 0; i < n; i++) {
        if (i % ROWS == 0)
            fprintf(out, "%% time     seconds  usecs/call     calls    errors syscall\n%s", line);
        fprintf(out, "  0.00    0.000000           0         1           call_%zu_%u\n", i, side);
        if (i % ROWS == ROWS - 1)
            fprintf(out, "%s100.00    0.000000           0       100           total\n", line);
    }
}

/* One name with so many components. */
static void deep(FILE *out, size_t n, unsigned side)
{
    fputs("stat(\"", out);
    for (size_t i = 0; i < n; i++)
        fputs(side ? "/b" : "/a", out);
    fputs("\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", out);
}

/* Outputs below many directories, and files below as many, each of whose directories might be one. */
static void labelled(FILE *out, size_t n, unsigned side)
{
    const char *label = side ? "cpp" : "rust";
    fputs("brk(NULL) = 0x1000\nexecve(\"./p\", [\"./p\", \"", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s_x/", label);
    fputs("end\"], 0x7ffc00000000 /* 1 var */) = 0\nstat(\"", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "/%s_x", label);
    fputs("\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", out);
}

/* One name whose components are all drawn ones. */
static void drawn_deep(FILE *out, size_t n, unsigned side)
{
    fputs("stat(\"", out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "/d.aB3xQ%u", side);
    fputs("\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", out);
}

/* Names that are the same but for their first component, which is far from the end: what is short is taken. */
static void deep_namesakes(FILE *out, size_t n, unsigned side)
{
    for (size_t k = 0; k < 4; k++) {
        fprintf(out, "stat(\"/%zu", k + side);
        for (size_t i = 0; i < n; i++)
            fputs("/a", out);
        fputs("\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", out);
    }
}

/* Files of one short name, in directories of one short name. */
static void namesakes(FILE *out, size_t n, unsigned side)
{
    (void)side;
    for (size_t i = 0; i < n; i++)
        fprintf(out, "stat(\"/%zu/same/name\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", i);
}

/* Drawn names in /tmp, which all are shown as one and a number. */
static void drawn(FILE *out, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "stat(\"/tmp/xQ%zuRz%u/tmpaB%zucD\", {st_mode=S_IFREG|0644, st_size=1}) = 0\n", i, side, i);
}

/* Two runs that have nothing in common, line for line. */
static void lines(FILE *out, size_t n, unsigned side)
{
    for (size_t i = 0; i < n; i++)
        fprintf(out, "lseek(3, %zu, SEEK_SET) = %zu\n", 2 * i + side, 2 * i + side);
}

/* A process that makes others, which each make another one. */
static void children(FILE *out, size_t n, unsigned side)
{
    (void)side;
    fputs("1 1795932011.000000 execve(\"./p\", [\"./p\"], 0x7ffc00000000 /* 1 var */) = 0\n", out);
    for (size_t i = 1; i <= n; i++)
        fprintf(out,
                "%zu 1795932011.%06zu clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, "
                "child_tidptr=0x7f0000000000) = %zu\n"
                "%zu 1795932011.%06zu execve(\"./c%zu\", [\"./c\"], 0x7ffc00000000 /* 1 var */) = 0\n",
                i, 2 * i, i + 1, i + 1, 2 * i + 1, i);
    for (size_t i = n; i > 0; i--)
        fprintf(out, "%zu 1795932011.500000 +++ exited with 1 +++\n", i);
}

static const struct {
    const char *name;
    void (*write)(FILE *out, size_t n, unsigned side);
    bool one; /* one process, which ends after that */
} shapes[] = {
    {"ranges", ranges, true},
    {"threads", threads, false},
    {"names", names, true},
    {"twins", twins, true},
    {"arguments", arguments, true},
    {"outputs", outputs, true},
    {"failures", failures, true},
    {"mapped", mapped, true},
    {"unknown", unknown, true},
    {"summary", summary, false},
    {"deep", deep, true},
    {"labelled", labelled, true},
    {"drawn_deep", drawn_deep, true},
    {"deep_namesakes", deep_namesakes, true},
    {"namesakes", namesakes, true},
    {"drawn", drawn, true},
    {"lines", lines, true},
    {"children", children, false},
};

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    size_t n = strtoul(argv[2], NULL, 10);
    unsigned side = argv[3][0] == '1';
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(argv[1], shapes[i].name) != 0)
            continue;
        FILE *out = fopen(argv[4], "w");
        if (!out)
            return 2;
        shapes[i].write(out, n, side);
        if (shapes[i].one)
            fputs("exit_group(0) = ?\n+++ exited with 0 +++\n", out);
        return fclose(out) ? 2 : 0;
    }
    return shape_capture(argv[1], n, side, argv[4]);
}
