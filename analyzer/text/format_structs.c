/* format_structs.c: what stands behind pointers to structures. */
#include <sys/socket.h>
#include <sys/stat.h>

#include "format_internal.h"

/* A descriptor that is no argument of its own. */
static void out_inner_fd(const struct sc_line *line, int64_t fd)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    uint32_t file = sc_files_of_descriptor(line->formatter->files, line->event->process, (int)fd);
    if (line->real)
        sc_line_real_fd(line, fd, file);
    else if (fd < 0)
        sc_out_signed(line->out, fd);
    else if (file != SC_NO_FILE)
        sc_line_name(line, sc_normalise_file(line->formatter->normaliser, sc_files_get(line->formatter->files, file)));
    else
        sc_line_name(line, fd <= 2 ? standard[fd] : NULL);
}

static void out_stat(const struct sc_line *line, const struct sc_arg *arg, const char *prefix)
{
    if (line->failed || arg->extra_count < 2) {
        sc_out_text(line->out, line->failed ? "0xADDR" : "{...}");
        return;
    }
    bool device = S_ISCHR(arg->extra[0]) || S_ISBLK(arg->extra[0]);
    sc_out_char(line->out, '{');
    if (line->real && arg->extra_count > 3) { /* as with -v: which file it is */
        sc_out_text(line->out, "st_dev=");
        sc_out_value(line->out, SC_KIND_DEV, arg->extra[2]);
        sc_out_text(line->out, ", st_ino=");
        sc_out_unsigned(line->out, (uint64_t)arg->extra[3]);
        sc_out_text(line->out, ", ");
    }
    sc_out_text(line->out, prefix);
    sc_out_text(line->out, "mode=");
    sc_out_value(line->out, SC_KIND_FILE_MODE, arg->extra[0]);
    if (!device || arg->kind == SC_KIND_STAT) { /* of statx strace does not tell a device's number */
        sc_out_text(line->out, ", ");
        sc_out_text(line->out, prefix);
        sc_out_text(line->out, device ? "rdev=" : "size=");
        sc_out_value(line->out, device ? SC_KIND_DEV : SC_KIND_OFF, arg->extra[1]);
    }
    sc_out_text(line->out, ", ...}");
}

static void out_wait_status(const struct sc_line *line, const struct sc_arg *arg)
{
    if (line->failed || line->event->result == 0 || arg->extra_count < 1) {
        sc_out_text(line->out, "0xADDR");
        return;
    }
    uint32_t status = (uint32_t)arg->extra[0];
    uint32_t signal = status & 0x7f;
    if (status == 0xffff) {
        sc_out_text(line->out, "[{WIFCONTINUED(s)}]");
        return;
    }
    if (signal == 0) {
        sc_out_text(line->out, "[{WIFEXITED(s) && WEXITSTATUS(s) == ");
        sc_out_unsigned(line->out, status >> 8 & 0xff);
    } else {
        bool stopped = signal == 0x7f;
        sc_out_text(line->out, stopped ? "[{WIFSTOPPED(s) && WSTOPSIG(s) == " : "[{WIFSIGNALED(s) && WTERMSIG(s) == ");
        sc_out_value(line->out, SC_KIND_SIGNAL, stopped ? status >> 8 & 0xff : signal);
        if (!stopped && (status & 0x80))
            sc_out_text(line->out, " && WCOREDUMP(s)");
    }
    sc_out_text(line->out, "}]");
}

static void out_open_how(const struct sc_line *line, const struct sc_arg *arg)
{
    if (arg->extra_count < 3) {
        sc_out_text(line->out, "{...}");
        return;
    }
    sc_out_text(line->out, "{flags=");
    sc_out_value(line->out, SC_KIND_OPEN_FLAGS, arg->extra[0]);
    if (arg->extra[1]) {
        sc_out_text(line->out, ", mode=");
        sc_out_mode(line->out, (uint32_t)arg->extra[1]);
    }
    sc_out_text(line->out, ", resolve=");
    sc_out_value(line->out, SC_KIND_RESOLVE, arg->extra[2]);
    sc_out_char(line->out, '}');
}

