#include "strace_log.h"

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && *p == ' ')
        p++;
    return p;
}

/* "ls" in 7704<ls>, of strace -Y. */
static const char *skip_comm(const char *p, const char *end)
{
    if (p == end || *p != '<')
        return p;
    for (const char *q = p + 1; q < end && q - p < 72; q++)
        if (*q == '>' && q + 1 < end && (q[1] == ' ' || q[1] == ']'))
            return q + 1;
    return p;
}

static const char *digits(const char *p, const char *end, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *begin = p;
    for (; p < end && *p >= '0' && *p <= '9' && p - begin < 18; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    *ret_value = value;
    return p;
}

static const char *bracket_pid(const char *p, const char *end, struct sc_strace_prefix *prefix)
{
    uint64_t pid;
    const char *q = skip_spaces(p + 4, end);
    const char *stop = digits(q, end, &pid);
    if (stop == q || pid == 0 || pid > INT32_MAX)
        return p;
    stop = skip_comm(stop, end);
    if (stop == end || *stop != ']')
        return p;
    prefix->tid = (int32_t)pid;
    return stop + 1;
}

/* 12:03:54 or 12:03:54.951213, p behind the hours */
static const char *time_of_day(const char *p, const char *end, uint64_t hours, struct sc_strace_prefix *prefix)
{
    uint64_t minutes, ns;
    if (end - p < 6 || p[3] != ':' || hours > 99)
        return NULL;
    if (digits(p + 1, p + 3, &minutes) != p + 3)
        return NULL;
    const char *stop = sc_strace_seconds(p + 4, end, &ns);
    if (!stop)
        return NULL;
    prefix->has_time = true;
    prefix->time_of_day = true;
    prefix->time_ns = (hours * 3600 + minutes * 60) * UINT64_C(1000000000) + ns;
    return stop;
}

/* A pid, a clock's time or -r's difference: told apart by form. p: its first digit. */
static const char *leading_number(const char *p, const char *end, struct sc_strace_prefix *prefix)
{
    enum { PID_LIMIT = 1 << 22 };
    uint64_t number, ns;
    const char *stop = digits(p, end, &number);
    const char *after = NULL;
    if (stop < end && *stop == ':') {
        after = time_of_day(stop, end, number, prefix);
    } else if (stop < end && *stop == '.') {
        after = sc_strace_seconds(p, end, &ns);
        if (after && number < 1000000) { /* -r: more than eleven days pass between no two calls; -ttt: since 1970 */
            prefix->has_delta = true;
            prefix->delta_ns = ns;
        } else if (after) {
            prefix->has_time = true;
            prefix->time_ns = ns;
        }
    } else if (number > PID_LIMIT && !prefix->has_time) {
        prefix->has_time = true;
        prefix->time_ns = number * UINT64_C(1000000000);
        after = stop;
    } else if (!prefix->tid && number > 0 && number <= PID_LIMIT && !prefix->has_time) {
        prefix->tid = (int32_t)number;
        after = skip_comm(stop, end);
    }
    return after && after < end && *after == ' ' ? after : NULL;
}

/* (+     0.000123), beside a clock's time */
static const char *delta_in_brackets(const char *p, const char *end, struct sc_strace_prefix *prefix)
{
    uint64_t ns;
    const char *stop = sc_strace_seconds(skip_spaces(p + 2, end), end, &ns);
    return stop && stop < end && *stop == ')' ? (prefix->delta_ns = ns, stop + 1) : NULL;
}

/* [00007f64d1e11ad7], [????????????????] of -i, or [  59] of -n */
static const char *number_in_brackets(const char *p, const char *end, struct sc_strace_prefix *prefix)
{
    uint64_t value = 0;
    const char *q = skip_spaces(p + 1, end), *begin = q;
    for (; q < end && *q != ']'; q++) {
        char c = *q;
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else if (c != '?')
            return NULL;
    }
    if (q == end || q == begin || q - begin > 16)
        return NULL;
    if (q - begin >= 8)
        prefix->ip = value;
    return q + 1;
}

void sc_strace_prefix(struct sc_span line, struct sc_strace_prefix *ret_prefix)
{
    const char *p = line.at, *end = p + line.len;
    *ret_prefix = (struct sc_strace_prefix){0};
    for (int part = 0; part < 6; part++) {
        const char *q = skip_spaces(p, end), *after = NULL;
        if (q == end)
            break;
        if (*q >= '0' && *q <= '9')
            after = leading_number(q, end, ret_prefix);
        else if (*q == '[' && q == line.at && end - q > 6 && memcmp(q, "[pid ", 5) == 0)
            after = bracket_pid(q, end, ret_prefix);
        else if (*q == '(' && end - q > 4 && q[1] == '+' && ret_prefix->has_time)
            after = delta_in_brackets(q, end, ret_prefix);
        else if (*q == '[')
            after = number_in_brackets(q, end, ret_prefix);
        if (!after || after == q)
            break;
        p = after;
    }
    /* one space parts the prefix from what follows; further ones belong to that (" > frame", " <unfinished ...>") */
    if (p > line.at) {
        bool pid_only = ret_prefix->tid && !ret_prefix->has_time && !ret_prefix->has_delta && !ret_prefix->ip;
        if (p < end && *p == ' ')
            p++;
        while (pid_only && p < end && *p == ' ')
            p++;
    }
    ret_prefix->body = (struct sc_span){p, (size_t)(end - p)};
}
