/*
 * eh_frame.h: where a module's functions begin and end, from its unwind tables, and what lies between them.
 *
 * The search table of .eh_frame_hdr is sorted by function start; each entry leads to an FDE, which has the length
 * (LSB Core 5.0, chapters 10.6 and 10.7). Everything is read in memory where the loader mapped it; no allocation.
 */
#ifndef SC_EH_FRAME_H
#define SC_EH_FRAME_H

#include "module.h"

/* False where the object has no search table in the usual encoding. */
bool sc_eh_frame_open(struct sc_elf_module *module);

/* One entry of the table. */
struct sc_function {
    uint64_t begin, end;
    uint32_t index;
};

/* The function that holds address: begin <= address < end; false where none does. */
bool sc_eh_frame_find(const struct sc_elf_module *module, uint64_t address, struct sc_function *ret_function);

/* The table's entry of that index; false beyond the last. */
bool sc_eh_frame_at(const struct sc_elf_module *module, uint32_t index, struct sc_function *ret_function);

/* The unwind record (FDE) of the function that holds address, or NULL. */
const uint8_t *sc_eh_frame_fde(const struct sc_elf_module *module, uint64_t address);

/* Whether an exception may go on somewhere within the function: its record has a pointer to language-specific data. */
bool sc_eh_frame_has_landings(const struct sc_elf_module *module, uint32_t index);

/*
 * Whether an instruction begins where the table says that the function begins: nothing that is known beside it may
 * speak against it. The entry of glibc's __restore_rt begins within a nop.
 */
bool sc_eh_frame_begin_agrees(const struct sc_elf_module *module, const struct sc_function *function);

/*
 * The padding behind a function and ahead of the next one, [function->end, *ret_end): nothing ever runs there. False
 * where what is there may be something else.
 */
bool sc_eh_frame_padding(const struct sc_elf_module *module, const struct sc_function *function, uint64_t *ret_end);

#endif
