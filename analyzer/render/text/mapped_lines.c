/* mapped_lines.c: what a run did to files through memory, which is no write and no read. */
#include <inttypes.h>

#include "../text_util.h"

enum { PAGE = 4096 };

void sc_text_mapped_pages(FILE *out, const struct sc_report_mapped *mapped)
{
    fprintf(out,
            "at most %" PRIu64 " page%s (%" PRIu64 " bytes) written through memory, %" PRIu64 " of them hold%s zeros",
            mapped->pages, mapped->pages == 1 ? "" : "s", mapped->pages * PAGE, mapped->zero_pages,
            mapped->zero_pages == 1 ? "s" : "");
    if (mapped->unseen_pages)
        fprintf(out, ", %" PRIu64 " not looked at", mapped->unseen_pages);
}

void sc_text_mapped(const struct sc_screen *text)
{
    const struct sc_report *report = text->report;
    bool any = false;
    for (unsigned i = 0; i < report->run_count; i++)
        any |= report->runs[i].coverage.mappings > 0;
    for (unsigned i = 0; any && i < report->run_count; i++) {
        const struct sc_report_run *run = &report->runs[i];
        sc_text_head(text, i, "mapped files");
        if (!run->coverage.mapped_known) {
            fputs("unknown\n", text->out);
            continue;
        }
        fprintf(text->out, "%" PRIu64 ", ", run->mapped.files);
        sc_text_mapped_pages(text->out, &run->mapped);
        fputs(run->coverage.mappings_missed ? ", and what was missed\n" : "\n", text->out);
    }
    if (any)
        fputs("NOTE: these pages of mapped files were touched; which of them were only read no kernel tells.\n",
              text->out);
}
