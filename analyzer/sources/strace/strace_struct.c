#include "strace_log.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "../../../common/zero.h"
#include "../../model/xlat.h"

static void add_extra(struct sc_arg *arg, int64_t value)
{
    if (arg->extra_count < SC_ARG_EXTRAS)
        arg->extra[arg->extra_count++] = value;
}

/* A field's number or flags. */
static bool field_value(struct sc_strace_log *log, struct sc_span structure, const char *key, unsigned kind,
                        int64_t *ret_value)
{
    struct sc_span text;
    if (!sc_strace_field(structure, key, &text) || text.len == 0)
        return false;
    const char *end = text.at + text.len, *after = sc_strace_number(text.at, end, ret_value);
    if (after && (after == end || *after == ' ' || *after == '<'))
        return true;
    return sc_strace_value(log->names, kind, text, ret_value) == 0;
}

/* makedev(0x1, 0x3), or a number */
static bool device_field(struct sc_span structure, const char *key, int64_t *ret_value)
{
    struct sc_span text;
    int64_t high, low;
    if (!sc_strace_field(structure, key, &text))
        return false;
    const char *end = text.at + text.len;
    if (!sc_span_begins(text, "makedev("))
        return sc_strace_number(text.at, end, ret_value) != NULL;
    const char *comma = sc_strace_number(text.at + strlen("makedev("), end, &high);
    if (!comma || end - comma < 3 || !sc_strace_number(comma + 2, end, &low))
        return false;
    *ret_value = (int64_t)makedev((unsigned)high, (unsigned)low);
    return true;
}

static void stat_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text, bool statx)
{
    int64_t mode, other;
    if (!field_value(log, text, statx ? "stx_mode" : "st_mode", SC_KIND_FILE_MODE, &mode))
        return;
    add_extra(arg, mode);
    if (statx ? field_value(log, text, "stx_size", SC_KIND_SIZE, &other)
              : field_value(log, text, "st_size", SC_KIND_SIZE, &other) || device_field(text, "st_rdev", &other))
        add_extra(arg, other);
    int64_t device, inode; /* with -v */
    if (!statx && arg->extra_count == 2 && S_ISREG(mode) && device_field(text, "st_dev", &device) &&
        field_value(log, text, "st_ino", SC_KIND_SIZE, &inode)) {
        add_extra(arg, device);
        add_extra(arg, inode);
    }
}

/* [{WIFEXITED(s) && WEXITSTATUS(s) == 3}] as the status itself */
static void wait_extras(struct sc_arg *arg, struct sc_span text)
{
    const char *end = text.at + text.len, *at;
    int64_t value;
    if ((at = memmem(text.at, text.len, "WEXITSTATUS(s) == ", 18)) && sc_strace_number(at + 18, end, &value))
        add_extra(arg, (value & 0xff) << 8);
    else if ((at = memmem(text.at, text.len, "WTERMSIG(s) == ", 15)))
        value = 15;
    else if ((at = memmem(text.at, text.len, "WSTOPSIG(s) == ", 15)))
        value = 15 + 0x7f00;
    else if (sc_strace_number(text.at + 1, end, &value))
        add_extra(arg, value);
    if (arg->extra_count || !at)
        return;
    const char *name = at + 15, *stop = name;
    while (stop < end && *stop != ' ' && *stop != '}')
        stop++;
    int number = sc_strace_signal((struct sc_span){name, (size_t)(stop - name)});
    bool stopped = memmem(text.at, text.len, "WSTOPSIG", 8) != NULL;
    bool core = memmem(text.at, text.len, "WCOREDUMP", 9) != NULL;
    if (number)
        add_extra(arg, stopped ? number << 8 | 0x7f : number | (core ? 0x80 : 0));
}

static void flock_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text)
{
    int64_t type, from, start, len;
    if (field_value(log, text, "l_type", SC_KIND_LOCK_TYPE, &type) &&
        field_value(log, text, "l_whence", SC_KIND_WHENCE, &from) &&
        field_value(log, text, "l_start", SC_KIND_OFF, &start) && field_value(log, text, "l_len", SC_KIND_OFF, &len)) {
        add_extra(arg, type);
        add_extra(arg, from);
        add_extra(arg, start);
        add_extra(arg, len);
    }
}

static void how_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text)
{
    int64_t flags, mode = 0, resolve = 0;
    if (!field_value(log, text, "flags", SC_KIND_OPEN_FLAGS, &flags))
        return;
    (void)field_value(log, text, "mode", SC_KIND_MODE, &mode);
    (void)field_value(log, text, "resolve", SC_KIND_RESOLVE, &resolve);
    add_extra(arg, flags);
    add_extra(arg, mode);
    add_extra(arg, resolve);
}

/* [3, 4<...>] or [4096] => [8192]: the numbers of the first pair of brackets */
static void list_extras(struct sc_arg *arg, struct sc_span text, unsigned limit)
{
    const char *p = text.at + 1, *end = text.at + text.len;
    for (unsigned i = 0; i < limit && p < end; i++) {
        int64_t value;
        while (p < end && *p == ' ')
            p++;
        if (!sc_strace_number(p, end, &value))
            return;
        add_extra(arg, value);
        p = sc_strace_item_end(p, end);
        if (p == end || *p != ',')
            return;
        p++;
    }
}

