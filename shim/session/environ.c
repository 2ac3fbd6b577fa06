#include "environ.h"

#include <string.h>

#include "../../common/environment.h"
#include "../core/peek.h"
#include "message.h"
#include "session_options.h"

static const char SESSION[] = SC_SESSION_IS;
static const char PRELOAD[] = SC_PRELOAD_IS;
static const char LAUNCHED[] = SC_SESSION_IS "l";

static sc_addr entry_at(const struct sc_environ *given, size_t i)
{
    return sc_proved_u64(given->array + i * sizeof(uint64_t));
}

/* The kernel takes no longer string. */
enum { STRING_MOST = 32 * SC_GRANULE };

static bool allows_any_order(sc_addr options, size_t bytes)
{
    static const char wanted[] = "verify_asan_link_order=0";
    const size_t length = sizeof wanted - 1;
    for (size_t i = 0; i + length <= bytes; i++)
        if (sc_proved_equal(options + i, wanted, length))
            return true;
    return false;
}

bool sc_environ_read(sc_addr array, struct sc_environ *ret_environ)
{
    static const char asan[] = "ASAN_OPTIONS=";
    /*
     * If we can't ask, read all the same: the kernel is about to, and a program that may not load us must lose our
     * entry.
     */
    const struct sc_readable all = {0, UINT64_MAX};
    struct sc_readable entries = sc_process.no_syscalls ? all : sc_readable_nothing(), strings = entries;
    struct sc_environ given = {.array = array};
    sc_addr entry;
    for (; array; given.count++) {
        size_t length;
        if (!sc_readable_u64(&entries, array + given.count * sizeof entry, &entry))
            return false;
        if (!entry)
            break;
        if (!sc_readable_length(&strings, entry, STRING_MOST, &length))
            return false;
        if (!given.preload && length >= sizeof PRELOAD - 1 && sc_proved_equal(entry, PRELOAD, sizeof PRELOAD - 1)) {
            given.preload = entry + sizeof PRELOAD - 1;
            given.preload_bytes = length - (sizeof PRELOAD - 1);
        } else if (length >= sizeof LAUNCHED - 1 && sc_proved_equal(entry, LAUNCHED, sizeof LAUNCHED - 1)) {
            given.launched = true;
        } else if (length >= sizeof asan - 1 && sc_proved_equal(entry, asan, sizeof asan - 1)) {
            given.asan_anywhere = allows_any_order(entry + sizeof asan - 1, length - (sizeof asan - 1));
        }
    }
    *ret_environ = given;
    return true;
}

sc_addr sc_environ_find(const struct sc_environ *given, const char *name_and_sign)
{
    size_t length = strlen(name_and_sign);
    for (size_t i = 0; i < given->count; i++)
        if (sc_proved_begins(entry_at(given, i), name_and_sign))
            return entry_at(given, i) + length;
    return 0;
}

/* A piece of memory to fill; it was made large enough. */
struct area {
    char *at;
};

static void put(struct area *area, const char *bytes, size_t count)
{
    sc_copy(area->at, bytes, count);
    area->at += count;
}

static void put_key(struct area *area, char key, uint64_t value)
{
    area->at += sc_put_key(area->at, key, value);
}

static char *put_session(struct area *area, const struct sc_identity *identity, bool hide, bool swapped)
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
    put_key(area, 'o', swapped);
    put_key(area, 'm', sc_process.mode_asked);
    put_key(area, 's', sc_process.stack_depth);
    put_key(area, 'v', sc_process.env_asked);
    put_key(area, 't', sc_process.leave_static);
    area->at += sc_put_load_keys(area->at, &identity->load, strlen(sc_process.path));
    put(area, ";f=", 3);
    put(area, sc_process.path, strlen(sc_process.path));
    area->at += sc_put_load(area->at, &identity->load);
    *area->at++ = '\0';
    return begin;
}

/* Copies the program's list; NULL if it has none. */
static const char *put_list(struct area *area, const struct sc_environ *given)
{
    char *list = area->at;
    if (!given->preload)
        return NULL;
    sc_proved_copy(list, given->preload, given->preload_bytes);
    list[given->preload_bytes] = '\0'; /* whatever another thread makes of it */
    area->at += given->preload_bytes + 1;
    return list;
}

