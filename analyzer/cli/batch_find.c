#include "../model/array.h"
#include "../model/input_name.h"
#include "batch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), tail = strlen(ending);
    return len >= tail && strcmp(name + len - tail, ending) == 0;
}

static bool is_ours(const char *name)
{
    return strcmp(name, "comparison_summary.txt") == 0 || ends_with(name, "_formatted.txt") ||
           ends_with(name, "_focused.txt") || ends_with(name, "_comparison.diff");
}

static bool is_file(const char *directory, const char *name)
{
    char *path;
    struct stat info;
    if (asprintf(&path, "%s/%s", directory, name) < 0)
        return false;
    bool regular = stat(path, &info) == 0 && S_ISREG(info.st_mode);
    free(path);
    return regular;
}

/* NAME of NAME.PID, packed or not, unless NAME is a file itself or has no ending of its own that tells it from a
 * version number. */
static void cut_pid(const char *directory, char *name)
{
    char *dot = memrchr(name, '.', strlen(name) - sc_packed_ending(name, strlen(name)));
    if (!dot || sc_family_member(name, name, (size_t)(dot - name)) == 0)
        return;
    *dot = '\0';
    if (is_file(directory, name))
        *dot = '.';
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names of inputs that begin with one of the prefixes, in order, each once. */
static int list_inputs(const char *directory, char *const prefixes[2], struct sc_strings *names,
                       struct sc_error *ret_error)
{
    DIR *dir = opendir(directory);
    if (!dir) {
        int error = -errno;
        snprintf(ret_error->text, sizeof ret_error->text, "%s: %s", directory, strerror(-error));
        return error;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        char *name = entry->d_name;
        bool begins = strncmp(name, prefixes[0], strlen(prefixes[0])) == 0 ||
                      strncmp(name, prefixes[1], strlen(prefixes[1])) == 0;
        if (!begins || is_ours(name) || !is_file(directory, name))
            continue;
        cut_pid(directory, name);
        if (!sc_strings_has(names, name))
            sc_strings_add(names, name);
    }
    closedir(dir);
    if (names->failed)
        return sc_no_memory(ret_error);
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, by_text);
    return 0;
}

static size_t stem_length(const char *rest)
{
    return sc_stem_length(rest, strlen(rest));
}

/* The counterpart of a name: the same rest, or else the same rest but for the ending. names->count where there is none.
 */
static size_t find_partner(const struct sc_strings *names, const bool *used, const char *rest, const char *prefix)
{
    size_t prefix_len = strlen(prefix), found = names->count;
    for (size_t i = 0; i < names->count; i++) {
        const char *other = names->items[i] + prefix_len;
        if (used[i] || strncmp(names->items[i], prefix, prefix_len) != 0)
            continue;
        if (strcmp(other, rest) == 0)
            return i;
        if (found == names->count && stem_length(other) == stem_length(rest) &&
            strncmp(other, rest, stem_length(rest)) == 0)
            found = i;
    }
    return found;
}

static int add_pair(const char *directory, const char *a, const char *b, const char *rest, struct sc_batch_pairs *pairs)
{
    if (SC_RESERVE_NEXT(pairs->items, pairs->count))
        return -ENOMEM;
    struct sc_batch_pair *pair = &pairs->items[pairs->count];
    *pair = (struct sc_batch_pair){.name = strndup(rest, stem_length(rest))};
    bool paths = asprintf(&pair->paths[0], "%s/%s", directory, a) >= 0;
    if (!paths)
        pair->paths[0] = NULL;
    if (asprintf(&pair->paths[1], "%s/%s", directory, b) < 0) {
        pair->paths[1] = NULL;
        paths = false;
    }
    pairs->count++;
    return paths && pair->name ? 0 : -ENOMEM;
}

/* rust_x.bin and rust_x.strace, each with its partner: x.bin and x.strace, or one pair's files would replace the
 * other's. */
static int tell_apart(const char *directory, const char *prefix, struct sc_batch_pairs *pairs)
{
    size_t skip = strlen(directory) + 1 + strlen(prefix);
    for (size_t i = 0; i < pairs->count; i++) {
        bool again = false;
        size_t len = stem_length(pairs->items[i].paths[0] + skip);
        for (size_t k = 0; k < pairs->count; k++) {
            const char *other = pairs->items[k].paths[0] + skip;
            again |= k != i && stem_length(other) == len && strncmp(other, pairs->items[i].paths[0] + skip, len) == 0;
        }
        if (!again)
            continue;
        char *name = strdup(pairs->items[i].paths[0] + skip);
        if (!name)
            return -ENOMEM;
        free(pairs->items[i].name);
        pairs->items[i].name = name;
    }
    return 0;
}

static int pair_up(const char *directory, char *const prefixes[2], const struct sc_strings *names, bool *used,
                   struct sc_batch_pairs *pairs)
{
    size_t len = strlen(prefixes[0]);
    int error = 0;
    /* First those that match to the letter, so that none of them is taken by a mere likeness. */
    for (int exact = 1; exact >= 0; exact--) {
        for (size_t i = 0; i < names->count && !error; i++) {
            const char *rest = names->items[i] + len;
            if (used[i] || strncmp(names->items[i], prefixes[0], len) != 0)
                continue;
            used[i] = true;
            size_t partner = find_partner(names, used, rest, prefixes[1]);
            bool fits =
                partner < names->count && (!exact || strcmp(names->items[partner] + strlen(prefixes[1]), rest) == 0);
            used[i] = fits;
            if (!fits)
                continue;
            used[partner] = true;
            error = add_pair(directory, names->items[i], names->items[partner], rest, pairs);
        }
    }
    for (size_t i = 0; i < names->count; i++)
        if (!used[i])
            sc_strings_add(&pairs->unpaired, names->items[i]);
    return error ? error : tell_apart(directory, prefixes[0], pairs);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct sc_batch_pair *)a)->name, ((const struct sc_batch_pair *)b)->name);
}

int sc_batch_find(const char *directory, char *const prefixes[2], struct sc_batch_pairs *ret_pairs,
                  struct sc_error *ret_error)
{
    struct sc_strings names = {0};
    *ret_pairs = (struct sc_batch_pairs){0};
    int error = list_inputs(directory, prefixes, &names, ret_error);
    bool *used = calloc(names.count + 1, sizeof *used);
    if (!error && (!used || pair_up(directory, prefixes, &names, used, ret_pairs)))
        error = sc_no_memory(ret_error);
    free(used);
    sc_strings_free(&names);
    if (error)
        sc_batch_pairs_free(ret_pairs);
    else if (ret_pairs->count)
        qsort(ret_pairs->items, ret_pairs->count, sizeof *ret_pairs->items, by_name);
    return error;
}

void sc_batch_pairs_free(struct sc_batch_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].paths[0]);
        free(pairs->items[i].paths[1]);
        free(pairs->items[i].name);
    }
    free(pairs->items);
    sc_strings_free(&pairs->unpaired);
    *pairs = (struct sc_batch_pairs){0};
}
