/*
 * marker.so, preloaded on strace's side: shows where main begins, in every program that inherits LD_PRELOAD.
 *
 * libc's start-up calls main through __libc_start_main; ours puts a function in between that makes one call which no
 * program makes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/syscall.h>

typedef int main_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static main_function *real_main;

/* Not by libc's syscall(): that would look the symbol up, and errno has to stay as it is. */
static int marked_main(int argc, char **argv, char **environment)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"((long)SYS_close), "D"(-31337L) : "rcx", "r11", "memory");
    return real_main(argc, argv, environment);
}

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    start_function *start = (start_function *)dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(marked_main, argc, argv, init, fini, rtld_fini, stack_end);
}