/* A list of libraries with an entry of ours in it. */
struct own_entry {
    const char *list;  /* NULL: there is none */
    const char *entry; /* NULL: there is none of ours */
    size_t length;
};

static bool names(const struct own_entry *own, const char *library)
{
    return own->length == strlen(library) && memcmp(own->entry, library, own->length) == 0;
}

/* The library in the place of the user's entry: colons, which mean nothing, keep the room that it takes. */
static void put_swapped(struct area *area, const struct own_entry *own, const char *library)
{
    put(area, own->list, (size_t)(own->entry - own->list));
    put(area, library, strlen(library));
    for (size_t used = strlen(library); used < own->length; used++)
        put(area, ":", 1);
    put(area, own->entry + own->length, strlen(own->entry + own->length) + 1);
}

/* The list without our entry; false where nothing is left of it. */
static bool put_without(struct area *area, const struct own_entry *own)
{
    const char *rest = own->entry + own->length + (own->entry[own->length] != '\0');
    size_t before = (size_t)(own->entry - own->list);
    if (!*rest && before) /* our entry was the last: drop the colon before it */
        before--;
    if (!*rest && !before)
        return false;
    put(area, own->list, before);
    put(area, rest, strlen(rest) + 1);
    return true;
}

static char *put_whole(struct area *area, const char *list)
{
    char *begin = area->at;
    put(area, PRELOAD, strlen(PRELOAD));
    put(area, list, strlen(list) + 1);
    return begin;
}

/* LD_PRELOAD for the new program: the given list with that library in it. NULL if the variable is not needed. */
static char *put_preload(struct area *area, const struct own_entry *own, const char *library)
{
    char *begin = area->at;
    const char *list = own->list ? own->list : "";
    put(area, PRELOAD, strlen(PRELOAD));
    if (own->entry && !library)
        return put_without(area, own) ? begin : NULL;
    if (own->entry) {
        put_swapped(area, own, library);
        return begin;
    }
    if (library) {
        put(area, library, strlen(library));
        if (own->list) /* also before an empty list, so that the program gets its variable back */
            put(area, ":", 1);
    }
    put(area, list, strlen(list) + 1);
    return begin;
}

static bool entry_begins(const char *entry, const char *with)
{
    return sc_proved_begins((sc_addr)entry, with);
}

/* What it takes at most. */
static size_t most_bytes(const struct sc_environ *given, const struct sc_to_load *load)
{
    enum { KEYS = 12 };
    size_t list = given->preload_bytes + 1;
    return (given->count + 3) * sizeof(char *) + list + sizeof PRELOAD + strlen(sc_process.library) +
           strlen(sc_process.other) + 1 + list + sizeof SESSION + 1 + KEYS * SC_KEY_BYTES + SC_LOAD_KEYS_BYTES +
           sizeof ";f=" + strlen(sc_process.path) + sc_load_bytes(load);
}

char **sc_environ_make(const struct sc_environ *given, const char *library, const struct sc_identity *identity,
                       void *area_begin, size_t area_bytes, size_t *ret_needed)
{
    *ret_needed = most_bytes(given, &identity->load);
    if (area_bytes < *ret_needed)
        return NULL;
    struct area area = {(char *)area_begin + (given->count + 3) * sizeof(char *)};
    struct own_entry own = {.list = put_list(&area, given)};
    own.entry = own.list ? sc_own_entry(own.list, &own.length) : NULL;
    /* The program will see again what it put into the environment, and not what we add. */
    bool ours = library && !identity->load.program; /* our loader needs no entry; the list stays as it is */
    char *preload = NULL;
    if (own.list && library && !ours)
        preload = put_whole(&area, own.list);
    else if (own.list || ours)
        preload = put_preload(&area, &own, library);
    bool swapped = ours && own.entry && !names(&own, library);
    char *session = library ? put_session(&area, identity, !own.entry, swapped) : NULL;
    char **entries = area_begin;
    for (size_t i = 0; i < given->count; i++) {
        sc_addr entry = entry_at(given, i);
        entries[i] = (char *)entry;
    }
    sc_environment_fill(entries, given->count, entry_begins, preload, session);
    return entries;
}
