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
