/*
 * page_parts.h: the files of the folder page, which the program has in it.
 */
#ifndef SC_PAGE_PARTS_H
#define SC_PAGE_PARTS_H

/* The page, with a line "@NAME@" where a part belongs: css, data (elements), js. */
const char *sc_page_html(void);
const char *sc_page_css(void);
const char *sc_page_js(void);

#endif
