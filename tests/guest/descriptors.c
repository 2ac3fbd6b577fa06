/* What a program can see of its descriptors, and what it may do to those that it does not know of. By argument. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void list(const char *when)
{
    char name[300], target[400];
    int found[64];
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.')
            found[count++] = atoi(entry->d_name);
    int own = dirfd(folder);
    closedir(folder);
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", found[i]);
        ssize_t length = readlink(name, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        if (strchr(target, ':')) /* pipe:[1234] */
            *strchr(target, ':') = '\0';
        printf("%s: fd %d %s\n", when, found[i], found[i] == own ? "(the listing)" : target);
    }
    fflush(stdout);
}

static void lowest(const char *when)
{
    int fd = open("/dev/null", O_RDONLY);
    printf("%s: lowest is %d\n", when, fd);
    fflush(stdout);
    close(fd);
}

/* Still recorded after everything was closed. */
static void write_some(const char *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 10; i++)
        if (write(fd, "some", 4) != 4)
            abort();
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "list";
    int out = dup2(1, 9); /* outlives the closing */
    list("start");
    lowest("start");
    write_some("before");
    fflush(stdout);
    if (strcmp(how, "closefrom") == 0)
        closefrom(3);
    else if (strcmp(how, "closefrom_all") == 0)
        closefrom(0);
    else if (strcmp(how, "close_range") == 0)
        printf("close_range %d\n", close_range(3, ~0u, 0));
    else if (strcmp(how, "close_range_syscall") == 0)
        printf("close_range %ld\n", syscall(SYS_close_range, 3, ~0u, 0));
    else if (strcmp(how, "loop") == 0) {
        int closed = 0;
        for (int fd = 0; fd < 65536; fd++)
            if (fd != 1 && close(fd) == 0)
                closed++;
        printf("closed %d\n", closed);
    } else if (strcmp(how, "dup2") == 0) {
        int taken = 0, most = (int)sysconf(_SC_OPEN_MAX);
        if (most > 65536)
            most = 65536;
        for (int fd = 3; fd < most; fd++)
            if (dup2(1, fd) == fd)
                taken++;
        printf("all but three taken: %d\n", most - taken);
        for (int fd = 3; fd < most; fd++)
            close(fd);
    } else if (strcmp(how, "fork") == 0) {
        pid_t child = fork();
        if (child == 0) {
            list("child");
            lowest("child");
            write_some("child");
            _exit(0);
        }
        waitpid(child, NULL, 0);
    } else if (strcmp(how, "exec") == 0) {
        execl(argv[0], argv[0], "list", NULL);
    } else if (strcmp(how, "limit") == 0) {
        struct rlimit limit = {4, 4}; /* 0, 1 and 2 are in use: one more, 3, can be had */
        printf("setrlimit %d\n", setrlimit(RLIMIT_NOFILE, &limit));
        int fds[16], count = 0;
        while ((fds[count] = open("many", O_WRONLY | O_CREAT, 0600)) >= 0)
            count++;
        printf("opened %d, then errno %d\n", count, errno);
        for (int i = 0; i < 20000; i++) /* more than one chunk of records while no descriptor is to be had */
            if (write(fds[0], "x", 1) != 1)
                abort();
        while (count)
            close(fds[--count]);
    }
    write_some("after");
    if (strcmp(how, "closefrom_all") == 0)
        return 0; /* nothing is left to print to */
    lowest("end");
    (void)out;
    list("end");
    return 0;
}
