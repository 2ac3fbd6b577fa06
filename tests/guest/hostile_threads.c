/*
 * Threads of every kind. By argument:
 *
 *   many     ten thousand short ones, eight at a time, each with four writes of its own
 *   alive    two thousand that all live at once
 *   small    on stacks of 16 KiB, with paths and enough writes to change chunks, and an exec in a child
 *   cancel   cancelled in blocked calls
 *   fork     one thread forks while others write; the children write on
 *   last     main leaves by pthread_exit, the last thread too
 *   system   several are in system and popen at once, some are cancelled there, another forks
 *   close    one thread closes and looks at every descriptor that it can find while others record
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 10000, AT_A_TIME = 8, ALIVE = 2000 };

static int shared = -1;
static volatile int stop;

static void write_or_die(int fd, const char *bytes, size_t count)
{
    if (write(fd, bytes, count) != (ssize_t)count)
        _exit(90);
}

static void *four_writes(void *unused)
{
    for (int i = 0; i < 4; i++)
        write_or_die(shared, "four", 4);
    return unused;
}

static void many(void)
{
    pthread_t threads[AT_A_TIME];
    for (int done = 0; done < MANY; done += AT_A_TIME) {
        for (int i = 0; i < AT_A_TIME; i++)
            if (pthread_create(&threads[i], NULL, four_writes, NULL) != 0)
                _exit(91);
        for (int i = 0; i < AT_A_TIME; i++)
            pthread_join(threads[i], NULL);
    }
    printf("many done\n");
}

static pthread_barrier_t all_there;

static void *write_and_stay(void *unused)
{
    four_writes(NULL);
    pthread_barrier_wait(&all_there);
    four_writes(NULL);
    return unused;
}

static void alive(void)
{
    static pthread_t threads[ALIVE];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
    pthread_barrier_init(&all_there, NULL, ALIVE);
    for (int i = 0; i < ALIVE; i++)
        if (pthread_create(&threads[i], &attributes, write_and_stay, NULL) != 0)
            _exit(91);
    for (int i = 0; i < ALIVE; i++)
        pthread_join(threads[i], NULL);
    printf("alive done\n");
}

static void *deep_work(void *unused)
{
    struct stat st;
    char name[3000];
    memset(name, 'x', sizeof name);
    for (size_t i = 100; i < sizeof name; i += 100)
        name[i] = '/';
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < 5000; i++)
        write_or_die(shared, "deep", 4);
    for (int i = 0; i < 50; i++)
        if (stat(name, &st) == 0 || open(name, O_RDONLY) >= 0)
            _exit(92);
    return unused;
}

static void small(void)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) != 0)
        _exit(91);
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, deep_work, NULL) != 0)
            _exit(92);
        pthread_join(thread, NULL);
    }
    printf("small done\n");
}

static int pipe_ends[2], sockets[2];
static sem_t waiting;

static void *block_read(void *unused)
{
    char byte;
    read(pipe_ends[0], &byte, 1);
    return unused;
}

static void *block_poll(void *unused)
{
    struct pollfd one = {pipe_ends[0], POLLIN, 0};
    poll(&one, 1, -1);
    return unused;
}

static void *block_recv(void *unused)
{
    char byte;
    recv(sockets[0], &byte, 1, 0);
    return unused;
}

static void *block_select(void *unused)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pipe_ends[0], &set);
    select(pipe_ends[0] + 1, &set, NULL, NULL, NULL);
    return unused;
}

static void *block_accept(void *unused)
{
    accept(sockets[0], NULL, NULL);
    pause();
    return unused;
}

static void *block_sleep(void *unused)
{
    struct timespec long_time = {1000, 0};
    nanosleep(&long_time, NULL);
    return unused;
}

static void *block_sem(void *unused)
{
    sem_wait(&waiting);
    return unused;
}

static void cancel(void)
{
    static void *(*const ways[])(void *) = {block_read,   block_poll,  block_recv, block_select,
                                            block_accept, block_sleep, block_sem};
    pipe(pipe_ends);
    socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
    sem_init(&waiting, 0, 0);
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
            pthread_t thread;
            void *result;
            pthread_create(&thread, NULL, ways[i], NULL);
            if (round % 2) /* before it got there, or in it */
                usleep(300);
            pthread_cancel(thread);
            pthread_join(thread, &result);
            if (result != PTHREAD_CANCELED)
                printf("way %zu was not cancelled\n", i);
            write_or_die(shared, "next", 4);
        }
    printf("cancel done\n");
}

