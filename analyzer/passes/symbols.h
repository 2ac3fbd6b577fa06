/*
 * symbols.h: what stands at an address of a run: function, file and line, inlined frames, or library and offset.
 *
 * A capture may come from anywhere, and so may the paths in it. A module's file is opened only where it is a regular
 * file, and looked into only where its build-id is the one that was recorded: then it is the file that ran. Debug
 * information apart from it is taken by build-id too. With SC_SYMBOLS_ALWAYS a module without a recorded build-id is
 * trusted by its path, and libdw may look further (debuginfod, .gnu_debuglink); one with another build-id never is.
 */
#ifndef SC_SYMBOLS_H
#define SC_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

#include "../model/run.h"
#include "../model/strings.h"

struct sc_symbols;

enum sc_symbols_mode { SC_SYMBOLS_AUTO, SC_SYMBOLS_NEVER, SC_SYMBOLS_ALWAYS };

/* A function; behind the first one those that it was inlined into. */
struct sc_frame {
    char *function; /* demangled, without parameters */
    char *file;     /* or NULL: no debug information */
    int line;       /* 0: not known */
};

struct sc_symbol {
    char *text; /* "casacore::BucketFile::write (BucketFile.cc:120) inlined into f (x.cc:3) [libcasa.so.7]"; what is
                   inlined from the language's library last: "main (endl.cc:3), in std::endl (ostream:689) [endl]" */
    const char *module; /* the file's path as it was recorded; NULL: in no module */
    uint64_t offset;    /* of the address in the module; without one the address itself */
    struct sc_frame *frames;
    size_t frame_count; /* 0: only module and offset are known */
};

/* Of a symbol with frames: the innermost one that is not of the language's library; the outermost where all are. */
size_t sc_symbol_own_frame(const struct sc_symbol *symbol);

/* The run, read to its end, has to outlive the symbols. Nothing is opened yet. NULL where memory is short. */
struct sc_symbols *sc_symbols_new(const struct sc_run *run);
void sc_symbols_free(struct sc_symbols *symbols);

/* SC_SYMBOLS_AUTO where it is not called; to be called before the first look-up. */
void sc_symbols_set_mode(struct sc_symbols *symbols, enum sc_symbols_mode mode);

/* A place in a module's file: the same for all processes that mapped it, wherever. */
struct sc_place {
    uint64_t offset;
    uint64_t file; /* UINT64_MAX: in no module; offset is the address then */
};

/*
 * What an address of an event means that a call returns to (the call itself stands before it). Belongs to symbols, and
 * is the same for the same place. NULL where memory is short.
 */
const struct sc_symbol *sc_symbols_find(struct sc_symbols *symbols, uint64_t address);
/* Its text. */
const char *sc_symbols_name(struct sc_symbols *symbols, uint64_t address);

/* The same in two steps, for whoever counts by place and names only a few: the first one is cheap and opens nothing. */
struct sc_place sc_symbols_place(const struct sc_symbols *symbols, uint64_t address);
const struct sc_symbol *sc_symbols_at(struct sc_symbols *symbols, struct sc_place place);

/* Sentences about modules that were asked for and are not what they were in the run. */
void sc_symbols_warnings(const struct sc_symbols *symbols, struct sc_strings *ret_lines);

#endif
