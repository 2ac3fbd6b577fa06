#include "options.h"

#include <string.h>

#include "sys.h"

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

/* A number in base up to one of the characters in ends, or the end. False where it is none. */
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

/* Our entry in a list of libraries, and its length; NULL where it is not among them. */
static const char *own_entry(const char *list, size_t *ret_length)
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

void sc_environment_clean(char **environment, bool hide)
{
    char **keep = environment;
    for (char **entry = environment; *entry; entry++) {
        if (is_variable(*entry, SESSION)) {
            for (char *p = *entry; *p; p++)
                *p = '\0'; /* also out of /proc/self/environ */
            continue;
        }
        if (hide && is_variable(*entry, PRELOAD)) {
            char *list = *entry + strlen(PRELOAD);
            size_t own;
            /* Whoever hid our entry put it first. */
            if (own_entry(list, &own) == list && !list[own]) {
                for (char *p = *entry; *p; p++)
                    *p = '\0';
                continue;
            }
            if (own_entry(list, &own) == list) { /* move the name up against what the user gave */
                size_t name = strlen(PRELOAD);
                char *start = *entry + own + 1;
                for (size_t i = name; i-- > 0;)
                    start[i] = PRELOAD[i];
                for (char *p = *entry; p < start; p++)
                    *p = '\0';
                *entry = start;
            }
        }
        *keep++ = *entry;
    }
    *keep = NULL;
}

struct area {
    char *at;
    char *end;
    size_t needed;
};

static void put(struct area *area, const char *bytes, size_t count)
{
    area->needed += count;
    if ((size_t)(area->end - area->at) < count) {
        area->at = area->end;
        return;
    }
    sc_copy(area->at, bytes, count);
    area->at += count;
}

static void put_key(struct area *area, char key, uint64_t value)
{
    char digits[16], text[3] = {';', key, '='};
    unsigned count = 0;
    put(area, text, sizeof text);
    do
        digits[count++] = "0123456789abcdef"[value & 15];
    while (value >>= 4);
    while (count)
        put(area, &digits[--count], 1);
}

static char *put_session(struct area *area, const struct sc_identity *identity, bool hide)
{
    char *begin = area->at;
    put(area, SESSION, strlen(SESSION));
    put(area, "j", 1);
    put_key(area, 'n', sc_process.header->nonce);
    put_key(area, 'd', sc_process.dev);
    put_key(area, 'i', sc_process.ino);
    put_key(area, 'p', identity->process);
    put_key(area, 'q', (uint64_t)identity->pid);
    put_key(area, 'e', identity->execs);
    put_key(area, 'h', hide);
    put_key(area, 'm', sc_process.mode_asked);
    put_key(area, 's', sc_process.stack_depth);
    put(area, ";f=", 3);
    put(area, sc_process.path, strlen(sc_process.path) + 1);
    return begin;
}

/*
 * LD_PRELOAD for the new program: the given list (NULL: there is no such variable) with our entry first, or, where load
 * is false, without it. own: where our entry stands in the list, or NULL. Returns NULL where no such variable is
 * needed.
 */
static char *put_preload(struct area *area, const char *list, const char *own, size_t own_length, bool load)
{
    char *begin = area->at;
    put(area, PRELOAD, strlen(PRELOAD));
    if (load && !own) {
        put(area, sc_process.library, strlen(sc_process.library));
        if (list) /* also before an empty list, so that the program sees its variable again */
            put(area, ":", 1);
    }
    if (!list)
        list = "";
    if (load || !own) {
        put(area, list, strlen(list) + 1);
        return begin;
    }
    const char *rest = own + own_length + (own[own_length] != '\0');
    size_t before = (size_t)(own - list);
    if (!*rest && before) /* ours was the last: without the colon in front of it */
        before--;
    if (!*rest && !before)
        return NULL;
    put(area, list, before);
    put(area, rest, strlen(rest) + 1);
    return begin;
}

char **sc_environment_for_exec(char *const *environment, bool load, const struct sc_identity *identity,
                               void *area_begin, size_t area_bytes, size_t *ret_needed)
{
    static char *const empty[] = {NULL};
    size_t count = 0;
    if (!environment)
        environment = empty;
    while (environment[count])
        count++;
    size_t array = (count + 3) * sizeof(char *);
    struct area area = {(char *)area_begin + (array < area_bytes ? array : area_bytes), (char *)area_begin + area_bytes,
                        array};
    const char *list = find(environment, PRELOAD);
    size_t own_length = 0;
    const char *own = list ? own_entry(list, &own_length) : NULL;
    /* What the program put into the environment it will see again; what we add it will not. */
    char *preload = list || load ? put_preload(&area, list, own, own_length, load) : NULL;
    char *session = load ? put_session(&area, identity, !own) : NULL;
    *ret_needed = area.needed;
    if (area.needed > area_bytes)
        return NULL;
    char **out = area_begin;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_variable(environment[i], PRELOAD) && preload) {
            out[used++] = preload; /* where it stood: the order may be looked at */
            preload = NULL;
        } else if (!is_variable(environment[i], SESSION) && !is_variable(environment[i], PRELOAD)) {
            out[used++] = environment[i];
        }
    }
    if (preload)
        out[used++] = preload;
    if (session)
        out[used++] = session; /* last, so that what the constructor blanks is at the end of the strings */
    out[used] = NULL;
    return out;
}
