/*
 * functions_cancel.c: whether a program cancels its threads by unwinding from where a signal finds them.
 *
 * Before 2.41 glibc interrupts a thread anywhere in the call and unwinds from there: through us, for whom the program's
 * unwinder has no records, and so cleanups of C++ and of glibc's own streams would be left out. pthread_cancel itself
 * is linked into every program with threads: what counts is that something refers to it.
 */
#include <string.h>

#include "functions.h"
#include "functions_internal.h"

/* The address of a function of that name, 0: there is none. */
static uint64_t find_function(const struct sc_loaded *loaded, const char *name)
{
    const Elf64_Sym *symbols;
    uint32_t count;
    Elf64_Shdr strings;
    size_t length = strlen(name) + 1;
    if (!sc_functions_symbols(loaded, &symbols, &count) || !sc_functions_section(loaded, ".strtab", &strings))
        return 0;
    const char *text = (const char *)loaded->file + strings.sh_offset;
    for (uint32_t i = 0; i < count; i++)
        if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_name < strings.sh_size &&
            length <= strings.sh_size - symbols[i].st_name && memcmp(text + symbols[i].st_name, name, length) == 0)
            return loaded->bias + symbols[i].st_value;
    return 0;
}

/* Four bytes of the code that lead there: a call, a jump, or an address taken. */
static bool is_referred_to(const struct sc_loaded *loaded, uint64_t function)
{
    for (unsigned i = 0; i < loaded->image.header.e_phnum; i++) {
        const Elf64_Phdr *segment = &loaded->image.segments[i];
        uint64_t begin = loaded->bias + segment->p_vaddr, end = begin + segment->p_filesz;
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
            continue;
        for (uint64_t at = begin; at + sizeof(int32_t) <= end; at++) {
            int32_t value;
            memcpy(&value, (const void *)at, sizeof value);
            if (at + sizeof value + (uint64_t)(int64_t)value == function || (uint32_t)value == function)
                return true;
        }
    }
    return false;
}

bool sc_functions_cancels(const struct sc_loaded *loaded)
{
    uint64_t cancel = find_function(loaded, "__pthread_cancel");
    return cancel && find_function(loaded, "unwind_stop") && !find_function(loaded, "__syscall_cancel_arch") &&
           is_referred_to(loaded, cancel);
}