static void *until_stopped(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    while (!stop)
        if (pwrite(fd, "some", 4, 0) != 4)
            _exit(93);
    close(fd);
    return NULL;
}

static void fork_threaded(void)
{
    pthread_t threads[3];
    static char names[3][8] = {"t0", "t1", "t2"};
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, until_stopped, names[i]);
    for (int i = 0; i < 200; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            for (int k = 0; k < 5; k++)
                write_or_die(shared, "child", 5);
            _exit(3);
        }
        if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 3)
            printf("child %d: %x\n", i, status);
    }
    stop = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    printf("fork done\n");
}

static void *last_one(void *main_thread)
{
    pthread_join(*(pthread_t *)main_thread, NULL);
    for (int i = 0; i < 1000; i++)
        write_or_die(shared, "last", 4);
    pthread_exit(NULL);
}

static void last(void)
{
    static pthread_t self;
    pthread_t thread;
    self = pthread_self();
    pthread_create(&thread, NULL, last_one, &self);
    pthread_exit(NULL);
}

static void *use_shell(void *unused)
{
    for (int i = 0; i < 10; i++) {
        char line[64] = "";
        int status = system("test \"$OWN\" = 'of the program' && exit 3");
        FILE *stream = popen("echo \"$OWN\"", "r");
        fgets(line, sizeof line, stream);
        if (status != 3 << 8 || strcmp(line, "of the program\n") != 0 || pclose(stream) != 0)
            _exit(94);
    }
    return unused;
}

static void *wait_in_shell(void *unused)
{
    system("exec sleep 10");
    return unused;
}

/* What of the environment is not as it was at the start. */
static int differs(char **first, int count)
{
    int now = 0, ours = 0;
    for (char **entry = environ; *entry; entry++, now++)
        ours += strncmp(*entry, "SYSCAP_SESSION", 14) == 0;
    return (environ != first) + (now != count) + ours;
}

static void shells(void)
{
    pthread_t threads[4];
    int count = 0, status, bad = 0;
    setenv("OWN", "of the program", 1);
    char **first = environ;
    while (environ[count])
        count++;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            pthread_create(&threads[i], NULL, i ? use_shell : wait_in_shell, NULL);
        for (int i = 0; i < 20; i++) {
            pid_t child = fork();
            if (child == 0)
                _exit(differs(first, count));
            waitpid(child, &status, 0);
            bad += status;
        }
        usleep(10000);
        pthread_cancel(threads[0]);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
        bad += differs(first, count);
    }
    printf("system done, the environment differs in %d\n", bad);
}

static void *counted_writes(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 100000; i++)
        if (pwrite(fd, "some", 4, 0) != 4)
            _exit(93);
    __atomic_fetch_add(&stop, 1, __ATOMIC_SEQ_CST); /* two threads do so */
    return NULL;
}

static void close_all(void)
{
    pthread_t threads[2];
    static char names[2][8] = {"t0", "t1"};
    int found = 0;
    closefrom(4); /* what a shell left open */
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, counted_writes, names[i]);
    /* 0-2, loop, the two threads' files */
    while (stop < 2) {
        for (int fd = 6; fd < 64; fd++) {
            if (fcntl(fd, F_GETFD) != -1 && ++found == 1)
                printf("met descriptor %d\n", fd);
            if (close(fd) == 0 && ++found == 1)
                printf("closed descriptor %d\n", fd);
        }
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("close: met %d\n", found);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } ways[] = {{"many", many},          {"alive", alive}, {"small", small},     {"cancel", cancel},
                {"fork", fork_threaded}, {"last", last},   {"close", close_all}, {"system", shells}};
    shared = open("shared", O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (argc > 1 && strcmp(argv[1], ways[i].name) == 0)
            ways[i].run();
    return 0;
}
