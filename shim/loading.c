#include "loading.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>

#include "full.h"
#include "process.h"
#include "sys.h"

/* The object that this thread's loader is mapping. The loader holds its lock meanwhile, so there is one at a time. */
static struct {
    uint64_t base;
    int fd;
    bool executable;
} loading = {.fd = -1};

void sc_loading_mapped(const uint64_t *args, long result, uint64_t address)
{
    int fd = (int)args[4];
    if (sc_failed(result) || fd < 0 || !sc_full_is_loader(address)) {
        if (!sc_failed(result) && fd >= 0 && args[2] & PROT_WRITE && (args[3] & MAP_TYPE) != MAP_PRIVATE)
            sc_process_note(SC_NOTE_SHARED_MAPPING, (uint64_t)fd, args[1]);
        return;
    }
    if (args[5] == 0 && fd != loading.fd) {
        loading.base = (uint64_t)result;
        loading.fd = fd;
        loading.executable = false;
    }
    if (args[2] & PROT_EXEC && fd == loading.fd)
        loading.executable = true;
}

void sc_loading_closed(int fd)
{
    if (fd < 0 || fd != loading.fd)
        return;
    loading.fd = -1;
    if (loading.executable && memcmp((const void *)loading.base, ELFMAG, SELFMAG) == 0)
        sc_full_add(loading.base);
}
