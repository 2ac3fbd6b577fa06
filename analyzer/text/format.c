#include "format.h"

#include <fcntl.h>
#include <string.h>

#include "../model/request_names.h"
#include "format_internal.h"

int64_t sc_fcntl_command(const struct sc_event *event)
{
    return event->desc->means == SC_MEANS_FCNTL && (event->args[1].state & SC_ARG_VALUE) ? event->args[1].value : -1;
}

bool sc_fcntl_is_dup(const struct sc_event *event)
{
    int64_t command = sc_fcntl_command(event);
    return command == F_DUPFD || command == F_DUPFD_CLOEXEC;
}

static void out_flock(const struct sc_line *line, const struct sc_arg *arg)
{
    if (arg->state & SC_ARG_NULL) {
        sc_out_text(line->out, "NULL");
        return;
    }
    if (arg->extra_count < 4) {
        sc_out_text(line->out, "{...}");
        return;
    }
    sc_out_text(line->out, "{l_type=");
    sc_out_value(line->out, SC_KIND_LOCK_TYPE, arg->extra[0]);
    sc_out_text(line->out, ", l_whence=");
    sc_out_value(line->out, SC_KIND_WHENCE, arg->extra[1]);
    sc_out_text(line->out, ", l_start=");
    sc_out_signed(line->out, arg->extra[2]);
    sc_out_text(line->out, ", l_len=");
    sc_out_signed(line->out, arg->extra[3]);
    sc_out_char(line->out, '}');
}

void sc_line_fcntl_arg(const struct sc_line *line, unsigned i, const char *separator)
{
    const struct sc_arg *arg = &line->event->args[i];
    unsigned kind;
    switch (sc_fcntl_command(line->event)) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETLEASE:
    case F_GETPIPE_SZ:
    case F_GET_SEALS: return;
    case F_SETFD: kind = SC_KIND_FD_FLAGS; break;
    case F_SETFL: kind = SC_KIND_OPEN_FLAGS; break;
    case F_SETSIG: kind = SC_KIND_SIGNAL; break;
    case F_SETLEASE: kind = SC_KIND_LOCK_TYPE; break;
    case F_ADD_SEALS: kind = SC_KIND_SEALS; break;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_SETPIPE_SZ: kind = SC_KIND_INT; break;
    case F_NOTIFY: kind = SC_KIND_HEX; break;
    case F_GETLK ... F_SETLKW:
    case F_OFD_GETLK ... F_OFD_SETLKW:
        sc_out_text(line->out, separator);
        out_flock(line, arg);
        return;
    default: kind = SC_KIND_ADDR; break;
    }
    sc_out_text(line->out, separator);
    if (sc_fcntl_command(line->event) == F_SETOWN && !line->real)
        sc_out_text(line->out, "PID");
    else if (line->real && kind == SC_KIND_ADDR)
        sc_out_hex(line->out, (uint64_t)arg->value);
    else if (arg->state & SC_ARG_VALUE)
        sc_out_value(line->out, kind, arg->value);
    else
        sc_out_text(line->out, arg->state & SC_ARG_NULL ? "0" : "{...}");
}

/* The name of the file that a call opened or duplicated. */
static const char *path_name(const struct sc_line *line, unsigned path)
{
    const struct sc_formatter *formatter = line->formatter;
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[path];
    if (formatter->access && formatter->access->file != SC_NO_FILE)
        return sc_normalise_file(formatter->normaliser, sc_files_get(formatter->files, formatter->access->file));
    if (!(arg->state & SC_ARG_TEXT))
        return NULL;
    const char *directory = NULL;
    if (path == 1 && (event->args[0].state & SC_ARG_VALUE) && event->args[0].value >= 0) {
        uint32_t file = sc_files_of_descriptor(formatter->files, event->process, (int)event->args[0].value);
        if (file != SC_NO_FILE)
            directory = sc_files_get(formatter->files, file)->path;
    }
    return sc_normalise_name_at(formatter->normaliser, directory, arg->text, arg->text_len);
}

