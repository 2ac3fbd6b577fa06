/* mapped_codec.h: runs of pages of a mapped file, as they stand in a capture. Numbers as in codec.h. */
#ifndef SC_MAPPED_CODEC_H
#define SC_MAPPED_CODEC_H

#include "codec.h"

enum { SC_FILE_PAGE = 4096 };

struct sc_page_run {
    uint64_t first, pages; /* of the file, in pages */
    uint8_t data;          /* enum sc_data: what all of them held: zeros, not zeros, or not looked at */
};

/* At most so many bytes are touched by one. */
enum { SC_PAGE_RUN_MAX = 18 };

/* before: the end of the run before in the same record, 0 at first; it is moved on. Returns the place behind. */
static inline uint8_t *sc_put_page_run(uint8_t *p, const struct sc_page_run *run, uint64_t *before)
{
    p = sc_put(p, sc_zigzag((int64_t)(run->first - *before)));
    *before = run->first + run->pages;
    return sc_put(p, run->pages << 2 | run->data);
}

/* And back. 0, or -EBADMSG where it does not fit before end or holds what no writer stores; *p is undefined then. */
int sc_get_page_run(const uint8_t **p, const uint8_t *end, uint64_t *before, struct sc_page_run *ret_run);

#endif
