/* process.h: what the capture says about the process itself: who it is, what it runs, how it ends. */
#ifndef SC_PROCESS_H
#define SC_PROCESS_H

#include "../../common/elf_probe.h"
#include "../core/writer.h"
#include "../unwind/modules.h"

/* That process's parent, from /proc; 0 if it can't be told. */
uint32_t sc_proc_parent(uint32_t pid);

/* For sc_writer_begin: what the writers report about the process. */
extern const struct sc_writer_events sc_process_events;

/* The constructor's part: who we are before the session is known. environment as the program was started with. */
void sc_process_identify(char **environment, int argc, char **argv);

/*
 * The process ends with that status: records its end and its threads' counters, once and not in a vfork child. now: the
 * exit is the next call, and nothing is recorded after it.
 */
void sc_process_end(enum sc_end_how how, int status, bool now);

/* exit's last handler, registered by the constructor. */
void sc_at_exit(int status, void *unused);

/* The calling thread ends: records its counters and its end; another thread may take its writer. */
void sc_thread_end(void);

void sc_process_mark_main(void);

/* A program is not recorded that this process starts or is about to become (replaces), or a child process. */
void sc_process_untraced(enum sc_untraced reason, const char *name, bool replaces);

/* At that moment an object was mapped, or was gone from there. path: of so many bytes. */
void sc_process_loaded(uint64_t tick, const struct sc_elf_module *object, const char *path, size_t path_bytes);
void sc_process_unloaded(uint64_t tick, uint64_t begin, uint64_t end);

/* A wait4 returned pid and a status, or a waitid returned 0: records how the child ended. */
void sc_process_waited(int pid, sc_addr status);
void sc_process_waited_info(sc_addr info, uint64_t options);

#endif
