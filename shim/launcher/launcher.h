/*
 * launcher.h: syscap-record. It judges the program, starts it with libsyscap.so preloaded and a session handed over
 * (SYSCAP_SESSION, see ../session/session_options.h), waits for it and writes into the capture how it ended.
 */
#ifndef SC_LAUNCHER_H
#define SC_LAUNCHER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../common/capture_format.h"
#include "../../common/elf_probe.h"
#include "../../common/user_options.h"

/* What env, nice and time exit with, too. */
enum sc_launcher_status { SC_EXIT_REFUSED = 125, SC_EXIT_CANNOT_RUN = 126, SC_EXIT_NOT_FOUND = 127 };

struct sc_launch {
    struct sc_user_options asked;
    uint64_t nonce;
    char **argv; /* the program's, ends with NULL */
    char program[PATH_MAX];
    bool quiet;    /* what was made is not said */
    bool by_shell; /* a text without #!, which execvp gives to /bin/sh */
    bool musl;     /* what is loaded in the end is musl's ld.so */
    char library[PATH_MAX];
    char loader[PATH_MAX]; /* which loads statically linked programs; empty: the program loads the library itself */
    char loaded[PATH_MAX]; /* the file that it is to load */
    char interpreter[SC_INTERPRETER_BYTES]; /* of a script, if that is what is loaded; argv begins with it then */
};

/* One line on the standard error output. */
__attribute__((format(printf, 1, 2))) void sc_say(const char *format, ...);

/* Reads the user's SYSCAP_ variables, then the options. Below 0: go on; else the status to exit with at once. */
int sc_launch_options(int argc, char **argv, struct sc_launch *ret_launch);

/* Finds the program as execvp does and judges whether it can be captured. 0, or the status to exit with, already said.
 */
int sc_program_find(struct sc_launch *launch);

/*
 * Finds the library for the program and, for a statically linked program, the loader beside it, without which such a
 * program can't be captured. 0, or the status to exit with, already said. */
int sc_library_find(struct sc_launch *launch);

/*
 * The capture's absolute name: the pattern with %n, %p and %% expanded. %n is the last part of the path that is
 * executed, as in the library; of a script it is the script's. 0 or -ENAMETOOLONG, or getcwd's error.
 */
int sc_capture_name(const struct sc_launch *launch, pid_t pid, char ret_path[PATH_MAX]);

/*
 * Writes into the session's capture how the program ended after so many nanoseconds, says where the capture is not
 * complete and, on a terminal, what was made. path: its name, or the first choice where that was taken; then it becomes
 * the one that was found.
 */
void sc_capture_ended(const struct sc_launch *launch, char path[PATH_MAX], int wait_status, uint64_t ns);

struct sc_made {
    uint64_t calls;
    uint64_t lost;        /* that found no place */
    uint64_t overwritten; /* older ones, see SYSCAP_KEEP */
    uint32_t processes;
};

/*
 * What a capture holds, open as fd, that nobody writes to any more. False where that is not to be known at once: it is
 * large, or damaged.
 */
bool sc_count_calls(int fd, const struct sc_file_header *header, struct sc_made *ret_made);

/* The bytes of a capture that are written to. */
uint64_t sc_capture_bytes(const struct sc_file_header *header);

/* Whether what was made is said: on a terminal, unless the user is not to be told. */
bool sc_says_made(const struct sc_launch *launch);
/* One line of it, of the capture that is open as fd. */
void sc_say_made(const struct sc_launch *launch, const char *path, int fd, const struct sc_file_header *header,
                 uint64_t ns);

/* In the child: becomes the program, unrecorded where the capture has no name. Returns -errno where that fails. */
int sc_exec_program(const struct sc_launch *launch);

/* Runs the program to its end. Returns the status to exit with. */
int sc_launch_run(const struct sc_launch *launch);

#endif
