/*
 * process.h: what the capture says of the process itself: who it is, what it runs, how it ends.
 */
#ifndef SC_PROCESS_H
#define SC_PROCESS_H

#include "state.h"

/* In a forked child, before its first record: a process number of its own, and nothing of its parent's lanes. */
bool sc_process_begin_forked(void);

/* Called by sc_lane_get for the process's first lane: PROCESS and what belongs to it. */
void sc_process_describe(void);

/* The constructor's part: who we are before the session is known. environment as the program was started with. */
void sc_process_identify(char **environment, int argc, char **argv);

/* The process ends now with that status: its end and its threads' counters. Once; not in a vfork child. */
void sc_process_end(enum sc_end_how how, int status);

/* exit's last handler, registered by the constructor. */
void sc_at_exit(int status, void *unused);

/* The calling thread ends: its counters and its end; its lane is left to others. */
void sc_thread_end(void);

void sc_process_mark_main(void);
void sc_process_note(enum sc_note_what what, uint64_t a, uint64_t b);
void sc_process_child_ended(int pid, int status);

#endif
