#include "command_pairs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    TRIED = 32,          /* options of which both readings are tried */
    CELLS = 1 << 16,     /* of a table; longer lists are paired by their order */
    DIFFERS = 2,         /* what a word costs that differs, */
    OPTION_MISSING = 2,  /* or is an option of one side, */
    ARGUMENT_MISSING = 3 /* or an argument: they mostly are as many */
};

bool sc_command_value_same(const struct sc_command_word *a, const struct sc_command_word *b)
{
    if (!a->cut && !b->cut)
        return strcmp(a->value, b->value) == 0;
    size_t len_a = a->cut ? a->cut : strlen(a->value), len_b = b->cut ? b->cut : strlen(b->value);
    bool reaches = (a->cut || len_a >= len_b) && (b->cut || len_b >= len_a);
    return reaches && memcmp(a->value, b->value, len_a < len_b ? len_a : len_b) == 0;
}

static bool same(const struct sc_command_word *a, const struct sc_command_word *b)
{
    return a->value && b->value ? sc_command_value_same(a, b) : a->value == b->value;
}

static unsigned missing_cost(const struct sc_command_word *word)
{
    return word->position ? ARGUMENT_MISSING : OPTION_MISSING;
}

/* Words of one name, of both sides, and which is paired: by index of the first side's word that of the other + 1. */
struct group {
    const struct sc_command_word **sides[2];
    size_t counts[2];
    size_t *paired;
};

/* Where a word of either side may be left without a counterpart at the same cost: the same one if the sides swap. */
static bool skips_first(const struct sc_command_word *a, const struct sc_command_word *b)
{
    return strcmp(a->value ? a->value : "", b->value ? b->value : "") < 0;
}

/* Aligns words [from, to[side]) of the group at the least cost. */
static int align(struct group *group, size_t from, const size_t to[2])
{
    size_t rows = to[0] - from, columns = to[1] - from, width = columns + 1;
    uint32_t *costs = malloc((rows + 1) * width * sizeof *costs); /* of what is left from there on */
    if (!costs)
        return -ENOMEM;
    const struct sc_command_word **a = group->sides[0] + from, **b = group->sides[1] + from;
    unsigned missing = rows || columns ? missing_cost(rows ? a[0] : b[0]) : 0;
    for (size_t i = rows + 1; i-- > 0;)
        for (size_t j = columns + 1; j-- > 0;) {
            uint32_t cost = (uint32_t)((rows - i) + (columns - j)) * missing;
            if (i < rows && j < columns) {
                uint32_t both = costs[(i + 1) * width + j + 1] + (same(a[i], b[j]) ? 0 : DIFFERS);
                uint32_t first = costs[(i + 1) * width + j] + missing, second = costs[i * width + j + 1] + missing;
                cost = both < first ? both : first;
                cost = second < cost ? second : cost;
            }
            costs[i * width + j] = cost;
        }
    for (size_t i = 0, j = 0; i < rows && j < columns;) {
        uint32_t cost = costs[i * width + j];
        bool first = cost == costs[(i + 1) * width + j] + missing, second = cost == costs[i * width + j + 1] + missing;
        if (cost == costs[(i + 1) * width + j + 1] + (same(a[i], b[j]) ? 0 : DIFFERS)) {
            group->paired[from + i] = from + j + 1;
            i++;
            j++;
        } else if (first && (!second || skips_first(a[i], b[j]))) {
            i++;
        } else {
            j++;
        }
    }
    free(costs);
    return 0;
}

static int pair_group(struct group *group)
{
    size_t from = 0, to[2] = {group->counts[0], group->counts[1]};
    size_t least = to[0] < to[1] ? to[0] : to[1];
    for (; from < least && same(group->sides[0][from], group->sides[1][from]); from++)
        group->paired[from] = from + 1;
    for (; to[0] > from && to[1] > from && same(group->sides[0][to[0] - 1], group->sides[1][to[1] - 1]);
         to[0]--, to[1]--)
        group->paired[to[0] - 1] = to[1];
    if ((to[0] - from) * (to[1] - from) <= CELLS)
        return align(group, from, to);
    for (; from < to[0] && from < to[1]; from++)
        group->paired[from] = from + 1;
    return 0;
}

/* The words of both sides by name: all of one name stand one behind the other, in their order. */
struct grouping {
    struct sc_intern names;
    size_t *begins[2];                       /* by name and one more */
    const struct sc_command_word **words[2]; /* sorted */
    size_t *paired;                          /* by place among the sorted words of the first side */
};

static const char *key_of(const struct sc_command_word *word)
{
    return word->name ? word->name : "";
}

static int sort_out(const struct sc_command_pairs *pairs, struct grouping *grouping)
{
    uint32_t id;
    for (unsigned side = 0; side < 2; side++)
        for (size_t i = 0; i < pairs->words[side].count; i++) {
            const char *key = key_of(&pairs->words[side].items[i]);
            if (sc_intern_add(&grouping->names, key, strlen(key), &id))
                return -ENOMEM;
        }
    grouping->paired = calloc(pairs->words[0].count + 1, sizeof *grouping->paired);
    for (unsigned side = 0; side < 2; side++) {
        size_t count = pairs->words[side].count, *begins = calloc(grouping->names.count + 2, sizeof *begins);
        grouping->begins[side] = begins;
        grouping->words[side] = calloc(count + 1, sizeof(struct sc_command_word *));
        if (!begins || !grouping->words[side] || !grouping->paired)
            return -ENOMEM;
        for (size_t i = 0; i < count; i++) {
            const char *key = key_of(&pairs->words[side].items[i]);
            begins[sc_intern_find(&grouping->names, key, strlen(key)) + 2]++;
        }
        for (uint32_t name = 0; name < grouping->names.count; name++)
            begins[name + 2] += begins[name + 1];
        for (size_t i = 0; i < count; i++) {
            const char *key = key_of(&pairs->words[side].items[i]);
            grouping->words[side][begins[sc_intern_find(&grouping->names, key, strlen(key)) + 1]++] =
                &pairs->words[side].items[i];
        }
    }
    return 0;
}

