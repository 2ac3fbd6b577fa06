#!/bin/bash
# Calls before our constructor and after everything of ours: a library that is initialised before us (the last one that
# asks for it is the first), and destructors of all kinds.
. "$(dirname "$0")/lib_hostile.sh"
cat >early.c <<'C'
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void *write_some(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int i = 0; i < 10; i++)
        if (write(fd, "some", 4) != 4)
            abort();
    close(fd);
    if (open("missing", O_RDONLY) >= 0)
        abort();
    return NULL;
}
static void by_all_means(char *name)
{
    pthread_t thread;
    write_some(name);
    if (pthread_create(&thread, NULL, write_some, name) == 0)
        pthread_join(thread, NULL);
    pid_t child = fork();
    if (child == 0) {
        write_some(name);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    if (system("echo from a shell") != 0)
        abort();
}
__attribute__((constructor)) static void early(void) { by_all_means("early"); }
__attribute__((destructor)) static void late(void) { by_all_means("late"); }
C
cat >main.c <<'C'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    int fd = open("main", O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 10; i++)
        write(fd, "main", 4);
    write(1, "main done\n", 10);
    return 4;
}
C
CC=${CC:-cc}
$CC -w -shared -fPIC -o libearly.so early.c -pthread -Wl,-z,initfirst -Wl,-soname,libearly.so &&
    $CC -w -o main main.c -Wl,--no-as-needed -L. -learly -Wl,-rpath,"$WORK" || exit 1
same early ./../main
did early "main done"
check "- early: its own status" grep -qx 'status 4' early.native
asks early "what main did" 'f("/main")["writes"] == 10'
asks early "what came late" 'f("/late")["writes"] == 30'
finish
