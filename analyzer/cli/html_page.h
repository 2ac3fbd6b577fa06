/*
 * html_page.h: --html of a batch or of --repeat: one page that is written while its runs are read.
 */
#ifndef SC_HTML_PAGE_H
#define SC_HTML_PAGE_H

#include <jansson.h>

#include "../export/page_write.h"
#include "options.h"
#include "output.h"

struct sc_html_page {
    struct sc_page page;
    struct sc_export_request part; /* what makes a pair a part of the page */
    struct sc_output output;       /* where it has a file of its own */
};

/* Begins the page that the options ask for; where they ask for none, ret_page is all zeros. inputs: are not to be
 * overwritten. The page must not move until it is closed. 0, or -errno and ret_error filled. */
int sc_html_page_open(const struct sc_options *options, const struct sc_inputs *inputs, struct sc_html_page *ret_page,
                      struct sc_error *ret_error);

/* Writes what the page begins with, {KEY: data}, and ends it, or with failed, data NULL, throws it away. Nothing where
 * the page is all zeros, data NULL. Takes data over. failed is returned, or -errno and ret_error filled. */
int sc_html_page_close(struct sc_html_page *page, const char *key, json_t *data, int failed,
                       struct sc_error *ret_error);

#endif
