/* sides.c: the side-by-side view. */
#include <inttypes.h>
#include <string.h>

#include "../render.h"
#include "../text_util.h"

enum { CELL_LINES = 8, LEAST_COLUMNS = 12 };

struct view {
    struct sc_screen screen;
    size_t cell; /* columns of a side */
};

static const char *color_of(enum sc_row_kind kind)
{
    switch (kind) {
    case SC_ROW_CHANGED: return "\033[33m";
    case SC_ROW_LEFT: return "\033[31m";
    case SC_ROW_RIGHT: return "\033[32m";
    case SC_ROW_LEFT_OUT: return "\033[2m";
    default: return NULL;
    }
}

/* Prints what fits into a cell, which is ASCII as the formatter leaves it, and moves *at on. */
static void cell(const struct view *view, const char **at, bool last_line, bool pad)
{
    FILE *out = view->screen.out;
    size_t len = strlen(*at), columns = len < view->cell ? len : view->cell;
    if (last_line && len > view->cell) {
        fwrite(*at, 1, view->cell - 3, out);
        fputs("...", out);
        *at += len;
    } else {
        fwrite(*at, 1, columns, out);
        *at += columns;
    }
    for (; pad && columns < view->cell; columns++)
        putc(' ', out);
}

static void row(const struct view *view, const struct sc_report_row *row)
{
    static const char marks[] = {
        [SC_ROW_ALIKE] = ' ', [SC_ROW_CHANGED] = '|', [SC_ROW_LEFT] = '<', [SC_ROW_RIGHT] = '>'};
    FILE *out = view->screen.out;
    const char *color = view->screen.style.color ? color_of(row->kind) : NULL;
    if (color)
        fputs(color, out);
    if (row->kind == SC_ROW_LEFT_OUT) {
        fprintf(out, "... %" PRIu64 " calls alike", row->calls);
    } else {
        const char *left = row->left ? row->left : "";
        const char *right = row->kind == SC_ROW_ALIKE ? left : row->right ? row->right : "";
        for (unsigned line = 0; line == 0 || ((*left || *right) && line < CELL_LINES); line++) {
            if (line)
                putc('\n', out);
            cell(view, &left, line + 1 == CELL_LINES, true);
            fprintf(out, *right ? " %c " : " %c", marks[row->kind]);
            cell(view, &right, line + 1 == CELL_LINES, false);
        }
    }
    fputs(color ? "\033[0m\n" : "\n", out);
}

static void heading(const struct view *view)
{
    const struct sc_report *report = view->screen.report;
    FILE *out = view->screen.out;
    sc_text_emphasis(&view->screen, SC_BOLD);
    fprintf(out, "# %s vs %s, side by side", report->runs[0].label, report->runs[1].label);
    sc_text_emphasis(&view->screen, SC_PLAIN);
    putc('\n', out);
    if (!report->comparable) {
        sc_text_emphasis(&view->screen, SC_ALARM);
        fputs("VOID: ", out);
        sc_print_safe(out, report->why_not, 0);
        sc_text_emphasis(&view->screen, SC_PLAIN);
        putc('\n', out);
    }
}

void sc_render_side_by_side(FILE *out, const struct sc_report *report, unsigned columns, bool color)
{
    const struct sc_report_side_by_side *sides = &report->sides;
    size_t half = columns > 3 ? (columns - 3) / 2 : 0;
    struct view view = {{out, report, {.color = color}}, half > LEAST_COLUMNS ? half : LEAST_COLUMNS};
    heading(&view);
    if (!sides->known) {
        fputs("A strace -c table holds no calls that could be laid side by side.\n", out);
        return;
    }
    fprintf(out, "%" PRIu64 " calls alike, %" PRIu64 " of %s only, %" PRIu64 " of %s only\n\n", sides->alike,
            sides->only_a, report->runs[0].label, sides->only_b, report->runs[1].label);
    sc_text_padded(out, report->runs[0].label, view.cell + 3);
    fprintf(out, "%s\n", report->runs[1].label);
    for (size_t i = 0; i < 2 * view.cell + 3; i++)
        putc(i == view.cell + 1 ? '+' : '-', out);
    putc('\n', out);
    for (size_t i = 0; i < sides->count; i++)
        row(&view, &sides->rows[i]);
    if (sides->dropped_a || sides->dropped_b)
        fprintf(out, "... and %" PRIu64 " more calls of %s only, %" PRIu64 " of %s only\n", sides->dropped_a,
                report->runs[0].label, sides->dropped_b, report->runs[1].label);
}
