/*
 * say_made.c: what a recording has made, for who sits in front of it. No number is said that was not counted.
 */
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "launcher.h"

#define STOPPED ", stopped at its greatest size"

enum { NUMBER_BYTES = 32 };

/* 1,661 */
static const char *grouped(uint64_t number, char text[NUMBER_BYTES])
{
    char *at = text + NUMBER_BYTES - 1;
    *at = '\0';
    for (unsigned digits = 0; number || digits == 0; number /= 10, digits++) {
        if (digits && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + number % 10);
    }
    return at;
}

/* 4.1 KB */
static const char *size_text(uint64_t bytes, char text[NUMBER_BYTES])
{
    static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
    unsigned unit = 0;
    double size = (double)bytes;
    for (; size >= 1000 && unit < 4; unit++)
        size /= 1000;
    snprintf(text, NUMBER_BYTES, "%.*f %s", unit ? 1 : 0, size, units[unit]);
    return text;
}

/* As the user would write it, and without what a terminal might obey: %n is whatever the program is called. */
static void shown_name(const struct sc_launch *launch, const char *path, char name[PATH_MAX])
{
    char folder[PATH_MAX];
    size_t len = launch->asked.output[0] != '/' && getcwd(folder, sizeof folder) ? strlen(folder) : 0;
    bool below = len > 1 && strncmp(path, folder, len) == 0 && path[len] == '/';
    snprintf(name, PATH_MAX, "%s", below ? path + len + 1 : path);
    for (unsigned char *p = (unsigned char *)name; *p; p++)
        if (*p < ' ' || *p == 0x7f)
            *p = '?';
}

/* Whoever records holds a lock, see ../session/session_file.h; a program that is just being executed will again. */
static bool is_recorded(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return true;
    flock(fd, LOCK_UN);
    return false;
}

bool sc_says_made(const struct sc_launch *launch)
{
    return !launch->quiet && isatty(STDERR_FILENO);
}

void sc_say_made(const struct sc_launch *launch, const char *path, int fd, const struct sc_file_header *header,
                 uint64_t ns)
{
    if (!sc_says_made(launch))
        return;
    char name[PATH_MAX], number[NUMBER_BYTES], processes[NUMBER_BYTES], lost[128];
    struct sc_made made;
    shown_name(launch, path, name);
    double seconds = (double)ns / 1e9;
    bool limit = header->any_stop == SC_STOP_LIMIT;
    if (is_recorded(fd)) {
        sc_say("the program ended after %.2f s, what it started is still being recorded: %s", seconds, name);
        return;
    }
    if (!sc_count_calls(fd, header, &made)) {
        sc_say("%s in %.2f s%s%s: %s", size_text(sc_capture_bytes(header), number), seconds,
               header->overwritten_until ? ", the newest calls alone" : "", limit ? STOPPED : "", name);
        return;
    }
    char older[NUMBER_BYTES];
    snprintf(lost, sizeof lost, "%s%s%s%s%s", made.overwritten ? ", older ones overwritten: " : "",
             made.overwritten ? grouped(made.overwritten, older) : "", limit ? STOPPED : "",
             made.lost ? ", calls not recorded: " : "", made.lost ? grouped(made.lost, number) : "");
    sc_say("%s call%s of %s process%s in %.2f s%s: %s", grouped(made.calls, number), made.calls == 1 ? "" : "s",
           grouped(made.processes, processes), made.processes == 1 ? "" : "es", seconds, lost, name);
}
