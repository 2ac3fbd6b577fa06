/* to_html.c: a page for a browser: the report, and pictures of the calls. The page's own scripts draw it. */
#include <errno.h>
#include <string.h>

#include "../render/render.h"
#include "page_parts.h"
#include "pictures.h"

static int begin(struct sc_export *export)
{
    export->state = sc_pictures_new(export->report);
    return export->state ? 0 : -ENOMEM;
}

static int begin_run(struct sc_export *export, const struct sc_export_run *run)
{
    (void)run;
    sc_pictures_begin_run(export->state);
    return 0;
}

static int call(struct sc_export *export, const struct sc_export_run *run, const struct sc_event *event,
                const struct sc_access *access)
{
    return event->type == SC_EVENT_CALL ? sc_pictures_add(export->state, run, event, access) : 0;
}

/* In the page JSON stands inside an element, which "</" or "<!--" in a name would end. They are only in strings. */
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

static int put_data(FILE *out, const struct sc_export *export)
{
    json_t *report = sc_render_json(export->report);
    if (!report)
        return -ENOMEM;
    fputs("{\"report\":", out);
    int failed = json_dump_callback(report, put_safely, out, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(report);
    fputs(",\"pictures\":", out);
    sc_pictures_write(out, export->state);
    putc('}', out);
    return failed ? -ENOMEM : 0;
}

static int put_page(FILE *out, const struct sc_export *export)
{
    static const char css[] = "@css@", data[] = "@data@", js[] = "@js@";
    const char *page = sc_page_html();
    const char *at_css = strstr(page, css), *at_data = strstr(page, data), *at_js = strstr(page, js);
    fwrite(page, 1, (size_t)(at_css - page), out);
    fputs(sc_page_css(), out);
    page = at_css + strlen(css);
    fwrite(page, 1, (size_t)(at_data - page), out);
    int error = put_data(out, export);
    page = at_data + strlen(data);
    fwrite(page, 1, (size_t)(at_js - page), out);
    fputs(sc_page_js(), out);
    fputs(at_js + strlen(js), out);
    return error;
}

static int end(struct sc_export *export, bool failed)
{
    int error = failed || !export->state ? 0 : put_page(export->out, export);
    sc_pictures_free(export->state);
    return error;
}

const struct sc_export_ops sc_export_html = {.name = "html",
                                             .what = "a page for a browser, as --html",
                                             .begin = begin,
                                             .begin_run = begin_run,
                                             .call = call,
                                             .end = end};
