/*
 * forks COUNT: as many children, one after the other, that write a line each and end. "lines" is theirs, one byte each.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10, ended = 0;
    int fd = open("lines", O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int i = 0; i < count; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            write(fd, "x", 1);
            _exit(0);
        }
        ended += waitpid(child, &status, 0) == child && status == 0;
    }
    printf("forks done, %d ended well\n", ended);
    return 0;
}
