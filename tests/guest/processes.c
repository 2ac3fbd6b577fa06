/* Ways to start another process; by argument. The other program's path follows. Each process writes its own file. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *program;
static char *own_env[] = {"FIRST=1", "SECOND=two words", NULL};
static char *no_env[] = {NULL};

static void write_file(const char *name, int times)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < times; i++)
        if (write(fd, "12345678", 8) != 8)
            abort();
    close(fd);
}

static void wait_for(pid_t child)
{
    int status = -1;
    if (waitpid(child, &status, 0) != child)
        abort();
    printf("status %x\n", (unsigned)status);
    fflush(stdout);
}

static void *fork_in_thread(void *unused)
{
    write_file("thread", 2);
    pid_t child = fork();
    if (child == 0) {
        write_file("child", 5);
        exit(0); /* runs exit handlers in a process whose main thread is another */
    }
    wait_for(child);
    return unused;
}

static void start_and_wait(const char *how)
{
    char *argv[] = {program, "an argument", NULL};
    pid_t child = -1;
    if (strcmp(how, "fork") == 0) {
        child = fork();
        if (child == 0) {
            write_file("child", 5);
            pid_t grandchild = fork();
            if (grandchild == 0) {
                write_file("grandchild", 7);
                _exit(4);
            }
            wait_for(grandchild);
            exit(3);
        }
    } else if (strcmp(how, "fork_exec") == 0) {
        child = fork();
        if (child == 0) {
            execv(program, argv);
            _exit(127);
        }
    } else if (strcmp(how, "fork_execve_own") == 0 || strcmp(how, "fork_execve_empty") == 0) {
        child = fork();
        if (child == 0) {
            execve(program, argv, strcmp(how, "fork_execve_own") == 0 ? own_env : no_env);
            _exit(127);
        }
    } else if (strcmp(how, "fork_execve_null") == 0) {
        child = fork();
        if (child == 0) {
            execve(program, argv, NULL);
            _exit(127);
        }
    } else if (strcmp(how, "vfork") == 0) {
        child = vfork();
        if (child == 0) {
            execve(program, argv, own_env);
            _exit(127);
        }
    } else if (strcmp(how, "vfork_exit") == 0) {
        child = vfork();
        if (child == 0)
            _exit(9);
    } else if (strcmp(how, "vfork_fails") == 0) {
        child = vfork();
        if (child == 0) {
            execve("/missing/program", argv, own_env);
            _exit(errno == ENOENT ? 11 : 12);
        }
    } else if (strcmp(how, "spawn") == 0) {
        int error = posix_spawn(&child, program, NULL, NULL, argv, own_env);
        wait_for(child); /* before a word that the child's could come in between of */
        printf("posix_spawn %d\n", error);
        return;
    } else if (strcmp(how, "spawnp") == 0) {
        argv[0] = strrchr(program, '/') + 1;
        int error = posix_spawnp(&child, argv[0], NULL, NULL, argv, environ);
        wait_for(child);
        printf("posix_spawnp %d\n", error);
        return;
    } else if (strcmp(how, "spawn_fails") == 0) {
        printf("posix_spawn %d\n", posix_spawn(&child, "/missing/program", NULL, NULL, argv, own_env));
        return;
    }
    wait_for(child);
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "fork";
    program = argc > 2 ? argv[2] : "/bin/true";
    write_file("parent", 3);
    if (strcmp(how, "thread") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, fork_in_thread, NULL);
        pthread_join(thread, NULL);
    } else if (strcmp(how, "system") == 0) {
        printf("system %x\n", (unsigned)system(program));
    } else if (strcmp(how, "popen") == 0) {
        char line[4096];
        FILE *stream = popen(program, "r");
        while (fgets(line, sizeof line, stream))
            fputs(line, stdout);
        printf("pclose %x\n", (unsigned)pclose(stream));
    } else if (strcmp(how, "exec") == 0) {
        char *arguments[] = {program, "an argument", NULL};
        execve(program, arguments, own_env);
        return 99;
    } else if (strcmp(how, "execl") == 0) {
        execle(program, program, "one", "two", (char *)NULL, own_env);
        return 99;
    } else if (strcmp(how, "execlp") == 0) {
        execlp(strrchr(program, '/') + 1, program, "one", "two", (char *)NULL);
        return 99;
    } else if (strcmp(how, "fexecve") == 0) {
        char *arguments[] = {program, NULL};
        fexecve(open(program, O_RDONLY | O_CLOEXEC), arguments, own_env);
        return 99;
    } else {
        start_and_wait(how);
    }
    write_file("parent_after", 4);
    return 0;
}
