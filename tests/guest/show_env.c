/* Prints its arguments and its environment, sorted as they came, through both ways a program can look at it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char text[1 << 16];
    size_t entries = 0;
    for (int i = 1; i < argc; i++)
        printf("argument %s\n", argv[i]);
    for (char **variable = environ; *variable; variable++)
        printf("environ %s\n", *variable);
    /* /proc/self/environ is what the kernel was given; blanked bytes count as nothing. */
    int fd = open("/proc/self/environ", O_RDONLY);
    ssize_t got = read(fd, text, sizeof text);
    for (ssize_t at = 0; at < got; at += (ssize_t)strlen(text + at) + 1)
        if (text[at]) {
            printf("proc %s\n", text + at);
            entries++;
        }
    printf("entries %zu\n", entries);
    return 0;
}
