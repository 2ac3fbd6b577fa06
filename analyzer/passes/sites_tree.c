/* sites_tree.c: call stacks as a tree, outermost functions first; branches with the same functions become one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../model/array.h"
#include "sites_internal.h"

/* Of a branch's own branches so many are listed, and none with less than one call in so many of the whole tree's. */
enum { BRANCHES = 8, THIN = 200, LISTED = 400 };

struct node {
    uint32_t name;        /* in names */
    uint32_t first, next; /* first branch; next of the same parent. 0: none, as the root is nobody's branch */
    uint32_t branches;
    struct sc_site_counts counts;
};

struct tree {
    struct node *nodes; /* the first one is the root: no function, all calls */
    size_t count, capacity;
    struct sc_intern names;
    struct sc_intern edges; /* parent and name; the number is the node's - 1 */
    struct sc_report_sites *report;
};

static void add_counts(struct sc_site_counts *sum, const struct sc_site_counts *more)
{
    sum->calls += more->calls;
    sum->bytes += more->bytes;
    sum->time_ns += more->time_ns;
}

static int new_node(struct tree *tree, uint32_t name)
{
    if (SC_RESERVE(tree->nodes, tree->capacity, tree->count + 1))
        return -ENOMEM;
    tree->nodes[tree->count++] = (struct node){.name = name};
    return 0;
}

/* Moves *at to its branch of that name. 0, or -ENOMEM. */
static int descend(struct tree *tree, uint32_t *at, const char *name, const struct sc_site_counts *counts)
{
    uint32_t edge[2] = {*at, 0}, id;
    size_t known = tree->edges.count;
    if (sc_intern_add(&tree->names, name, strlen(name), &edge[1]) ||
        sc_intern_add(&tree->edges, (const char *)edge, sizeof edge, &id) || (id == known && new_node(tree, edge[1])))
        return -ENOMEM;
    struct node *parent = &tree->nodes[*at], *node = &tree->nodes[id + 1];
    if (id == known) {
        node->next = parent->first;
        parent->first = id + 1;
        parent->branches++;
    }
    add_counts(&node->counts, counts);
    *at = id + 1;
    return 0;
}

/* A frame's functions, the inlined ones behind what they were inlined into; without their lines, which would split it.
 */
static int add_frame(struct tree *tree, const struct sc_symbol *symbol, uint32_t *at,
                     const struct sc_site_counts *counts)
{
    int error = 0;
    if (!symbol->frame_count)
        return descend(tree, at, symbol->text, counts);
    for (size_t i = symbol->frame_count; i-- > 0 && !error;)
        error = descend(tree, at, symbol->frames[i].function, counts);
    return error;
}

static int add_stack(struct tree *tree, const struct sc_sites *sites, struct sc_symbols *symbols, uint32_t stack)
{
    const struct sc_interned *entry = &sites->stacks.entries[stack];
    const struct sc_site_counts *counts = &sites->stack_counts[stack];
    struct sc_stack_key key;
    uint32_t at = 0;
    int error = 0;
    memcpy(&key, entry->text, sizeof key);
    add_counts(&tree->nodes[0].counts, counts);
    for (size_t i = (entry->len - sizeof key) / sizeof(uint64_t); i-- > 0 && !error;) {
        uint64_t address;
        memcpy(&address, entry->text + sizeof key + i * sizeof address, sizeof address);
        const struct sc_symbol *symbol = sc_symbols_find(symbols, address);
        error = symbol ? add_frame(tree, symbol, &at, counts) : -ENOMEM;
    }
    return error ? error : descend(tree, &at, sc_site_call(key.desc), counts);
}

static int by_calls(const void *a, const void *b, void *context)
{
    const struct tree *tree = context;
    const struct node *x = &tree->nodes[*(const uint32_t *)a], *y = &tree->nodes[*(const uint32_t *)b];
    if (x->counts.calls != y->counts.calls)
        return x->counts.calls > y->counts.calls ? -1 : 1;
    return strcmp(sc_intern_text(&tree->names, x->name), sc_intern_text(&tree->names, y->name));
}

static int list_branch(struct tree *tree, const char *name, uint32_t left_out, uint32_t depth,
                       const struct sc_site_counts *counts)
{
    struct sc_report_sites *report = tree->report;
    struct sc_report_branch *branch = &report->branches[report->branch_count];
    *branch = (struct sc_report_branch){
        name ? strdup(name) : NULL, depth, left_out, counts->calls, counts->bytes, counts->time_ns};
    report->branch_count++;
    return name && !branch->name ? -ENOMEM : 0;
}

/* The branches of a node with most calls, then the others in one. The depth of the recursion is that of the stacks. */
static int list(struct tree *tree, uint32_t at, uint32_t depth)
{
    uint32_t count = tree->nodes[at].branches, used = 0;
    uint32_t *order = malloc((count + 1) * sizeof *order);
    if (!order)
        return -ENOMEM;
    for (uint32_t branch = tree->nodes[at].first; branch; branch = tree->nodes[branch].next)
        order[used++] = branch;
    qsort_r(order, used, sizeof *order, by_calls, tree);
    struct sc_site_counts rest = {0};
    uint32_t left_out = 0;
    int error = 0;
    for (uint32_t i = 0; i < used && !error; i++) {
        const struct node *node = &tree->nodes[order[i]];
        if ((i > 0 && (i >= BRANCHES || node->counts.calls * THIN < tree->nodes[0].counts.calls)) ||
            tree->report->branch_count >= LISTED) {
            add_counts(&rest, &node->counts);
            left_out++;
            continue;
        }
        error = list_branch(tree, sc_intern_text(&tree->names, node->name), 0, depth, &node->counts);
        if (!error)
            error = list(tree, order[i], depth + 1);
    }
    free(order);
    return error || !left_out ? error : list_branch(tree, NULL, left_out, depth, &rest);
}

int sc_sites_tree(const struct sc_sites *sites, struct sc_symbols *symbols, bool with_startup,
                  struct sc_report_sites *report)
{
    struct tree tree = {.report = report};
    int error = new_node(&tree, 0);
    for (uint32_t i = 0; i < sites->stacks.count && !error; i++) {
        struct sc_stack_key key;
        memcpy(&key, sites->stacks.entries[i].text, sizeof key);
        if (!key.startup || with_startup)
            error = add_stack(&tree, sites, symbols, i);
    }
    report->stacks_known = sites->stacks.count > 0;
    /* Beyond those listed only remainders follow, one for each node that is still open. */
    report->branches = calloc(LISTED + SC_STACK_FRAMES * 17 + 2, sizeof *report->branches);
    if (!report->branches)
        error = -ENOMEM;
    if (!error)
        error = list(&tree, 0, 0);
    free(tree.nodes);
    sc_intern_free(&tree.names);
    sc_intern_free(&tree.edges);
    return error;
}
