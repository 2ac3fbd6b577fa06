/* One of the libraries that tests/guest/plugins.c loads; NAME and BYTES make the difference. */
#include <sys/stat.h>

char data[BYTES] = {1};

int deeper(int depth)
{
    struct stat st;
    if (depth)
        return deeper(depth - 1) + 1;
    return stat(NAME, &st) == 0 ? -100 : 4;
}

int ask(void)
{
    return data[0] + deeper(2);
}
