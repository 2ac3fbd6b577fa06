/*
 * intern.h: distinct byte strings as numbers 0, 1, 2 ... in order of first sight. Texts never move once stored.
 */
#ifndef SC_INTERN_H
#define SC_INTERN_H

#include <stddef.h>
#include <stdint.h>

#define SC_NOT_INTERNED UINT32_MAX

struct sc_interned {
    const char *text; /* NUL-terminated */
    uint32_t len;
    uint32_t hash;
};

/* All zero is empty and ready. */
struct sc_intern {
    struct sc_interned *entries;
    size_t capacity;
    uint32_t count;
    uint32_t *slots; /* entry + 1, 0: free; size a power of two */
    uint32_t slot_count;
    struct sc_intern_block *blocks;
};

void sc_intern_free(struct sc_intern *intern);

/* The string's number, or SC_NOT_INTERNED. */
uint32_t sc_intern_find(const struct sc_intern *intern, const char *text, size_t len);

/* The string's number, given now where it has none yet. 0, -ENOMEM, or -EOVERFLOW where it is too long. */
int sc_intern_add(struct sc_intern *intern, const char *text, size_t len, uint32_t *ret_id);

/*
 * The same for several strings, which is faster where there are many: what one needs is fetched while others are looked
 * up. count is at most SC_INTERN_MANY. Those before the one that failed have their numbers.
 */
enum { SC_INTERN_MANY = 32 };
int sc_intern_add_many(struct sc_intern *intern, const char *const *texts, const size_t *lens, size_t count,
                       uint32_t *ret_ids);

static inline const char *sc_intern_text(const struct sc_intern *intern, uint32_t id)
{
    return intern->entries[id].text;
}

#endif
