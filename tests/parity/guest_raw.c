/* System calls by instructions in the program's own text, in the shapes that compilers and Rust crates make of them. */
#include <fcntl.h>
#include <sys/syscall.h>

static long call3(long nr, long a, long b, long c)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(nr), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}

static __attribute__((noinline)) long raw_open(const char *path, int flags, int mode)
{
    return call3(SYS_open, (long)path, flags, mode);
}

static __attribute__((noinline)) long raw_write(long fd, const void *bytes, long count)
{
    return call3(SYS_write, fd, (long)bytes, count);
}

static __attribute__((noinline)) long raw_read(long fd, void *bytes, long count)
{
    return call3(SYS_read, fd, (long)bytes, count);
}

/* The number comes in a register, as in a function of the kind of syscall(). */
static __attribute__((noinline)) long raw_any(long nr, long a, long b, long c)
{
    return call3(nr, a, b, c);
}

int main(void)
{
    static char bytes[4096];
    long fd = raw_open("out", O_RDWR | O_CREAT | O_TRUNC, 0644);
    long sum = 0;
    for (int i = 0; i < 100; i++) {
        bytes[0] = (char)(i & 1);
        sum += raw_write(fd, bytes, 1 + i * 40);
        sum += raw_any(SYS_lseek, fd, i * 10, SEEK_SET);
        sum += raw_read(fd, bytes, 100);
    }
    sum += raw_any(SYS_write, fd, 16, 4096); /* EFAULT */
    sum += raw_any(SYS_fsync, fd, 0, 0);
    raw_any(SYS_close, fd, 0, 0);
    return sum == 0;
}
