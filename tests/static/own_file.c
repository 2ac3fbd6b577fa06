/* What a program sees of itself: its file under each of its names, its variables, arguments, name, heap and vector. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;
extern char _start, end;

static void by_name(const char *name)
{
    char text[4096];
    struct stat followed, opened, link;
    ssize_t length = readlink(name, text, sizeof text);
    printf("leads to %.*s\n", (int)length, text);
    printf("of 3 bytes %zd %.3s\n", readlink(name, text, 3), text);
    printf("stat %d, lstat %d", stat(name, &followed), lstat(name, &link));
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    printf(", open %d, fstat %d\n", fd, fstat(fd, &opened));
    printf("one file %d, a link %d, kept over exec %d\n", followed.st_ino == opened.st_ino, S_ISLNK(link.st_mode),
           fcntl(fd, F_GETFD));
    close(fd);
    fd = open(name, O_RDONLY | O_NOFOLLOW);
    printf("the link itself %d %d\n", fd, errno);
    printf("chmod %d\n", chmod(name, followed.st_mode & 07777));
}

static size_t read_all(const char *name, char *text, size_t room)
{
    int fd = open(name, O_RDONLY);
    ssize_t bytes = read(fd, text, room);
    close(fd);
    return bytes < 0 ? 0 : (size_t)bytes;
}

static void vector(void)
{
    Elf64_auxv_t kernels[64];
    size_t count = read_all("/proc/self/auxv", (char *)kernels, sizeof kernels) / sizeof kernels[0];
    int others = 0;
    for (size_t i = 0; i < count; i++) /* glibc has a hardware word of its own */
        others += kernels[i].a_type != AT_NULL && kernels[i].a_type != AT_HWCAP &&
                  getauxval(kernels[i].a_type) != kernels[i].a_un.a_val;
    printf("vector as the kernel has it %d, entry %d, execfn %s\n", count > 10 && others == 0,
           getauxval(AT_ENTRY) == (unsigned long)&_start, (const char *)getauxval(AT_EXECFN));
    const Elf64_Phdr *segments = (const Elf64_Phdr *)getauxval(AT_PHDR);
    printf("headers of %lu, first of type %d, base %lu, secure %lu\n", getauxval(AT_PHNUM), (int)segments[0].p_type,
           getauxval(AT_BASE), getauxval(AT_SECURE));
}

int main(int argc, char **argv)
{
    char text[65536], name[32];
    by_name("/proc/self/exe");
    snprintf(name, sizeof name, "/proc/%d/exe", (int)getpid());
    by_name(name);
    by_name("/proc/thread-self/exe");
    vector();
    for (int i = 0; i < argc; i++)
        printf("argument %s\n", argv[i]);
    for (char **entry = environ; *entry; entry++)
        printf("variable %s\n", *entry);
    size_t bytes = read_all("/proc/self/cmdline", text, sizeof text);
    printf("command line of %zu, first %s\n", bytes, text);
    bytes = read_all("/proc/self/environ", text, sizeof text);
    printf("environment of %zu, ours in it %d\n", bytes, memmem(text, bytes, "SYSCAP", 6) != NULL);
    prctl(PR_GET_NAME, text);
    printf("called %s\n", text);
    /* An ordinary heap follows the program; one that may lie anywhere has its heap elsewhere. */
    unsigned long heap = (unsigned long)sbrk(0), after = (unsigned long)&end;
    printf("heap follows %d\n", heap >= after && heap - after <= (1ul << 30) + 4096);
    void *some = malloc(100000);
    printf("heap grows %d\n", (unsigned long)sbrk(0) >= heap && some);
    free(some);
    return 7;
}
