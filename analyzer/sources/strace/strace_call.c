#include "strace_log.h"

#include <errno.h>

#include "../../model/error_names.h"

#define UNFINISHED " <unfinished ...>"

size_t sc_strace_name_begins(struct sc_span body)
{
    size_t len = 0;
    size_t limit = body.len < 40 ? body.len : 40;
    while (len < limit && ((body.at[len] >= 'a' && body.at[len] <= 'z') || body.at[len] == '_' ||
                           (body.at[len] >= '0' && body.at[len] <= '9')))
        len++;
    return len && body.at[0] >= '0' && body.at[0] <= '9' ? 0 : len;
}

size_t sc_strace_name_len(struct sc_span body)
{
    size_t len = sc_strace_name_begins(body);
    return len < body.len && body.at[len] == '(' ? len : 0;
}

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && *p == ' ')
        p++;
    return p;
}

/* <0.000012> at the end of a line */
static const char *duration(const char *p, const char *end, struct sc_event *event)
{
    event->has_duration = false;
    if (end[-1] != '>')
        return end;
    const char *open = end - 2;
    while (open > p && ((*open >= '0' && *open <= '9') || *open == '.'))
        open--;
    if (*open != '<' || open == end - 2)
        return end;
    if (sc_strace_seconds(open + 1, end, &event->duration_ns) != end - 1)
        return end;
    event->has_duration = true;
    return open;
}

static size_t errno_len(const char *p, const char *end)
{
    const char *begin = p;
    if (p == end || *p != 'E')
        return 0;
    while (p < end && ((*p >= 'A' && *p <= 'Z') || *p == '_' || (*p >= '0' && *p <= '9')))
        p++;
    return (size_t)(p - begin);
}

/* The error's name behind -1 or ?. */
static void failure(struct sc_strace_log *log, struct sc_span name, struct sc_event *event)
{
    int number = sc_error_number(name.at, name.len, &event->errno_name);
    event->result = -number;
    if (number)
        return;
    event->result = -4095; /* an error, but of a name that nobody here knows */
    char *copy = sc_strace_arena_room(&log->arena, name.len + 1);
    if (!copy) {
        log->failure = -ENOMEM;
        return;
    }
    memcpy(copy, name.at, name.len);
    copy[name.len] = '\0';
    sc_strace_arena_take(&log->arena, name.len + 1);
    event->errno_name = copy;
}

/* What strace -e inject= made of a call stands behind its result. */
static bool is_injected(const char *p, const char *end)
{
    static const char *const remarks[] = {"(INJECTED)", "(DELAYED)"};
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0] && end > p && end[-1] == ')'; i++) {
        size_t len = strlen(remarks[i]);
        if ((size_t)(end - p) > len && memcmp(end - len, remarks[i], len) == 0)
            return true;
    }
    return false;
}

bool sc_strace_result(struct sc_strace_log *log, const char *p, const char *end, struct sc_event *event)
{
    p = skip_spaces(p, end);
    if (end - p < 3 || p[0] != '=' || p[1] != ' ')
        return false;
    p += 2;
    event->errno_name = NULL;
    event->opened = NULL;
    end = duration(p, end, event);
    log->injected += is_injected(p, end);
    if (*p == '?') {
        p = skip_spaces(p + 1, end);
        size_t len = errno_len(p, end);
        event->outcome = event->desc->ret == SC_RET_N ? SC_NO_RETURN : SC_UNFINISHED;
        event->result = 0;
        if (len) {
            event->outcome = SC_DONE;
            failure(log, (struct sc_span){p, len}, event);
        }
        return true;
    }
    const char *after = sc_strace_number(p, end, &event->result);
    if (!after)
        return false;
    event->outcome = SC_DONE;
    if (event->result == -1 && after < end && *after == ' ') {
        after = skip_spaces(after, end);
        size_t len = errno_len(after, end);
        if (len)
            failure(log, (struct sc_span){after, len}, event);
    }
    bool opens = event->desc->means == SC_MEANS_OPEN && event->result >= 0 && !log->source.terms.own_names;
    if (opens && after < end && *after == '<') {
        struct sc_arg name = {0};
        sc_strace_descriptor_text(log, &name, after, end);
        event->opened = name.text;
        event->opened_len = name.text_len;
    }
    bool exec = event->desc->means == SC_MEANS_EXEC;
    if (exec && event->result == 0)
        event->outcome = SC_NO_RETURN;
    return true;
}

