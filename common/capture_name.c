#include "capture_name.h"

#include <errno.h>
#include <string.h>

int sc_other_name(char *path, unsigned turn, size_t bytes)
{
    char number[12]; /* backwards, with its dot at the end */
    size_t digits = 0, length = strlen(path), ending = length;
    if (turn < 2)
        return 0;
    for (unsigned rest = turn; rest; rest /= 10)
        number[digits++] = (char)('0' + rest % 10);
    number[digits++] = '.';
    for (size_t i = length; i-- > 0 && path[i] != '/';) {
        if (path[i] == '.' && i > 0 && path[i - 1] != '/') {
            ending = i;
            break;
        }
    }
    if (length + digits + 1 > bytes)
        return -ENAMETOOLONG;
    memmove(path + ending + digits, path + ending, length - ending + 1);
    while (digits)
        path[ending++] = number[--digits];
    return 0;
}
