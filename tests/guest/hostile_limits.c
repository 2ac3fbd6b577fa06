/*
 * A process that takes something away from itself and goes on writing: 100 writes before, 20,000 after (more than was
 * mapped before; 200,000, more than the file had room for, where the file is out of reach by then), into "before" and
 * "after". By argument: setuid chroot unshare pidns chdir dumpable nofile fsize as nproc caps filter (kills whatever
 * the program does not need) filter_exec (the filter's program is another) deleted readonly none
 */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BEFORE = 100, AFTER = 20000, MORE = 200000 };

static int after;

static void say(const char *text)
{
    if (write(1, text, strlen(text)) < 0)
        _exit(90);
}

static void must(int result, const char *what)
{
    if (result == 0)
        return;
    say("cannot ");
    say(what);
    say("\n");
    _exit(0);
}

static void write_all(int fd, int count)
{
    for (int i = 0; i < count; i++)
        if (write(fd, "limited ", 8) != 8)
            _exit(91);
}

static void install_filter(int allow_exec)
{
#define ALLOW(nr) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(SYS_write),
        ALLOW(SYS_exit_group),
        ALLOW(SYS_rt_sigreturn),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, allow_exec ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, allow_exec ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS),
    };
    /* Before an exec: all that ld.so needs is allowed, but not what only we would use. */
    struct sock_filter lenient[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 5, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rename, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mremap, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog strict_program = {sizeof filter / sizeof filter[0], filter};
    struct sock_fprog lenient_program = {sizeof lenient / sizeof lenient[0], lenient};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs");
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, allow_exec ? &lenient_program : &strict_program),
         "install a filter");
}

static void limit(int resource, rlim_t value)
{
    struct rlimit both = {value, value};
    must(setrlimit(resource, &both), "set a limit");
}

static rlim_t address_space(void)
{
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY);
    read(fd, text, sizeof text - 1);
    close(fd);
    return (rlim_t)atol(text) * 4096;
}

static void take_away(const char *how)
{
    if (strcmp(how, "setuid") == 0) {
        must(setgid(65534), "setgid");
        must(setuid(65534), "setuid");
    } else if (strcmp(how, "caps") == 0) {
        for (int cap = 0; cap < 41; cap++)
            prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
        struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
        must((int)syscall(SYS_capset, &header, none), "capset");
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    } else if (strcmp(how, "chroot") == 0) {
        must(mkdir("root", 0700), "mkdir");
        must(chroot("root"), "chroot");
        must(chdir("/"), "chdir");
    } else if (strcmp(how, "unshare") == 0) {
        must(unshare(CLONE_NEWNS | CLONE_FS | CLONE_FILES), "unshare");
    } else if (strcmp(how, "pidns") == 0) {
        must(unshare(CLONE_NEWPID), "unshare");
        pid_t child = fork();
        int status;
        if (child == 0) { /* number 1 there */
            write_all(after, AFTER);
            pid_t second = fork();
            if (second == 0)
                _exit(getppid() == 1 ? 0 : 92); /* its own number may be higher: helpers of ours take some */
            if (waitpid(second, &status, 0) != second || status)
                _exit(93);
            _exit(getpid() == 1 ? 0 : 94);
        }
        if (waitpid(child, &status, 0) != child || status)
            say("pidns failed\n");
    } else if (strcmp(how, "chdir") == 0) {
        must(chdir("/"), "chdir");
    } else if (strcmp(how, "dumpable") == 0) {
        must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl");
    } else if (strcmp(how, "nofile") == 0) {
        limit(RLIMIT_NOFILE, 6);
    } else if (strcmp(how, "fsize") == 0) {
        limit(RLIMIT_FSIZE, 200000); /* what the program writes fits, the capture does not */
    } else if (strcmp(how, "as") == 0) {
        limit(RLIMIT_AS, address_space() + 4096);
    } else if (strcmp(how, "nproc") == 0) {
        must(setgid(65534), "setgid");
        limit(RLIMIT_NPROC, 0);
        must(setuid(65534), "setuid");
    } else if (strcmp(how, "filter") == 0) {
        install_filter(0);
    } else if (strcmp(how, "deleted") == 0) { /* without us there is none */
        link(getenv("HOSTILE_OUTPUT"), getenv("HOSTILE_KEPT"));
        unlink(getenv("HOSTILE_OUTPUT"));
    } else if (strcmp(how, "readonly") == 0) { /* the folder of the capture, from here on and for us only */
        const char *folder = getenv("HOSTILE_FOLDER");
        must(unshare(CLONE_NEWNS), "unshare");
        must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
        must(mount(folder, folder, NULL, MS_BIND, NULL), "mount");
        must(mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), "mount read-only");
    }
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "none";
    int before = open("before", O_WRONLY | O_CREAT, 0666);
    after = open("after", O_WRONLY | O_CREAT | O_APPEND, 0666);
    write_all(before, BEFORE);
    if (strcmp(how, "filter_exec") == 0) {
        install_filter(1);
        execl(argv[2], argv[2], "direct", NULL);
        _exit(95);
    }
    take_away(how);
    if (strcmp(how, "setuid") == 0 || strcmp(how, "chroot") == 0 || strcmp(how, "nproc") == 0 ||
        strcmp(how, "chdir") == 0 || strcmp(how, "deleted") == 0 || strcmp(how, "readonly") == 0)
        write_all(after, MORE);
    else if (strcmp(how, "pidns") != 0)
        write_all(after, AFTER);
    say(how);
    say(" done\n");
    return 5;
}