/* Does the call return a descriptor? ret_name: what it is called, NULL where that is not known. */
static bool returns_descriptor(const struct sc_line *line, const char **ret_name)
{
    const struct sc_call_desc *desc = line->event->desc;
    *ret_name = NULL;
    switch (desc->means) {
    case SC_MEANS_OPEN:
    case SC_MEANS_OPEN_TREE: *ret_name = path_name(line, desc->kinds[0] == SC_KIND_DIRFD); return true;
    case SC_MEANS_DUP:
    case SC_MEANS_DUP_TO: *ret_name = sc_line_fd_name(line, 0); return true;
    case SC_MEANS_FCNTL: *ret_name = sc_line_fd_name(line, 0); return sc_fcntl_is_dup(line->event);
    default: *ret_name = sc_made_name(desc->means); return desc->fd_effect == SC_FD_GIVES;
    }
}

/* Results that are numbers of processes, threads, times or the system's objects, or another call's. NULL for all else.
 */
static const char *replaced_result(const struct sc_event *event)
{
    switch (event->desc->means) {
    case SC_MEANS_FORK:
    case SC_MEANS_WAIT_CHILD:
    case SC_MEANS_PROCESS_ID: return event->result ? "PID" : NULL;
    case SC_MEANS_THREAD_ID: return "TID";
    case SC_MEANS_TIME: return "TIME";
    case SC_MEANS_OBJECT_ID: return "ID";
    case SC_MEANS_SIGRETURN: return "SOME"; /* of the call that the signal came behind */
    default: return event->desc->ret == SC_RET_P ? "0xADDR" : NULL;
    }
}

void sc_line_error(struct sc_out *out, const struct sc_event *event)
{
    int number = (int)-event->result;
    const char *name = event->errno_name ? event->errno_name : strerrorname_np(number);
    const char *text = event->errno_name ? NULL : strerrordesc_np(number);
    sc_out_text(out, "-1 ");
    if (name) {
        sc_out_escaped(out, name, strlen(name)); /* the source's */
    } else {
        sc_out_text(out, "errno ");
        sc_out_signed(out, number);
    }
    if (text) {
        sc_out_text(out, " (");
        sc_out_text(out, text);
        sc_out_char(out, ')');
    }
}

void sc_line_flags_result(struct sc_out *out, unsigned kind, int64_t flags)
{
    sc_out_hex(out, (uint64_t)flags);
    if (kind == SC_KIND_FD_FLAGS && flags == 0)
        return;
    sc_out_text(out, " (flags ");
    sc_out_value(out, kind, flags);
    sc_out_char(out, ')');
}

/* The length of a name that the call returned and that is shown normalised: its length as shown. */
static int64_t shown_length(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    unsigned i = 0;
    while (i < SC_MAX_ARGS - 1 && event->desc->kinds[i] != SC_KIND_STR_OUT)
        i++;
    const struct sc_arg *arg = &event->args[i];
    if (!(arg->state & SC_ARG_TEXT) || (arg->state & SC_ARG_CUT))
        return event->result;
    const char *path = sc_line_path(line, i);
    return event->result - (int64_t)arg->text_len + (int64_t)strlen(path);
}

static void out_value_returned(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    const char *name;
    if (returns_descriptor(line, &name)) {
        sc_line_name(line, name);
        return;
    }
    const char *replaced = replaced_result(event);
    int64_t command = sc_fcntl_command(event);
    if (replaced)
        sc_out_text(line->out, replaced);
    else if (command == F_GETFD || command == F_GETFL)
        sc_line_flags_result(line->out, command == F_GETFD ? SC_KIND_FD_FLAGS : SC_KIND_OPEN_FLAGS, event->result);
    else if (command == F_GETOWN)
        sc_out_text(line->out, "PID");
    else if (event->desc->means == SC_MEANS_UMASK)
        sc_out_mode(line->out, (uint32_t)event->result);
    else if (event->desc->means == SC_MEANS_GET_CWD || event->desc->means == SC_MEANS_READ_LINK)
        sc_out_signed(line->out, shown_length(line));
    else if (sc_line_of_mappings(line))
        sc_out_text(line->out, "SOME");
    else
        sc_out_signed(line->out, event->result);
}

