/* format_strace.c: a call as strace -y itself prints it, as far as it is known; sc_strace_args and its kind read it. */
#include <fcntl.h>
#include <string.h>

#include "../../common/zero.h"
#include "format_internal.h"

enum {
    TEXT_MAX = 1 << 14, /* bytes of a string */
    RAW_MAX = 1 << 16,  /* of an argument as a log has it */
    ZEROS_SHOWN = 32,   /* as strace without -s */
};

static const char unknown[] = "{...}"; /* a pointer of which nothing is recorded */

/* A name that strace would have: a path, or one with a number of its own. Others are only ours. */
static bool is_name(const char *name)
{
    return name[0] == '/' || strstr(name, ":[") != NULL;
}

static void out_beside(const struct sc_line *line, const char *name)
{
    if (!name || !is_name(name))
        return;
    sc_out_char(line->out, '<');
    sc_out_escaped(line->out, name, strlen(name));
    sc_out_char(line->out, '>');
}

void sc_line_real_fd(const struct sc_line *line, int64_t fd, uint32_t file)
{
    sc_out_signed(line->out, fd);
    if (fd >= 0 && file != SC_NO_FILE)
        out_beside(line, sc_files_get(line->formatter->files, file)->path);
}

static void out_fd(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    if (arg->value >= 0 || arg->kind == SC_KIND_FD) {
        sc_line_real_fd(line, arg->value, arg->kind == SC_KIND_FD_NEW ? (uint32_t)SC_NO_FILE : sc_line_file(line, i));
        return;
    }
    sc_out_value(line->out, SC_KIND_DIRFD, arg->value);
    if (arg->kind == SC_KIND_DIRFD && arg->value == AT_FDCWD)
        out_beside(line, sc_files_directory(line->formatter->files, event->process));
}

static bool is_fd(unsigned kind)
{
    return kind == SC_KIND_FD || kind == SC_KIND_DIRFD || kind == SC_KIND_MAP_FD || kind == SC_KIND_FD_NEW;
}

/* As a log had it. What could do something to a terminal is none of strace's. */
static void out_raw(const struct sc_line *line, const struct sc_arg *arg)
{
    for (size_t i = 0; i < arg->raw_len; i++)
        sc_out_char(line->out, arg->raw[i] < ' ' || arg->raw[i] > '~' ? '?' : arg->raw[i]);
}

static void out_text(const struct sc_line *line, const struct sc_arg *arg)
{
    if (!(arg->state & SC_ARG_TEXT)) {
        sc_out_text(line->out, unknown);
        return;
    }
    bool cut = arg->text_len > TEXT_MAX || arg->state & SC_ARG_CUT;
    sc_out_quoted(line->out, arg->text, arg->text_len > TEXT_MAX ? TEXT_MAX : arg->text_len);
    sc_out_text(line->out, cut ? "..." : "");
}

/* The bytes of a buffer, of count: of those that were written it is always known whether they are all zero. */
static void out_bytes(const struct sc_line *line, const struct sc_arg *arg, int64_t count)
{
    static const char zeros[ZEROS_SHOWN];
    const struct sc_event *event = line->event;
    bool written = arg->kind == SC_KIND_BUF_IN || arg->kind == SC_KIND_IOV_IN;
    size_t shown = arg->text_len > TEXT_MAX ? TEXT_MAX : arg->text_len;
    bool misleads = written && event->data == SC_DATA_SOME && sc_is_zero(arg->text, shown);
    if (arg->state & SC_ARG_TEXT && !misleads)
        out_text(line, arg);
    else if (written && !line->failed && event->data == SC_DATA_ZERO) {
        sc_out_quoted(line->out, zeros, count < ZEROS_SHOWN ? (size_t)count : ZEROS_SHOWN);
        sc_out_text(line->out, count > ZEROS_SHOWN || event->data_cut ? "..." : "");
    } else {
        sc_out_text(line->out, count ? "\"\"..." : "\"\"");
    }
}

