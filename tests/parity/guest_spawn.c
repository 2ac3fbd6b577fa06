/* Children of every kind: fork, vfork, posix_spawn (with file actions), popen, system; some exec, some do not, some
 * fail to. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void put(const char *text)
{
    if (write(1, text, strlen(text)) < 0)
        abort();
}

static void wait_for(pid_t pid)
{
    int status;
    if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status))
        put(WEXITSTATUS(status) ? "failed\n" : "done\n");
}

static void spawn(char **argv, char **environment)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "spawned", O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    int error = posix_spawn(&pid, argv[0], &actions, NULL, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    put(error ? "not spawned\n" : "spawned\n");
    wait_for(error ? -1 : pid);
}

int main(void)
{
    char *echo[] = {"/bin/echo", "hello", NULL}, *none[] = {"/nonexistent/program", NULL};
    char *own[] = {"A=1", NULL};
    put("fork\n");
    pid_t pid = fork();
    if (pid == 0) {
        put("child of fork\n");
        execv(echo[0], echo);
        _exit(1);
    }
    wait_for(pid);
    pid = fork();
    if (pid == 0)
        exit(3);
    wait_for(pid);
    put("execveat\n");
    for (int i = 0; i < 3; i++) {
        pid = fork();
        if (pid == 0) {
            int fd = open(i ? "/bin" : echo[0], O_PATH | O_CLOEXEC);
            if (i == 0)
                fexecve(fd, echo, environ);
            else
                syscall(SYS_execveat, fd, i == 1 ? "echo" : "nonexistent", echo, environ, 0);
            _exit(5);
        }
        wait_for(pid);
    }
    char *searched[] = {"echo", "found", NULL};
    pid = fork();
    if (pid == 0) {
        execvp(searched[0], searched);
        _exit(1);
    }
    wait_for(pid);
    put("vfork\n");
    for (int i = 0; i < 3; i++) {
        pid = vfork();
        if (pid == 0) {
            if (i < 2)
                execve((i ? none : echo)[0], i ? none : echo, environ);
            _exit(i);
        }
        wait_for(pid);
    }
    put("posix_spawn\n");
    spawn(echo, environ);
    spawn(echo, own);
    spawn(none, environ);
    put("popen\n");
    FILE *pipe = popen("echo from popen", "r");
    char line[64] = "";
    if (!pipe || !fgets(line, sizeof line, pipe))
        return 1;
    pclose(pipe);
    put(line);
    return system("echo from system; exit 2") == 0;
}
