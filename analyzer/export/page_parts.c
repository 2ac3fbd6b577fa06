#include "page_parts.h"

/* The assembler takes the files in as they are, the scripts in the order in which a browser would load them. */
#define FILE_OF(name) "\t.incbin \"analyzer/export/page/" name "\"\n"
#define PART(label, files)                                                                                             \
    __asm__("\t.pushsection .rodata\n" #label ":\n" files "\t.byte 0\n\t.popsection\n");                               \
    extern const char label[]

PART(sc_part_html, FILE_OF("page.html"));
PART(sc_part_css, FILE_OF("page.css"));
PART(sc_part_js, FILE_OF("basics.js") FILE_OF("tables.js") FILE_OF("why.js") FILE_OF("charts.js") FILE_OF("offsets.js")
                     FILE_OF("flames.js") FILE_OF("batch.js") FILE_OF("repeat.js") FILE_OF("page.js"));

const char *sc_page_html(void)
{
    return sc_part_html;
}

const char *sc_page_css(void)
{
    return sc_part_css;
}

const char *sc_page_js(void)
{
    return sc_part_js;
}
