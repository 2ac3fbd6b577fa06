/*
 * Code in which a recorder that overwrites `syscall` instructions could go wrong: rewrite CASE [LIBRARY]. Each way into
 * the middle of what a jump of five bytes over the syscall would cover is taken once, and what lies beside a site is
 * looked at.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * NAME_call(nr) makes the call and returns its result and 1. Between the instruction before, the syscall and the one
 * behind there is room for a long jump only over the last two, and NAME_within begins at the last.
 */
#define FUNCTION(NAME)                                                                                                 \
    ".balign 16\n.globl " NAME "_call\n" NAME "_call:\n.cfi_startproc\n mov %edi, %eax\n syscall\n" NAME "_within:\n"  \
    " lea 1(%rax), %rax\n ret\n.cfi_endproc\n.balign 16\n"
#define ENTRY(NAME) ".globl " NAME "_enter\n" NAME "_enter:\n"

__asm__(".text\n" FUNCTION("cold") ".section .text.unlikely\n" ENTRY(
    "cold") ".cfi_startproc\n mov %rdi, %rax\n jmp cold_within\n.cfi_endproc\n");
/* A short jump out of code that has no unwind table. */
__asm__(".text\n" FUNCTION("bare") ENTRY("bare") " mov %rdi, %rax\n jmp bare_within\n.balign 16\n");
__asm__(".text\n" FUNCTION("table") ENTRY("table") ".cfi_startproc\n mov %rdi, %rax\n lea table_of(%rip), %rdx\n "
                                                   "movslq 4(%rdx), %rcx\n add %rdx, %rcx\n jmp *%rcx\n"
                                                   ".cfi_endproc\n.balign 16\n.section .rodata\n.balign 4\n"
                                                   "table_of: .long table_call - table_of, table_within - table_of\n");
__asm__(".text\n" FUNCTION("pointer")
            ENTRY("pointer") ".cfi_startproc\n mov %rdi, %rax\n jmp *pointer_to(%rip)\n.cfi_endproc\n.balign 16\n"
                             ".section .data.rel.local, \"aw\"\n.balign 8\npointer_to: .quad pointer_within\n");
/* Found by its name alone. */
__asm__(".text\n" FUNCTION("symbol") ".globl symbol_within\n.type symbol_within, @function\n");
/* A byte of data that is jumped over would be a prefix of the instruction ahead of the syscall. */
__asm__(".text\n.balign 16\n.globl data_call\ndata_call:\n.cfi_startproc\n jmp 1f\n .byte 0x40\n"
        "1: mov $39, %eax\n syscall\n lea 1(%rax), %rax\n ret\n.cfi_endproc\n.balign 16\n");
/* No room but for a short jump, and within its reach nothing between functions but zeros. */
#define FILLED ".cfi_startproc\n .fill 160, 1, 0xc3\n.cfi_endproc\n"
__asm__(".text\n.balign 16\n" FILLED ".globl zeros_call\nzeros_call:\n.cfi_startproc\n mov %edi, %eax\n syscall\n"
        " jns 1f\n1: inc %rax\n ret\n.cfi_endproc\n.globl zeros\nzeros: .fill 40, 1, 0\n.balign 16, 0\n" FILLED);
/* The kernel does not mind where the stack pointer points. */
__asm__(".text\n.balign 16\n.globl stackless_write\nstackless_write:\n.cfi_startproc\n push %r12\n mov %rsp, %r12\n"
        " mov $1, %eax\n xor %esp, %esp\n mov $1, %eax\n syscall\n mov %r12, %rsp\n pop %r12\n ret\n.cfi_endproc\n");

#define DECLARE(NAME) long NAME##_call(long number), NAME##_enter(long value)
DECLARE(cold);
DECLARE(bare);
DECLARE(table);
DECLARE(pointer);
long symbol_call(long number), data_call(void), zeros_call(long number);
long stackless_write(int fd, const void *bytes, size_t count);
extern const unsigned char zeros[40];

static void show(const char *name, long called, long entered)
{
    printf("%s: called %s, entered %ld\n", name, called == getpid() + 1 ? "right" : "wrong", entered);
}

static void show_zeros(void)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < sizeof zeros; i++)
        sum += zeros[i];
    show("zeros", zeros_call(SYS_getpid), sum);
}

static void on_signal(int number)
{
    (void)number;
}

/* Where a handler returns to: debuggers and unwinders know it by its bytes. Compared with those in the file. */
static void show_restorer(void)
{
    struct {
        void (*handler)(int);
        unsigned long flags;
        unsigned char *restorer;
        unsigned long mask;
    } kernel;
    unsigned char bytes[16];
    char line[512], path[256];
    unsigned long begin, end, offset;
    signal(SIGUSR1, on_signal);
    syscall(SYS_rt_sigaction, SIGUSR1, NULL, &kernel, 8);
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx %*s %lx %*s %*s %255s", &begin, &end, &offset, path) == 4 &&
            (unsigned long)kernel.restorer >= begin && (unsigned long)kernel.restorer < end) {
            int file = open(path, O_RDONLY);
            pread(file, bytes, sizeof bytes, (long)((unsigned long)kernel.restorer - 1 - begin + offset));
            close(file);
            printf("restorer: %s\n", memcmp(bytes, kernel.restorer - 1, sizeof bytes) ? "changed" : "as in the file");
        }
    fclose(maps);
    raise(SIGUSR1);
}

static void *open_library(void *path)
{
    return dlopen(path, RTLD_NOW);
}

/* On the smallest stack that threads may have. */
static void show_small(char *path)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *library;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
    pthread_create(&thread, &attributes, open_library, path);
    pthread_join(thread, &library);
    long (*getpid_there)(void) = library ? (long (*)(void))dlsym(library, "library_getpid") : NULL;
    printf("small: %s\n", getpid_there && getpid_there() == getpid() ? "loaded" : "not loaded");
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!strcmp(name, "cold"))
        show(name, cold_call(SYS_getpid), cold_enter(41));
    else if (!strcmp(name, "bare"))
        show(name, bare_call(SYS_getpid), bare_enter(41));
    else if (!strcmp(name, "table"))
        show(name, table_call(SYS_getpid), table_enter(41));
    else if (!strcmp(name, "pointer"))
        show(name, pointer_call(SYS_getpid), pointer_enter(41));
    else if (!strcmp(name, "symbol")) {
        long value = 41;
        __asm__ volatile("call *%1" : "+a"(value) : "r"(dlsym(RTLD_DEFAULT, "symbol_within")) : "cc", "memory");
        show(name, symbol_call(SYS_getpid), value);
    } else if (!strcmp(name, "data"))
        show(name, data_call(), 0);
    else if (!strcmp(name, "zeros"))
        show_zeros();
    else if (!strcmp(name, "restorer"))
        show_restorer();
    else if (!strcmp(name, "small") && count > 2)
        show_small(arguments[2]);
    else if (!strcmp(name, "stackless"))
        stackless_write(1, "stackless: written\n", 19);
    else
        return 2;
    return 0;
}
