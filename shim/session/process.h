/*
 * process.h: what the capture says of the process itself: who it is, what it runs, how it ends.
 */
#ifndef SC_PROCESS_H
#define SC_PROCESS_H

#include "../../common/elf_probe.h"
#include "../core/writer.h"
#include "../unwind/modules.h"

/* The parent's pid of that process, from /proc; 0 where it can't be told. */
uint32_t sc_proc_parent(uint32_t pid);

/* What becomes of the process as its writers find it: for sc_writer_begin. */
extern const struct sc_writer_events sc_process_events;

/* The constructor's part: who we are before the session is known. environment as the program was started with. */
void sc_process_identify(char **environment, int argc, char **argv);

/*
 * The process ends with that status: its end and its threads' counters. Once; not in a vfork child. now: the exit is
 * the next call, and nothing more is recorded.
 */
void sc_process_end(enum sc_end_how how, int status, bool now);

/* exit's last handler, registered by the constructor. */
void sc_at_exit(int status, void *unused);

/* The calling thread ends: its counters and its end; its writer is left to others. */
void sc_thread_end(void);

void sc_process_mark_main(void);

/* A program that this process starts, or is about to become (replaces), or a process, is not recorded. */
void sc_process_untraced(enum sc_untraced reason, const char *name, bool replaces);

/* At that moment an object was mapped, or was gone from there. path: of so many bytes. */
void sc_process_loaded(uint64_t tick, const struct sc_elf_module *object, const char *path, size_t path_bytes);
void sc_process_unloaded(uint64_t tick, uint64_t begin, uint64_t end);

/* A wait4 returned pid and left the status there; a waitid returned 0. The children that ended are told. */
void sc_process_waited(int pid, sc_addr status);
void sc_process_waited_info(sc_addr info, uint64_t options);

#endif
