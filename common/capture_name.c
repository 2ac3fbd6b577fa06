#include "capture_name.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "numbers.h"

struct text {
    char *at, *end; /* one byte is kept for the NUL */
};

static bool add(struct text *text, const char *bytes, size_t count)
{
    if ((size_t)(text->end - text->at) < count)
        return false;
    memcpy(text->at, bytes, count);
    text->at += count;
    return true;
}

int sc_expand_name(const char *pattern, const char *program, uint32_t pid, char *path, size_t used, size_t bytes)
{
    struct text text = {path + used, path + bytes - 1};
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
    char number[20];
    size_t digits = sc_put_number(number, pid, 10);
    bool fits = pattern[0] == '/' || (used && path[used - 1] == '/') || add(&text, "/", 1);
    for (const char *p = pattern; *p && fits; p++) {
        switch (p[0] == '%' ? p[1] : '\0') {
        case 'n': fits = add(&text, name, strlen(name)); break;
        case 'p': fits = add(&text, number, digits); break;
        case '%': fits = add(&text, p, 1); break;
        default: fits = add(&text, p, 1); continue;
        }
        p++;
    }
    if (!fits)
        return -ENAMETOOLONG;
    *text.at = '\0';
    return 0;
}

int sc_other_name(char *path, unsigned turn, size_t bytes)
{
    char number[1 + 20] = ".";
    size_t digits = 1 + sc_put_number(number + 1, turn, 10), length = strlen(path), ending = length;
    if (turn < 2)
        return 0;
    for (size_t i = length; i-- > 0 && path[i] != '/';) {
        if (path[i] == '.' && i > 0 && path[i - 1] != '/') {
            ending = i;
            break;
        }
    }
    if (length + digits + 1 > bytes)
        return -ENAMETOOLONG;
    memmove(path + ending + digits, path + ending, length - ending + 1);
    memcpy(path + ending, number, digits);
    return 0;
}
