/*
 * strace_notice.c: lines of strace's that are no calls.
 */
#include "strace_guess.h"

/*
 * "strace: Process 123 attached", alone or at the end of a call's first half. Behind a process's own number, which
 * strace never prints there, it is one of its threads, and "strace: New Process 123 attached" a child: --export strace
 * says it so, for the call that made it may be filtered out, unseen, or come later.
 */
struct sc_span sc_strace_remark(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    struct sc_span body = prefix->body;
    if (body.len == 0 || body.at[body.len - 1] != 'd' || !sc_span_ends(body, " attached"))
        return body;
    const char *at = memmem(body.at, body.len, "Process ", 8);
    int64_t pid;
    const char *after = at ? sc_strace_number(at + 8, body.at + body.len, &pid) : NULL;
    struct sc_span rest = after ? (struct sc_span){after, (size_t)(body.at + body.len - after)} : body;
    if (!after || !sc_span_is(rest, " attached") || pid <= 0 || pid > INT32_MAX)
        return body;
    struct sc_span before = {body.at, (size_t)(at - body.at)};
    bool child = sc_span_is(before, "strace: New ");
    if (child)
        before.len = 0;
    else if (sc_span_ends(before, "strace: "))
        before.len -= strlen("strace: ");
    struct sc_strace_thread *of = before.len == 0 && prefix->tid ? sc_strace_thread_known(log, prefix) : NULL;
    if (of)
        sc_strace_child(log, of, (int32_t)pid, !child);
    else if (before.len == 0)
        sc_strace_attached(log, (int32_t)pid);
    else
        log->multi = true; /* its parent's line is this one, and will tell */
    return before;
}

static bool exit_line(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    struct sc_span body = prefix->body;
    const char *end = body.at + body.len;
    struct sc_end how = {0};
    int64_t number;
    if (sc_span_begins(body, "+++ exited with ")) {
        if (!sc_strace_number(body.at + 16, end, &number))
            return false;
        how = (struct sc_end){SC_ENDED_EXITED, (int)(number & 0xff), 0};
    } else if (sc_span_begins(body, "+++ killed by ")) {
        const char *name = body.at + 14, *space = memchr(name, ' ', (size_t)(end - name));
        how.kind = SC_ENDED_SIGNALED;
        how.signal = sc_strace_signal((struct sc_span){name, (size_t)((space ? space : end) - name)});
    } else if (sc_span_begins(body, "+++ superseded by execve in pid ")) {
        struct sc_strace_thread *thread = sc_strace_thread_known(log, prefix);
        if (thread && sc_strace_number(body.at + 32, end, &number) && number > 0 && number <= INT32_MAX)
            sc_strace_superseded(log, thread, (int32_t)number);
        return true;
    } else {
        return false;
    }
    struct sc_strace_thread *thread = sc_strace_thread_of(log, prefix, false);
    if (thread)
        sc_strace_thread_ended(log, thread, how);
    return true;
}

/* How an untraced child ended stands in its SIGCHLD. */
static void child_signal(struct sc_strace_log *log, struct sc_span body)
{
    const char *brace = memchr(body.at, '{', body.len);
    struct sc_span code, pid, status;
    if (!brace)
        return;
    struct sc_span info = {brace, (size_t)(body.at + body.len - brace)};
    int64_t number;
    if (!sc_strace_field(info, "si_code", &code) || !sc_strace_field(info, "si_pid", &pid) ||
        !sc_strace_field(info, "si_status", &status) || !sc_strace_number(pid.at, pid.at + pid.len, &number) ||
        number <= 0 || number > INT32_MAX)
        return;
    struct sc_end end = {0};
    int64_t value;
    if (sc_span_is(code, "CLD_EXITED") && sc_strace_number(status.at, status.at + status.len, &value)) {
        end = (struct sc_end){SC_ENDED_EXITED, (int)(value & 0xff), 0};
    } else if (sc_span_is(code, "CLD_KILLED") || sc_span_is(code, "CLD_DUMPED")) {
        end.kind = SC_ENDED_SIGNALED;
        end.signal = sc_strace_signal(status);
    } else {
        return;
    }
    sc_strace_child_end(log, (int32_t)number, end);
}

static bool signal_line(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    struct sc_span body = prefix->body;
    if (!sc_span_ends(body, " ---"))
        return false;
    if (sc_span_begins(body, "--- SIGCHLD {"))
        child_signal(log, body);
    else if (!sc_span_begins(body, "--- SIG") && !sc_span_begins(body, "--- stopped by "))
        return false;
    return true;
}

static bool message(struct sc_span body)
{
    static const char *const begins[] = {"strace: ", "Process ", "[ Process PID=", "/usr/bin/strace: ", "[ Detaching"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (sc_span_begins(body, begins[i]))
            return true;
    return false;
}

/* The table behind the calls, of strace -C: its counts are of the same calls. */
static bool table_line(struct sc_strace_log *log, struct sc_span line)
{
    if (log->in_table) {
        char first = line.at[0];
        bool row = first == ' ' || first == '-' || (first >= '0' && first <= '9');
        log->in_table = row && !sc_span_ends(line, " total");
        if (row)
            return true;
    }
    if (sc_span_begins(line, "% time ") || sc_span_begins(line, "------ ----") ||
        sc_span_begins(line, "--------------")) {
        log->in_table = true;
        return true;
    }
    return sc_span_begins(line, "System call usage summary for ");
}

bool sc_strace_notice(struct sc_strace_log *log, const struct sc_strace_prefix *prefix)
{
    struct sc_span body = prefix->body, line = log->input->line;
    if (body.at[0] == '+' && exit_line(log, prefix))
        return true;
    if (body.at[0] == '-' && signal_line(log, prefix))
        return true;
    if (sc_span_begins(body, " > ") || sc_span_begins(line, " > "))
        return true; /* a frame of -k; its address is relative to a module that the log does not place */
    return message(body) || table_line(log, line);
}
