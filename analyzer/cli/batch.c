#include "batch.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../render/render.h"
#include "analyse.h"
#include "html_page.h"

/* rust_ is Rust, cpp_ is C++, any other prefix a label of itself without the signs at its end. */
static char *label_of(const char *prefix)
{
    size_t len = strlen(prefix);
    while (len > 1 && ispunct((unsigned char)prefix[len - 1]))
        len--;
    if (len == 4 && strncmp(prefix, "rust", 4) == 0)
        return strdup("Rust");
    if (len == 3 && strncmp(prefix, "cpp", 3) == 0)
        return strdup("C++");
    char *name = strndup(prefix, len), *label = name ? sc_label_clean(name) : NULL;
    free(name);
    return label;
}

/* rust_X and cpp_X again, since X may have needed its ending, and other prefixes have no place in the general rule. */
static int name_pair(const struct sc_options *options, const struct sc_batch_pair *pair, char *const labels[2],
                     struct sc_names *ret_names)
{
    int error = sc_names_make((const char *const *)pair->paths, (const char *const *)labels, ret_names);
    if (error)
        return error;
    free(ret_names->pair);
    ret_names->pair = strdup(pair->name);
    for (size_t i = 0; i < 2; i++) {
        free(ret_names->stems[i]);
        if (asprintf(&ret_names->stems[i], "%s%s", options->prefixes[i], pair->name) < 0)
            ret_names->stems[i] = NULL;
    }
    if (ret_names->pair && ret_names->stems[0] && ret_names->stems[1])
        return 0;
    sc_names_free(ret_names);
    return -ENOMEM;
}

static int run_pair(const struct sc_options *options, const struct sc_batch_pair *pair, struct sc_report_batch *batch,
                    struct sc_error *ret_error)
{
    struct sc_names names;
    if (name_pair(options, pair, batch->labels, &names))
        return sc_no_memory(ret_error);
    int error = sc_analyse_named(options, (const char *const *)pair->paths, &names, &batch->pairs[batch->pair_count],
                                 ret_error);
    sc_names_free(&names);
    if (!error)
        batch->pair_count++;
    else if (error == -ENOMEM || strstr(ret_error->text, "cannot be written"))
        return error;
    else
        sc_strings_addf(&batch->unreadable, "%s: %s", pair->name, ret_error->text);
    return 0;
}

static int run_pairs(const struct sc_options *options, const struct sc_batch_pairs *pairs,
                     struct sc_report_batch *batch, struct sc_error *ret_error)
{
    snprintf(ret_error->text, sizeof ret_error->text, "out of memory");
    for (size_t i = 0; i < 2; i++)
        batch->labels[i] = options->labels[i] ? sc_label_clean(options->labels[i]) : label_of(options->prefixes[i]);
    batch->pairs = calloc(pairs->count, sizeof *batch->pairs);
    if (!batch->labels[0] || !batch->labels[1] || !batch->pairs)
        return -ENOMEM;
    int error = 0;
    for (size_t i = 0; i < pairs->count && !error; i++)
        error = run_pair(options, &pairs->items[i], batch, ret_error);
    for (size_t i = 0; i < pairs->unpaired.count; i++)
        sc_strings_add(&batch->unpaired, pairs->unpaired.items[i]);
    if (!error && (batch->unpaired.failed || batch->unreadable.failed))
        error = -ENOMEM;
    return error;
}

/* No input of the batch is overwritten by its page. */
static int open_page(const struct sc_options *options, const struct sc_batch_pairs *pairs,
                     struct sc_html_page *ret_page, struct sc_error *ret_error)
{
    const char **paths = calloc(2 * pairs->count, sizeof *paths);
    if (!paths)
        return sc_no_memory(ret_error);
    for (size_t i = 0; i < 2 * pairs->count; i++)
        paths[i] = pairs->items[i / 2].paths[i % 2];
    int error = sc_html_page_open(options, &(struct sc_inputs){paths, 2 * pairs->count}, ret_page, ret_error);
    free(paths);
    return error;
}

/* Each pair is written into the page as soon as it is compared: its pictures are not kept. */
static int run_into_page(const struct sc_options *options, const struct sc_batch_pairs *pairs,
                         struct sc_report_batch *batch, struct sc_error *ret_error)
{
    struct sc_html_page page;
    struct sc_options of_pair = *options;
    int error = open_page(options, pairs, &page, ret_error);
    if (error)
        return error;
    if (options->export_count)
        of_pair.exports = &page.part;
    error = run_pairs(&of_pair, pairs, batch, ret_error);
    json_t *table = error || !options->export_count ? NULL : sc_render_batch_table_json(batch);
    return sc_html_page_close(&page, "batch", table, error, ret_error);
}

int sc_batch_run(const struct sc_options *options, struct sc_report_batch *ret_batch, struct sc_error *ret_error)
{
    struct sc_batch_pairs pairs;
    *ret_batch = (struct sc_report_batch){0};
    int error = sc_batch_find(options->batch, options->prefixes, &pairs, ret_error);
    if (!error && !pairs.count) {
        snprintf(ret_error->text, sizeof ret_error->text, "%s: no pair of %sX and %sX in there", options->batch,
                 options->prefixes[0], options->prefixes[1]);
        error = -ENOENT;
    }
    if (!error)
        error = run_into_page(options, &pairs, ret_batch, ret_error);
    sc_batch_pairs_free(&pairs);
    if (error)
        sc_report_batch_free(ret_batch);
    return error;
}
