/* What makes it hard to stand between a program and the kernel. Each prints what it saw. */
#include <asm/prctl.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static void cleanup(void *unused)
{
    (void)unused;
    dprintf(1, "cleaned up\n");
}

static void *wait_for_ever(void *unused)
{
    char byte;
    pthread_cleanup_push(cleanup, unused);
    if (read(ends[0], &byte, 1) < 0)
        abort();
    pthread_cleanup_pop(0);
    return NULL;
}

/* A thread is cancelled in a call: the C library looks at which instruction that was. */
static void cancel(void)
{
    pthread_t thread;
    void *result;
    if (pipe(ends) != 0)
        abort();
    pthread_create(&thread, NULL, wait_for_ever, NULL);
    usleep(50000);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("cancelled %d\n", result == PTHREAD_CANCELED);
}

static void *make_calls(void *unused)
{
    for (int i = 0; i < 300; i++)
        getppid();
    return unused;
}

/* A filter that kills at calls which only we would make; threads are made after it. */
static void filter(void)
{
    struct sock_filter kill_ours[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_gettid, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_arch_prctl, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = {sizeof kill_ours / sizeof kill_ours[0], kill_ours};
    pthread_t threads[4];
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    printf("filter %d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, make_calls, NULL);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    printf("threads behind it\n");
}

/* The GS base is 0 until the program sets it; from then on it is the program's. */
static void base(void)
{
    unsigned long now = 1, seen;
    static unsigned long area[4] = {42};
    printf("get %ld %lu\n", syscall(SYS_arch_prctl, ARCH_GET_GS, &now), now);
    printf("set %ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, area));
    __asm__ volatile("mov %%gs:0, %0" : "=r"(seen));
    syscall(SYS_arch_prctl, ARCH_GET_GS, &now);
    printf("there %lu, told %d\n", seen, now == (unsigned long)area);
    make_calls(NULL);
}

/* No page is mapped at 0: a call of a null pointer faults, as does a jump to it. */
static void on_fault(int number)
{
    dprintf(1, "faulted\n");
    _exit(number);
}

static void null_call(void)
{
    signal(SIGSEGV, on_fault);
    __asm__ volatile("xor %%eax, %%eax; call *%%rax"
                     :
                     :
                     : "memory", "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11");
}

/* Bytes of a syscall instruction in data, in the middle of an instruction, and in code made at run time. */
static void not_code(void)
{
    static volatile const unsigned char data[] = {0xb8, 0x27, 0, 0, 0, 0x0f, 0x05, 0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff};
    unsigned sum = 0, inside;
    for (size_t i = 0; i < sizeof data; i++)
        sum = sum * 31 + data[i];
    __asm__ volatile("mov $0x050f050f, %0" : "=r"(inside));
    printf("data %u, immediate %x\n", sum, inside);
    static const unsigned char code[] = {0xb8, 0x27, 0, 0, 0, 0x0f, 0x05, 0xc3}; /* getpid */
    unsigned char *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(made, code, sizeof code);
    mprotect(made, 4096, PROT_READ | PROT_EXEC);
    long (*call)(void);
    memcpy(&call, &made, sizeof call);
    printf("made at run time %d\n", call() == getpid());
}

/* A handler on its own stack is interrupted in a call by another that wants the same stack. */
static void nested(int number)
{
    volatile char full[3000];
    memset((void *)(uintptr_t)full, number, sizeof full);
    if (number == SIGUSR1)
        raise(SIGUSR2);
    getppid();
    printf("%d in %d\n", full[1500], number);
}

static void handlers(void)
{
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    struct sigaction action = {.sa_handler = nested, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
}

/* All but rax, rcx and r11 is as before a call, flags and the red zone too. */
static void registers(void)
{
    long wrong;
    __asm__ volatile("mov $0x1111, %%rbx; mov $0x2222, %%r12; mov $0x3333, %%r8; mov $0x4444, %%r9\n\t"
                     "movq $0x5555, -8(%%rsp); movq $0x6666, -120(%%rsp)\n\t"
                     "mov $39, %%eax; stc; syscall\n\t"
                     "sbb %0, %0; inc %0\n\t"
                     "sub $0x1111, %%rbx; or %%rbx, %0; sub $0x2222, %%r12; or %%r12, %0\n\t"
                     "sub $0x3333, %%r8; or %%r8, %0; sub $0x4444, %%r9; or %%r9, %0\n\t"
                     "subq $0x5555, -8(%%rsp); or -8(%%rsp), %0; subq $0x6666, -120(%%rsp); or -120(%%rsp), %0"
                     : "=&r"(wrong)
                     :
                     : "rax", "rcx", "r11", "rbx", "r12", "r8", "r9", "cc", "memory");
    printf("changed %ld\n", wrong);
}

/* A thread made by hand, with nothing of its own but a stack: it ends by a call of its own. */
static void by_hand(void)
{
    enum { FLAGS = 0x00010f00 /* VM, FS, FILES, SIGHAND, THREAD */ };
    static char stack[65536] __attribute__((aligned(16)));
    static volatile int done;
    long result;
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    register volatile int *r9 __asm__("r9") = &done;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax; jnz 1f\n\t"
                     "mov $39, %%eax; syscall\n\t"
                     "movl $1, (%%r9)\n\t"
                     "mov $60, %%eax; xor %%edi, %%edi; syscall\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(FLAGS), "S"(stack + sizeof stack), "d"(0), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    while (!done)
        usleep(1000);
    printf("by hand %d\n", result > 0);
}

static int ran;

static void *count_one(void *unused)
{
    __atomic_add_fetch(&ran, 1, __ATOMIC_SEQ_CST);
    return unused;
}

/* Nobody waits for these: musl's unmap the stack that they run on. */
static void detached(void)
{
    enum { THREADS = 500 };
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, count_one, NULL) != 0)
            abort();
        pthread_detach(thread);
        while (__atomic_load_n(&ran, __ATOMIC_SEQ_CST) <= i)
            usleep(100);
    }
    printf("detached %d\n", ran);
}

/* The process has other threads: who becomes the program is not its first. */
static void *become_again(void *unused)
{
    char *again[] = {(char *)"hard", (char *)"registers", NULL};
    execv("/proc/self/exe", again);
    return unused;
}

static void exec_by_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, become_again, NULL);
    pause();
}

