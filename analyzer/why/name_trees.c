/* name_trees.c: a tree by one name, where its folders have too many groups for a line each. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "name_groups.h"

enum {
    MANY = 10,  /* so many below one folder are its tree */
    DEPTH = 32, /* folders that are looked at from the root on */
    TREE_BYTES = 4400,
};

/* Names of one group, or several groups that became one. */
struct unit {
    const char *name;
    uint64_t weight;
    size_t into; /* the unit that it became part of; itself where it stands */
};

struct units {
    struct unit *items;
    size_t *live; /* those that stand, in the order of their names */
    size_t count;
    struct sc_intern *texts;
};

static int by_group(const void *left, const void *right)
{
    return strcmp((*(struct sc_named *const *)left)->group, (*(struct sc_named *const *)right)->group);
}

/* Bytes of the name up to and with the slash behind its depth-th folder; 0: there is none, or all are below it. */
static size_t folder_at(const char *name, unsigned depth)
{
    const char *at = name[0] == '/' ? name + 1 : name;
    for (unsigned i = 0; i < depth; i++) {
        at = strchr(at, '/');
        if (!at)
            return 0;
        at++;
    }
    return name[0] == '/' && depth < 2 ? 0 : (size_t)(at - name);
}

/* live[0, count), all below the folder, become one; what outweighs all others stays. Returns how many are left. */
static size_t merge(struct units *units, size_t *live, size_t count, size_t folder, int *ret_error)
{
    uint64_t total = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t weight = units->items[live[i]].weight;
        total += weight;
        most = weight > most ? weight : most;
    }
    bool alone = most > total / 2;
    char name[TREE_BYTES + 3];
    uint32_t id;
    if (count - alone < MANY || folder > TREE_BYTES)
        return count;
    memcpy(name, units->items[live[0]].name, folder);
    memcpy(name + folder, "**", 3);
    if (sc_intern_add(units->texts, name, folder + 2, &id)) {
        *ret_error = -ENOMEM;
        return count;
    }
    size_t first = SIZE_MAX, kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct unit *unit = &units->items[live[i]];
        if (alone && unit->weight == most) {
            live[kept++] = live[i];
            continue;
        }
        if (first == SIZE_MAX) {
            first = live[i];
            live[kept++] = first;
            unit->name = sc_intern_text(units->texts, id);
            continue;
        }
        unit->into = first;
        units->items[first].weight += unit->weight;
    }
    return kept;
}

/* From the deepest folders up: what became one below counts for one above. */
static int merge_depth(struct units *units, unsigned depth)
{
    int error = 0;
    size_t kept = 0;
    for (size_t i = 0, next; i < units->count; i = next) {
        const char *name = units->items[units->live[i]].name;
        size_t folder = folder_at(name, depth), left = 1;
        for (next = i + 1; folder && next < units->count; next++)
            if (strncmp(units->items[units->live[next]].name, name, folder) != 0)
                break;
        if (folder && !error)
            left = merge(units, units->live + i, next - i, folder, &error);
        memmove(units->live + kept, units->live + i, left * sizeof *units->live);
        kept += left;
    }
    units->count = kept;
    return error;
}

int sc_name_trees(struct sc_named *names, size_t count, struct sc_intern *texts)
{
    struct units units = {.texts = texts};
    struct sc_named **sorted = calloc(count + 1, sizeof *sorted);
    size_t *unit_of = calloc(count + 1, sizeof *unit_of);
    units.items = calloc(count + 1, sizeof *units.items);
    units.live = calloc(count + 1, sizeof *units.live);
    int error = sorted && unit_of && units.items && units.live ? 0 : -ENOMEM;
    for (size_t i = 0; i < count && !error; i++)
        sorted[i] = &names[i];
    if (!error && count)
        qsort(sorted, count, sizeof *sorted, by_group);
    for (size_t i = 0; i < count && !error; i++) {
        if (i == 0 || strcmp(sorted[i]->group, sorted[i - 1]->group) != 0) {
            units.live[units.count] = units.count;
            units.items[units.count] = (struct unit){.name = sorted[i]->group, .into = units.count};
            units.count++;
        }
        unit_of[i] = units.count - 1;
        units.items[units.count - 1].weight += sorted[i]->weight;
    }
    for (unsigned depth = DEPTH; depth > 0 && !error && units.count >= MANY; depth--)
        error = merge_depth(&units, depth);
    for (size_t i = 0; i < count && !error; i++) {
        size_t at = unit_of[i];
        while (units.items[at].into != at)
            at = units.items[at].into;
        sorted[i]->group = units.items[at].name;
    }
    free(sorted);
    free(unit_of);
    free(units.items);
    free(units.live);
    return error;
}