static void out_buffer(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    bool vector = arg->kind == SC_KIND_IOV_IN || arg->kind == SC_KIND_IOV_OUT;
    int64_t count = line->failed ? sc_event_value(event, i + 1) : event->result;
    if (!vector) {
        out_bytes(line, arg, count);
        return;
    }
    if (line->failed) {
        sc_out_text(line->out, "[...]");
        return;
    }
    sc_out_text(line->out, "[{iov_base=");
    out_bytes(line, arg, count);
    sc_out_text(line->out, ", iov_len=");
    sc_out_signed(line->out, count);
    sc_out_text(line->out, sc_event_value(event, i + 1) > 1 ? "}, ...]" : "}]");
}

/* A few numbers that stand behind the pointer. */
static void out_extras(const struct sc_line *line, const struct sc_arg *arg)
{
    const struct sc_event *event = line->event;
    if (arg->kind == SC_KIND_DENTS) {
        sc_out_text(line->out, unknown);
        if (line->failed || !arg->extra_count)
            return;
        sc_out_text(line->out, " /* ");
        sc_out_signed(line->out, arg->extra[0]);
        sc_out_text(line->out, " entries */");
    } else if (arg->kind == SC_KIND_OFF_PTR && arg->extra_count) {
        sc_out_char(line->out, '[');
        sc_out_signed(line->out, arg->extra[0]);
        sc_out_char(line->out, ']');
    } else if (arg->kind == SC_KIND_FD_PAIR && !line->failed && arg->extra_count > 1) {
        for (unsigned i = 0; i < 2; i++) {
            sc_out_text(line->out, i ? ", " : "[");
            sc_line_real_fd(line, arg->extra[i],
                            sc_files_of_descriptor(line->formatter->files, event->process, (int)arg->extra[i]));
        }
        sc_out_char(line->out, ']');
    } else {
        sc_out_text(line->out, unknown);
    }
}

/* By pointer. True where the kind is one of these. */
static bool out_pointer(const struct sc_line *line, unsigned i)
{
    const struct sc_arg *arg = &line->event->args[i];
    switch (arg->kind) {
    case SC_KIND_PATH:
    case SC_KIND_STR: out_text(line, arg); return true;
    case SC_KIND_BUF_IN:
    case SC_KIND_BUF_OUT:
    case SC_KIND_IOV_IN:
    case SC_KIND_IOV_OUT: out_buffer(line, i); return true;
    case SC_KIND_DENTS:
    case SC_KIND_OFF_PTR:
    case SC_KIND_FD_PAIR: out_extras(line, arg); return true;
    case SC_KIND_STR_OUT:
        if (line->failed)
            break;
        out_text(line, arg);
        return true;
    case SC_KIND_STAT:
    case SC_KIND_STATX:
    case SC_KIND_WAIT_STATUS:
        if (line->failed || arg->extra_count == 0 || (arg->kind == SC_KIND_WAIT_STATUS && line->event->result == 0))
            break;
        return sc_line_struct(line, i);
    case SC_KIND_TIMES2:
    case SC_KIND_PTR:
    case SC_KIND_IOCTL_ARG: break;
    default: return sc_line_struct(line, i);
    }
    sc_out_text(line->out, unknown);
    return true;
}

static void out_number(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    switch (arg->kind) {
    case SC_KIND_PID:
    case SC_KIND_TID:
    case SC_KIND_IPC_ID: sc_out_signed(line->out, arg->value); return;
    case SC_KIND_SIZE: sc_out_unsigned(line->out, (uint64_t)arg->value); return;
    case SC_KIND_ADDR:
        if (arg->value)
            sc_out_hex(line->out, (uint64_t)arg->value);
        else
            sc_out_text(line->out, "NULL");
        return;
    case SC_KIND_SOCK_OPTION: sc_out_value(line->out, sc_option_kind(event->args[1].value), arg->value); return;
    default: sc_out_value(line->out, arg->kind >= SC_KIND_COUNT ? SC_KIND_LONG : arg->kind, arg->value);
    }
}

