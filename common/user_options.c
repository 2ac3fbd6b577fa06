#include "user_options.h"

#include <string.h>

#include "call_set.h"
#include "capture_format.h"
#include "numbers.h"

enum { STACK_MAX = 64 };

struct sc_user_options sc_user_defaults(void)
{
    return (struct sc_user_options){.output = "syscap.%n.%p.bin", .follow = true};
}

const char *sc_user_variable(enum sc_user_option option)
{
    static const char *const names[SC_USER_COUNT] = {
        [SC_USER_OUTPUT] = "SYSCAP_OUTPUT",     [SC_USER_MODE] = "SYSCAP_MODE",
        [SC_USER_CHILDREN] = "SYSCAP_CHILDREN", [SC_USER_STACK] = "SYSCAP_STACK",
        [SC_USER_MAX_SIZE] = "SYSCAP_MAX_SIZE", [SC_USER_ENV] = "SYSCAP_ENV",
        [SC_USER_STATIC] = "SYSCAP_STATIC",     [SC_USER_TRACE] = "SYSCAP_TRACE",
        [SC_USER_PATHS] = "SYSCAP_PATHS",       [SC_USER_KEEP] = "SYSCAP_KEEP",
    };
    return names[option];
}

static bool one_of(const char *value, const char *const *names, unsigned *ret_index)
{
    for (unsigned i = 0; names[i]; i++)
        if (strcmp(value, names[i]) == 0) {
            *ret_index = i;
            return true;
        }
    return false;
}

static bool is_call_set(const char *value)
{
    struct sc_call_set set;
    char bad[SC_CALL_WORD_BYTES];
    return strlen(value) < sizeof((struct sc_file_only *)0)->trace && sc_call_set_parse(value, &set, bad) == 0;
}

bool sc_user_set(struct sc_user_options *options, enum sc_user_option option, const char *value)
{
    static const char *const modes[] = {"auto", "interpose", "full", NULL};
    static const char *const children[] = {"follow", "ignore", NULL};
    static const char *const statics[] = {"follow", "leave", NULL};
    static const char *const keeps[] = {"first", "last", NULL};
    static const char *const env[] = {"hash", "names", "values", "none", NULL};
    unsigned index;
    uint64_t number;
    switch (option) {
    case SC_USER_OUTPUT:
        if (!*value)
            return false;
        options->output = value;
        return true;
    case SC_USER_MODE:
        if (!one_of(value, modes, &index))
            return false;
        options->mode = (enum sc_mode_asked)index;
        return true;
    case SC_USER_CHILDREN:
        if (!one_of(value, children, &index))
            return false;
        options->follow = index == 0;
        return true;
    case SC_USER_STACK:
        if (!sc_read_number(value, 10, "", &number) || number > STACK_MAX)
            return false;
        options->stack_depth = (uint32_t)number;
        return true;
    case SC_USER_MAX_SIZE: return sc_read_size(value, &options->max_size);
    case SC_USER_ENV:
        if (!one_of(value, env, &index))
            return false;
        options->env = (enum sc_env_asked)index;
        return true;
    case SC_USER_STATIC:
        if (!one_of(value, statics, &index))
            return false;
        options->leave_static = index == 1;
        return true;
    case SC_USER_TRACE:
        if (!is_call_set(value))
            return false;
        options->trace = value;
        return true;
    case SC_USER_PATHS:
        if (!*value || strlen(value) >= sizeof((struct sc_file_only *)0)->paths)
            return false;
        options->paths = value;
        return true;
    case SC_USER_KEEP:
        if (!one_of(value, keeps, &index))
            return false;
        options->keep_last = index == 1;
        return true;
    default: return false;
    }
}
