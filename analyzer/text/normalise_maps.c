#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "normalise_internal.h"

bool sc_map_matches(const struct sc_map_rule *rule, const char *text, size_t at)
{
    size_t len = strlen(rule->from);
    if (len == 0 || strncmp(text + at, rule->from, len) != 0)
        return false;
    if (rule->from[0] != '/')
        return true;
    return at == 0 && (rule->from[len - 1] == '/' || text[len] == '/' || text[len] == '\0');
}

int sc_apply_map(const struct sc_map_rule *rule, char **text)
{
    size_t matches = 0;
    for (size_t at = 0; (*text)[at];) {
        bool match = sc_map_matches(rule, *text, at);
        matches += match;
        at += match ? strlen(rule->from) : 1;
    }
    if (matches == 0)
        return 0;
    char *mapped = malloc(strlen(*text) + matches * strlen(rule->to) + 16);
    if (!mapped)
        return -ENOMEM;
    size_t used = 0;
    for (size_t at = 0; (*text)[at];) {
        if (sc_map_matches(rule, *text, at)) {
            memcpy(mapped + used, rule->to, strlen(rule->to));
            used += strlen(rule->to);
            at += strlen(rule->from);
        } else {
            mapped[used++] = (*text)[at++];
        }
    }
    mapped[used] = '\0';
    free(*text);
    *text = mapped;
    return 1;
}
