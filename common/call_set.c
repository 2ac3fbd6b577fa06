#include "call_set.h"

#include <errno.h>
#include <string.h>

#include "name_match.h"

static bool has_kind(const struct sc_call_desc *desc, const uint8_t *kinds, size_t count)
{
    for (unsigned i = 0; i < desc->nargs; i++)
        if (memchr(kinds, desc->kinds[i], count))
            return true;
    return false;
}

static bool is_file(const struct sc_call_desc *desc)
{
    static const uint8_t kinds[] = {SC_KIND_PATH};
    return has_kind(desc, kinds, sizeof kinds);
}

static bool is_desc(const struct sc_call_desc *desc)
{
    static const uint8_t kinds[] = {SC_KIND_FD,      SC_KIND_DIRFD,   SC_KIND_FD_NEW,
                                    SC_KIND_FD_PAIR, SC_KIND_POLLFDS, SC_KIND_MAP_FD};
    return has_kind(desc, kinds, sizeof kinds) || (desc->fd_effect != SC_FD_NONE && desc->means != SC_MEANS_EXEC);
}

static bool is_memory(const struct sc_call_desc *desc)
{
    return desc->category == SC_CAT_MEM;
}

static bool is_process(const struct sc_call_desc *desc)
{
    switch (desc->means) {
    case SC_MEANS_FORK:
    case SC_MEANS_EXEC:
    case SC_MEANS_EXIT:
    case SC_MEANS_EXIT_GROUP:
    case SC_MEANS_WAIT_CHILD:
    case SC_MEANS_WAIT_CHILD_INFO:
    case SC_MEANS_UNSHARE: return true;
    default: return false;
    }
}

#define NETWORK                                                                                                        \
    "socket,socketpair,bind,connect,listen,accept,accept4,getsockname,getpeername,send*,recv*,shutdown,setsockopt,"    \
    "getsockopt"

/* strace's classes: strace(1), "Filtering". */
static const struct class
{
    const char *name;
    bool (*is_in)(const struct sc_call_desc *desc);
    const char *names; /* patterns, where the table does not tell */
} classes[] = {
    {"file", is_file, NULL},
    {"desc", is_desc, NULL},
    {"memory", is_memory, NULL},
    {"process", is_process, "kill,tkill,tgkill,rt_sigqueueinfo,pidfd_send_signal,arch_prctl"},
    {"network", NULL, NETWORK},
    {"net", NULL, NETWORK},
    {"signal", NULL, "rt_sig*,sigaltstack,kill,tkill,tgkill,pause,signalfd*,pidfd_send_signal"},
    {"ipc", NULL, "msg*,sem*,shm*"},
    {"stat", NULL, "stat,fstat,lstat,newfstatat,statx,statfs,fstatfs"},
    {"clock", NULL, "clock_*,gettimeofday,settimeofday,adjtimex,time"},
};

/* The word at text, up to a comma, and how long it is: 0 where it is none, or longer than any that means something. */
static size_t take_word(const char *text, char word[SC_CALL_WORD_BYTES])
{
    size_t length = strcspn(text, ","), kept = length < SC_CALL_WORD_BYTES ? length : SC_CALL_WORD_BYTES - 1;
    memcpy(word, text, kept);
    word[kept] = '\0';
    return kept == length ? length : 0;
}

static bool in_list(const char *patterns, const char *name)
{
    char pattern[SC_CALL_WORD_BYTES];
    for (const char *at = patterns; at && *at; at += at[0] == ',') {
        at += take_word(at, pattern);
        if (sc_matches(pattern, name))
            return true;
    }
    return false;
}

static bool add_names(struct sc_call_set *set, const char *pattern)
{
    bool found = false;
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        if (!sc_call(nr)->name || !sc_matches(pattern, sc_call(nr)->name))
            continue;
        set->has[nr] = true;
        found = true;
    }
    return found;
}

static bool add_class(struct sc_call_set *set, const char *name)
{
    const struct class *class = NULL;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0] && !class; i++)
        class = strcmp(name, classes[i].name) == 0 ? &classes[i] : NULL;
    for (unsigned nr = 0; class && nr < SC_NR_LIMIT; nr++) {
        const struct sc_call_desc *desc = sc_call(nr);
        if (desc->name)
            set->has[nr] |= (class->is_in && class->is_in(desc)) || in_list(class->names, desc->name);
    }
    return class != NULL;
}

static bool add_category(struct sc_call_set *set, const char *name)
{
    unsigned category = 0;
    while (category < SC_CAT_COUNT && strcmp(name, sc_category_name(category)) != 0)
        category++;
    for (unsigned nr = 0; category < SC_CAT_COUNT && nr < SC_NR_LIMIT; nr++)
        set->has[nr] |= sc_call(nr)->name && sc_call(nr)->category == category;
    set->others |= category == SC_CAT_OTHER;
    return category < SC_CAT_COUNT;
}

/* "stat" is the call, as strace has it, and "%stat" the class; "file" is a class in either way. */
static bool add_word(struct sc_call_set *set, const char *word)
{
    const char *name = *word == '%' ? word + 1 : word;
    if (strcmp(name, "none") == 0)
        return true;
    if (strcmp(name, "all") == 0) {
        set->others = true;
        return add_names(set, "*");
    }
    if (*word != '%' && add_names(set, word))
        return true;
    bool is_class = add_class(set, name);
    return add_category(set, name) || is_class;
}

int sc_call_set_parse(const char *text, struct sc_call_set *ret_set, char ret_bad[SC_CALL_WORD_BYTES])
{
    bool inverted = *text == '!';
    *ret_set = (struct sc_call_set){.others = false};
    const char *at = text + inverted;
    do {
        size_t length = take_word(at, ret_bad);
        if (!length || !add_word(ret_set, ret_bad))
            return -EINVAL;
        at += length;
    } while (*at++ == ',');
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++)
        ret_set->has[nr] ^= inverted;
    ret_set->others ^= inverted;
    return 0;
}
