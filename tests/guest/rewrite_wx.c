/*
 * A program whose code is writable, linked so: it changes an instruction of its own and runs it, and says how its code
 * is mapped.
 */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__asm__(".section changing, \"awx\", @progbits\n.globl changing_call\nchanging_call:\n.cfi_startproc\n"
        " mov $39, %eax\n syscall\n ret\n.cfi_endproc\n.text\n");
long changing_call(void);

int main(void)
{
    unsigned char *code = (unsigned char *)changing_call;
    long before = changing_call();
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], mode[5] = "";
    unsigned long begin, end;
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%lx-%lx", &begin, &end) == 2 && (unsigned long)code >= begin && (unsigned long)code < end)
            sscanf(line, "%*s %4s", mode);
    fclose(maps);
    code[1] = SYS_getppid;
    printf("pid %s, parent %s, mapped %s\n", before == getpid() ? "right" : "wrong",
           changing_call() == getppid() ? "right" : "wrong", mode);
    return 0;
}
