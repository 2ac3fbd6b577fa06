/*
 * modules.h: the executable parts of what is loaded, for attribution and unwinding.
 *
 * Two kinds. The C library, the loader and this library stay for as long as the process runs: their ranges and tables
 * may be looked at by anyone at any time. All other objects come and go (dlopen, dlclose): they are noted when the
 * loader has mapped them and dropped before the kernel is asked to unmap them, and nothing in them may be read but by
 * way of the kernel (sc_copied), since another thread can be unmapping them meanwhile.
 */
#ifndef SC_OBJECTS_H
#define SC_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "eh_frame.h"

enum sc_owner {
    SC_OWNER_PROGRAM,   /* the program and its libraries, and code made at run time */
    SC_OWNER_C_LIBRARY, /* libc: what the program called, not the program */
    SC_OWNER_LOADER,    /* ld.so */
    SC_OWNER_SHIM,      /* this library */
};

struct sc_code {
    uint64_t begin, end;
    enum sc_owner owner;
    struct sc_elf_module module; /* opened: its unwind table can be searched */
};

/* By the constructor: everything that is loaded now. */
void sc_modules_list(void);

/* An object's executable segment that was mapped later; where there is no room left it stays unknown. */
void sc_modules_add(uint64_t begin, uint64_t end, const struct sc_elf_module *module);

/*
 * Memory at [begin, end) is about to be unmapped or mapped over: what was there is known no longer. gone is called with
 * the address range of each object that was; NULL: nobody wants to know.
 */
void sc_modules_drop(uint64_t begin, uint64_t end, void (*gone)(uint64_t begin, uint64_t end));

/* The part of an object that stays which holds address, or NULL. */
const struct sc_code *sc_modules_staying(uint64_t address);

static inline enum sc_owner sc_modules_owner_at(uint64_t address)
{
    const struct sc_code *code = sc_modules_staying(address);
    return code ? code->owner : SC_OWNER_PROGRAM;
}

/* A copy of the part that holds address, of any object. False where none is known. */
bool sc_modules_find(uint64_t address, struct sc_code *ret_code);

/* Changes whenever an object was dropped: what was learnt of one before is worth nothing then. */
uint32_t sc_modules_epoch(void);

/* What an object of that path is; own: it is the one that holds this library. */
enum sc_owner sc_modules_owner(const char *path, bool own);

/* The object's build-id: its length, 0 where it has none; id holds SC_BUILD_ID_MOST bytes. */
enum { SC_BUILD_ID_MOST = 24 };
unsigned sc_modules_build_id(const struct sc_elf_module *module, uint8_t id[SC_BUILD_ID_MOST]);

#endif
