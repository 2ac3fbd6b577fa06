#include "json_parts.h"

#include <stdlib.h>

#include "../../model/utf8.h"

json_t *sc_json_text(const char *bytes)
{
    char *copy = NULL;
    const char *text = bytes ? sc_utf8_text(bytes, &copy) : NULL;
    json_t *string = text ? json_string(text) : bytes ? NULL : json_null();
    free(copy);
    return string;
}

json_t *sc_json_number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

json_t *sc_json_known(bool is_known, uint64_t value)
{
    return is_known ? sc_json_number(value) : json_null();
}

/* jansson refuses NULL, which is what it gives where memory is short. */
void sc_json_set(json_t *object, const char *key, json_t *value, bool *bad)
{
    if (json_object_set_new(object, key, value))
        *bad = true;
}

void sc_json_append(json_t *array, json_t *value, bool *bad)
{
    if (json_array_append_new(array, value))
        *bad = true;
}

json_t *sc_json_strings(const struct sc_strings *list, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        sc_json_append(array, sc_json_text(list->items[i]), bad);
    return array;
}

json_t *sc_json_end(const struct sc_end *end, bool *bad)
{
    static const char *const kinds[] = {
        [SC_ENDED_UNKNOWN] = "unknown", [SC_ENDED_EXITED] = "exited", [SC_ENDED_SIGNALED] = "signaled"};
    char name[32];
    json_t *object = json_object();
    sc_json_set(object, "kind", sc_json_text(kinds[end->kind]), bad);
    sc_json_set(object, "code", end->kind == SC_ENDED_EXITED ? json_integer(end->code) : json_null(), bad);
    sc_json_set(object, "signal", end->kind == SC_ENDED_SIGNALED ? json_integer(end->signal) : json_null(), bad);
    if (end->kind == SC_ENDED_SIGNALED)
        sc_json_set(object, "signal_name", sc_json_text(sc_signal_text(end->signal, name, sizeof name)), bad);
    return object;
}

json_t *sc_json_sizes(const struct sc_size_summary *sizes, bool *bad)
{
    if (!sizes->known)
        return json_null();
    json_t *object = json_object();
    sc_json_set(object, "min", sc_json_number(sizes->least), bad);
    sc_json_set(object, "median", sc_json_known(sizes->middle_known, sizes->middle), bad);
    sc_json_set(object, "max", sc_json_number(sizes->most), bad);
    return object;
}
