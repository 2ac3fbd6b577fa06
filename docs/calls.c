/* Prints docs/CALLS.md from common/calls.def: make docs/CALLS.md. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/calls.h"

struct symbol {
    const char *name;
    unsigned nr;
};

/* SC_SPECIAL does not say of which call it is: it is several, or it depends. */
static const char *const specials[] = {
#define SC_SPECIAL(symbol) #symbol,
#include "../common/calls.def"
};

static const struct symbol symbols[] = {
#define SC_CALL(nr, name, ...) {#name, nr},
#define SC_TWIN(symbol, call, ...) {#symbol, SC_NR_##call},
#define SC_VIA(symbol, call, ...) {#symbol, SC_NR_##call},
#include "../common/calls.def"
};

static const char *const seeds[] = {"file_ops", "memory", "write_ops", "read_ops", "seek_ops", "other"};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_row(const struct sc_call_desc *desc)
{
    printf("| %u | %s(", desc->nr, desc->name);
    for (unsigned i = 0; i < desc->nargs; i++)
        printf("%s%s", i ? ", " : "", sc_kind(desc->kinds[i])->name);
    printf(") | %s | %s |", sc_category_name(desc->category), seeds[desc->seed]);
    const char *separator = " ";
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (symbols[i].nr != desc->nr)
            continue;
        printf("%s`%s`", separator, symbols[i].name);
        separator = ", ";
    }
    printf(" |\n");
}

int main(void)
{
    unsigned rows = 0;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        rows += sc_call(nr)->name != NULL;
    size_t special_count = sizeof specials / sizeof specials[0];
    size_t symbol_count = sizeof symbols / sizeof symbols[0] + special_count;
    printf(
        "# Calls\n\n"
        "Made from `common/calls.def` by `make docs/CALLS.md`; a test compares it. %u system calls of Linux on "
        "x86-64,\n"
        "with the kinds of their arguments (`common/kinds.def`), their category in both taxonomies, and the symbols "
        "of\n"
        "libc that are recorded as this very call in interpose mode (%zu with those below; full mode sees the calls\n"
        "themselves). A call of which no symbol is wrapped is known by name, in full mode and from strace logs.\n\n"
        "| number | call | default | seed | symbols |\n| ---: | --- | --- | --- | --- |\n",
        rows, symbol_count);
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        if (sc_call(nr)->name)
            print_row(sc_call(nr));
    const char *sorted[sizeof specials / sizeof specials[0]];
    memcpy(sorted, specials, sizeof specials);
    qsort(sorted, special_count, sizeof sorted[0], by_name);
    printf("\n## Symbols with a function of their own\n\n"
           "They make another call than their name says, several, or one that depends on the C library's version; see\n"
           "`shim/wrap/`.\n\n");
    for (size_t i = 0; i < special_count; i++)
        printf("%s`%s`", i == 0 ? "" : i % 8 ? ", " : ",\n", sorted[i]);
    printf("\n");
    return 0;
}