/* The pairs in the order of the first side, then what is left of the other. */
static int collect(const struct grouping *grouping, struct sc_command_pairs *pairs)
{
    size_t counts[2] = {pairs->words[0].count, pairs->words[1].count};
    bool *used = calloc(counts[1] + 1, sizeof *used);
    free(pairs->items);
    pairs->count = 0;
    pairs->items = calloc(counts[0] + counts[1] + 1, sizeof *pairs->items);
    if (!used || !pairs->items) {
        free(used);
        return -ENOMEM;
    }
    for (size_t i = 0; i < counts[0]; i++) {
        const struct sc_command_word *word = grouping->words[0][i];
        struct sc_command_pair *pair = &pairs->items[word - pairs->words[0].items];
        pair->sides[0] = word;
        if (grouping->paired[i]) {
            pair->sides[1] = grouping->words[1][grouping->paired[i] - 1];
            used[pair->sides[1] - pairs->words[1].items] = true;
        }
    }
    pairs->count = counts[0];
    for (size_t i = 0; i < counts[1]; i++)
        if (!used[i])
            pairs->items[pairs->count++].sides[1] = &pairs->words[1].items[i];
    free(used);
    return 0;
}

static int pair_words(struct sc_command_pairs *pairs)
{
    struct grouping grouping = {0};
    int error = sort_out(pairs, &grouping);
    for (uint32_t name = 0; name < grouping.names.count && !error; name++) {
        size_t begins[2] = {grouping.begins[0][name], grouping.begins[1][name]};
        struct group group = {.paired = grouping.paired + begins[0]};
        for (unsigned side = 0; side < 2; side++) {
            group.sides[side] = grouping.words[side] + begins[side];
            group.counts[side] = grouping.begins[side][name + 1] - begins[side];
        }
        error = pair_group(&group);
        for (size_t i = 0; i < group.counts[0]; i++)
            if (group.paired[i])
                group.paired[i] += begins[1];
    }
    if (!error)
        error = collect(&grouping, pairs);
    sc_intern_free(&grouping.names);
    for (unsigned side = 0; side < 2; side++) {
        free(grouping.begins[side]);
        free(grouping.words[side]);
    }
    free(grouping.paired);
    return error;
}

static uint64_t cost_of(const struct sc_command_pairs *pairs)
{
    uint64_t cost = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct sc_command_word *const *sides = pairs->items[i].sides;
        if (sides[0] && sides[1])
            cost += same(sides[0], sides[1]) ? 0 : DIFFERS;
        else if (!pairs->words[sides[0] != NULL].leaves_out)
            cost += missing_cost(sides[0] ? sides[0] : sides[1]);
    }
    return cost;
}

static int pair_lines(const struct sc_command_lines *lines, struct sc_command_pairs *pairs)
{
    int error = sc_command_split(lines, pairs->words);
    return error ? error : pair_words(pairs);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct sc_interned *)a)->text, ((const struct sc_interned *)b)->text);
}

/* Options that take nothing where that leaves less to differ, in an order that is the same if the sides swap. */
static int try_flags(struct sc_command_lines *lines, struct sc_command_pairs *pairs, uint64_t least)
{
    struct sc_interned tries[TRIED];
    unsigned count = 0;
    bool changed = false;
    int error = 0;
    for (uint32_t i = 0; i < lines->options.count && count < TRIED; i++)
        if (!lines->flags[i])
            tries[count++] = lines->options.entries[i];
    qsort(tries, count, sizeof *tries, by_text);
    for (unsigned i = 0; i < count && least && !error; i++) {
        bool *flag = &lines->flags[sc_intern_find(&lines->options, tries[i].text, tries[i].len)];
        *flag = true;
        error = pair_lines(lines, pairs);
        uint64_t cost = error ? least : cost_of(pairs);
        *flag = cost < least;
        least = *flag ? cost : least;
        changed = !*flag;
    }
    return changed && !error ? pair_lines(lines, pairs) : error; /* what stands there is the last try */
}

int sc_command_pairs_find(const struct sc_run *const runs[2], struct sc_command_pairs *ret_pairs)
{
    struct sc_command_lines lines;
    *ret_pairs = (struct sc_command_pairs){0};
    int error = sc_command_lines_init(&lines, runs);
    if (!error)
        error = pair_lines(&lines, ret_pairs);
    if (!error)
        error = try_flags(&lines, ret_pairs, cost_of(ret_pairs));
    sc_command_lines_free(&lines);
    return error;
}

void sc_command_pairs_free(struct sc_command_pairs *pairs)
{
    sc_command_words_free(pairs->words);
    free(pairs->items);
    *pairs = (struct sc_command_pairs){0};
}
