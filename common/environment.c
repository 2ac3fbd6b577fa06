#include "environment.h"

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
