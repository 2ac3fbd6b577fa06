/*
 * escape.h: text with any bytes in it within XML and Markdown; private to analyzer/render/ci.
 */
#ifndef SC_ESCAPE_H
#define SC_ESCAPE_H

#include <stdio.h>

/* XML 1.0 has no way to write a control: those, and bytes that are no UTF-8, become \xNN. */
void sc_put_xml(FILE *out, const char *text);

/* Every sign that Markdown or HTML may take for its own is a character reference: a name can neither begin a link, name
 * someone, nor end a table's cell. */
void sc_put_markdown(FILE *out, const char *text);

#endif
