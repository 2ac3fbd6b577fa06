/* Text with any bytes in it, in XML and Markdown. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../analyzer/render/ci/escape.h"

static void expect_put(void (*put)(FILE *, const char *), const char *text, const char *expected)
{
    char *got = NULL;
    size_t size;
    FILE *out = open_memstream(&got, &size);
    put(out, text);
    fclose(out);
    cr_expect_str_eq(got, expected);
    free(got);
}

Test(escapes, xml)
{
    expect_put(sc_put_xml, "a<b>&\"c'", "a&#60;b&#62;&#38;&#34;c&#39;");
    expect_put(sc_put_xml, "\x01\n\x7f\xff", "\\x01\\x0a\\x7f\\xff");
    expect_put(sc_put_xml, "\xc3\xa4\xc2\x9b", "\xc3\xa4\\xc2\\x9b");
    expect_put(sc_put_xml, "\xef\xbf\xbe", "\\xef\\xbf\\xbe");
}

Test(escapes, markdown)
{
    expect_put(sc_put_markdown, "a|b`c`", "a&#124;b&#96;c&#96;");
    expect_put(sc_put_markdown, "@all #1 [x](y) <b>\n", "&#64;all &#35;1 &#91;x&#93;&#40;y&#41; &#60;b&#62;\\x0a");
}
