#include "environment.h"

#include <string.h>

#include "numbers.h"

void sc_environment_fill(char **entries, size_t count, sc_entry_begins *begins, char *preload, char *session)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (begins(entries[i], SC_SESSION_IS))
            continue;
        if (!begins(entries[i], SC_PRELOAD_IS)) {
            entries[used++] = entries[i];
        } else if (preload) {
            entries[used++] = preload; /* where it stood: the order may be looked at */
            preload = NULL;
        }
    }
    if (preload)
        entries[used++] = preload;
    if (session)
        entries[used++] = session; /* last, so that what the constructor blanks is at the end of the strings */
    entries[used] = NULL;
}

size_t sc_put_key(char *at, char key, uint64_t value)
{
    at[0] = ';';
    at[1] = key;
    at[2] = '=';
    return 3 + sc_put_number(at + 3, value, 16);
}

size_t sc_put_only_keys(char *at, const struct sc_only_texts *only)
{
    size_t used = only->trace ? sc_put_key(at, 'r', strlen(only->trace)) : 0;
    return used + (only->paths ? sc_put_key(at + used, 'w', strlen(only->paths)) : 0);
}

size_t sc_only_bytes(const struct sc_only_texts *only)
{
    return (only->trace ? strlen(only->trace) + 1 : 0) + (only->paths ? strlen(only->paths) + 1 : 0);
}

static size_t put_before(char *at, const char *text, char sign)
{
    size_t bytes = text ? strlen(text) : 0;
    if (!text)
        return 0;
    memcpy(at, text, bytes);
    at[bytes] = sign;
    return bytes + 1;
}

size_t sc_put_only(char *at, const struct sc_only_texts *only)
{
    size_t used = put_before(at, only->trace, ';');
    return used + put_before(at + used, only->paths, ';');
}

static const char *take_text(char **at, uint64_t bytes)
{
    const char *text = *at;
    if (!bytes || !text || strlen(text) <= bytes || text[bytes] != ';') {
        *at = bytes ? NULL : *at;
        return NULL;
    }
    (*at)[bytes] = '\0';
    *at += bytes + 1;
    return text;
}

char *sc_read_only(char *at, uint64_t trace_bytes, uint64_t paths_bytes, struct sc_only_texts *ret_only)
{
    ret_only->trace = take_text(&at, trace_bytes);
    ret_only->paths = take_text(&at, paths_bytes);
    return at;
}

size_t sc_put_load_keys(char *at, const struct sc_to_load *load, size_t name_bytes)
{
    if (!load->program)
        return 0;
    size_t used = sc_put_key(at, 'b', name_bytes);
    return used + sc_put_key(at + used, 'x', strlen(load->program));
}

size_t sc_load_bytes(const struct sc_to_load *load)
{
    return load->program ? 1 + strlen(load->program) + 1 + strlen(load->execfn) : 0;
}

static size_t put_after(char *at, char sign, const char *text)
{
    size_t bytes = strlen(text);
    *at = sign;
    memcpy(at + 1, text, bytes);
    return bytes + 1;
}

size_t sc_put_load(char *at, const struct sc_to_load *load)
{
    if (!load->program)
        return 0;
    size_t used = put_after(at, ';', load->program);
    return used + put_after(at + used, ';', load->execfn);
}

bool sc_read_load(char *name, uint64_t name_bytes, uint64_t program_bytes, struct sc_to_load *ret_load)
{
    uint64_t bytes = strlen(name);
    if (name_bytes >= bytes || program_bytes >= bytes - name_bytes - 1 || name[name_bytes] != ';' ||
        name[name_bytes + 1 + program_bytes] != ';')
        return false;
    name[name_bytes] = name[name_bytes + 1 + program_bytes] = '\0';
    *ret_load = (struct sc_to_load){name + name_bytes + 1, name + name_bytes + 1 + program_bytes + 1};
    return true;
}
