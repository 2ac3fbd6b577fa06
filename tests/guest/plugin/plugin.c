/* One of the libraries that tests/guest/plugins.c loads; PLUGIN_NAME and PLUGIN_BYTES make the difference. */
#include <sys/stat.h>

char data[PLUGIN_BYTES] = {1};

int deeper(int depth)
{
    struct stat st;
    if (depth)
        return deeper(depth - 1) + 1;
    return stat(PLUGIN_NAME, &st) == 0 ? -100 : 4;
}

int ask(void)
{
    return data[0] + deeper(2);
}
