#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../common/environment.h"
#include "launcher.h"

extern char **environ;

/* Percent signs of the finished name are doubled: the library expands it once more. */
static int format_session(const struct sc_launch *launch, const char *name, char **ret_session)
{
    static const char begin[] = SC_SESSION_IS "l", end[] = ";f=";
    const struct sc_user_options *asked = &launch->asked;
    const struct {
        char key;
        uint64_t value;
    } keys[] = {{'n', launch->nonce},   {'h', 1},
                {'m', asked->mode},     {'s', asked->stack_depth},
                {'c', asked->follow},   {'z', asked->max_size},
                {'v', asked->env},      {'t', asked->leave_static},
                {'k', asked->keep_last}};
    const struct sc_only_texts only = {asked->trace, asked->paths};
    const struct sc_to_load load = {launch->loader[0] ? launch->loaded : NULL, launch->program};
    size_t name_bytes = 0;
    for (const char *at = name; *at; at++)
        name_bytes += *at == '%' ? 2 : 1;
    char *text = malloc(sizeof begin + sizeof keys / sizeof keys[0] * SC_KEY_BYTES + sizeof end + name_bytes +
                        SC_LOAD_KEYS_BYTES + SC_ONLY_KEYS_BYTES + sc_only_bytes(&only) + sc_load_bytes(&load));
    if (!text)
        return -ENOMEM;
    char *at = stpcpy(text, begin);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        at += sc_put_key(at, keys[i].key, keys[i].value);
    at += sc_put_load_keys(at, &load, name_bytes);
    at += sc_put_only_keys(at, &only);
    at = stpcpy(at, end);
    at += sc_put_only(at, &only);
    for (; *name; name++) {
        if (*name == '%')
            *at++ = '%';
        *at++ = *name;
    }
    at += sc_put_load(at, &load);
    *at = '\0';
    *ret_session = text;
    return 0;
}

static int format_preload(const struct sc_launch *launch, char **ret_preload)
{
    const char *old = getenv("LD_PRELOAD");
    if (launch->loader[0]) { /* which needs none */
        *ret_preload = NULL;
        return old && asprintf(ret_preload, SC_PRELOAD_IS "%s", old) < 0 ? -ENOMEM : 0;
    }
    int length = asprintf(ret_preload, SC_PRELOAD_IS "%s%s%s", launch->library, old ? ":" : "", old ? old : "");
    return length < 0 ? -ENOMEM : 0;
}

static bool entry_begins(const char *entry, const char *with)
{
    return strncmp(entry, with, strlen(with)) == 0;
}

/* The user's environment in its order, but for our two variables. */
static int make_environment(char *preload, char *session, char ***ret_environment)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **made = calloc(count + 3, sizeof *made);
    if (!made)
        return -ENOMEM;
    memcpy(made, environ, count * sizeof *made);
    sc_environment_fill(made, count, entry_begins, preload, session);
    *ret_environment = made;
    return 0;
}

static int execute_by_shell(const struct sc_launch *launch, char *const *environment)
{
    size_t count = 0;
    while (launch->argv[count])
        count++;
    const char **arguments = calloc(count + 2, sizeof *arguments);
    if (!arguments)
        return -ENOMEM;
    arguments[0] = "/bin/sh";
    arguments[1] = launch->program;
    memcpy(arguments + 2, launch->argv + 1, (count - 1) * sizeof *arguments);
    execve("/bin/sh", (char *const *)arguments, environment);
    int error = errno;
    free(arguments);
    return -error;
}

static int execute(const struct sc_launch *launch, char *const *environment)
{
    if (launch->by_shell)
        return execute_by_shell(launch, environment);
    execve(environment != environ && launch->loader[0] ? launch->loader : launch->program, launch->argv, environment);
    return -errno;
}

/*
 * Where the capture can't be named (a relative one, from a directory that was deleted) the program is started as it
 * would have been without us: that nothing is recorded is no reason for it not to run.
 */
static int become_unrecorded(const struct sc_launch *launch, int error)
{
    sc_say("nothing is captured: %s: %s", launch->asked.output,
           error == -ENOENT ? "the working folder, which the name is relative to, was deleted" : strerror(-error));
    return execute(launch, environ);
}

int sc_exec_program(const struct sc_launch *launch)
{
    char name[PATH_MAX];
    char *preload = NULL, *session = NULL, **environment = NULL;
    int result = sc_capture_name(launch, getpid(), name);
    if (result < 0)
        return become_unrecorded(launch, result);
    result = format_session(launch, name, &session);
    if (result == 0)
        result = format_preload(launch, &preload);
    if (result == 0)
        result = make_environment(preload, session, &environment);
    if (result == 0)
        result = execute(launch, environment);
    free(environment);
    free(preload);
    free(session);
    return result;
}