/* In a timeline a result is worth its place only where it says what the arguments do not. */
static bool result_left_out(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    if (!line->formatter->steps || line->failed)
        return false;
    unsigned category = event->desc->category;
    return event->result == 0 || event->desc->ret == SC_RET_P || category == SC_CAT_SEEK || category == SC_CAT_READ ||
           category == SC_CAT_WRITE;
}

static void out_result(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    if (event->outcome == SC_UNFINISHED) {
        sc_out_text(line->out, " <unfinished ...>");
        return;
    }
    sc_out_char(line->out, ')');
    bool exec = event->desc->means == SC_MEANS_EXEC;
    if (result_left_out(line) && !returns_descriptor(line, &(const char *){NULL}))
        return;
    sc_out_text(line->out, " = ");
    if (event->outcome == SC_NO_RETURN && exec)
        sc_out_char(line->out, '0'); /* as strace, which sees it succeed */
    else if (event->outcome != SC_DONE)
        sc_out_char(line->out, '?');
    else if (line->failed)
        sc_line_error(line->out, event);
    else
        out_value_returned(line);
}

/* strace names clone's arguments and orders them otherwise; what counts are the flags. */
void sc_line_clone(const struct sc_line *line)
{
    static const char prefix[] = "flags=";
    const struct sc_event *event = line->event;
    for (unsigned i = 0; i < event->nargs && i < SC_MAX_ARGS; i++) {
        const struct sc_arg *arg = &event->args[i];
        int64_t flags = arg->value;
        bool known = arg->kind == SC_KIND_CLONE_FLAGS && (arg->state & SC_ARG_VALUE);
        if (!known && (arg->state & SC_ARG_RAW) && arg->raw_len > 6 && memcmp(arg->raw, prefix, 6) == 0)
            known = sc_parse_value(SC_KIND_CLONE_FLAGS, arg->raw + 6, arg->raw_len - 6, &flags) == 0;
        if (known) {
            sc_out_text(line->out, prefix);
            sc_out_value(line->out, SC_KIND_CLONE_FLAGS, flags);
            return;
        }
    }
}

static void out_call(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    if (event->type == SC_EVENT_REQUEST)
        sc_out_text(line->out, sc_event_call_name(event));
    else if (event->desc->name) /* a capture's table may hold anything */
        sc_out_escaped(line->out, event->desc->name, strlen(event->desc->name));
    else
        sc_out_escaped(line->out, event->name ? event->name : "syscall", event->name ? event->name_len : 7);
    sc_out_char(line->out, '(');
    if (!event->desc->name) {
        sc_out_text(line->out, "..."); /* of an unknown call's arguments it is not known which are addresses */
        return;
    }
    if (event->desc->kinds[0] == SC_KIND_CLONE_FLAGS) {
        sc_line_clone(line);
        return;
    }
    unsigned count = sc_line_arg_count(event);
    if (count > event->nargs)
        count = event->nargs;
    for (unsigned i = 0; i < count; i++)
        sc_line_arg(line, i, i > 0 ? ", " : "");
    if (event->desc->means == SC_MEANS_RING_ENTER && event->request_count) {
        sc_out_text(line->out, ", ");
        sc_line_requests(line);
    }
}

size_t sc_format_line(const struct sc_formatter *formatter, const struct sc_event *event, char *text, size_t capacity)
{
    struct sc_out out;
    sc_out_begin(&out, text, capacity);
    struct sc_line line = {
        .formatter = formatter,
        .event = event,
        .out = &out,
        .failed = event->outcome != SC_DONE || sc_event_failed(event),
    };
    out_call(&line);
    out_result(&line);
    return sc_out_end(&out);
}
