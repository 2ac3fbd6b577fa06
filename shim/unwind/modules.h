/*
 * modules.h: the executable parts of what is loaded, for attribution and unwinding.
 *
 * Two kinds. The C library, C++'s, the loader, this library and the kernel's object stay for as long as the process
 * runs: their ranges and tables may be looked at by anyone at any time. All other objects come and go (dlopen,
 * dlclose): they are noted when the loader has mapped them and dropped before the kernel is asked to unmap them, and
 * nothing in them may be read but by way of the kernel (sc_copied), since another thread can be unmapping them
 * meanwhile.
 */
#ifndef SC_MODULES_H
#define SC_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#include "eh_frame.h"

enum sc_owner {
    SC_OWNER_PROGRAM,   /* the program and its libraries, and code made at run time */
    SC_OWNER_C_LIBRARY, /* libc and the kernel's object (vDSO): what the program called, not the program */
    SC_OWNER_LANGUAGE,  /* libstdc++, where it was there at the start: the program called it */
    SC_OWNER_LOADER,    /* ld.so */
    SC_OWNER_SHIM,      /* this library */
};

struct sc_code {
    uint64_t begin, end;
    enum sc_owner owner;
    struct sc_elf_module module; /* opened: its unwind table can be searched */
    uint64_t name; /* a word made of its path; SC_NAME_STAYS: it was there at the start and is never unloaded */
    uint64_t word; /* with slot: which one it is of all that were ever noted */
    uint32_t slot;
};
enum { SC_NAME_STAYS, SC_NAME_PASSES /* and its path is nobody's concern */ };

/* By the constructor: everything that is loaded now. */
void sc_modules_list(void);

/* The kernel's object (vDSO): where it begins and ends; 0, 0 where there is none. It stays, unless it is put away. */
extern struct sc_range {
    uint64_t begin, end;
} sc_vdso;

static inline bool sc_modules_in_vdso(uint64_t address)
{
    return address >= sc_vdso.begin && address < sc_vdso.end;
}

/* The object whose first page is mapped there, if it is one. */
bool sc_modules_open(uint64_t base, struct sc_elf_module *ret_object);

/* An object that was mapped later: its executable segments. False where there is no room left: it stays unknown. */
bool sc_modules_note(const struct sc_elf_module *module, uint64_t name);

/*
 * Memory at [begin, end) is about to be unmapped or mapped over: what was there is known no longer. gone is called with
 * the address range of each object that was; NULL: nobody wants to know.
 */
void sc_modules_drop(uint64_t begin, uint64_t end, void (*gone)(uint64_t begin, uint64_t end));

/*
 * One that was found is no longer there; or is there, which makes it another one to whoever found it before and is
 * about to forget it. False: somebody else was first.
 */
bool sc_modules_forget(const struct sc_code *code);
bool sc_modules_renew(const struct sc_code *code);

/* By the constructor: an object that stays has a finer table now. */
void sc_modules_refined(const struct sc_elf_module *module);

/* The program moves or unmaps the kernel's object: what was there is known no longer. */
void sc_modules_vdso_gone(void);

/* The part of an object that stays which holds address, or NULL. */
const struct sc_code *sc_modules_staying(uint64_t address);

static inline enum sc_owner sc_modules_owner_at(uint64_t address)
{
    const struct sc_code *code = sc_modules_staying(address);
    return code ? code->owner : SC_OWNER_PROGRAM;
}

/* A copy of the part that holds address, of any object. False where none is known. */
bool sc_modules_find(uint64_t address, struct sc_code *ret_code);

/* Copies of all of them, one after the other: *at begins with 0. False at the end. */
bool sc_modules_next(uint32_t *at, struct sc_code *ret_code);

/* Changes whenever an object was dropped: what was learnt of one before is worth nothing then. */
uint32_t sc_modules_epoch(void);

/* The object's build-id: its length, 0 where it has none; id holds SC_BUILD_ID_MOST bytes. */
enum { SC_BUILD_ID_MOST = 24 };
unsigned sc_modules_build_id(const struct sc_elf_module *module, uint8_t id[SC_BUILD_ID_MOST]);

#endif
