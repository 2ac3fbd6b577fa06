#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../common/record.h"
#include "launcher.h"

struct text {
    char *at;
    char *end; /* one byte is kept for the NUL */
};

static bool add(struct text *text, const char *bytes, size_t count)
{
    if ((size_t)(text->end - text->at) < count)
        return false;
    memcpy(text->at, bytes, count);
    text->at += count;
    return true;
}

static bool expand(const struct sc_launch *launch, pid_t pid, struct text *text)
{
    const char *slash = strrchr(launch->program, '/');
    const char *program = slash ? slash + 1 : launch->program;
    char number[16];
    bool fits = true;
    snprintf(number, sizeof number, "%d", pid);
    for (const char *p = launch->output; *p && fits; p++) {
        const char *value = p[0] != '%'   ? NULL
                            : p[1] == 'n' ? program
                            : p[1] == 'p' ? number
                            : p[1] == '%' ? "%"
                                          : NULL;
        fits = value ? add(text, value, strlen(value)) : add(text, p, 1);
        p += value != NULL;
    }
    return fits;
}

int sc_capture_name(const struct sc_launch *launch, pid_t pid, char ret_path[PATH_MAX])
{
    struct text text = {ret_path, ret_path + PATH_MAX - 1};
    if (launch->output[0] != '/') {
        if (!getcwd(ret_path, PATH_MAX))
            return -errno;
        text.at += strlen(ret_path);
        if (text.at[-1] != '/' && !add(&text, "/", 1))
            return -ENAMETOOLONG;
    }
    if (!expand(launch, pid, &text))
        return -ENAMETOOLONG;
    *text.at = '\0';
    return 0;
}

void sc_capture_ended(const char *path, uint64_t nonce, int wait_status)
{
    struct sc_file_header header;
    struct {
        uint32_t launched;
        int32_t wait_status;
    } end = {2, wait_status};
    _Static_assert(offsetof(struct sc_file_header, wait_status) == offsetof(struct sc_file_header, launched) + 4,
                   "written together");
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return; /* the library has said why there is none */
    if (pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.magic, SC_MAGIC, sizeof header.magic) != 0 || header.nonce != nonce)
        sc_say("%s is not this run's capture; it was left as it is", path);
    else if (pwrite(fd, &end, sizeof end, offsetof(struct sc_file_header, launched)) != sizeof end)
        sc_say("%s: how the program ended could not be written: %m", path);
    close(fd);
}
