#include "session_options.h"

#include <string.h>

#include "../../common/environment.h"
#include "../../common/numbers.h"
#include "../core/raw_syscall.h"

static const char SESSION[] = SC_SESSION_IS;
static const char PRELOAD[] = SC_PRELOAD_IS;

static bool is_variable(const char *entry, const char *name_and_sign)
{
    return strncmp(entry, name_and_sign, strlen(name_and_sign)) == 0;
}

char *sc_variable(char *const *environment, const char *name)
{
    size_t length = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static void read_user_options(char **environment, struct sc_options *options)
{
    for (enum sc_user_option option = 0; option < SC_USER_COUNT; option++) {
        const char *name = sc_user_variable(option), *text = sc_variable(environment, name);
        if (!text || (!*text && option == SC_USER_OUTPUT))
            continue;
        if (!sc_user_set(&options->asked, option, text))
            options->bad = name;
    }
}

static void set_session_value(struct sc_options *options, const char *key, uint64_t value)
{
    switch (key[0]) {
    case 'n': options->nonce = value; break;
    case 'd': options->dev = value; break;
    case 'i': options->ino = value; break;
    case 'p': options->process = (uint32_t)value; break;
    case 'q': options->pid = (int)value; break;
    case 'e': options->execs = (uint32_t)value; break;
    case 'h': options->hide = value != 0; break;
    case 'o': options->swapped = value != 0; break;
    case 'm': options->asked.mode = value <= SC_ASK_FULL ? (enum sc_mode_asked)value : SC_ASK_AUTO; break;
    case 's': options->asked.stack_depth = (uint32_t)value; break;
    case 'c': options->asked.follow = value != 0; break;
    case 'z': options->asked.max_size = value; break;
    case 'k': options->asked.keep_last = value != 0; break;
    case 't': options->asked.leave_static = value != 0; break;
    case 'v': options->asked.env = value <= SC_ENV_LAST ? (enum sc_env_asked)value : SC_ENV_NONE; break;
    default: break; /* from a newer version */
    }
}

/* The last value: the capture's name and, where the keys say so, what is to be loaded. */
static void read_name(char *name, uint64_t name_bytes, uint64_t program_bytes, struct sc_options *options)
{
    if (name_bytes && !sc_read_load(name, name_bytes, program_bytes, &options->load))
        name[0] = '\0';
    if (options->join)
        options->path = name;
    else
        options->asked.output = name;
}

/* "j;n=..;d=..;f=PATH" joins a session, "l;n=..;f=PATTERN" comes from syscap-record; one letter a key, hexadecimal. */
static void read_session(char *session, struct sc_options *options)
{
    uint64_t name_bytes = 0, program_bytes = 0, trace_bytes = 0, paths_bytes = 0;
    options->join = session[0] == 'j';
    options->launched = session[0] == 'l';
    for (char *p = strchr(session, ';'); p; p = strchr(p, ';')) {
        uint64_t value;
        p++;
        if (p[0] == '\0' || p[1] != '=')
            continue;
        if (p[0] == 'f') {
            struct sc_only_texts only;
            char *name = sc_read_only(p + 2, trace_bytes, paths_bytes, &only);
            options->asked.trace = only.trace;
            options->asked.paths = only.paths;
            if (name)
                read_name(name, name_bytes, program_bytes, options);
            else
                options->join = false;
            return;
        }
        if (!sc_read_number(p + 2, 16, ";", &value))
            continue;
        switch (p[0]) {
        case 'b': name_bytes = value; break;
        case 'x': program_bytes = value; break;
        case 'r': trace_bytes = value; break;
        case 'w': paths_bytes = value; break;
        default: set_session_value(options, p, value); break;
        }
    }
    options->join = false; /* without a path there is nothing to join */
}

void sc_options_read(char **environment, struct sc_options *ret_options)
{
    *ret_options = (struct sc_options){.asked = sc_user_defaults()};
    read_user_options(environment, ret_options);
    char *session = sc_variable(environment, "SYSCAP_SESSION");
    if (session)
        read_session(session, ret_options);
}

static bool is_entry(const char *entry, size_t length, const char *library)
{
    return length && length == strlen(library) && memcmp(entry, library, length) == 0;
}

const char *sc_own_entry(const char *list, size_t *ret_length)
{
    while (*list) {
        size_t length = strcspn(list, ": ");
        if (is_entry(list, length, sc_process.library) || is_entry(list, length, sc_process.other)) {
            *ret_length = length;
            return list;
        }
        list += length + (list[length] != '\0');
    }
    return NULL;
}

static void blank(char *from, const char *to)
{
    while (from < to)
        *from++ = '\0'; /* also out of /proc/self/environ */
}

/* Removes our entry from the variable in place; NULL if nothing remains. */
static char *without_own_entry(char *variable)
{
    const size_t name = strlen(PRELOAD);
    char *list = variable + name, *end = list + strlen(list);
    size_t length;
    char *own = (char *)(uintptr_t)sc_own_entry(list, &length);
    if (!own)
        return variable;
    if (own == list && own + length == end) {
        blank(variable, end);
        return NULL;
    }
    if (own == list) { /* move the name forward, next to what the user gave */
        char *start = own + length + 1 - name;
        memmove(start, PRELOAD, name);
        blank(variable, start);
        return start;
    }
    /* with the colon in front of it */
    memmove(own - 1, own + length, (size_t)(end - (own + length)));
    blank(end - length - 1, end);
    return variable;
}

/* The other library's path in the place of ours, as it was given. If it is longer, there are colons for the rest. */
static void swap_back(char *variable)
{
    size_t length, wanted = strlen(sc_process.other);
    char *own = (char *)(uintptr_t)sc_own_entry(variable + strlen(PRELOAD), &length);
    if (!own)
        return;
    char *rest = own + length, *end = rest + strlen(rest);
    size_t colons = 0;
    while (rest[colons] == ':')
        colons++;
    if (length + colons < wanted)
        return;
    if (length < wanted)
        rest += wanted - length;
    memmove(own + wanted, rest, (size_t)(end - rest));
    sc_copy(own, sc_process.other, wanted);
    blank(own + wanted + (end - rest), end);
}

void sc_environment_clean(char **environment, const struct sc_options *options)
{
    char **keep = environment;
    for (char **entry = environment; *entry; entry++) {
        char *kept = *entry;
        if (is_variable(kept, SESSION)) {
            blank(kept, kept + strlen(kept));
            kept = NULL;
        } else if (options->hide && is_variable(kept, PRELOAD)) {
            kept = without_own_entry(kept);
        } else if (options->swapped && is_variable(kept, PRELOAD)) {
            swap_back(kept);
        }
        if (kept)
            *keep++ = kept;
    }
    *keep = NULL;
}