/* 0x55e6 followed by a comment that counts the entries, or with -v the entries themselves */
static void dents_extras(struct sc_arg *arg, struct sc_span text)
{
    const char *end = text.at + text.len, *at = memmem(text.at, text.len, "/* ", 3);
    int64_t value;
    if (text.at[0] != '[') {
        if (at && sc_strace_number(at + 3, end, &value))
            add_extra(arg, value);
        return;
    }
    int64_t count = 0;
    for (const char *p = text.at + 1; p < end;) {
        const char *stop = sc_strace_item_end(p, end);
        count += stop > p;
        if (stop == end || *stop != ',')
            break;
        p = stop + 1;
    }
    add_extra(arg, count);
}

/* The number between the brackets of htons(80). */
static bool port_field(struct sc_span structure, const char *key, int64_t *ret_value)
{
    struct sc_span text;
    return sc_strace_field(structure, key, &text) && sc_span_begins(text, "htons(") &&
           sc_strace_number(text.at + strlen("htons("), text.at + text.len, ret_value);
}

/* inet_addr("127.0.0.1") */
static bool inet_field(struct sc_span structure, int64_t *ret_value)
{
    struct sc_span text;
    if (!sc_strace_field(structure, "sin_addr", &text) || !sc_span_begins(text, "inet_addr(\""))
        return false;
    const char *p = text.at + strlen("inet_addr(\""), *end = text.at + text.len;
    *ret_value = 0;
    for (unsigned i = 0; i < 4; i++) {
        int64_t part;
        p = p < end ? sc_strace_number(p, end, &part) : NULL;
        if (!p || p >= end)
            return false;
        *ret_value = *ret_value << 8 | (part & 0xff);
        p++;
    }
    return true;
}

/* sun_path="/tmp/x", or @"x" for one that begins with a NUL */
static void name_field(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span structure)
{
    struct sc_span text, bytes;
    if (!sc_strace_field(structure, "sun_path", &text) || text.len == 0)
        return;
    bool abstract = *text.at == '@';
    const char *quote = text.at + abstract, *end = text.at + text.len;
    const char *stop = quote < end && *quote == '"' ? sc_strace_string_end(quote, end) : NULL;
    if (!stop)
        return;
    if (sc_strace_unescape(&log->arena, (struct sc_span){quote + 1, (size_t)(stop - quote - 2)}, &bytes)) {
        log->failure = -ENOMEM;
        return;
    }
    if (abstract) {
        char *copy = sc_strace_arena_room(&log->arena, bytes.len + 1);
        if (!copy) {
            log->failure = -ENOMEM;
            return;
        }
        *copy = '\0';
        memcpy(copy + 1, bytes.at, bytes.len);
        sc_strace_arena_take(&log->arena, bytes.len + 1);
        bytes = (struct sc_span){copy, bytes.len + 1};
    }
    arg->state |= SC_ARG_TEXT;
    arg->text = bytes.at;
    arg->text_len = bytes.len;
}

static void address_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text)
{
    int64_t family, port, address;
    if (!field_value(log, text, "sa_family", SC_KIND_SOCK_DOMAIN, &family))
        return;
    add_extra(arg, family);
    name_field(log, arg, text);
    if (port_field(text, "sin_port", &port) && inet_field(text, &address)) {
        add_extra(arg, port);
        add_extra(arg, address);
    } else if (port_field(text, "sin6_port", &port)) {
        add_extra(arg, port);
    }
}

/* [{fd=3<...>, events=POLLIN}, ...]: the first */
static void poll_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text)
{
    int64_t fd, events;
    if (text.len < 2 || text.at[1] != '{')
        return;
    const char *stop = sc_strace_item_end(text.at + 1, text.at + text.len);
    struct sc_span first = {text.at + 1, (size_t)(stop - text.at - 1)};
    if (field_value(log, first, "fd", SC_KIND_INT, &fd) &&
        field_value(log, first, "events", SC_KIND_POLL_EVENTS, &events)) {
        add_extra(arg, fd);
        add_extra(arg, events);
    }
}

static void event_extras(struct sc_strace_log *log, struct sc_arg *arg, struct sc_span text)
{
    int64_t events;
    if (field_value(log, text, "events", SC_KIND_EPOLL_EVENTS, &events))
        add_extra(arg, events);
}

void sc_strace_extras(struct sc_strace_log *log, struct sc_event *event, struct sc_arg *arg, struct sc_span text)
{
    (void)event;
    switch (arg->kind) {
    case SC_KIND_STAT: stat_extras(log, arg, text, false); break;
    case SC_KIND_STATX: stat_extras(log, arg, text, true); break;
    case SC_KIND_WAIT_STATUS: wait_extras(arg, text); break;
    case SC_KIND_FCNTL_ARG: flock_extras(log, arg, text); break;
    case SC_KIND_OPEN_HOW: how_extras(log, arg, text); break;
    case SC_KIND_FD_PAIR: list_extras(arg, text, 2); break;
    case SC_KIND_OFF_PTR: list_extras(arg, text, 1); break;
    case SC_KIND_DENTS: dents_extras(arg, text); break;
    case SC_KIND_SOCKADDR_IN: address_extras(log, arg, text); break;
    case SC_KIND_POLLFDS: poll_extras(log, arg, text); break;
    case SC_KIND_EPOLL_EVENT: event_extras(log, arg, text); break;
    default: break;
    }
}

