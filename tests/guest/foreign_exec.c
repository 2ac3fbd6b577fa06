/*
 * foreign_exec [-u UID] PROGRAM ARGUMENTS...: a child, as that user, starts the program by an instruction that lies in
 * memory made at run time, as programs with a runtime of their own do: nobody can put anything in its place or in front
 * of it. Its environment is the one that this program was given. Prints how the child ended.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

typedef long made(long nr, const char *path, char *const *argv, char *const *environment);

/* mov %rdi,%rax; mov %rsi,%rdi; mov %rdx,%rsi; mov %rcx,%rdx; syscall; ret */
static const unsigned char code[] = {0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0x48, 0x89,
                                     0xd6, 0x48, 0x89, 0xca, 0x0f, 0x05, 0xc3};

int main(int argc, char **argv)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int status = -1;
    bool as_user = argc > 3 && strcmp(argv[1], "-u") == 0;
    uid_t user = as_user ? (uid_t)atoi(argv[2]) : 0;
    if (as_user)
        argc -= 2, argv += 2;
    if (argc < 2 || page == MAP_FAILED)
        return 2;
    memcpy(page, code, sizeof code);
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
    pid_t child = fork();
    if (child == 0) {
        if (as_user && setresuid(user, user, user) != 0)
            _exit(126);
        ((made *)page)(SYS_execve, argv[1], argv + 1, environ);
        _exit(127);
    }
    waitpid(child, &status, 0);
    printf("the child's status: %d\n", status);
    for (int i = 0; i < 50; i++)
        write(1, "after\n", 6);
    return 0;
}
