/* scene_options.c: what the environment asks for, and the environment that a started program gets. */
#include "harness.h"

#include <string.h>
#include <unistd.h>

#include "../../shim/session/environ.h"
#include "../../shim/session/session_options.h"

enum { MOST = 16 };

/* Copies, each in a block of its own size, so that a sanitizer sees a byte too far. */
static char **own_environment(const char *const *entries)
{
    char **copy = calloc(MOST + 1, sizeof *copy);
    CHECK(copy);
    for (size_t i = 0; entries[i]; i++)
        CHECK(i < MOST && (copy[i] = strdup(entries[i])));
    return copy;
}

static bool holds(char *const *environment, const char *entry)
{
    for (; *environment; environment++)
        if (strcmp(*environment, entry) == 0)
            return true;
    return false;
}

static size_t length_of(char *const *environment)
{
    size_t length = 0;
    while (environment[length])
        length++;
    return length;
}

static void free_environment(char **environment, char **entries)
{
    for (size_t i = 0; i < MOST; i++)
        free(entries[i]);
    free(environment);
}

/* Any area that is too small is refused, and none is written beyond. Then: what the new program reads of it. */
static void hand_on_with(const char *const *given, bool load, struct sc_to_load program)
{
    const struct sc_identity identity = {7, 4242, 3, program};
    char **environment = own_environment(given), *entries[MOST];
    memcpy(entries, environment, sizeof entries);
    struct sc_environ readable;
    size_t needed = 0, again;
    char dummy;
    CHECK(sc_environ_read((sc_addr)environment, &readable));
    CHECK(!sc_environ_make(&readable, load ? sc_process.library : NULL, &identity, &dummy, 0, &needed));
    for (size_t size = 1; size < needed; size += 1 + size / 16) {
        void *area = malloc(size);
        CHECK(area && !sc_environ_make(&readable, load ? sc_process.library : NULL, &identity, area, size, &again) &&
              again == needed);
        free(area);
    }
    void *area = malloc(needed);
    char **made =
        area ? sc_environ_make(&readable, load ? sc_process.library : NULL, &identity, area, needed, &again) : NULL;
    CHECK(made && again == needed);
    struct sc_options options;
    sc_options_read(made, &options);
    CHECK(options.join == load);
    if (load) {
        CHECK(options.asked.env == (enum sc_env_asked)sc_process.env_asked);
        CHECK(options.process == 7 && options.pid == 4242 && options.execs == 3 && options.nonce == 12345);
        CHECK(strcmp(options.path, sc_process.path) == 0 && options.dev == sc_process.dev);
        CHECK(!program.program == !options.load.program);
    }
    if (load && program.program)
        CHECK(strcmp(options.load.program, program.program) == 0 && strcmp(options.load.execfn, program.execfn) == 0);
    sc_environment_clean(made, &options);
    for (size_t i = 0; given[i]; i++)
        CHECK(holds(made, given[i]) || strstr(given[i], "libsyscap") || strncmp(given[i], "SYSCAP_SESSION", 14) == 0);
    CHECK(length_of(made) <= length_of(environment));
    free(area);
    free_environment(environment, entries);
}

/* To a program that loads our library, and to our loader, with names that look like parts of the description. */
static void hand_on(const char *const *given, bool load)
{
    hand_on_with(given, load, (struct sc_to_load){NULL, NULL});
    if (load)
        hand_on_with(given, load, (struct sc_to_load){"/a;b=1;f=/c", ";x=2;"});
}

static void read_back(const char *const *given, const char *bad, enum sc_mode_asked mode, uint64_t max_size)
{
    char **environment = own_environment(given), *entries[MOST];
    memcpy(entries, environment, sizeof entries);
    struct sc_options options;
    sc_options_read(environment, &options);
    CHECK(bad ? options.bad && strcmp(options.bad, bad) == 0 : !options.bad);
    CHECK(bad || (options.asked.mode == mode && options.asked.max_size == max_size));
    sc_environment_clean(environment, &options);
    free_environment(environment, entries);
}

/* Sessions that nobody of ours wrote. */
static void strange_sessions(void)
{
    uint64_t seed = 88172645463325252;
    for (int round = 0; round < 20000; round++) {
        static const char letters[] = "jl;=ndipqehmsvczf0123456789abcdef/x-bt";
        char text[64] = "SYSCAP_SESSION=";
        size_t length = 15;
        seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
        for (uint64_t bits = seed; length < 15 + (seed >> 58) && length < sizeof text - 1; bits /= 36) {
            text[length++] = letters[bits % 36];
            if (!bits)
                bits = seed ^ (uint64_t)length;
        }
        const char *const given[] = {"A=b", text, NULL};
        char **environment = own_environment(given), *entries[MOST];
        memcpy(entries, environment, sizeof entries);
        struct sc_options options;
        sc_options_read(environment, &options);
        CHECK(!options.join || options.path);
        sc_environment_clean(environment, &options);
        CHECK(length_of(environment) == 1);
        free_environment(environment, entries);
    }
}

/* What the kernel would answer with EFAULT is not touched. */
static void bad_environments(void)
{
    char *const bad_string[] = {(char *)(uintptr_t) "A=b", (char *)8, NULL};
    struct sc_environ readable;
    CHECK(!sc_environ_read(8, &readable));
    CHECK(!sc_environ_read((sc_addr)bad_string, &readable));
    CHECK(sc_environ_read(0, &readable) && readable.count == 0);
}

void scene_options(const char *path, char **argv)
{
    harness_begin(path, 0, false, argv);
    sc_process.env_asked = SC_ENV_NAMES;
    bad_environments();
    strcpy(sc_process.library, "/lib/libsyscap.so");
    hand_on((const char *const[]){NULL}, true);
    hand_on((const char *const[]){NULL}, false);
    hand_on((const char *const[]){"PATH=/bin", "HOME=/", NULL}, true);
    hand_on((const char *const[]){"PATH=/bin", "LD_PRELOAD=/lib/libsyscap.so", "X=", NULL}, true);
    hand_on((const char *const[]){"LD_PRELOAD=/lib/libsyscap.so", NULL}, false);
    hand_on((const char *const[]){"LD_PRELOAD=/a.so:/lib/libsyscap.so:/b.so", "B=c", NULL}, true);
    hand_on((const char *const[]){"LD_PRELOAD=/a.so:/lib/libsyscap.so:/b.so", "B=c", NULL}, false);
    hand_on((const char *const[]){"LD_PRELOAD=/a.so", "SYSCAP_SESSION=j;n=1;f=x", NULL}, true);
    hand_on((const char *const[]){"LD_PRELOAD=", "", "=", NULL}, true);
    read_back((const char *const[]){"SYSCAP_MODE=full", "SYSCAP_MAX_SIZE=3M", NULL}, NULL, SC_ASK_FULL, 3 << 20);
    read_back((const char *const[]){"SYSCAP_MODE=fully", NULL}, "SYSCAP_MODE", SC_ASK_AUTO, 0);
    read_back((const char *const[]){"SYSCAP_MAX_SIZE=99999999999999999999", NULL}, "SYSCAP_MAX_SIZE", SC_ASK_AUTO, 0);
    read_back((const char *const[]){"SYSCAP_MAX_SIZE=", NULL}, "SYSCAP_MAX_SIZE", SC_ASK_AUTO, 0);
    strange_sessions();
}