/* The last ")   = " of a line in which the arguments could not be followed. NULL where there is none. */
static const char *last_result(const char *p, const char *end)
{
    for (const char *at = end; (at = memrchr(p, '=', (size_t)(at - p)));) {
        const char *back = at;
        while (back > p && back[-1] == ' ')
            back--;
        if (back > p && back < at && back[-1] == ')' && end - at > 2 && at[1] == ' ')
            return back - 1;
    }
    return NULL;
}

/* Remarks with which strace ends a call that it will not see the end of. */
static bool gives_up(struct sc_span body, struct sc_event *event, const char **ret_end)
{
    static const char *const remarks[] = {" <unfinished ...>) = ?", " <detached ...>",
                                          "<ptrace(SYSCALL):No such process>", " <unavailable>) = ?"};
    for (size_t i = 0; i < sizeof remarks / sizeof remarks[0]; i++) {
        const char *at = memmem(body.at, body.len, remarks[i], strlen(remarks[i]));
        if (!at)
            continue;
        event->outcome = event->desc->ret == SC_RET_N ? SC_NO_RETURN : SC_UNFINISHED;
        event->has_duration = false;
        event->errno_name = NULL;
        *ret_end = at;
        return true;
    }
    return false;
}

static enum sc_shape broken_call(struct sc_strace_log *log, struct sc_span body, const char *stop,
                                 struct sc_event *event, struct sc_strace_parsed *parsed)
{
    const char *begin = body.at + parsed->name_len + 1, *end = body.at + body.len, *close;
    if (parsed->desc && gives_up(body, event, &close)) {
        sc_strace_args(log, begin, close, event);
        event->result = 0;
        return SC_SHAPE_CALL;
    }
    close = last_result(begin, end);
    if (close && sc_strace_result(log, close + 1, end, event)) {
        sc_strace_args(log, begin, close, event);
        parsed->glued = true;
        return SC_SHAPE_CALL;
    }
    if (!parsed->desc)
        return SC_SHAPE_NONE;
    /* closed brackets and then something that is no result: "read(2) is a system call" */
    if (stop < end && *stop == ')') {
        const char *rest = skip_spaces(stop + 1, end);
        if (rest < end && *rest != '=')
            return SC_SHAPE_NONE;
    }
    return SC_SHAPE_OPEN;
}

enum sc_shape sc_strace_call(struct sc_strace_log *log, struct sc_span body, struct sc_event *event,
                             struct sc_strace_parsed *ret_parsed)
{
    size_t name_len = sc_strace_name_len(body);
    ret_parsed->glued = false;
    ret_parsed->name_len = name_len;
    if (name_len == 0)
        return SC_SHAPE_NONE;
    const struct sc_call_desc *desc = sc_strace_call_named(log->names, body.at, name_len);
    ret_parsed->desc = desc;
    if (body.at[body.len - 1] == '>' && body.at[body.len - 2] == '.' && sc_span_ends(body, UNFINISHED)) {
        ret_parsed->body_len = body.len - strlen(UNFINISHED);
        return SC_SHAPE_UNFINISHED;
    }
    event->desc = desc ? desc : sc_call(SC_NR_LIMIT);
    event->name = body.at;
    event->name_len = name_len;
    event->data = SC_DATA_NONE;
    event->data_cut = false;
    const char *end = body.at + body.len;
    const char *stop = sc_strace_args(log, body.at + name_len + 1, end, event);
    bool closed = stop < end && *stop == ')';
    if (!closed || !sc_strace_result(log, stop + 1, end, event)) {
        enum sc_shape shape = broken_call(log, body, stop, event, ret_parsed);
        if (shape != SC_SHAPE_CALL)
            return shape;
    }
    if (event->outcome == SC_DONE && event->result > 0 && desc)
        sc_strace_data(log, event);
    return SC_SHAPE_CALL;
}
