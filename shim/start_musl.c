/*
 * start_musl.c: musl gives constructors nothing, and exit's status to nobody.
 */
#include <stdint.h>
#include <unistd.h>

#include "init.h"
#include "session/process.h"

/*
 * environ is still what the kernel laid out, or ld.so where it was run as a command: before it the arguments, their end
 * and, before those, their number.
 */
__attribute__((constructor)) static void begin(void)
{
    char **arguments = environ - 1;
    int count = 0;
    while ((uintptr_t)arguments[-1] != (uintptr_t)count) {
        arguments--;
        count++;
    }
    sc_process.musl = true;
    sc_begin(count, arguments, environ);
}

static bool exits;

void sc_start_exits(void)
{
    exits = true;
}

/* Destructors run in the reverse order of constructors, after what atexit has registered: this is the last. */
__attribute__((destructor)) static void end(void)
{
    if (exits)
        sc_at_exit(sc_process.exit_status, NULL);
}
