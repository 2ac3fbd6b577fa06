/*
 * page_write.h: a page for a browser, written from top to bottom: its head, elements of data, its scripts. Data are
 * JSON. The element "data" is what the page begins with; "pair0" and so on are the pairs of a batch, which the browser
 * reads when they are opened, and of which only one at a time is in this program's memory.
 */
#ifndef SC_PAGE_WRITE_H
#define SC_PAGE_WRITE_H

#include <jansson.h>

#include "pictures.h"

/* The page of a batch, to which its pairs are added. */
struct sc_page {
    FILE *out;
    size_t pairs; /* written so far */
};

/* Errors of writing stay in out (ferror). */
void sc_page_begin(FILE *out);
void sc_page_end(FILE *out);

/* {KEY: object}, or with pictures of it, which may be NULL. Takes object over; where that is NULL, memory is short.
 * 0, or -ENOMEM. */
int sc_page_data(FILE *out, const char *id, const char *key, json_t *object, const struct sc_pictures *pictures);

/* The next pair. 0, or -ENOMEM. */
int sc_page_pair(struct sc_page *page, json_t *report, const struct sc_pictures *pictures);

#endif
