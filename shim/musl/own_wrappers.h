/* own_wrappers.h: what has an ordinary wrapper for glibc and one of its own for musl: shim/wrap/wrap_libc_musl.c. */
#ifndef SC_OWN_WRAPPERS_H
#define SC_OWN_WRAPPERS_H

#define SC_OWN_stat ~, SC_NONE
#define SC_OWN_stat64 ~, SC_NONE
#define SC_OWN_lstat ~, SC_NONE
#define SC_OWN_lstat64 ~, SC_NONE
#define SC_OWN_mknod ~, SC_NONE
#define SC_OWN_mkfifo ~, SC_NONE
#define SC_OWN_pipe ~, SC_NONE
#define SC_OWN_select ~, SC_NONE
#define SC_OWN_epoll_create ~, SC_NONE
#define SC_OWN_epoll_wait ~, SC_NONE
#define SC_OWN_inotify_init ~, SC_NONE
#define SC_OWN_semop ~, SC_NONE
#define SC_OWN_creat ~, SC_NONE
#define SC_OWN_creat64 ~, SC_NONE
#define SC_OWN_fstatat ~, SC_NONE
#define SC_OWN_fstatat64 ~, SC_NONE
#define SC_OWN_pipe2 ~, SC_NONE
#define SC_OWN_accept4 ~, SC_NONE

#endif
