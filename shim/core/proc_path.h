/* proc_path.h: names in /proc. */
#ifndef SC_PROC_PATH_H
#define SC_PROC_PATH_H

#include <stddef.h>
#include <stdint.h>

/* "/proc/PID" and what stands behind it, ended by NUL; its length. path holds 32 bytes and rest. */
size_t sc_proc_path(char *path, uint32_t pid, const char *rest);

/* "/proc/self/fd/N" */
enum { SC_PROC_FD_BYTES = 32 };
void sc_proc_fd_path(char path[SC_PROC_FD_BYTES], int fd);

/* By the thread, whose descriptors may not be the process's: a helper's (helper.h), or after an unshare. */
void sc_proc_own_fd_path(char path[SC_PROC_FD_BYTES], int fd);

#endif
