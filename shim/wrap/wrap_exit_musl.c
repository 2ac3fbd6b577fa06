/*
 * wrap_exit_musl.c: exit's status, for which musl has no on_exit: the last destructor (shim/start_musl.c) finds it
 * noted.
 */
#include <dlfcn.h>

#include "wrap.h"

SC_WRAPPER(void, exit, int status)
{
    void (*real)(int);
    *(void **)&real = dlsym(RTLD_NEXT, "exit");
    sc_process.exit_status = status;
    real(status);
    __builtin_unreachable();
}
