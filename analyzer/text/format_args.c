#include <fcntl.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <sys/stat.h>

#include "format_internal.h"

/* An argument that only some sources tell, or tell in a way of their own, would make equal calls differ. */
unsigned sc_line_arg_count(const struct sc_event *event)
{
    if (event->desc->kinds[0] == SC_KIND_PRCTL) /* behind it numbers or addresses */
        return 1;
    switch (event->desc->kinds[1]) {
    case SC_KIND_IOCTL_CMD: /* by command: number, struct, address */ return 2;
    case SC_KIND_FUTEX_OP: /* how many to wake; but the value waited for may be a thread's number */
        return (event->args[1].value & FUTEX_CMD_MASK) == FUTEX_WAKE ? 3 : 2;
    default: return event->desc->nargs;
    }
}

void sc_line_name(const struct sc_line *line, const char *name)
{
    sc_out_char(line->out, '<');
    if (name)
        sc_out_escaped(line->out, name, strlen(name));
    else
        sc_out_char(line->out, '?');
    sc_out_char(line->out, '>');
}

uint32_t sc_line_file(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_access *access = line->formatter->access;
    if (access && event->args[i].kind == SC_KIND_FD) {
        if (i == 0 && access->file != SC_NO_FILE)
            return access->file;
        if (i > 0 && event->desc->kinds[0] == SC_KIND_FD && access->second_file != SC_NO_FILE)
            return access->second_file;
    }
    return sc_files_of_descriptor(line->formatter->files, event->process, (int)event->args[i].value);
}

const char *sc_line_fd_name(const struct sc_line *line, unsigned i)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    const struct sc_arg *arg = &line->event->args[i];
    struct sc_normaliser *normaliser = line->formatter->normaliser;
    if (!(arg->state & SC_ARG_VALUE))
        return NULL;
    uint32_t file = sc_line_file(line, i);
    if (file != SC_NO_FILE)
        return sc_normalise_file(normaliser, sc_files_get(line->formatter->files, file));
    if ((arg->state & SC_ARG_TEXT) && arg->text_len > 0)
        return sc_normalise_name(normaliser, arg->text, arg->text_len);
    return arg->value >= 0 && arg->value <= 2 ? standard[arg->value] : NULL;
}

bool sc_line_of_mappings(const struct sc_line *line)
{
    const struct sc_event *event = line->event;
    uint32_t file = event->desc->category == SC_CAT_READ && event->result > 0 ? sc_line_file(line, 0) : SC_NO_FILE;
    const char *path = file == SC_NO_FILE ? "" : sc_files_get(line->formatter->files, file)->path;
    const char *name = strncmp(path, "/proc/", 6) == 0 ? strrchr(path, '/') : NULL;
    return name && (strcmp(name, "/maps") == 0 || strcmp(name, "/smaps") == 0);
}

static void out_fd(const struct sc_line *line, unsigned i)
{
    const struct sc_arg *arg = &line->event->args[i];
    if ((arg->state & SC_ARG_VALUE) && arg->value < 0)
        sc_out_value(line->out, SC_KIND_DIRFD, arg->value);
    else
        sc_line_name(line, sc_line_fd_name(line, i));
}

/* dup2's target is a number by intent; only the standard ones mean the same in every run. */
static void out_fd_new(const struct sc_line *line, const struct sc_arg *arg)
{
    static const char *const standard[] = {"stdin", "stdout", "stderr"};
    if (arg->value < 0)
        sc_out_signed(line->out, arg->value);
    else if (arg->value <= 2)
        sc_line_name(line, standard[arg->value]);
    else
        sc_out_text(line->out, "FD");
}

/*
 * Of a file: where in it. Of memory only how large it is: an allocator that wants it aligned maps more than it needs,
 * and where it begins is chance then. And it is by size that memory is told apart, not by number: which of several
 * equal ones is given back first is often chance too (CPython's by the addresses).
 */
static void out_address(const struct sc_line *line, uint64_t address)
{
    const struct sc_formatter *formatter = line->formatter;
    const struct sc_mapping *mapping =
        formatter->mappings ? sc_mappings_find(formatter->mappings, line->event->process, address) : NULL;
    sc_out_value(line->out, SC_KIND_ADDR, (int64_t)address);
    if (!mapping)
        return;
    if (mapping->file == SC_NO_FILE) {
        sc_out_char(line->out, '[');
        sc_out_unsigned(line->out, mapping->size);
        sc_out_char(line->out, ']');
        return;
    }
    sc_line_name(line, sc_normalise_file(formatter->normaliser, sc_files_get(formatter->files, mapping->file)));
    uint64_t offset = mapping->offset + (address - mapping->begin);
    if (offset) {
        sc_out_char(line->out, '+');
        sc_out_unsigned(line->out, offset);
    }
}