/* What is known of the bytes written so far. */
struct seen {
    uint64_t left;  /* bytes of the result not accounted for yet */
    uint64_t bytes; /* looked at */
    bool some, cut;
};

static void look_at(struct seen *seen, struct sc_span bytes, uint64_t len)
{
    uint64_t part = len < seen->left ? len : seen->left;
    size_t have = bytes.len < part ? bytes.len : (size_t)part;
    if (have && !sc_is_zero(bytes.at, have))
        seen->some = true;
    if (have < part)
        seen->cut = true;
    seen->bytes += have;
    seen->left -= part;
}

/* {iov_base="..", iov_len=3}, or in old logs {"..", 3} */
static bool look_at_iovec(struct sc_strace_log *log, struct seen *seen, struct sc_span vec)
{
    struct sc_span base, bytes = {0};
    int64_t len = 0;
    const char *end = vec.at + vec.len, *comma = sc_strace_item_end(vec.at + 1, end);
    if (sc_strace_field(vec, "iov_base", &base)) {
        if (!field_value(log, vec, "iov_len", SC_KIND_SIZE, &len))
            return false;
    } else {
        base = (struct sc_span){vec.at + 1, (size_t)(comma - vec.at - 1)};
        if (comma == end || end - comma < 3 || !sc_strace_number(comma + 2, end, &len))
            return false;
    }
    const char *stop = base.len && *base.at == '"' ? sc_strace_string_end(base.at, base.at + base.len) : NULL;
    if (stop && sc_strace_unescape(&log->arena, (struct sc_span){base.at + 1, (size_t)(stop - base.at - 2)}, &bytes)) {
        log->failure = -ENOMEM;
        return false;
    }
    look_at(seen, bytes, (uint64_t)len);
    return true;
}

static void look_at_iovecs(struct sc_strace_log *log, struct seen *seen, struct sc_span text)
{
    const char *p = text.at + 1, *end = text.at + text.len;
    while (text.len && *text.at == '[' && p < end && seen->left) {
        while (p < end && *p == ' ')
            p++;
        const char *stop = sc_strace_item_end(p, end);
        if (p == end || *p != '{' || !look_at_iovec(log, seen, (struct sc_span){p, (size_t)(stop - p)}))
            break;
        if (stop == end || *stop != ',')
            break;
        p = stop + 1;
    }
}

static unsigned data_of(const struct seen *seen)
{
    return seen->some ? SC_DATA_SOME : seen->bytes ? SC_DATA_ZERO : SC_DATA_UNSEEN;
}

unsigned sc_strace_bytes(struct sc_strace_log *log, struct sc_span buffer, uint64_t *bytes, bool *ret_cut)
{
    struct seen seen = {.left = *bytes};
    struct sc_span text;
    const char *stop = buffer.len && *buffer.at == '"' ? sc_strace_string_end(buffer.at, buffer.at + buffer.len) : NULL;
    if (buffer.len && *buffer.at == '[') {
        look_at_iovecs(log, &seen, buffer);
        *bytes -= seen.left;
    } else if (stop) {
        if (sc_strace_unescape(&log->arena, (struct sc_span){buffer.at + 1, (size_t)(stop - buffer.at - 2)}, &text))
            log->failure = -ENOMEM;
        else
            look_at(&seen, text, seen.left);
    }
    *ret_cut = data_of(&seen) == SC_DATA_ZERO && seen.cut;
    return data_of(&seen);
}

void sc_strace_data(struct sc_strace_log *log, struct sc_event *event)
{
    if (event->desc->means ==
        SC_MEANS_VMSPLICE) { /* gives the pages away as they are; what is in them may still change */
        event->data = SC_DATA_UNSEEN;
        return;
    }
    for (unsigned i = 0; i < event->nargs; i++) {
        const struct sc_arg *arg = &event->args[i];
        if (arg->kind != SC_KIND_BUF_IN && arg->kind != SC_KIND_IOV_IN)
            continue;
        struct seen seen = {.left = (uint64_t)event->result};
        struct sc_span text = {arg->text, arg->text_len};
        if (arg->kind == SC_KIND_IOV_IN)
            look_at_iovecs(log, &seen, (struct sc_span){arg->raw, arg->raw_len});
        else
            look_at(&seen, text, seen.left);
        event->data = (uint8_t)data_of(&seen);
        event->data_cut = event->data == SC_DATA_ZERO && (seen.cut || seen.left);
        return;
    }
    /* sendfile and its kind; or a write whose text is lost */
    bool writes = event->desc->category == SC_CAT_WRITE;
    event->data = writes ? SC_DATA_UNSEEN : SC_DATA_NONE;
}
