#include "name_groups.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIKE = 6,   /* so many names of one shape are a group */
    BESIDE = 10, /* and so many that are alike in no more than where they are */
    UP = 8,      /* directories that are looked at, from the name upwards */
    HEX = 6,     /* so many hexadecimal digits, not all of them letters, are a number */
    GROUP_BYTES = 4400,
};

/* What makes names alike; what takes a name first has it. */
enum step { NUMBERED_FOLDERS, NUMBERED, ENDING, DIRECTORY };

/* Each name's own key in a step, "" where the step does not take it. */
struct keyed {
    struct sc_named *named;
    const char *key;
};

static const char *base_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

/* Bytes of the number at p: decimal, or hexadecimal where that is long and has a digit. */
static size_t number_at(const char *p)
{
    size_t decimal = strspn(p, "0123456789"), hex = strspn(p, "0123456789abcdef");
    bool digit = strcspn(p, "0123456789") < hex;
    return hex >= HEX && digit ? hex : decimal;
}

/* Writes len bytes of a name with a star for each number. Returns the end. */
static char *star(const char *from, size_t len, char *to)
{
    for (size_t i = 0; i < len;) {
        size_t number = number_at(from + i);
        number = number < len - i ? number : len - i;
        *to++ = number ? '*' : from[i];
        i += number ? number : 1;
    }
    *to = '\0';
    return to;
}

/* in/f17.dat: in/f*.dat */
static bool numbers_away(const char *name, char *to)
{
    size_t directory = (size_t)(base_of(name) - name);
    if (strlen(name) >= GROUP_BYTES)
        return false;
    memcpy(to, name, directory);
    star(name + directory, strlen(name + directory), to + directory);
    return strcmp(name, to) != 0;
}

/*
 * Files with numbers in folders with numbers: d3 with its f17.dat is d* with its f*.dat. Of two hexadecimal digits are
 * the folders that much is spread over by its hash, ab like 07.
 */
static bool all_numbers_away(const char *name, char *to)
{
    const char *base = base_of(name), *at = name;
    char *end = to;
    if (!numbers_away(name, to))
        return false;
    while (at < base) {
        size_t len = strcspn(at, "/");
        bool spread = len == 2 && strspn(at, "0123456789abcdef") >= 2;
        end = spread ? star("0", 1, end) : star(at, len, end);
        *end++ = '/';
        at += len + 1;
    }
    star(base, strlen(base), end);
    return strncmp(name, to, (size_t)(base - name)) != 0;
}

/* in/name.c: in/ and *.c */
static bool ending_only(const char *name, char *to)
{
    const char *base = base_of(name), *dot = strrchr(base, '.');
    size_t used = (size_t)(base - name);
    if (!dot || dot == base || !dot[1] || used + strlen(dot) + 2 > GROUP_BYTES)
        return false;
    memcpy(to, name, used);
    to[used] = '*';
    memcpy(to + used + 1, dot, strlen(dot) + 1);
    return true;
}

/* The directory so many steps up, of those that are there below the first. */
static bool directory(const char *name, unsigned up, char *to)
{
    const char *end = name + strlen(name);
    for (unsigned i = 0; i <= up; i++) {
        while (end > name && end[-1] != '/')
            end--;
        if (end <= name + 1)
            return false;
        if (i < up)
            end--;
    }
    size_t used = (size_t)(end - name);
    if (used + 3 > GROUP_BYTES)
        return false;
    memcpy(to, name, used);
    memcpy(to + used, up ? "**" : "*", up ? 3 : 2);
    return true;
}

static bool key_of(const char *name, unsigned step, char *to)
{
    switch (step) {
    case NUMBERED_FOLDERS: return all_numbers_away(name, to);
    case NUMBERED: return numbers_away(name, to);
    case ENDING: return ending_only(name, to);
    default: return directory(name, step - DIRECTORY, to);
    }
}

static int by_key(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : strcmp(a->named->name, b->named->name);
}

/* What their names have in common at the beginning is said as well: "x*" in place of "*". NULL where memory is short.
 */
static const char *with_prefix(const struct keyed *keyed, size_t count, struct sc_intern *texts)
{
    const char *key = keyed->key, *first = keyed->named->name;
    size_t directory = (size_t)(base_of(key) - key), common = strlen(first), rest = strlen(key + directory);
    uint32_t id;
    for (size_t i = 1; i < count; i++)
        for (size_t k = directory; k < common; k++)
            if (keyed[i].named->name[k] != first[k])
                common = k;
    if (common <= directory || common + rest > GROUP_BYTES)
        return key;
    char name[GROUP_BYTES + 1];
    memcpy(name, first, common);
    memcpy(name + common, key + directory, rest + 1);
    return sc_intern_add(texts, name, common + rest, &id) ? NULL : sc_intern_text(texts, id);
}

/* In how many folders they are; those of one are beside each other. */
static size_t count_folders(const struct keyed *keyed, size_t count)
{
    size_t folders = count > 0;
    for (size_t i = 1; i < count; i++) {
        const char *name = keyed[i].named->name, *before = keyed[i - 1].named->name;
        size_t folder = (size_t)(base_of(name) - name);
        folders += folder != (size_t)(base_of(before) - before) || memcmp(name, before, folder) != 0;
    }
    return folders;
}

/* One that counts for more than all others is a line of its own. 0 or -ENOMEM. */
static int take(struct keyed *keyed, size_t count, unsigned step, struct sc_intern *texts)
{
    size_t least = step <= NUMBERED ? ALIKE : BESIDE;
    uint64_t total = 0;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        total += keyed[i].named->weight;
        most = keyed[i].named->weight > keyed[most].named->weight ? i : most;
    }
    bool alone = keyed[most].named->weight > total / 2;
    if (count - alone < least || (step == NUMBERED_FOLDERS && count_folders(keyed, count) < ALIKE))
        return 0;
    if (alone) { /* to the front, out of the way */
        struct keyed heavy = keyed[most];
        memmove(keyed + 1, keyed, most * sizeof *keyed);
        *keyed++ = heavy;
        count--;
    }
    const char *group = step == ENDING || step == DIRECTORY ? with_prefix(keyed, count, texts) : keyed->key;
    for (size_t i = 0; i < count; i++)
        keyed[i].named->group = group ? group : keyed[i].named->name;
    return group ? 0 : -ENOMEM;
}

/* Of those that no step before it took. */
static int step_over(struct sc_named *names, size_t count, unsigned step, struct keyed *keyed, struct sc_intern *texts)
{
    char key[GROUP_BYTES];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t id;
        if (names[i].group != names[i].name || !key_of(names[i].name, step, key))
            continue;
        if (sc_intern_add(texts, key, strlen(key), &id))
            return -ENOMEM;
        keyed[used++] = (struct keyed){&names[i], sc_intern_text(texts, id)};
    }
    if (used)
        qsort(keyed, used, sizeof *keyed, by_key);
    int error = 0;
    for (size_t i = 0, next; i < used && !error; i = next) {
        for (next = i + 1; next < used && keyed[next].key == keyed[i].key;)
            next++;
        error = take(&keyed[i], next - i, step, texts);
    }
    return error;
}

int sc_name_groups(struct sc_named *names, size_t count, struct sc_intern *texts)
{
    for (size_t i = 0; i < count; i++)
        names[i].group = names[i].name;
    if (count < ALIKE)
        return 0;
    struct keyed *keyed = calloc(count, sizeof *keyed);
    int error = keyed ? 0 : -ENOMEM;
    for (unsigned step = 0; step < DIRECTORY + UP && !error; step++)
        error = step_over(names, count, step, keyed, texts);
    free(keyed);
    return error;
}
