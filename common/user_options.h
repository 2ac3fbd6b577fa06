/*
 * user_options.h: what a recording's user may choose: the library reads it from variables, syscap-record from those and
 * from its options.
 */
#ifndef SC_USER_OPTIONS_H
#define SC_USER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum sc_mode_asked { SC_ASK_AUTO, SC_ASK_INTERPOSE, SC_ASK_FULL };

/* What of the environment goes into the capture; its numbers are those in a session's description. */
enum sc_env_asked {
    SC_ENV_HASH,   /* names and the hashes of values; values of the few that say how programs start and do I/O */
    SC_ENV_NAMES,  /* no value, in no form */
    SC_ENV_VALUES, /* all of it */
    SC_ENV_NONE,   /* nothing */
    SC_ENV_LAST = SC_ENV_NONE,
};

/* With less room SYSCAP_KEEP=last can't be: every thread and process takes a slot. */
#define SC_KEEP_LEAST (UINT64_C(512) << 10)

struct sc_user_options {
    const char *output; /* pattern, see capture_name.h; relative to the working directory */
    enum sc_mode_asked mode;
    bool follow; /* children are recorded too */
    uint32_t stack_depth;
    uint64_t max_size; /* 0: none */
    bool keep_last;    /* of what does not fit max_size, the newest */
    enum sc_env_asked env;
    bool leave_static; /* statically linked programs are not recorded */
    const char *trace; /* which calls, see call_set.h; NULL: all */
    const char *paths; /* on which files: patterns, see sc_name_fits, with colons between them; NULL: all */
};

/* In the order in which the variables are read. */
enum sc_user_option {
    SC_USER_OUTPUT,
    SC_USER_MODE,
    SC_USER_CHILDREN,
    SC_USER_STACK,
    SC_USER_MAX_SIZE,
    SC_USER_ENV,
    SC_USER_STATIC,
    SC_USER_TRACE,
    SC_USER_PATHS,
    SC_USER_KEEP,
    SC_USER_COUNT
};

/* What holds where nothing is said. */
struct sc_user_options sc_user_defaults(void);

/* "SYSCAP_OUTPUT" and so on. */
const char *sc_user_variable(enum sc_user_option option);

/* False where the value is none for that option; then nothing has changed. output, trace and paths point to the value.
 */
bool sc_user_set(struct sc_user_options *options, enum sc_user_option option, const char *value);

#endif
