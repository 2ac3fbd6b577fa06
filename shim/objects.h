/*
 * objects.h: the executable parts of what is loaded, for attribution and unwinding.
 */
#ifndef SC_OBJECTS_H
#define SC_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "functions.h"

enum sc_owner {
    SC_OWNER_PROGRAM,   /* the program and its libraries */
    SC_OWNER_C_LIBRARY, /* libc: what the program called, not the program */
    SC_OWNER_LOADER,    /* ld.so */
    SC_OWNER_SHIM,      /* this library */
};

struct sc_code {
    uint64_t begin, end;
    enum sc_owner owner;
    struct sc_object object; /* opened: its unwind table can be searched */
};

/* By the constructor: everything that is loaded now. */
void sc_objects_list(void);

/* One more object's executable segment; where there is no room left it stays unknown. */
void sc_objects_add(uint64_t begin, uint64_t end, enum sc_owner owner, const struct sc_object *object);

/* The part that holds address, or NULL. */
const struct sc_code *sc_objects_find(uint64_t address);

/* What an object of that path is; own: it is the one that holds this library. */
enum sc_owner sc_objects_owner(const char *path, bool own);

/* The object's build-id: its length, 0 where it has none; id holds SC_BUILD_ID_MOST bytes. */
enum { SC_BUILD_ID_MOST = 24 };
unsigned sc_objects_build_id(const struct sc_object *object, uint8_t id[SC_BUILD_ID_MOST]);

#endif
