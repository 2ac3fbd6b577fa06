/*
 * spans.h: where functions begin and end in an object without unwind tables, which musl's libc is.
 *
 * It is known of those that other objects can enter, by their symbols. From each to the next there may be functions of
 * the object's own as well: whatever is proved of such a span holds of all of them. A span that can't be decoded from
 * its beginning to its very end is no function to anybody.
 */
#ifndef SC_SPANS_H
#define SC_SPANS_H

#include <stddef.h>

#include "eh_frame.h"

/* An entry, as an unwind table has them: relative to the object's place. */
struct sc_span {
    int32_t begin, end;
};
enum { SC_SPANS = 4096 };

/* For one object in a process. False where it has no symbols or too many. */
bool sc_spans_open(struct sc_elf_module *module);

/*
 * Gives an opened one a finer table, with the functions of its own that it calls or takes the addresses of. Reads all
 * of its code. starts: where those begin, ascending, relative to the object's place; room for SC_SPANS. Returns how
 * many.
 */
size_t sc_spans_refine(struct sc_elf_module *module, uint32_t *starts);

/* The same from what another process has found. */
void sc_spans_cut(struct sc_elf_module *module, const uint32_t *starts, size_t count);

#endif
