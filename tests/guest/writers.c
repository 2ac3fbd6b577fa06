/* The same bytes by write(2) and by stdio; what libc writes inside itself can be counted by nobody but the kernel. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "direct";
    if (strcmp(how, "direct") == 0) {
        int fd = open("written", O_WRONLY | O_CREAT, 0600);
        for (int i = 0; i < 200; i++)
            if (write(fd, "0123456789", 10) != 10)
                return 1;
        close(fd);
    } else if (strcmp(how, "stdio") == 0) {
        FILE *stream = fopen("written", "w");
        for (int i = 0; i < 200; i++) {
            fputs("0123456789", stream);
            fflush(stream);
        }
        fclose(stream);
    } else { /* left to exit's own flush */
        FILE *stream = fopen("written", "w");
        fputs("0123456789", stream);
    }
    return 0;
}
