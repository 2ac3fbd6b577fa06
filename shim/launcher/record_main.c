#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/random.h>

#include "launcher.h"

/* Formatted first and written at once, so that it stays one line beside what the program prints. */
void sc_say(const char *format, ...)
{
    char text[2 * PATH_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "syscap-record: %s\n", text);
}

int main(int argc, char **argv)
{
    static char buffer[3 * PATH_MAX];
    static struct sc_launch launch; /* holds paths: too large for some stacks */
    setvbuf(stderr, buffer, _IOLBF, sizeof buffer);
    int status = sc_launch_options(argc, argv, &launch);
    if (status >= 0)
        return status;
    if ((status = sc_program_find(&launch)) != 0 || (status = sc_library_find(&launch)) != 0)
        return status;
    if (getrandom(&launch.nonce, sizeof launch.nonce, 0) != sizeof launch.nonce) {
        sc_say("no random number for the session's name: %m");
        return SC_EXIT_REFUSED;
    }
    return sc_launch_run(&launch);
}
