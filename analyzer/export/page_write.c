#include "page_write.h"

#include <errno.h>
#include <string.h>

#include "page_parts.h"

/* In a page JSON stands inside an element, which "</" or "<!--" in a name would end. They are only in strings. */
static int put_safely(const char *text, size_t len, void *file)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '<' || text[i] == '>' || text[i] == '&')
            fprintf(file, "\\u%04x", text[i]);
        else
            putc(text[i], file);
    }
    return 0;
}

/* Where in the page the line with that name is, and what comes after it. */
static const char *find_part(const char *name, const char **ret_after)
{
    const char *at = strstr(sc_page_html(), name);
    *ret_after = at + strlen(name);
    return at;
}

static void put_between(FILE *out, const char *begin, const char *end)
{
    fwrite(begin, 1, (size_t)(end - begin), out);
}

void sc_page_begin(FILE *out)
{
    const char *after_css, *after_data, *css = find_part("@css@", &after_css), *data = find_part("@data@", &after_data);
    put_between(out, sc_page_html(), css);
    fputs(sc_page_css(), out);
    put_between(out, after_css, data);
}

void sc_page_end(FILE *out)
{
    const char *after_data, *after_js, *js;
    find_part("@data@", &after_data);
    js = find_part("@js@", &after_js);
    put_between(out, after_data, js);
    fputs(sc_page_js(), out);
    fputs(after_js, out);
}

int sc_page_data(FILE *out, const char *id, const char *key, json_t *object, const struct sc_pictures *pictures)
{
    if (!object)
        return -ENOMEM;
    fprintf(out, "<script type=\"application/json\" id=\"%s\">{\"%s\":", id, key);
    int failed = json_dump_callback(object, put_safely, out, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(object);
    if (pictures) {
        fputs(",\"pictures\":", out);
        sc_pictures_write(out, pictures);
    }
    fputs("}</script>\n", out);
    return failed ? -ENOMEM : 0;
}

int sc_page_pair(struct sc_page *page, json_t *report, const struct sc_pictures *pictures)
{
    char id[32];
    snprintf(id, sizeof id, "pair%zu", page->pairs++);
    return sc_page_data(page->out, id, "report", report, pictures);
}
