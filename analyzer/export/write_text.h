/*
 * write_text.h: strings from elsewhere, in the spelling that a format asks for.
 */
#ifndef SC_WRITE_TEXT_H
#define SC_WRITE_TEXT_H

#include <stdio.h>

/* As a JSON string with its quotes; null for NULL. What is no UTF-8 is shown as the report's JSON shows it: \xNN. */
void sc_write_json_text(FILE *out, const char *text);

/* As a field of RFC 4180, in quotes where it has to be; nothing for NULL. What is no UTF-8 is shown as in JSON. */
void sc_write_csv_text(FILE *out, const char *text);

#endif
