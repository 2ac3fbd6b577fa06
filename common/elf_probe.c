#include "elf_probe.h"

#include <elf.h>

static const char GLIBC_INTERPRETER[] = "/lib64/ld-linux-x86-64.so.2";
static const char MUSL_INTERPRETER[] = "/lib/ld-musl-x86_64.so.1";

static bool starts_with(const char *text, const char *with)
{
    while (*with)
        if (*text++ != *with++)
            return false;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* As the kernel reads a #! line: its first word, and all the rest of it, without blanks around, as one more. */
static enum sc_untraced read_interpreter(const char *head, int64_t length, char interpreter[SC_INTERPRETER_BYTES])
{
    int64_t at = 2, out = 0, end = at;
    while (end < length && head[end] != '\n' && head[end] != '\0')
        end++;
    while (end > at && is_blank(head[end - 1]))
        end--;
    while (at < end && is_blank(head[at]))
        at++;
    while (at < end && !is_blank(head[at]) && out < SC_INTERPRETER_BYTES - 2)
        interpreter[out++] = head[at++];
    interpreter[out++] = '\0';
    while (at < end && is_blank(head[at]))
        at++;
    while (at < end && out < SC_INTERPRETER_BYTES - 1)
        interpreter[out++] = head[at++];
    interpreter[out] = '\0';
    return interpreter[0] ? SC_SCRIPT : SC_UNTRACED_MACHINE;
}

static enum sc_untraced judge_loader(const char *name)
{
    const char *base = name;
    for (const char *p = name; *p; p++)
        if (*p == '/')
            base = p + 1;
    if (starts_with(base, "ld-musl"))
        return SC_LOADABLE_MUSL;
    return starts_with(base, "ld-linux") || starts_with(base, "ld-2.") || starts_with(base, "ld.so")
               ? SC_LOADABLE
               : SC_UNTRACED_STATIC;
}

/* path: the program interpreter's, of which so many bytes were read. */
static enum sc_untraced judge_interpreter(const char *path, int64_t length)
{
    if (length == sizeof GLIBC_INTERPRETER && starts_with(path, GLIBC_INTERPRETER))
        return SC_LOADABLE;
    bool musl = length >= (int64_t)sizeof MUSL_INTERPRETER && starts_with(path, MUSL_INTERPRETER) &&
                path[sizeof MUSL_INTERPRETER - 1] == '\0';
    return musl ? SC_LOADABLE_MUSL : SC_UNTRACED_LIBC;
}

enum sc_untraced sc_judge_program(sc_read_at *read_at, void *file, const char *name,
                                  char interpreter[SC_INTERPRETER_BYTES])
{
    union {
        Elf64_Ehdr elf;
        char bytes[SC_INTERPRETER_BYTES];
    } head;
    int64_t length = read_at(file, &head, sizeof head, 0);
    interpreter[0] = '\0';
    if (length >= 2 && head.bytes[0] == '#' && head.bytes[1] == '!')
        return read_interpreter(head.bytes, length, interpreter);
    if (length < (int64_t)sizeof head.elf || !starts_with(head.bytes, ELFMAG) ||
        head.elf.e_ident[EI_CLASS] != ELFCLASS64 || head.elf.e_machine != EM_X86_64)
        return SC_UNTRACED_MACHINE;
    for (unsigned i = 0; i < head.elf.e_phnum; i++) {
        Elf64_Phdr segment;
        char path[sizeof GLIBC_INTERPRETER];
        if (read_at(file, &segment, sizeof segment, head.elf.e_phoff + i * sizeof segment) != sizeof segment)
            return SC_UNTRACED_MACHINE;
        if (segment.p_type != PT_INTERP)
            continue;
        int64_t got = read_at(file, path, sizeof path, segment.p_offset);
        return judge_interpreter(path, got);
    }
    return judge_loader(name);
}

bool sc_gains_rights(const struct stat *file, uid_t user, gid_t group)
{
    /* setgid without execution for the group is an old mark of file locking, not a right. */
    bool as_group = file->st_mode & S_ISGID && file->st_mode & S_IXGRP;
    return (file->st_mode & S_ISUID && file->st_uid != user) || (as_group && file->st_gid != group);
}

const char *sc_untraced_text(unsigned reason)
{
    switch (reason) {
    case SC_UNTRACED_STATIC: return "it is statically linked, and not in a way that syscap-static can load";
    case SC_UNTRACED_MACHINE: return "it is no program for x86-64";
    case SC_UNTRACED_LIBC: return "it is built for a C library that libsyscap.so is not there for";
    case SC_UNTRACED_SETUID: return "it is setuid or setgid, for which preloading is ignored";
    case SC_UNTRACED_ROOT: return "libsyscap.so is not to be found from its root folder";
    case SC_UNTRACED_FILTER: return "a seccomp filter was installed, which might kill it at a call of libsyscap.so";
    case SC_UNTRACED_ASAN: return "AddressSanitizer's runtime in it wants to be loaded before libsyscap.so";
    case SC_UNTRACED_CAPTURE: return "the capture is not to be reached from it (another user, namespace or mount)";
    case SC_UNTRACED_SHARED: return "it runs in the memory and thread storage of another process";
    case SC_UNTRACED_OTHER: return "a syscap-record that is recorded itself starts it with a capture of its own";
    default: return "it cannot load libsyscap.so";
    }
}
