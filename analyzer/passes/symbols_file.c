/* symbols_file.c: which files may be looked into, and their opening. */
#include "symbols_internal.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Debug files by build-id only: a name in the file must not lead anywhere, and nothing goes over the network. */
static const Dwfl_Callbacks careful = {.find_debuginfo = dwfl_build_id_find_debuginfo};
static const Dwfl_Callbacks trusting = {.find_debuginfo = dwfl_standard_find_debuginfo};

/* Opening a device or a FIFO can have effects, so what it is is asked before, and again of what was opened. */
static int open_regular(const char *path)
{
    struct stat info;
    if (path[0] != '/' || stat(path, &info) || !S_ISREG(info.st_mode))
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &info) || !S_ISREG(info.st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool same_build_id(int fd, const struct sc_module_map *map)
{
    const void *id = NULL;
    if (elf_version(EV_CURRENT) == EV_NONE)
        return false;
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    ssize_t bytes = elf ? dwelf_elf_gnu_build_id(elf, &id) : -1;
    bool same = bytes > 0 && (size_t)bytes == map->build_id_bytes && memcmp(id, map->build_id, (size_t)bytes) == 0;
    if (elf)
        elf_end(elf);
    return same;
}

static enum sc_module_state report(struct sc_module_file *file, int fd, const Dwfl_Callbacks *callbacks)
{
    file->dwfl = dwfl_begin(callbacks);
    if (file->dwfl) {
        dwfl_report_begin(file->dwfl);
        file->module = dwfl_report_elf(file->dwfl, file->map->path, file->map->path, fd, 0, true);
        dwfl_report_end(file->dwfl, NULL, NULL);
    }
    if (file->module)
        return SC_MODULE_OPEN; /* and the descriptor is dwfl's */
    close(fd);
    return SC_MODULE_GONE;
}

void sc_module_file_open(struct sc_module_file *file, enum sc_symbols_mode mode)
{
    if (file->state != SC_MODULE_UNTRIED)
        return;
    bool known = file->map->build_id_bytes > 0, always = mode == SC_SYMBOLS_ALWAYS;
    if (mode == SC_SYMBOLS_NEVER || (!known && !always)) {
        file->state = mode == SC_SYMBOLS_NEVER ? SC_MODULE_LEFT : SC_MODULE_UNKNOWN;
        return;
    }
    int fd = open_regular(file->map->path);
    if (fd < 0) {
        file->state = SC_MODULE_GONE;
    } else if (known && !same_build_id(fd, file->map)) {
        file->state = SC_MODULE_CHANGED;
        close(fd);
    } else {
        file->state = report(file, fd, always ? &trusting : &careful);
    }
}

void sc_module_file_close(struct sc_module_file *file)
{
    if (file->dwfl)
        dwfl_end(file->dwfl);
    file->dwfl = NULL;
    file->module = NULL;
}
