/*
 * hits.c: which basic blocks of a program have run. gcc's -fsanitize-coverage=trace-pc calls the function below at
 * each; it sets a byte in a file that is mapped shared, so that nothing has to be written at the end, which a traced
 * program may never come to. It calls no function, uses no thread-local storage and general registers only: the library
 * can have it at any instruction. coverage.mk makes the file beforehand, one for each program and of full size: a limit
 * on file sizes in a test is no matter then. Where the file can't be had (a chroot, no more rights) nothing is noted.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { BYTES = 8 << 20 };

extern const char __ehdr_start[] __attribute__((visibility("hidden")));
void __sanitizer_cov_trace_pc(void);

static unsigned char *hits;

static long system_call(long nr, long a, long b, long c, long d, long e)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static void map_file(void)
{
    hits = MAP_FAILED;
    long fd = system_call(SYS_open, (long)COVERAGE_FILE, O_RDWR | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        return;
    long address = system_call(SYS_mmap, 0, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    system_call(SYS_close, fd, 0, 0, 0, 0);
    if (address > 0)
        hits = (unsigned char *)address;
}

void __sanitizer_cov_trace_pc(void)
{
    unsigned long offset = (unsigned long)__builtin_return_address(0) - (unsigned long)__ehdr_start;
    if (!hits)
        map_file();
    if (hits != MAP_FAILED && offset < BYTES)
        hits[offset] = 1;
}
