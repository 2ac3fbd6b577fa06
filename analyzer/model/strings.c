#include "strings.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* Takes text over. */
static void take(struct sc_strings *list, char *text)
{
    if (text && SC_RESERVE_NEXT(list->items, list->count)) {
        free(text);
        text = NULL;
    }
    if (text)
        list->items[list->count++] = text;
    else
        list->failed = true;
}

void sc_strings_add(struct sc_strings *list, const char *text)
{
    take(list, strdup(text));
}

void sc_strings_addf(struct sc_strings *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text;
    int len = vasprintf(&text, format, args);
    va_end(args);
    take(list, len < 0 ? NULL : text);
}

bool sc_strings_has(const struct sc_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

void sc_strings_free(struct sc_strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct sc_strings){0};
}

const char *sc_signal_text(int signal, char *text, size_t capacity)
{
    const char *name = sigabbrev_np(signal);
    if (name)
        snprintf(text, capacity, "SIG%s", name);
    else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        snprintf(text, capacity, "SIGRT_%d", signal - SIGRTMIN);
    else
        snprintf(text, capacity, "signal %d", signal);
    return text;
}

const char *sc_end_text(const struct sc_end *end, char *text, size_t capacity)
{
    char name[32];
    switch (end->kind) {
    case SC_ENDED_EXITED: snprintf(text, capacity, "exited with %d", end->code); break;
    case SC_ENDED_SIGNALED:
        snprintf(text, capacity, "killed by %s", sc_signal_text(end->signal, name, sizeof name));
        break;
    default: snprintf(text, capacity, "unknown: killed, crashed or still running"); break;
    }
    return text;
}
