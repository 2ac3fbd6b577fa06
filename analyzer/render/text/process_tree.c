/* process_tree.c: the processes of each run below those that made them, in the order in which they were made. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../render.h"
#include "../text_util.h"

enum { NONE = -1, DEEPEST = 32, NAME_COLUMNS = 200 }; /* DEEPEST: levels that are drawn */

struct node {
    const struct sc_report_process *process;
    long parent, first, last, next; /* places, or NONE */
    unsigned depth;                 /* how many are above it */
};

struct tree {
    FILE *out;
    const struct sc_report_run *run;
    bool utf8;
    struct node *nodes; /* by number: a parent stands before its children */
    long count, first, last;
};

static int by_number(const void *left, const void *right)
{
    const struct node *a = left, *b = right;
    return (a->process->number > b->process->number) - (a->process->number < b->process->number);
}

/* The place of its parent. NONE: it is the root, or the parent is not in the table, for a filter or damage took it. */
static long find_parent(const struct tree *tree, long child)
{
    const struct sc_report_process wanted = {.number = tree->nodes[child].process->parent};
    const struct node key = {.process = &wanted};
    const struct node *found = bsearch(&key, tree->nodes, (size_t)tree->count, sizeof *found, by_number);
    return found && found - tree->nodes < child ? found - tree->nodes : NONE;
}

static bool grow(struct tree *tree)
{
    tree->count = (long)tree->run->process_count;
    tree->first = tree->last = NONE;
    tree->nodes = calloc((size_t)tree->count + 1, sizeof *tree->nodes);
    if (!tree->nodes)
        return false;
    for (long i = 0; i < tree->count; i++)
        tree->nodes[i] = (struct node){&tree->run->process_table[i], NONE, NONE, NONE, NONE, 0};
    qsort(tree->nodes, (size_t)tree->count, sizeof *tree->nodes, by_number);
    for (long i = 0; i < tree->count; i++) {
        long parent = tree->nodes[i].parent = find_parent(tree, i);
        long *first = parent == NONE ? &tree->first : &tree->nodes[parent].first;
        long *last = parent == NONE ? &tree->last : &tree->nodes[parent].last;
        tree->nodes[i].depth = parent == NONE ? 0 : tree->nodes[parent].depth + 1;
        *(*last == NONE ? first : &tree->nodes[*last].next) = i;
        *last = i;
    }
    return true;
}

/* The next one from the top to the bottom. */
static long step(const struct tree *tree, long at)
{
    if (tree->nodes[at].first != NONE)
        return tree->nodes[at].first;
    while (at != NONE && tree->nodes[at].next == NONE)
        at = tree->nodes[at].parent;
    return at == NONE ? NONE : tree->nodes[at].next;
}

static void branches(const struct tree *tree, long at)
{
    static const char *const drawn[2][2][2] = {{{"   ", "|  "}, {"`- ", "|- "}}, {{"   ", "│  "}, {"└─ ", "├─ "}}};
    long line[DEEPEST];
    unsigned depth = 0, all = tree->nodes[at].depth;
    for (long i = at; depth < all && depth < DEEPEST; i = tree->nodes[i].parent)
        line[depth++] = i;
    if (depth < all)
        fprintf(tree->out, "(%u levels) ", all - depth);
    while (depth-- > 0)
        fputs(drawn[tree->utf8][depth == 0][tree->nodes[line[depth]].next != NONE], tree->out);
}

static void name(const struct tree *tree, const struct node *node)
{
    const struct sc_report_process *process = node->process;
    bool root = process->parent == process->number;
    fputs(process->copy ? "copy of " : "", tree->out);
    if (process->command.count)
        sc_text_command(tree->out, &process->command, process->command_cut);
    else
        sc_print_safe(tree->out, process->program ? process->program : "unknown", NAME_COLUMNS);
    if (process->pid)
        fprintf(tree->out, " [%" PRId32 "]", process->pid);
    if (!root && node->parent == NONE)
        fprintf(tree->out, ", of process %" PRIu32, process->parent);
    putc('\n', tree->out);
}

static void total_line(const struct tree *tree)
{
    struct sc_report_process sum = {.number = 0};
    char io[32], waiting[32];
    const struct sc_report_run *run = tree->run;
    for (long i = 0; i < tree->count; i++) {
        sum.calls += run->process_table[i].calls;
        sum.bytes += run->process_table[i].bytes;
        sum.io_ns += run->process_table[i].io_ns;
        sum.waiting_ns += run->process_table[i].waiting_ns;
    }
    fprintf(tree->out, "%9" PRIu64 " %12" PRIu64 " %11s %11s  all\n", sum.calls, sum.bytes,
            run->times_known ? sc_text_time(sum.io_ns, io, sizeof io) : "-",
            run->times_known ? sc_text_time(sum.waiting_ns, waiting, sizeof waiting) : "-");
}

static void run_tree(FILE *out, const struct sc_report_run *run, bool utf8)
{
    struct tree tree = {.out = out, .run = run, .utf8 = utf8};
    fprintf(out, "# %s: %zu process%s\n", run->label, run->process_count, run->process_count == 1 ? "" : "es");
    if (!run->calls_known || !grow(&tree)) {
        fputs("unknown\n", out);
        return;
    }
    sc_text_process_head(out);
    fputs("process\n", out);
    for (long i = tree.first; i != NONE; i = step(&tree, i)) {
        sc_text_process(out, tree.nodes[i].process, run->times_known);
        branches(&tree, i);
        name(&tree, &tree.nodes[i]);
    }
    total_line(&tree);
    free(tree.nodes);
}

void sc_render_tree(FILE *out, const struct sc_report *report, struct sc_style style)
{
    sc_text_filter(&(struct sc_screen){out, report, style});
    for (unsigned i = 0; i < report->run_count; i++) {
        fputs(i ? "\n" : "", out);
        run_tree(out, &report->runs[i], style.utf8);
    }
}
