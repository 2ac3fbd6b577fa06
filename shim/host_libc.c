/* host_libc.c: what the C library tells of the process (core/host.h). */
#include <sys/auxv.h>
#include <unistd.h>

#include "core/host.h"
#include "core/raw_syscall.h"

void sc_host_objects(sc_host_each *each, void *argument)
{
    dl_iterate_phdr(each, argument);
}

uint64_t sc_host_auxiliary(uint64_t type)
{
    return getauxval(type);
}

uint64_t sc_host_libc(void)
{
    return (uint64_t)dl_iterate_phdr;
}

sc_addr sc_host_environment(void)
{
    return (sc_addr)environ;
}

long sc_host_program(char *path, size_t bytes)
{
    return sc_syscall(SYS_readlink, "/proc/self/exe", path, bytes);
}

const char *sc_host_executes(const char *path)
{
    return path;
}

bool sc_host_functions(struct sc_elf_module *module)
{
    (void)module;
    return false;
}