/* What stands in a socket's address: family, then port, or a name with @ for the NUL that an abstract one begins with.
 */
static void out_address(const struct sc_line *line, const struct sc_arg *arg)
{
    if (arg->extra_count < 1 || (line->event->outcome == SC_DONE && !sc_address_was_read(line->event->result))) {
        sc_out_text(line->out, "{...}");
        return;
    }
    sc_out_text(line->out, "{sa_family=");
    sc_out_value(line->out, SC_KIND_SOCK_DOMAIN, arg->extra[0]);
    if (arg->extra[0] == AF_UNIX && (arg->state & SC_ARG_TEXT)) {
        bool abstract = arg->text_len > 0 && arg->text[0] == '\0';
        const char *name = arg->text + abstract;
        size_t len = arg->text_len - abstract;
        if (!line->real) {
            const char *directory = sc_files_directory(line->formatter->files, line->event->process);
            name = sc_normalise_below(line->formatter->normaliser, abstract ? NULL : directory, name, len);
            len = strlen(name);
        }
        sc_out_text(line->out, abstract ? ", sun_path=@" : ", sun_path=");
        sc_out_quoted(line->out, name, len);
    } else if (arg->extra[0] == AF_INET && arg->extra_count > 2) {
        uint32_t address = (uint32_t)arg->extra[2];
        sc_out_text(line->out, ", sin_port=htons(");
        sc_out_signed(line->out, arg->extra[1]);
        sc_out_text(line->out, "), sin_addr=inet_addr(\"");
        for (int shift = 24; shift >= 0; shift -= 8) {
            sc_out_unsigned(line->out, address >> shift & 0xff);
            sc_out_text(line->out, shift ? "." : "\")");
        }
    } else if (arg->extra[0] == AF_INET6 && arg->extra_count > 1) {
        sc_out_text(line->out, ", sin6_port=htons(");
        sc_out_signed(line->out, arg->extra[1]);
        sc_out_text(line->out, "), ...");
    } else {
        sc_out_text(line->out, ", ...");
    }
    sc_out_char(line->out, '}');
}

/* Of several descriptors the first; all of them would make a line of each length. */
static void out_poll(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    int64_t count = i + 1 < event->nargs && (event->args[i + 1].state & SC_ARG_VALUE) ? event->args[i + 1].value : 2;
    if (count == 0) {
        sc_out_text(line->out, "[]");
    } else if (line->failed || arg->extra_count < 2) {
        sc_out_text(line->out, "[...]");
    } else {
        sc_out_text(line->out, "[{fd=");
        out_inner_fd(line, arg->extra[0]);
        sc_out_text(line->out, ", events=");
        sc_out_value(line->out, SC_KIND_POLL_EVENTS, arg->extra[1]);
        sc_out_text(line->out, count > 1 ? "}, ...]" : "}]");
    }
}

static void out_epoll_event(const struct sc_line *line, const struct sc_arg *arg)
{
    if (line->failed || arg->extra_count < 1) {
        sc_out_text(line->out, "{...}");
        return;
    }
    sc_out_text(line->out, "{events=");
    sc_out_value(line->out, SC_KIND_EPOLL_EVENTS, arg->extra[0]);
    sc_out_text(line->out, ", ...}");
}

bool sc_line_struct(const struct sc_line *line, unsigned i)
{
    const struct sc_arg *arg = &line->event->args[i];
    switch (arg->kind) {
    case SC_KIND_STAT: out_stat(line, arg, "st_"); break;
    case SC_KIND_STATX: out_stat(line, arg, "stx_"); break;
    case SC_KIND_WAIT_STATUS: out_wait_status(line, arg); break;
    case SC_KIND_OPEN_HOW: out_open_how(line, arg); break;
    case SC_KIND_SOCKADDR_IN: out_address(line, arg); break;
    case SC_KIND_POLLFDS: out_poll(line, i); break;
    case SC_KIND_EPOLL_EVENT: out_epoll_event(line, arg); break;
    default: return false;
    }
    return true;
}
