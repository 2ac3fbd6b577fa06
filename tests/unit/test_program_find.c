#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "../../common/capture_name.h"
#include "../../common/environment.h"
#include "../../common/program_find.h"

/* A list of directories, and what is said of the files in them. */
struct world {
    const char *list; /* ends with a colon */
    const char *there, *refused;
    char asked[256];
};

static int64_t next(void *context, char *path, size_t room)
{
    struct world *world = context;
    size_t length = strcspn(world->list, ":");
    if (!*world->list)
        return -1;
    if (length < room)
        memcpy(path, world->list, length);
    world->list += length + 1;
    return (int64_t)length;
}

static int executable(void *context, const char *path)
{
    struct world *world = context;
    strcat(strcat(world->asked, path), " ");
    return strcmp(path, world->there) == 0 ? 0 : strcmp(path, world->refused) == 0 ? -EACCES : -ENOENT;
}

static int search(struct world *world, const char *name, char *path, size_t bytes)
{
    static const struct sc_path_search calls = {next, executable};
    return sc_search_path(&calls, world, name, path, bytes);
}

Test(program_find, directories_are_searched_in_order)
{
    char path[16];
    struct world world = {.list = "/a::/far/too/long/for/it:/b:/c:", .there = "/b/ls", .refused = "/a/ls"};
    cr_expect_eq(search(&world, "ls", path, sizeof path), 0);
    cr_expect_str_eq(path, "/b/ls");
    cr_expect_str_eq(world.asked, "/a/ls ls /b/ls ", "an empty one is the working directory");
}

Test(program_find, what_is_not_executable_is_told_from_what_is_not_there)
{
    char path[16];
    struct world world = {.list = "/a:/b:", .there = "", .refused = "/a/ls"};
    cr_expect_eq(search(&world, "ls", path, sizeof path), -EACCES);
    world = (struct world){.list = "/a:/b:", .there = "", .refused = ""};
    cr_expect_eq(search(&world, "ls", path, sizeof path), -ENOENT);
}

Test(program_find, a_path_fits_with_its_end)
{
    char path[6];
    struct world world = {.list = "/a:", .there = "/a/ls", .refused = ""};
    cr_expect_eq(search(&world, "ls", path, 6), 0);
    world = (struct world){.list = "/a:", .there = "/a/ls", .refused = ""};
    cr_expect_eq(search(&world, "ls", path, 5), -ENOENT);
    cr_expect_str_eq(world.asked, "");
}

/* "3" is a script of "2" and so on down to "0", a program. */
static enum sc_untraced judge(void *context, const char *name, bool first, char interpreter[SC_INTERPRETER_BYTES])
{
    unsigned *files = context;
    cr_expect_eq(first, *files == 0);
    (*files)++;
    if (*name == '0')
        return SC_UNTRACED_STATIC;
    interpreter[0] = (char)(*name - 1);
    interpreter[1] = '\0';
    return SC_SCRIPT;
}

Test(program_find, scripts_are_followed_as_deep_as_the_kernel_does)
{
    unsigned files = 0;
    cr_expect_eq(sc_follow_scripts(judge, &files, "0"), SC_UNTRACED_STATIC);
    cr_expect_eq(files, 1);
    files = 0;
    cr_expect_eq(sc_follow_scripts(judge, &files, "5"), SC_UNTRACED_STATIC);
    cr_expect_eq(files, 6);
    files = 0;
    cr_expect_eq(sc_follow_scripts(judge, &files, "6"), SC_SCRIPT);
    cr_expect_eq(files, 6);
}

static void expect_name(const char *pattern, const char *program, const char *directory, const char *name)
{
    char path[64];
    size_t needed = strlen(name) + 1;
    strcpy(path, directory);
    cr_expect_eq(sc_expand_name(pattern, program, 42, path, strlen(directory), needed), 0, "%s", pattern);
    cr_expect_str_eq(path, name);
    strcpy(path, directory);
    cr_expect_eq(sc_expand_name(pattern, program, 42, path, strlen(directory), needed - 1), -ENAMETOOLONG);
}

Test(capture_name, the_pattern_is_expanded)
{
    expect_name("syscap.%n.%p.bin", "/usr/bin/ls", "/home", "/home/syscap.ls.42.bin");
    expect_name("x", "ls", "/", "/x");
    expect_name("/tmp/%n%n", "ls", "", "/tmp/lsls");
    expect_name("/100%%n%", "ls", "", "/100%n%");
    expect_name("/%q%", "ls", "", "/%q%");
}

static void expect_turn(const char *path, unsigned turn, const char *name)
{
    char text[32];
    strcpy(text, path);
    cr_expect_eq(sc_other_name(text, turn, strlen(name) + 1), 0);
    cr_expect_str_eq(text, name);
    strcpy(text, path);
    if (turn > 1)
        cr_expect_eq(sc_other_name(text, turn, strlen(name)), -ENAMETOOLONG);
}

Test(capture_name, a_later_turn_stands_before_the_ending)
{
    expect_turn("/a/rust.bin", 1, "/a/rust.bin");
    expect_turn("/a/rust.bin", 2, "/a/rust.2.bin");
    expect_turn("/a.b/rust", 123, "/a.b/rust.123");
    expect_turn("/a/.rust", 4294967295, "/a/.rust.4294967295");
}

static bool begins(const char *entry, const char *with)
{
    return strncmp(entry, with, strlen(with)) == 0;
}

static void expect_filled(const char *given, char *preload, char *session, const char *expected)
{
    char text[256], made[256] = "", *entries[16];
    size_t count = 0;
    strcpy(text, given);
    for (char *entry = strtok(text, " "); entry; entry = strtok(NULL, " "))
        entries[count++] = entry;
    sc_environment_fill(entries, count, begins, preload, session);
    for (char **entry = entries; *entry; entry++)
        strcat(strcat(made, *entry), " ");
    cr_expect_str_eq(made, expected);
}

Test(environment, ours_stand_where_the_program_had_them)
{
    expect_filled("", "P", "S", "P S ");
    expect_filled("", NULL, NULL, "");
    expect_filled("A=1 LD_PRELOAD=x B=2", "P", "S", "A=1 P B=2 S ");
    expect_filled("SYSCAP_SESSION=old A=1 B=2", "P", "S", "A=1 B=2 P S ");
    expect_filled("LD_PRELOAD=x A=1 LD_PRELOAD=y SYSCAP_SESSION=old", "P", NULL, "P A=1 ");
    expect_filled("LD_PRELOAD=x A=1 LD_PRELOADED=y SYSCAP_SESSION=old", NULL, NULL, "A=1 LD_PRELOADED=y ");
}

Test(environment, a_key_has_at_most_so_many_bytes)
{
    char text[SC_KEY_BYTES + 1];
    text[sc_put_key(text, 'n', UINT64_MAX)] = '\0';
    cr_expect_str_eq(text, ";n=ffffffffffffffff");
    text[sc_put_key(text, 'm', 0)] = '\0';
    cr_expect_str_eq(text, ";m=0");
}