/* What stood in raw where the value is not known: a name that no table has yet is shown, anything else is not. */
static void out_raw(const struct sc_line *line, const struct sc_arg *arg)
{
    bool plain = (arg->state & SC_ARG_RAW) && arg->raw_len > 0 && arg->raw_len < 200;
    for (size_t i = 0; plain && i < arg->raw_len; i++) {
        char c = arg->raw[i];
        plain = c == '_' || c == '|' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
    if (plain && !(arg->raw_len > 2 && arg->raw[0] == '0' && arg->raw[1] == 'x'))
        sc_out_bytes(line->out, arg->raw, arg->raw_len);
    else
        sc_out_text(line->out, "{...}");
}

static void out_path(const struct sc_line *line, unsigned i)
{
    const struct sc_arg *arg = &line->event->args[i];
    if (!(arg->state & SC_ARG_TEXT)) {
        sc_out_text(line->out, "0xADDR");
        return;
    }
    const char *path = sc_line_path(line, i);
    sc_out_quoted(line->out, path, strlen(path));
    if (arg->state & SC_ARG_CUT)
        sc_out_text(line->out, "...");
}

static void out_text(const struct sc_line *line, const struct sc_arg *arg)
{
    if (!(arg->state & SC_ARG_TEXT)) {
        sc_out_text(line->out, "0xADDR");
        return;
    }
    sc_out_quoted(line->out, arg->text, arg->text_len);
    if (arg->state & SC_ARG_CUT)
        sc_out_text(line->out, "...");
}

static bool is_unseen(const struct sc_line *line)
{
    const struct sc_formatter *formatter = line->formatter;
    uint32_t file = formatter->unseen ? sc_line_file(line, 0) : SC_NO_FILE;
    return file != SC_NO_FILE &&
           sc_is_unseen(formatter->unseen, formatter->normaliser, sc_files_get(formatter->files, file));
}

/* zeros[N], data[N]: N bytes moved; buf[N]: N bytes asked for or moved, nothing known of them. */
static void out_buffer(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    bool vector = arg->kind == SC_KIND_IOV_IN || arg->kind == SC_KIND_IOV_OUT;
    if (line->failed) {
        sc_out_text(line->out, "buf");
        if (!vector && i + 1 < SC_MAX_ARGS && (event->args[i + 1].state & SC_ARG_VALUE)) {
            sc_out_char(line->out, '[');
            sc_out_unsigned(line->out, (uint64_t)event->args[i + 1].value);
            sc_out_char(line->out, ']');
        }
        return;
    }
    bool written =
        event->desc->category == SC_CAT_WRITE && (arg->kind == SC_KIND_BUF_IN || arg->kind == SC_KIND_IOV_IN);
    const char *what = "data[";
    if (written && (event->data == SC_DATA_UNSEEN || event->data == SC_DATA_NONE || is_unseen(line)))
        what = "buf[";
    else if (written && event->data == SC_DATA_ZERO)
        what = "zeros[";
    sc_out_text(line->out, what);
    if (sc_line_of_mappings(line))
        sc_out_text(line->out, "SOME");
    else
        sc_out_signed(line->out, event->result);
    sc_out_char(line->out, ']');
    if (line->formatter->show_data && (arg->state & SC_ARG_TEXT)) {
        sc_out_char(line->out, ' ');
        out_text(line, arg);
    }
}

static void out_extra(const struct sc_line *line, const struct sc_arg *arg)
{
    if (arg->kind == SC_KIND_OFF_PTR && arg->extra_count > 0) {
        sc_out_char(line->out, '[');
        sc_out_signed(line->out, arg->extra[0]);
        sc_out_char(line->out, ']');
        return;
    }
    sc_out_text(line->out, "0xADDR");
    if (arg->kind == SC_KIND_DENTS && !line->failed && arg->extra_count > 0) {
        sc_out_text(line->out, " /* ");
        sc_out_signed(line->out, arg->extra[0]);
        sc_out_text(line->out, " entries */");
    }
}

static void out_pid(const struct sc_line *line, int64_t pid, const char *shown)
{
    if (pid >= -1 && pid <= 0) { /* any child, one's own group: no particular process */
        sc_out_signed(line->out, pid);
        return;
    }
    if (pid < 0)
        sc_out_char(line->out, '-');
    sc_out_text(line->out, shown);
}

/* By pointer. True where the kind is one of these. */
static bool out_pointer(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    switch (arg->kind) {
    case SC_KIND_PATH: out_path(line, i); break;
    case SC_KIND_STR: out_text(line, arg); break;
    case SC_KIND_STR_OUT:
        if (line->failed)
            sc_out_text(line->out, "0xADDR");
        else
            out_path(line, i);
        break;
    case SC_KIND_BUF_IN:
    case SC_KIND_BUF_OUT:
    case SC_KIND_IOV_IN:
    case SC_KIND_IOV_OUT: out_buffer(line, i); break;
    case SC_KIND_FD_PAIR:
        sc_out_text(line->out, line->failed                                ? "0xADDR"
                               : event->desc->means == SC_MEANS_SOCKETPAIR ? "[<socket>, <socket>]"
                                                                           : "[<pipe>, <pipe>]");
        break;
    case SC_KIND_OFF_PTR:
    case SC_KIND_DENTS: out_extra(line, arg); break;
    case SC_KIND_TIMES2: sc_out_text(line->out, "{...}"); break;
    case SC_KIND_PTR:
        if (event->desc->means == SC_MEANS_AIO_SUBMIT)
            sc_line_requests(line);
        else
            sc_out_text(line->out, "0xADDR");
        break;
    case SC_KIND_IOCTL_ARG: sc_out_text(line->out, "0xADDR"); break;
    default: return sc_line_struct(line, i);
    }
    return true;
}

/* By value; the argument's state says that it is known. */
static void out_number(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    unsigned kind = arg->kind;
    switch (kind) {
    case SC_KIND_FD_NEW: out_fd_new(line, arg); return;
    case SC_KIND_PID: out_pid(line, arg->value, "PID"); return;
    case SC_KIND_TID: out_pid(line, arg->value, "TID"); return;
    case SC_KIND_IPC_ID: sc_out_text(line->out, arg->value < 0 ? "-1" : "ID"); return;
    case SC_KIND_OFF:
        if (!sc_line_step(line))
            sc_out_signed(line->out, arg->value);
        return;
    case SC_KIND_ADDR: out_address(line, (uint64_t)arg->value); return;
    case SC_KIND_SIZE: sc_out_unsigned(line->out, (uint64_t)arg->value); return;
    case SC_KIND_SOCK_OPTION: kind = sc_option_kind(event->args[1].value); break;
    default: break;
    }
    if (arg->kind >= SC_KIND_COUNT) /* from a newer capture; what is numbered there here is something else */
        kind = SC_KIND_LONG;
    sc_out_value(line->out, kind, arg->value);
}

bool sc_line_absent(const struct sc_event *event, unsigned i)
{
    const struct sc_arg *arg = &event->args[i];
    if (arg->kind == SC_KIND_OPEN_MODE) {
        int64_t flags = i > 0 ? event->args[i - 1].value : 0;
        return !(flags & O_CREAT) && (flags & O_TMPFILE) != O_TMPFILE;
    }
    if (arg->kind == SC_KIND_DEV) {
        int64_t type = i > 0 ? event->args[i - 1].value & S_IFMT : 0;
        return !S_ISCHR(type) && !S_ISBLK(type);
    }
    if (i > 0 && event->args[i - 1].kind == SC_KIND_MREMAP_FLAGS) /* the new address */
        return !(event->args[i - 1].value & (MREMAP_FIXED | MREMAP_DONTUNMAP));
    return arg->kind == SC_KIND_UPPER;
}

/* Arguments that a call has only sometimes, and those that say nothing more in a timeline. */
static bool left_out(const struct sc_line *line, unsigned i)
{
    const struct sc_event *event = line->event;
    const struct sc_arg *arg = &event->args[i];
    unsigned before = i > 0 ? event->args[i - 1].kind : SC_KIND_NONE;
    if (sc_line_absent(event, i) || before == SC_KIND_SOCK_TYPE) /* a protocol, by name or number */
        return true;
    return line->formatter->steps && !line->failed && arg->kind == SC_KIND_SIZE && arg->value == event->result &&
           (before == SC_KIND_BUF_IN || before == SC_KIND_BUF_OUT);
}

void sc_line_arg(const struct sc_line *line, unsigned i, const char *separator)
{
    const struct sc_arg *arg = &line->event->args[i];
    if (arg->kind == SC_KIND_FCNTL_ARG) {
        sc_line_fcntl_arg(line, i, separator);
        return;
    }
    if (left_out(line, i))
        return;
    sc_out_text(line->out, separator);
    if (arg->kind == SC_KIND_FD || arg->kind == SC_KIND_DIRFD || arg->kind == SC_KIND_MAP_FD)
        out_fd(line, i);
    else if (arg->state & SC_ARG_NULL)
        sc_out_text(line->out, "NULL");
    else if (out_pointer(line, i))
        return;
    else if (arg->state & SC_ARG_VALUE)
        out_number(line, i);
    else if (arg->kind == SC_KIND_ADDR)
        sc_out_text(line->out, "0xADDR");
    else
        out_raw(line, arg);
}
