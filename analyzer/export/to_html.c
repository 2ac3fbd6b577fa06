/* to_html.c: a page for a browser: the report, and pictures of the calls. The page's own scripts draw it. */
#include <errno.h>

#include "../render/render.h"
#include "page_write.h"

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
    return sc_event_does(event) ? sc_pictures_add(export->state, run, event, access) : 0;
}

static int put_page(const struct sc_export *export)
{
    json_t *report = sc_render_json(export->report);
    if (export->page)
        return sc_page_pair(export->page, report, export->state);
    sc_page_begin(export->out);
    int error = sc_page_data(export->out, "data", "report", report, export->state);
    sc_page_end(export->out);
    return error;
}

static int end(struct sc_export *export, bool failed)
{
    int error = failed || !export->state ? 0 : put_page(export);
    sc_pictures_free(export->state);
    return error;
}

const struct sc_export_ops sc_export_html = {.name = "html",
                                             .what = "a page for a browser, as --html",
                                             .begin = begin,
                                             .begin_run = begin_run,
                                             .call = call,
                                             .end = end,
                                             .takes_counts = true};
