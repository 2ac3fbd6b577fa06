#include "strace_log.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../../model/xlat.h"

static bool is_delimiter(char c)
{
    return c == ',' || c == ')';
}

/* Are the bytes between the quotes wanted, or is it enough where they stand? */
static bool wants_text(unsigned kind)
{
    switch (kind) {
    case SC_KIND_PATH:
    case SC_KIND_STR:
    case SC_KIND_STR_OUT:
    case SC_KIND_BUF_IN:
    case SC_KIND_BUF_OUT: return true;
    default: return false;
    }
}

static bool is_descriptor(unsigned kind)
{
    return kind == SC_KIND_FD || kind == SC_KIND_DIRFD || kind == SC_KIND_MAP_FD || kind == SC_KIND_FD_NEW;
}

static const char *string_arg(struct sc_strace_log *log, struct sc_arg *arg, const char *p, const char *end)
{
    const char *q = sc_strace_string_end(p, end);
    if (!q)
        return end;
    struct sc_span bytes;
    if (wants_text(arg->kind)) {
        if (sc_strace_unescape(&log->arena, (struct sc_span){p + 1, (size_t)(q - p - 2)}, &bytes)) {
            log->failure = -ENOMEM;
            return end;
        }
        arg->state |= SC_ARG_TEXT;
        arg->text = bytes.at;
        arg->text_len = bytes.len;
    }
    if (end - q >= 3 && q[0] == '.' && q[1] == '.' && q[2] == '.') {
        arg->state |= SC_ARG_CUT;
        q += 3;
    }
    return q < end && is_delimiter(*q) ? q : sc_strace_item_end(q, end);
}

void sc_strace_descriptor_text(struct sc_strace_log *log, struct sc_arg *arg, const char *p, const char *end)
{
    const char *close = sc_strace_angle_end(p, end);
    if (!close)
        return;
    log->source.run.kernel_names = true;
    if (log->source.terms.own_names && arg->value >= STDIN_FILENO && arg->value <= STDERR_FILENO)
        return; /* what the run was given, by a name that it does not know */
    struct sc_span inside = {p + 1, (size_t)(close - p - 2)};
    if (inside.len && inside.at[0] == '/') {
        /* </dev/pts/0<char 136:0>> */
        const char *device = memmem(inside.at, inside.len, "<char ", 6);
        device = device ? device : memmem(inside.at, inside.len, "<block ", 7);
        if (device)
            inside.len = (size_t)(device - inside.at);
    }
    if (sc_span_ends(inside, " (deleted)"))
        inside.len -= strlen(" (deleted)");
    struct sc_span bytes;
    if (sc_strace_unescape(&log->arena, inside, &bytes)) {
        log->failure = -ENOMEM;
        return;
    }
    arg->state |= SC_ARG_TEXT;
    arg->text = bytes.at;
    arg->text_len = bytes.len;
}

static bool whence(struct sc_span raw, int64_t *ret_value)
{
    if (raw.len != 8 || memcmp(raw.at, "SEEK_", 5) != 0)
        return false;
    switch (raw.at[5]) {
    case 'S': *ret_value = SEEK_SET; return true;
    case 'C': *ret_value = SEEK_CUR; return true;
    case 'E': *ret_value = SEEK_END; return true;
    default: return false;
    }
}

/* A word: the name of a value, a set of flags, NULL, or something to keep as it is. */
static void word_arg(struct sc_strace_log *log, const struct sc_event *event, struct sc_arg *arg)
{
    struct sc_span raw = {arg->raw, arg->raw_len};
    if (raw.len == 4 && memcmp(raw.at, "NULL", 4) == 0) {
        arg->state |= SC_ARG_NULL;
        if (arg->kind == SC_KIND_ADDR || arg->kind == SC_KIND_HEX)
            arg->state |= SC_ARG_VALUE;
        return;
    }
    if (is_descriptor(arg->kind)) {
        if (sc_span_begins(raw, "AT_FDCWD")) {
            arg->state |= SC_ARG_VALUE;
            arg->value = AT_FDCWD;
            if (raw.len > 8 && raw.at[8] == '<')
                sc_strace_descriptor_text(log, arg, raw.at + 8, raw.at + raw.len);
        }
        return;
    }
    if (raw.at[0] == '{' || raw.at[0] == '[') {
        sc_strace_extras(log, (struct sc_event *)event, arg, raw);
        return;
    }
    if (sc_kind(arg->kind)->stored != SC_STORED_VALUE)
        return;
    unsigned kind = arg->kind;
    if (arg->kind == SC_KIND_FCNTL_ARG)
        kind = event->args[1].value == F_SETFD ? SC_KIND_FD_FLAGS : SC_KIND_OPEN_FLAGS;
    if ((arg->kind == SC_KIND_WHENCE && whence(raw, &arg->value)) ||
        sc_strace_value(log->names, kind, raw, &arg->value) == 0)
        arg->state |= SC_ARG_VALUE;
}

