/*
 * exec_judge.h: what becomes of a program that is about to be executed: whether it can be recorded, and by what.
 */
#ifndef SC_EXEC_JUDGE_H
#define SC_EXEC_JUDGE_H

#include <stdbool.h>

#include "../../common/elf_probe.h"

struct sc_judgement {
    const char *path; /* our copy; NULL: the descriptor's file */
    int fd;
    bool asan_anywhere;
    char *program;       /* room for the name of a file that our loader is to load; NULL: it is not to be had */
    char *interpreter;   /* room for a script's interpreter, if it is that file */
    unsigned scripts;    /* so many were met on the way */
    bool loads;          /* our loader takes it */
    const char *library; /* that it is to load otherwise; NULL: it can't be recorded, for this reason */
    enum sc_untraced reason;
};

/*
 * Fills in the answers of a struct sc_judgement. For sc_helper_run: opening the file takes a descriptor. A text without
 * "#!" is run by a shell, which loads us: only the kernel's own refusals and ELF files count.
 */
void sc_judge_execution(void *judgement);

#endif
