/* The library that guest_dlopen.c loads: a `syscall` instruction of its own, and stdio. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static __attribute__((noinline)) long raw_write(long fd, const void *bytes, long count)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"((long)SYS_write), "D"(fd), "S"(bytes), "d"(count)
                     : "rcx", "r11", "memory");
    return result;
}

int plugin_work(const char *name);
int plugin_work(const char *name)
{
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    long sum = 0;
    for (int i = 0; i < 10; i++)
        sum += raw_write(fd, name, 5);
    FILE *file = fdopen(fd, "w");
    fputs("by stdio\n", file);
    fclose(file);
    return (int)sum;
}