static int end_at_once(void *unused)
{
    (void)unused;
    syscall(SYS_exit, 0);
    return 0;
}

/* A thread that has blocked a signal makes a process as posix_spawn does: it is blocked still. */
static void *spawn_blocked(void *unused)
{
    static char stack[65536] __attribute__((aligned(16)));
    sigset_t some;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &some, NULL);
    int pid = clone(end_at_once, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    pthread_sigmask(SIG_BLOCK, NULL, &some);
    printf("blocked %d, ended %d\n", sigismember(&some, SIGUSR1), waitpid(pid, NULL, 0) == pid);
    return unused;
}

static void mask(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, spawn_blocked, NULL);
    pthread_join(thread, NULL);
}

/* What opens a file can be cancelled. */
static void itself(void)
{
    struct stat opened, named;
    int fd = open("/proc/self/exe", O_RDONLY);
    if (fstat(fd, &opened) != 0 || stat("/proc/self/exe", &named) != 0)
        abort();
    printf("opened itself %d\n", opened.st_ino == named.st_ino);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"cancel", cancel},       {"filter", filter},
               {"base", base},           {"null_call", null_call},
               {"not_code", not_code},   {"handlers", handlers},
               {"registers", registers}, {"by_hand", by_hand},
               {"detached", detached},   {"exec_by_thread", exec_by_thread},
               {"mask", mask},           {"itself", itself}};
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; argc > 1 && i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i].name, argv[1]) == 0)
            all[i].run();
    return 0;
}
