/* unpatch.h: remembers patched code and restores it. */
#ifndef SC_UNPATCH_H
#define SC_UNPATCH_H

#include <stdbool.h>

#include "site.h"

/* Is there room to remember one more segment? The room stays for the thread that holds the loader's lock. */
bool sc_unpatch_room(void);

/*
 * Remembers the pages of a segment, their protection and the sites overwritten there: last and those before it
 * (sc_site.previous). Nobody runs in them yet.
 */
void sc_unpatch_remember(uint64_t begin, uint64_t end, int protection, const struct sc_site *last);

/* Memory is about to be unmapped or mapped over: nothing there has to be restored any more. */
void sc_unpatch_forget(uint64_t begin, uint64_t end);

/*
 * Restores every site, also of modules loaded later; other threads may run in the code meanwhile. Threads in
 * trampolines return from them; the trampolines stay. False if some code could not be restored.
 */
bool sc_unpatch_all(void);

#endif
