#include "session_options.h"

#include <string.h>

#include "../core/raw_syscall.h"

static const char SESSION[] = "SYSCAP_SESSION=";
static const char PRELOAD[] = "LD_PRELOAD=";

static bool is_variable(const char *entry, const char *name_and_sign)
{
    return strncmp(entry, name_and_sign, strlen(name_and_sign)) == 0;
}

static const char *find(char *const *environment, const char *name_and_sign)
{
    for (; *environment; environment++)
        if (is_variable(*environment, name_and_sign))
            return *environment + strlen(name_and_sign);
    return NULL;
}

/* Parses a number in base, ended by one of the characters in ends or by the end. False if it is none. */
static bool number(const char *text, unsigned base, const char *ends, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *p = text;
    for (; *p && !strchr(ends, *p); p++) {
        unsigned digit = *p >= '0' && *p <= '9'   ? (unsigned)(*p - '0')
                         : *p >= 'a' && *p <= 'f' ? (unsigned)(*p - 'a' + 10)
                                                  : 99;
        if (digit >= base || value > (UINT64_MAX - digit) / base)
            return false;
        value = value * base + digit;
    }
    *ret_value = value;
    return p > text;
}

static bool size_with_unit(const char *text, uint64_t *ret_value)
{
    static const char units[] = "KkMmGg";
    size_t length = strlen(text);
    const char *unit = length ? strchr(units, text[length - 1]) : NULL;
    unsigned shift = unit && *unit ? 10 * (unsigned)(1 + (unit - units) / 2) : 0;
    if (!number(text, 10, shift ? units : "", ret_value) || *ret_value << shift >> shift != *ret_value)
        return false;
    *ret_value <<= shift;
    return true;
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

static void read_user_options(char **environment, struct sc_options *options)
{
    static const char *const modes[] = {"auto", "interpose", "full", NULL};
    static const char *const children[] = {"follow", "ignore", NULL};
    unsigned index;
    uint64_t value;
    const char *text;
    if ((text = find(environment, "SYSCAP_OUTPUT=")) && *text)
        options->output = text;
    if ((text = find(environment, "SYSCAP_MODE="))) {
        if (one_of(text, modes, &index))
            options->mode = (enum sc_mode_asked)index;
        else
            options->bad = "SYSCAP_MODE";
    }
    if ((text = find(environment, "SYSCAP_CHILDREN="))) {
        if (one_of(text, children, &index))
            options->follow = index == 0;
        else
            options->bad = "SYSCAP_CHILDREN";
    }
    if ((text = find(environment, "SYSCAP_STACK="))) {
        if (number(text, 10, "", &value) && value <= 64)
            options->stack_depth = (uint32_t)value;
        else
            options->bad = "SYSCAP_STACK";
    }
    if ((text = find(environment, "SYSCAP_MAX_SIZE=")) && !size_with_unit(text, &options->max_size))
        options->bad = "SYSCAP_MAX_SIZE";
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
    case 'm': options->mode = value <= SC_ASK_FULL ? (enum sc_mode_asked)value : SC_ASK_AUTO; break;
    case 's': options->stack_depth = (uint32_t)value; break;
    case 'c': options->follow = value != 0; break;
    case 'z': options->max_size = value; break;
    default: break; /* from a newer version */
    }
}

/* "j;n=..;d=..;f=PATH" joins a session, "l;n=..;f=PATTERN" comes from syscap-record; one letter a key, hexadecimal. */
static void read_session(const char *session, struct sc_options *options)
{
    options->join = session[0] == 'j';
    options->launched = session[0] == 'l';
    for (const char *p = strchr(session, ';'); p; p = strchr(p, ';')) {
        uint64_t value;
        p++;
        if (p[0] == '\0' || p[1] != '=')
            continue;
        if (p[0] == 'f') {
            if (options->join)
                options->path = p + 2;
            else
                options->output = p + 2;
            return;
        }
        if (number(p + 2, 16, ";", &value))
            set_session_value(options, p, value);
    }
    options->join = false; /* without a path there is nothing to join */
}

void sc_options_read(char **environment, struct sc_options *ret_options)
{
    *ret_options = (struct sc_options){.follow = true, .output = "syscap.%n.%p.bin"};
    read_user_options(environment, ret_options);
    const char *session = find(environment, SESSION);
    if (session)
        read_session(session, ret_options);
}

const char *sc_own_entry(const char *list, size_t *ret_length)
{
    size_t own = strlen(sc_process.library);
    while (*list) {
        size_t length = strcspn(list, ": ");
        if (length == own && memcmp(list, sc_process.library, own) == 0) {
            *ret_length = own;
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

void sc_environment_clean(char **environment, bool hide)
{
    char **keep = environment;
    for (char **entry = environment; *entry; entry++) {
        char *kept = *entry;
        if (is_variable(kept, SESSION)) {
            blank(kept, kept + strlen(kept));
            kept = NULL;
        } else if (hide && is_variable(kept, PRELOAD)) {
            kept = without_own_entry(kept);
        }
        if (kept)
            *keep++ = kept;
    }
    *keep = NULL;
}
