#include "html_page.h"

#include <string.h>

int sc_html_page_open(const struct sc_options *options, const struct sc_inputs *inputs, struct sc_html_page *ret_page,
                      struct sc_error *ret_error)
{
    *ret_page = (struct sc_html_page){0};
    if (!options->export_count)
        return 0;
    const struct sc_export_request *asked = &options->exports[0]; /* the only one, and of HTML: sc_options_check */
    FILE *out = stdout;
    if (strcmp(asked->path, "-") != 0) {
        int error = sc_output_open(asked->path, inputs, &ret_page->output, ret_error);
        if (error)
            return error;
        out = ret_page->output.file;
    }
    ret_page->page.out = out;
    ret_page->part = (struct sc_export_request){asked->ops, asked->path, &ret_page->page};
    sc_page_begin(out);
    return 0;
}

int sc_html_page_close(struct sc_html_page *page, const char *key, json_t *data, int failed, struct sc_error *ret_error)
{
    FILE *out = page->page.out;
    int error = failed;
    if (out && !failed) {
        if (sc_page_data(out, "data", key, data, NULL))
            error = sc_no_memory(ret_error);
        sc_page_end(out);
    }
    return page->output.file ? sc_output_close(&page->output, error, ret_error) : error;
}
