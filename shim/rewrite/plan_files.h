/*
 * plan_files.h: plans (site_plan.h) that are kept for the user's later sessions, in a folder of the user's: a file
 * each, named by some bits of its key. What is in it may be another module's, which the plan's check tells.
 *
 * SYSCAP_CACHE names the folder, which begins with a slash, or says "off"; else it is $XDG_CACHE_HOME/syscap, or
 * $HOME/.cache/syscap. Folder and files are used only where they are the user's and nobody else may write to them. A
 * file is written beside its place and renamed, so that two who write the same one do no harm. Whatever fails costs
 * time alone.
 *
 * For who starts a program, before it runs: descriptors are taken meanwhile.
 */
#ifndef SC_PLAN_FILES_H
#define SC_PLAN_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Names the folder; nothing is opened before it is needed. Until sc_plan_files_end nothing is found or kept otherwise.
 */
void sc_plan_files_begin(char *const *environment);
void sc_plan_files_end(void);

/* How many words were read, at most room; 0: there is none, or it is longer. */
size_t sc_plan_file_read(uint64_t key, uint32_t *words, size_t room);
void sc_plan_file_write(uint64_t key, const uint32_t *words, size_t count);

#endif
