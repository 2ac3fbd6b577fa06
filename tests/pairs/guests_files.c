/* Jobs on files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guests.h"

void job_stdio(bool dear)
{
    FILE *out = fopen("out", "w");
    setvbuf(out, NULL, dear ? _IONBF : _IOFBF, PART);
    for (int i = 0; i < 3000; i++)
        fputs("one line of many\n", out);
    fclose(out);
}

/* Records in an order of their own, as a table has them. */
void job_place(bool dear)
{
    FILE *out = fopen("data", "w+");
    for (int i = 0; i < 400; i++) {
        long at = (i * 7L % 400) * PAGE;
        if (!dear) {
            must(pwrite(fileno(out), "a record of some bytes", 22, at));
            continue;
        }
        fseek(out, at, SEEK_SET);
        fwrite("a record of some bytes", 22, 1, out);
    }
    fclose(out);
}

void job_fill(bool dear)
{
    int fd = file("data", O_RDWR);
    char *zeros = filled(PAGE, 0);
    if (!dear)
        must(posix_fallocate(fd, 0, 256 * PAGE) ? -1 : 0);
    for (int i = 0; dear && i < 256; i++)
        must(write(fd, zeros, PAGE));
    must(pwrite(fd, "data", 4, 512));
}

/* A file of blocks, every second one zeros: by a write each, or stored into memory. */
void job_in_memory(bool dear)
{
    enum { BLOCKS = 256 };
    int fd = file("data", O_RDWR);
    must(ftruncate(fd, BLOCKS * PAGE));
    if (dear) {
        for (int i = 0; i < BLOCKS; i++)
            must(pwrite(fd, filled(PAGE, i % 2), PAGE, (long)i * PAGE));
        return;
    }
    char *blocks = mmap(NULL, BLOCKS * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (blocks == MAP_FAILED)
        must(-1);
    for (int i = 0; i < BLOCKS; i++)
        memset(blocks + (long)i * PAGE, i % 2, PAGE);
}

void job_last(bool dear)
{
    int fd = file("log", O_WRONLY | O_APPEND);
    for (int i = 0; i < 60; i++) {
        must(write(fd, "an entry that has to last\n", 26));
        if (dear)
            must(fsync(fd));
    }
    must(fsync(fd));
}

void job_look_first(bool dear)
{
    struct stat is;
    for (int i = 1; i <= 200; i++) {
        if (dear && stat(numbered("in", i), &is) != 0)
            continue;
        int fd = open(numbered("in", i), O_RDONLY);
        close(fd);
    }
}

void job_sum(bool dear)
{
    int fd = file("data", O_RDONLY);
    volatile unsigned sum = 0;
    char part[PAGE];
    if (dear) {
        for (ssize_t got; (got = read(fd, part, sizeof part)) > 0;)
            for (ssize_t i = 0; i < got; i++)
                sum += (unsigned char)part[i];
        return;
    }
    size_t size = (size_t)must(lseek(fd, 0, SEEK_END));
    unsigned char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    for (size_t i = 0; i < size; i++)
        sum += bytes[i];
}

void job_copy(bool dear)
{
    int from = file("data", O_RDONLY), to = file("out", O_WRONLY);
    char part[PAGE];
    struct stat is;
    must(fstat(from, &is));
    if (!dear)
        must(sendfile(to, from, NULL, (size_t)is.st_size));
    else
        for (ssize_t got; (got = read(from, part, sizeof part)) > 0;)
            must(write(to, part, (size_t)got));
}

void job_gather(bool dear)
{
    int fd = file("out", O_WRONLY);
    char *body = filled(6000, 'b');
    struct iovec parts[] = {{"a head", 6}, {body, 6000}, {"a tail", 6}};
    for (int i = 0; i < 200; i++) {
        if (!dear)
            must(writev(fd, parts, 3));
        for (int k = 0; dear && k < 3; k++)
            must(write(fd, parts[k].iov_base, parts[k].iov_len));
    }
}

void job_replace(bool dear)
{
    int folder = (int)must(open("store", O_RDONLY | O_DIRECTORY));
    for (int i = 0; i < 40; i++) {
        int fd = file("store/new", O_WRONLY | O_TRUNC);
        must(write(fd, "all of it", 9));
        close(fd);
        must(rename("store/new", "store/now"));
        if (dear)
            must(fsync(folder));
    }
}

void job_in_order(bool dear)
{
    int fd = file("data", O_RDONLY);
    char part[PAGE];
    for (off_t at = 0; at < 300 * PAGE; at += PAGE) {
        if (dear)
            must(lseek(fd, at, SEEK_SET));
        must(read(fd, part, sizeof part));
    }
}

void job_passes(bool dear)
{
    int fd = file("data", O_RDONLY);
    char *part = filled(PART, 0);
    for (int pass = 0; pass < (dear ? 5 : 1); pass++)
        for (off_t at = 0; pread(fd, part, PART / 4, at) > 0;)
            at += PART / 4;
}

/* By the environment, as a program's configuration often is: the way does not matter. */
void job_configured(bool dear)
{
    const char *wish = getenv("INIT");
    job_fill(wish && strcmp(wish, "true") == 0);
    (void)dear;
}

void job_append(bool dear)
{
    int fd = file("out", O_WRONLY);
    char *part = filled(PAGE, 'a');
    for (int i = 0; i < 300; i++)
        must(dear ? pwrite(fd, part, PAGE, (off_t)i * PAGE) : write(fd, part, PAGE));
}

/* What is not needed in the end: in files, or in memory. */
void job_scratch(bool dear)
{
    char *part = filled(PAGE, 's'), *kept = malloc(PAGE);
    for (int i = 0; i < 50; i++) {
        char name[] = "store/XXXXXX";
        if (!dear) {
            memcpy(kept, part, PAGE);
            continue;
        }
        int fd = (int)must(mkstemp(name));
        must(write(fd, part, PAGE));
        must(unlink(name));
        close(fd);
    }
}

void job_appear(bool dear)
{
    for (int i = 0; i < 50; i++) {
        char from[NAME];
        int fd = dear ? file("store/new", O_WRONLY) : (int)must(open("store", O_TMPFILE | O_WRONLY, 0644));
        must(write(fd, "whole or not at all", 19));
        snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
        if (dear)
            must(rename("store/new", numbered("store", i)));
        else
            must(linkat(AT_FDCWD, from, AT_FDCWD, numbered("store", i), AT_SYMLINK_FOLLOW));
        close(fd);
    }
}

void job_search(bool dear)
{
    for (int i = 0; i < 500; i++)
        if (dear && access(numbered("absent", i), R_OK) == 0)
            break;
    close(file("data", O_RDONLY));
}

void job_entries(bool dear)
{
    int fd = (int)must(open("in", O_RDONLY | O_DIRECTORY));
    char *entries = filled(PART, 0);
    while (must(syscall(SYS_getdents64, fd, entries, dear ? 64 : PART)) > 0)
        continue;
}

void job_window(bool dear)
{
    int fd = file("data", O_RDONLY);
    volatile char seen = 0;
    size_t size = 300 * PAGE;
    char *all = dear ? NULL : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    for (int i = 0; i < 300; i++) {
        off_t at = (off_t)i * PAGE;
        char *part = dear ? mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, at) : all + at;
        seen += *part;
        if (dear)
            must(munmap(part, PAGE));
    }
}

