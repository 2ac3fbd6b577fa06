/*
 * elf_probe.h: can this program file load our library, and which one? There is one for glibc's ld.so and one for
 * musl's, both for x86-64. They lie in one folder under these names.
 */
#ifndef SC_ELF_PROBE_H
#define SC_ELF_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define SC_LIBRARY "libsyscap.so"
#define SC_LIBRARY_MUSL "libsyscap-musl.so"

enum sc_untraced {
    SC_LOADABLE,         /* by glibc's ld.so */
    SC_UNTRACED_STATIC,  /* no program interpreter: nothing is preloaded */
    SC_UNTRACED_MACHINE, /* not ELF for x86-64 */
    SC_UNTRACED_LIBC,    /* another program interpreter than those; or no library for it, judged by the caller */
    SC_UNTRACED_SETUID,  /* ld.so ignores preloads in secure mode; judged by the caller from the file's mode */
    SC_UNTRACED_ROOT,    /* our library is not to be found from there (chroot); judged by the caller */
    SC_UNTRACED_FILTER,  /* a seccomp filter might kill it at calls of ours; judged by the caller */
    SC_SCRIPT,           /* begins with #!: the interpreter decides */
    SC_UNTRACED_ASAN,    /* AddressSanitizer's shared runtime ends a program in which another library comes first */
    SC_UNTRACED_CAPTURE, /* the capture is not to be reached from there: another user, namespace, read-only mount */
    SC_UNTRACED_SHARED,  /* a process that runs in another one's memory with its thread's storage (clone, CLONE_VM) */
    SC_LOADABLE_MUSL,    /* by musl's ld.so: it loads the library for musl */
    SC_UNTRACED_OTHER,   /* a syscap-record, itself recorded, starts it with a capture of its own */
};

enum { SC_INTERPRETER_BYTES = 256 }; /* the kernel reads no more of a #! line */

/* Reads up to bytes of the file at offset; returns how many, or -errno. */
typedef int64_t sc_read_at(void *file, void *buffer, size_t bytes, uint64_t offset);

/*
 * Judges an executable. For SC_SCRIPT interpreter receives its interpreter's path and behind it the argument that the
 * script gives it, each NUL-terminated; an empty one: none. A file that cannot
 * be read or is of no known form is judged SC_UNTRACED_MACHINE. name is the file's name: ld.so itself, run as a
 * command, is loadable though it has no interpreter. Allocates nothing.
 */
enum sc_untraced sc_judge_program(sc_read_at *read_at, void *file, const char *name,
                                  char interpreter[SC_INTERPRETER_BYTES]);

/*
 * Does a file of that mode and owner run with other rights than the user's, for which ld.so ignores preloads? Its own
 * owner gains none. File capabilities are the caller's to look at.
 */
bool sc_gains_rights(const struct stat *file, uid_t user, gid_t group);

/* In words, for reports: "statically linked" and the like. */
const char *sc_untraced_text(unsigned reason);

#endif
