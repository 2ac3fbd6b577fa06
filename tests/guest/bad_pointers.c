/*
 * Pointers that the kernel refuses, or takes half of: the result is what it is without us, nothing is read that the
 * kernel did not read, and what was zero is told exactly.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SHOW(call)                                                                                                     \
    do {                                                                                                               \
        errno = 0;                                                                                                     \
        long value_ = (long)(call);                                                                                    \
        printf("%s: %ld errno %d\n", #call, value_, errno);                                                            \
    } while (0)

static char *const bad = (char *)8;

int main(void)
{
    char *half = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(half + 4096, 4096);
    int zeros = open("half_zeros", O_RDWR | O_CREAT, 0600);
    int last = open("half_data", O_RDWR | O_CREAT, 0600);
    int full = open("/dev/full", O_WRONLY);
    int null = open("/dev/null", O_WRONLY);
    int iovs = open("iovs", O_RDWR | O_CREAT, 0600);
    int cut = open("cut", O_RDWR | O_CREAT, 0600);

    SHOW(write(zeros, NULL, 10));
    SHOW(write(zeros, bad, 10));
    SHOW(write(zeros, half, 8192));
    half[4095] = 1; /* the last byte that the kernel can take */
    SHOW(write(last, half, 8192));
    half[4095] = 0;

    SHOW(write(null, NULL, 10));
    SHOW(write(null, bad, 1 << 20));
    SHOW(write(full, NULL, 10));
    SHOW(write(zeros, half, (size_t)-1));

    /* Two good pieces, then one that is not there. */
    struct iovec pieces[3] = {{half, 100}, {half + 200, 50}, {bad, 10}};
    SHOW(writev(iovs, pieces, 2));
    SHOW(writev(iovs, pieces, 3));
    half[220] = 1; /* in the second piece only */
    SHOW(writev(iovs, pieces, 2));
    SHOW(pwritev(iovs, pieces, 1, 0));
    SHOW(writev(iovs, (struct iovec *)bad, 2));
    SHOW(writev(null, pieces, 3));
    SHOW(readv(iovs, (struct iovec *)bad, 2));
    half[220] = 0;

    /* The limit cuts the write before the first byte that is not zero. */
    signal(SIGXFSZ, SIG_IGN);
    static char long_zeros[8192];
    long_zeros[5000] = 1;
    struct rlimit old, limit;
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 4096;
    setrlimit(RLIMIT_FSIZE, &limit);
    SHOW(write(cut, long_zeros, 8192));
    SHOW(write(cut, long_zeros, 1));
    setrlimit(RLIMIT_FSIZE, &old);
    SHOW(write(cut, long_zeros, 8192));

    SHOW(read(zeros, bad, 10));
    SHOW(lseek(zeros, 0, SEEK_SET));
    SHOW(read(zeros, bad, 10));
    SHOW(open(NULL, O_RDONLY));
    SHOW(open(bad, O_RDONLY));
    SHOW(openat(AT_FDCWD, bad, O_RDONLY));
    SHOW(stat(bad, (struct stat *)half));
    SHOW(stat("half_data", (struct stat *)bad));
    SHOW(rename(bad, bad));
    SHOW(unlink(NULL));
    SHOW(mkdir(bad, 0700));
    SHOW(access(bad, R_OK));
    SHOW(readlink(bad, half, 10));
    SHOW(truncate(bad, 10));
    SHOW(getcwd(bad, 100) == NULL);
    SHOW(execve(bad, NULL, NULL));
    SHOW(execve("/bin/true", (char **)bad, NULL));
    /* A name that runs into the end of the mapping. */
    memset(half + 4090, 'n', 6);
    SHOW(open(half + 4090, O_RDONLY));
    return 0;
}