void job_aligned(bool dear)
{
    int fd = file("data", O_RDWR);
    char *part = filled(2 * PAGE, 'r');
    for (int i = 0; i < 300; i++)
        must(pwrite(fd, part, 2 * PAGE, (off_t)i * 2 * PAGE + (dear ? RECORD : 0)));
}

/* A header that counts what is behind it. */
void job_header(bool dear)
{
    int fd = file("data", O_RDWR);
    char *part = filled(PAGE, 'r');
    for (int i = 1; i <= 200; i++) {
        must(pwrite(fd, part, PAGE, (off_t)i * PAGE));
        if (dear || i == 200)
            must(pwrite(fd, &i, sizeof i, 0));
    }
}

void job_order(bool dear)
{
    int fd = file("data", O_RDONLY);
    char part[PAGE];
    for (int i = 0; i < 300; i++)
        must(pread(fd, part, sizeof part, (off_t)(dear ? i * 89 % 300 : i) * PAGE));
}

void job_grow(bool dear)
{
    int fd = file("data", O_RDWR | O_TRUNC);
    for (int i = 1; i <= 256; i++)
        if (dear || i == 256)
            must(ftruncate(fd, (off_t)i * PAGE));
}

void job_store(bool dear)
{
    int fd = file("data", O_RDWR);
    char *all = mmap(NULL, 60 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    for (int i = 0; i < 60; i++) {
        all[i * PAGE] = 'n';
        if (dear)
            must(msync(all + i * PAGE, PAGE, MS_SYNC));
    }
    must(msync(all, 60 * PAGE, MS_SYNC));
}

void job_full_names(bool dear)
{
    char where[PAGE];
    for (int i = 1; i <= 200; i++)
        if (dear)
            must(readlink(numbered("links", i), where, sizeof where));
    int folder = (int)must(open("links", O_RDONLY | O_DIRECTORY));
    for (int i = 1; i <= 200; i++)
        close((int)must(openat(folder, strrchr(numbered("links", i), '/') + 1, O_RDONLY)));
}

void job_go_there(bool dear)
{
    for (int i = 1; i <= 200; i++) {
        if (dear)
            must(chdir("in"));
        close((int)must(open(dear ? numbered(".", i) : numbered("in", i), O_RDONLY)));
        if (dear)
            must(chdir(".."));
    }
}

void job_hint(bool dear)
{
    int fd = file("data", O_RDONLY);
    char part[PAGE];
    for (off_t at = 0; at < 300 * PAGE; at += PAGE) {
        if (dear)
            must(-posix_fadvise(fd, at, PAGE, POSIX_FADV_WILLNEED));
        must(pread(fd, part, sizeof part, at));
    }
}

void job_owner(bool dear)
{
    for (int i = 1; i <= 200; i++) {
        int fd = file(numbered("in", i), O_WRONLY | O_TRUNC);
        must(write(fd, "new", 3));
        if (dear)
            must(fchmod(fd, 0644));
        close(fd);
    }
}
