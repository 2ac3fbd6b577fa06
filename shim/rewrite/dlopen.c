#include "dlopen.h"

#include <elf.h>
#include <sys/mman.h>

#include "../core/peek.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"
#include "../session/process.h"
#include "../unwind/modules.h"
#include "rewrite.h"
#include "unpatch.h"

/* The module that the loader is mapping. The loader holds its lock meanwhile, so there is one at a time. */
static struct {
    uint64_t base;
    int fd;
    bool executable;
    char path[SC_PATH_BYTES];
    size_t path_bytes;
} loading = {.fd = -1};

/* While the loader's descriptor is open, and without one of ours. */
static void find_path(int fd)
{
    char link[SC_PROC_FD_BYTES];
    sc_proc_fd_path(link, fd);
    long length = sc_syscall(SYS_readlink, link, loading.path, sizeof loading.path);
    loading.path_bytes = sc_failed(length) ? 0 : (size_t)length;
}

void sc_dlopen_mapped(const struct sc_regs *regs, const uint64_t *args, long result)
{
    int fd = (int)args[4];
    if (sc_failed(result) || fd < 0 || !sc_rewrite_is_loader(regs))
        return;
    if (args[5] == 0 && fd != loading.fd) {
        loading.base = (uint64_t)result;
        loading.fd = fd;
        loading.executable = false;
    }
    if (args[2] & PROT_EXEC && fd == loading.fd && !loading.executable) {
        loading.executable = true;
        find_path(fd);
    }
}

void sc_dlopen_closed(int fd)
{
    if (fd < 0 || fd != loading.fd)
        return;
    loading.fd = -1;
    if (loading.executable)
        sc_rewrite_add(loading.base, loading.path, loading.path_bytes);
}

/* Drop what we know of a module before the kernel unmaps it: from then on nothing of it may be read. */
static void dropped(uint64_t begin, uint64_t end)
{
    sc_unpatch_forget(begin, end);
    sc_process_unloaded(sc_now(), begin, end);
}

void sc_dlopen_unmapping(const uint64_t *args)
{
    if (SC_UNLIKELY(args[0] < sc_vdso.end && args[0] + args[1] > sc_vdso.begin))
        sc_rewrite_vdso_going();
    sc_modules_drop(args[0], args[0] + args[1], dropped);
    sc_unmapped();
}