/* A number, maybe with something behind it. Returns where the argument ends. */
static const char *number_arg(struct sc_strace_log *log, const struct sc_event *event, struct sc_arg *arg,
                              const char *p, const char *end)
{
    const char *q = sc_strace_number(p, end, &arg->value);
    if (!q)
        return NULL;
    if (q < end && is_delimiter(*q)) {
        arg->state |= SC_ARG_VALUE;
        arg->raw = p;
        arg->raw_len = (size_t)(q - p);
        return q;
    }
    const char *stop = sc_strace_item_end(p, end);
    arg->raw = p;
    arg->raw_len = (size_t)(stop - p);
    if (q < end && (*q == '|' || (*q == '<' && end - q > 1 && q[1] == '<'))) {
        int64_t value;
        bool known = sc_strace_value(log->names, arg->kind, (struct sc_span){p, arg->raw_len}, &value) == 0;
        arg->value = known ? value : 0;
        arg->state |= known ? SC_ARG_VALUE : 0;
        return stop;
    }
    arg->state |= SC_ARG_VALUE; /* behind it a comment, a description, or program output in mid-line */
    if (q < stop && *q == '<' && is_descriptor(arg->kind))
        sc_strace_descriptor_text(log, arg, q, end);
    else if (arg->kind == SC_KIND_DENTS)
        sc_strace_extras(log, (struct sc_event *)event, arg, (struct sc_span){p, arg->raw_len});
    return stop;
}

static const char *one_arg(struct sc_strace_log *log, const struct sc_event *event, struct sc_arg *arg, const char *p,
                           const char *end)
{
    const char *stop = NULL;
    arg->state = SC_ARG_RAW;
    arg->extra_count = 0;
    arg->value = 0;
    arg->text = NULL;
    arg->text_len = 0;
    if (*p == '"')
        stop = string_arg(log, arg, p, end);
    else if ((*p >= '0' && *p <= '9') || *p == '-')
        stop = number_arg(log, event, arg, p, end);
    if (stop) {
        arg->raw = p;
        arg->raw_len = (size_t)(stop - p);
        return stop;
    }
    stop = sc_strace_item_end(p, end);
    arg->raw = p;
    arg->raw_len = (size_t)(stop - p);
    if (arg->raw_len)
        word_arg(log, event, arg);
    return stop;
}

/* clone's arguments are printed by name, and in another order than the kernel's. */
static void order_clone(struct sc_strace_log *log, struct sc_event *event)
{
    static const char *const names[] = {"flags=", "child_stack=", "parent_tid=", "child_tidptr=", "tls="};
    struct sc_arg printed[SC_MAX_ARGS];
    unsigned count = event->nargs, highest = 0;
    memcpy(printed, event->args, sizeof printed);
    if (count == 0 || !memchr(printed[0].raw, '=', printed[0].raw_len))
        return;
    for (unsigned i = 0; i < 5; i++) {
        event->args[i] = (struct sc_arg){.kind = event->desc->kinds[i]};
        for (unsigned j = 0; j < count; j++) {
            struct sc_span raw = {printed[j].raw, printed[j].raw_len};
            size_t len = strlen(names[i]);
            if (!sc_span_begins(raw, names[i]) || raw.len == len)
                continue;
            (void)one_arg(log, event, &event->args[i], raw.at + len, raw.at + raw.len);
            highest = i + 1;
        }
    }
    event->nargs = (uint8_t)highest;
}

const char *sc_strace_args(struct sc_strace_log *log, const char *p, const char *end, struct sc_event *event)
{
    unsigned count = 0;
    struct sc_arg spare;
    for (;;) {
        while (p < end && *p == ' ')
            p++;
        if (p == end || *p == ')')
            break;
        if (count < event->desc->nargs && event->desc->kinds[count] == SC_KIND_UPPER) /* strace prints one offset */
            event->args[count++] = (struct sc_arg){.kind = SC_KIND_UPPER};
        struct sc_arg *arg = count < SC_MAX_ARGS ? &event->args[count] : &spare;
        arg->kind = count < SC_MAX_ARGS ? event->desc->kinds[count] : SC_KIND_NONE;
        p = one_arg(log, event, arg, p, end);
        if (p == end) /* spaces before a remark, as in "read(3,  <unfinished ...>" */
            while (arg->raw_len && arg->raw[arg->raw_len - 1] == ' ')
                arg->raw_len--;
        count += count < SC_MAX_ARGS;
        if (p == end || *p != ',')
            break;
        p++;
    }
    event->nargs = (uint8_t)count;
    if (event->desc->kinds[0] == SC_KIND_CLONE_FLAGS)
        order_clone(log, event);
    return p;
}
