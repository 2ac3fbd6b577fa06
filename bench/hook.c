/*
 * hook.c: the least that a hook of system calls can be, as zpoline has it (Yasukata and others, USENIX ATC 2023): the
 * two bytes of `syscall` in a few functions of libc become `call *%rax`, so that the call's number is an address, in a
 * page at 0 of nops and a jump to code that makes the call and returns. Nothing is looked at or stored: a floor for
 * recorders that change code. Mapping page 0 takes CAP_SYS_RAWIO or vm.mmap_min_addr=0.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, SPAN = 256, LOW = 20, HIGH = 257, JUMP = 13 };

__asm__(".text\n"
        "hooked:\n"
        "    syscall\n"
        "    ret\n");
extern const char hooked[] __attribute__((visibility("hidden")));

/* Of the function's first SPAN bytes each `mov $nr,%eax; syscall`. */
static int change(const char *name, uint32_t nr)
{
    unsigned char *code = dlsym(RTLD_NEXT, name), wanted[7] = {0xb8, 0, 0, 0, 0, 0x0f, 0x05};
    int changed = 0;
    memcpy(wanted + 1, &nr, sizeof nr);
    void *page = (void *)((uintptr_t)code & ~(uintptr_t)(PAGE - 1));
    if (!code || mprotect(page, (size_t)2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
        return 0;
    for (unsigned char *at = code; at < code + SPAN; at++) {
        if (memcmp(at, wanted, sizeof wanted) == 0) {
            at[5] = 0xff; /* call *%rax */
            at[6] = 0xd0;
            changed++;
        }
    }
    mprotect(page, (size_t)2 * PAGE, PROT_READ | PROT_EXEC);
    return changed;
}

/* By one instruction: to the compiler, address 0 is no object. */
static void put(uintptr_t to, const void *from, size_t bytes)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
}

__attribute__((constructor)) static void begin(void)
{
    static const struct {
        const char *name;
        uint32_t nr; /* below LOW, or HIGH */
    } hooks[] = {{"lseek", 8}, {"pwrite", 18}, {"pread", 17}, {"write", 1}, {"open", 257}, {"close", 3}};
    if (mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != NULL) {
        fprintf(stderr, "hook: no page at address 0\n");
        exit(1);
    }
    unsigned char nops[LOW],
        jump[JUMP] = {0x49, 0xbb, 0, 0, 0, 0, 0, 0, 0, 0, 0x41, 0xff, 0xe3}; /* mov $hooked,%r11; jmp *%r11 */
    const void *to = hooked;
    memcpy(jump + 2, &to, sizeof to);
    memset(nops, 0x90, sizeof nops);
    put(0, nops, sizeof nops);
    put(LOW, jump, sizeof jump);
    put(HIGH, jump, sizeof jump);
    for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
        if (change(hooks[i].name, hooks[i].nr) == 0) {
            fprintf(stderr, "hook: no site in %s\n", hooks[i].name);
            exit(1);
        }
    }
}
