/* message.h: the capture's name, expanded from the pattern in SYSCAP_OUTPUT, and our lines on stderr. */
#ifndef SC_MESSAGE_H
#define SC_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Expands pattern (%n program, %p pid, %% percent sign) into path (SC_PATH_BYTES), made absolute by the working
 * directory, and into fresh an unused name in the same directory. turn: from 2 on, the name to try when the earlier
 * ones are taken: name.2.bin. 0, or -ENAMETOOLONG, or getcwd's error.
 */
int sc_output_names(const char *pattern, unsigned turn, uint64_t nonce, char *path, char *fresh, size_t fresh_bytes);

/* "/proc/PID" and what stands rest it, ended by NUL; its length. path holds 32 bytes and rest. */
size_t sc_proc_path(char *path, uint32_t pid, const char *rest);

/* "/proc/self/fd/N" */
enum { SC_PROC_FD_BYTES = 32 };
void sc_proc_fd_path(char path[SC_PROC_FD_BYTES], int fd);

/* Of a descriptor of ours, in a helper, whose descriptors are not the process's (core/helper.h). */
void sc_proc_own_fd_path(char path[SC_PROC_FD_BYTES], int fd);

/* One line on the standard error output: "syscap: " and the three texts. The only thing that is ever written there. */
void sc_complain(const char *what, const char *name, const char *why);

/* ": " and a short text for an error number; strerror would load locales and allocate. */
const char *sc_error_text(int error);

#endif
