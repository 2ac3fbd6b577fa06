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

/* in/f17.dat: in/f*.dat */
static bool numbers_away(const char *name, char *to)
{
    const char *base = base_of(name);
    size_t used = (size_t)(base - name);
    bool any = false;
    if (strlen(name) >= GROUP_BYTES)
        return false;
    memcpy(to, name, used);
    for (const char *p = base; *p;) {
        size_t number = number_at(p);
        to[used++] = number ? '*' : *p;
        any |= number > 0;
        p += number ? number : 1;
    }
    to[used] = '\0';
    return any;
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
    return step == 0 ? numbers_away(name, to) : step == 1 ? ending_only(name, to) : directory(name, step - 2, to);
}

static int by_key(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : strcmp(a->named->name, b->named->name);
}

/* One that counts for more than all others is a line of its own. */
static void take(struct keyed *keyed, size_t count, size_t least)
{
    uint64_t total = 0;
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        total += keyed[i].named->weight;
        most = keyed[i].named->weight > keyed[most].named->weight ? i : most;
    }
    bool alone = keyed[most].named->weight > total / 2;
    if (count - alone < least)
        return;
    for (size_t i = 0; i < count; i++)
        if (!alone || i != most)
            keyed[i].named->group = keyed[i].key;
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
    for (size_t i = 0, next; i < used; i = next) {
        for (next = i + 1; next < used && keyed[next].key == keyed[i].key;)
            next++;
        take(&keyed[i], next - i, step == 0 ? ALIKE : BESIDE);
    }
    return 0;
}

int sc_name_groups(struct sc_named *names, size_t count, struct sc_intern *texts)
{
    for (size_t i = 0; i < count; i++)
        names[i].group = names[i].name;
    if (count < ALIKE)
        return 0;
    struct keyed *keyed = calloc(count, sizeof *keyed);
    int error = keyed ? 0 : -ENOMEM;
    for (unsigned step = 0; step < UP + 2 && !error; step++)
        error = step_over(names, count, step, keyed, texts);
    free(keyed);
    return error;
}
