/*
 * program_find.h: which file a name stands for when it is executed, and which program the kernel then loads. Whoever
 * asks brings the system calls.
 */
#ifndef SC_PROGRAM_FIND_H
#define SC_PROGRAM_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf_probe.h"

/* Where there is no PATH: libc's default. */
#define SC_DEFAULT_PATH "/bin:/usr/bin"

struct sc_path_search {
    /*
     * Copies the next directory of the list to path where it is shorter than room, without a NUL. Its length, or -1
     * where the list has ended.
     */
    int64_t (*next)(void *context, char *path, size_t room);
    /* 0 where that file can be executed, or -errno. */
    int (*executable)(void *context, const char *path);
};

/*
 * As execvp with a name that has no slash: the first of the directories in which a file of that name can be executed;
 * the file's path in path (of bytes). 0, or -EACCES where one was not executable, or -ENOENT.
 */
int sc_search_path(const struct sc_path_search *search, void *context, const char *name, char *path, size_t bytes);

/*
 * Judges the file of that name, as sc_judge_program does. first: it is the program itself, not an interpreter. For
 * SC_SCRIPT interpreter receives what is judged next.
 */
typedef enum sc_untraced sc_judge_file(void *context, const char *name, bool first,
                                       char interpreter[SC_INTERPRETER_BYTES]);

/* Follows #! lines to the program that the kernel will load. SC_SCRIPT: more levels of them than the kernel follows. */
enum sc_untraced sc_follow_scripts(sc_judge_file *judge, void *context, const char *name);

#endif
