/*
 * start_glibc.c: glibc gives constructors main's arguments, and exit's status to who asks for it.
 */
#include <stdlib.h>

#include "init.h"
#include "session/process.h"

__attribute__((constructor)) static void begin(int argc, char **argv, char **environment)
{
    sc_begin(argc, argv, environment);
}

void sc_start_exits(void)
{
    on_exit(sc_at_exit, NULL);
}
