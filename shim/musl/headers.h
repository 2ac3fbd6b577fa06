/*
 * headers.h: given to every file of the library for musl before all else (-include).
 *
 * musl's headers make macros of the old names for large files (open64), which are the same functions. Here they are
 * symbols with a wrapper of their own. What the kernel has and musl's headers lack comes from the kernel's.
 */
#ifndef SC_MUSL_HEADERS_H
#define SC_MUSL_HEADERS_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "own_wrappers.h"

#ifndef STATX_TYPE /* musl has it from 1.2.5 on */
#include <linux/stat.h>
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#undef creat64
#undef fallocate64
#undef fopen64
#undef freopen64
#undef fstat64
#undef fstatat64
#undef fstatfs64
#undef fstatvfs64
#undef ftruncate64
#undef getdents64
#undef lockf64
#undef lseek64
#undef lstat64
#undef mkostemp64
#undef mkostemps64
#undef mkstemp64
#undef mkstemps64
#undef mmap64
#undef open64
#undef openat64
#undef posix_fadvise64
#undef posix_fallocate64
#undef pread64
#undef preadv64
#undef pwrite64
#undef pwritev64
#undef sendfile64
#undef stat64
#undef statfs64
#undef statvfs64
#undef tmpfile64
#undef truncate64

#endif
