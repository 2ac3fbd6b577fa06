#include "unpack.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

bool sc_is_packed(const unsigned char *head, size_t len)
{
    static const struct {
        unsigned char len, bytes[SC_PACKED_MAGIC];
    } magics[] = {
        {2, {0x1f, 0x8b}},                  /* gzip */
        {3, {'B', 'Z', 'h'}},               /* bzip2 */
        {6, {0xfd, '7', 'z', 'X', 'Z', 0}}, /* xz */
        {4, {0x28, 0xb5, 0x2f, 0xfd}},      /* zstd */
        {4, {0x04, 0x22, 0x4d, 0x18}},      /* lz4 */
    };
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (len >= magics[i].len && memcmp(head, magics[i].bytes, magics[i].len) == 0)
            return true;
    return false;
}

/*
 * Not libarchive's whole list of filters: some of them start programs, and which of them would be the input's choice.
 * One that is asked for here starts a program, too, where the library was built without it, and says so.
 */
static int open_filters(struct archive *archive, int fd)
{
    static int (*const filters[])(struct archive *) = {
        archive_read_support_filter_gzip, archive_read_support_filter_bzip2, archive_read_support_filter_xz,
        archive_read_support_filter_zstd, archive_read_support_filter_lz4};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (filters[i](archive) != ARCHIVE_OK)
            return ARCHIVE_FATAL;
    struct archive_entry *entry;
    int result = archive_read_support_format_raw(archive);
    if (result == ARCHIVE_OK)
        result = archive_read_support_format_empty(archive);
    if (result == ARCHIVE_OK)
        result = archive_read_open_fd(archive, fd, BLOCK);
    return result == ARCHIVE_OK ? archive_read_next_header(archive, &entry) : result;
}

static const char *reason(struct archive *archive)
{
    const char *text = archive_error_string(archive);
    return text ? text : "unknown error";
}

static int write_all(int fd, const char *bytes, size_t count)
{
    while (count) {
        ssize_t put = write(fd, bytes, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? -errno : -EIO;
        bytes += put;
        count -= (size_t)put;
    }
    return 0;
}

static void say_limit(struct sc_error *error, const char *name, uint64_t limit, bool packed)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    size_t unit = 0;
    for (; unit < 3 && limit && limit % 1024 == 0; unit++)
        limit /= 1024;
    snprintf(error->text, sizeof error->text, "%s: is larger than %llu %s%s; see --max-unpacked", name,
             (unsigned long long)limit, units[unit], packed ? " when unpacked" : "");
}

static int copy(struct archive *archive, const char *name, int spool, uint64_t limit, struct sc_unpacked *unpacked,
                struct sc_error *error)
{
    char *buffer = malloc(BLOCK);
    bool packed = archive_filter_count(archive) > 1;
    int result = buffer ? 0 : -ENOMEM;
    snprintf(error->text, sizeof error->text, "%s: out of memory", name);
    while (!result) {
        la_ssize_t got = archive_read_data(archive, buffer, BLOCK);
        if (got == 0)
            break;
        if (got < 0 && unpacked->bytes) {
            snprintf(unpacked->damage, sizeof unpacked->damage, "cannot be %s beyond byte %llu: %s",
                     packed ? "unpacked" : "read", (unsigned long long)unpacked->bytes, reason(archive));
            break;
        }
        if (got < 0) {
            snprintf(error->text, sizeof error->text, "%s: cannot be %s: %s", name, packed ? "unpacked" : "read",
                     reason(archive));
            result = -EBADMSG;
        } else if ((uint64_t)got > limit - unpacked->bytes) {
            say_limit(error, name, limit, packed);
            result = -EFBIG;
        } else if ((result = write_all(spool, buffer, (size_t)got)) != 0) {
            snprintf(error->text, sizeof error->text, "%s: cannot be unpacked into a temporary file: %s; see TMPDIR",
                     name, strerror(-result));
        }
        unpacked->bytes += got > 0 ? (uint64_t)got : 0;
    }
    free(buffer);
    return result;
}

int sc_unpack(int fd, const char *name, int spool, uint64_t limit, struct sc_unpacked *ret_unpacked,
              struct sc_error *ret_error)
{
    *ret_unpacked = (struct sc_unpacked){0};
    struct archive *archive = archive_read_new();
    if (!archive) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s: out of memory", name);
        return -ENOMEM;
    }
    int opened = open_filters(archive, fd), result = 0;
    if (opened == ARCHIVE_OK && archive_filter_count(archive) > 2) {
        /* Layers between the first and the last have no bound of their own. */
        snprintf(ret_error->text, sizeof ret_error->text, "%s: is packed more than once", name);
        result = -EBADMSG;
    } else if (opened == ARCHIVE_OK) {
        result = copy(archive, name, spool, limit, ret_unpacked, ret_error);
    } else if (opened != ARCHIVE_EOF) { /* the end: empty */
        snprintf(ret_error->text, sizeof ret_error->text, "%s: cannot be unpacked: %s", name, reason(archive));
        result = -EBADMSG;
    }
    archive_read_free(archive);
    return result;
}

ssize_t sc_unpack_head(int fd, void *head, size_t bytes)
{
    struct archive *archive = archive_read_new();
    if (!archive)
        return -1;
    la_ssize_t got = open_filters(archive, fd) == ARCHIVE_OK ? archive_read_data(archive, head, bytes) : -1;
    archive_read_free(archive);
    return got;
}

/* Each packed file of strace -ff has a spool: there may be more than the descriptors that a process is given at first.
 */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int sc_spool_new(bool *ret_memory)
{
    const char *folder = getenv("TMPDIR");
    raise_descriptors();
    int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
    *ret_memory = fd < 0;
    if (fd < 0)
        fd = memfd_create("syscap-analyze", MFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}