static void out_arg(const struct sc_line *line, unsigned i, const char *separator)
{
    const struct sc_arg *arg = &line->event->args[i];
    bool bare_fd = is_fd(arg->kind) && arg->state & SC_ARG_VALUE && !(arg->state & SC_ARG_TEXT);
    bool raw = arg->state & SC_ARG_RAW && arg->raw_len > 0 && arg->raw_len <= RAW_MAX && !bare_fd;
    if (!raw && arg->kind == SC_KIND_FCNTL_ARG) {
        sc_line_fcntl_arg(line, i, separator);
        return;
    }
    if (!raw && sc_line_absent(line->event, i))
        return;
    sc_out_text(line->out, separator);
    if (raw)
        out_raw(line, arg);
    else if (bare_fd)
        out_fd(line, i);
    else if (arg->state & SC_ARG_NULL)
        sc_out_text(line->out, "NULL");
    else if (out_pointer(line, i))
        return;
    else if (arg->state & SC_ARG_VALUE)
        out_number(line, i);
    else
        sc_out_text(line->out, unknown);
}

static void out_args(const struct sc_line *line, struct sc_strace_hints hints)
{
    const struct sc_event *event = line->event;
    unsigned count = event->nargs < SC_MAX_ARGS ? event->nargs : SC_MAX_ARGS;
    bool exec = event->desc->means == SC_MEANS_EXEC && event->outcome == SC_NO_RETURN;
    if (event->desc->kinds[0] == SC_KIND_CLONE_FLAGS) {
        sc_line_clone(line);
        return;
    }
    unsigned environment = (event->desc->kinds[0] == SC_KIND_DIRFD) + 2;
    bool thread = hints.makes_thread && event->desc->kinds[0] == SC_KIND_PTR && !(event->args[0].state & SC_ARG_RAW);
    for (unsigned i = 0; i < count; i++) {
        if (i == 0 && thread)
            sc_out_text(line->out, "{flags=CLONE_THREAD, ...}");
        else
            out_arg(line, i, i > 0 ? ", " : "");
        if (exec && hints.without_loader && i == environment)
            sc_out_text(line->out, " " SC_WITHOUT_LOADER " */");
    }
}

static void out_done(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    int64_t command = sc_fcntl_command(event);
    bool gives = event->desc->fd_effect == SC_FD_GIVES || event->desc->fd_effect == SC_FD_REPLACES;
    if (gives || sc_fcntl_is_dup(event))
        sc_line_real_fd(line, event->result,
                        sc_files_of_descriptor(line->formatter->files, event->process, (int)event->result));
    else if (command == F_GETFD || command == F_GETFL)
        sc_line_flags_result(line->out, command == F_GETFD ? SC_KIND_FD_FLAGS : SC_KIND_OPEN_FLAGS, event->result);
    else if (event->desc->ret == SC_RET_P)
        sc_out_hex(line->out, (uint64_t)event->result);
    else if (event->desc->means == SC_MEANS_UMASK)
        sc_out_mode(line->out, (uint32_t)event->result);
    else
        sc_out_signed(line->out, event->result);
}

void sc_format_strace(const struct sc_formatter *formatter, const struct sc_event *event, struct sc_strace_hints hints,
                      struct sc_out *out)
{
    struct sc_line line = {.formatter = formatter,
                           .event = event,
                           .out = out,
                           .failed = event->outcome != SC_DONE || sc_event_failed(event),
                           .real = true};
    if (event->desc->name)
        sc_out_escaped(out, event->desc->name, strlen(event->desc->name));
    else
        sc_out_escaped(out, event->name ? event->name : "syscall", event->name ? event->name_len : 7);
    sc_out_char(out, '(');
    out_args(&line, hints);
    if (event->outcome == SC_UNFINISHED) {
        sc_out_text(out, " <unfinished ...>");
        return;
    }
    sc_out_text(out, ") = ");
    if (event->outcome == SC_NO_RETURN && event->desc->means == SC_MEANS_EXEC)
        sc_out_char(out, '0');
    else if (event->outcome != SC_DONE)
        sc_out_char(out, '?');
    else if (sc_event_failed(event))
        sc_line_error(out, event);
    else
        out_done(&line);
}
