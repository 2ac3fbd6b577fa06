/*
 * refuse WHAT[,WHAT...] COMMAND...: runs the command under a seccomp filter that refuses what older kernels and odd
 * file systems do not have.
 *
 *   fallocate   EOPNOTSUPP, as on file systems that can't allocate
 *   populate    madvise(MADV_POPULATE_WRITE): EINVAL, before Linux 5.14
 *   wipe        madvise(MADV_WIPEONFORK): EINVAL, before Linux 4.14
 *   vm_read     process_vm_readv: EPERM, as containers have it
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct sock_filter code[64];
static unsigned used;

static void add(struct sock_filter instruction)
{
    code[used++] = instruction;
}

static void refuse_call(unsigned nr, unsigned error)
{
    add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1));
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
}

/* Of madvise one advice; the number is loaded again for who comes next. */
static void refuse_advice(unsigned advice)
{
    add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 0, 4));
    add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])));
    add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, advice, 0, 1));
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL));
    add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    add((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    for (char *what = strtok(argv[1], ","); what; what = strtok(NULL, ",")) {
        if (strcmp(what, "fallocate") == 0)
            refuse_call(SYS_fallocate, EOPNOTSUPP);
        else if (strcmp(what, "populate") == 0)
            refuse_advice(23);
        else if (strcmp(what, "wipe") == 0)
            refuse_advice(18);
        else if (strcmp(what, "vm_read") == 0)
            refuse_call(SYS_process_vm_readv, EPERM);
        else
            return 2;
    }
    add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    struct sock_fprog program = {(unsigned short)used, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("seccomp");
        return 125;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
