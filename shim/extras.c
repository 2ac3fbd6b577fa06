#include "extras.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "sys.h"

static void add_value(struct sc_record *record, unsigned arg, int64_t value)
{
    struct sc_extra *extra = &record->extras[record->extra_count++];
    extra->type = SC_EXTRA_VALUE;
    extra->arg = (uint8_t)arg;
    extra->value = (uint64_t)value;
}

static bool is_device(unsigned mode)
{
    return S_ISCHR(mode) || S_ISBLK(mode);
}

static void add_statx(struct sc_record *record, unsigned arg, const struct statx *stx)
{
    add_value(record, arg, stx->stx_mode);
    /* The number as makedev() has it, so that stat and statx say the same. */
    uint64_t device = (stx->stx_rdev_major & UINT64_C(0xfff)) << 8 | (stx->stx_rdev_minor & UINT64_C(0xff)) |
                      (stx->stx_rdev_minor & UINT64_C(0xffffff00)) << 12;
    add_value(record, arg, is_device(stx->stx_mode) ? (int64_t)device : (int64_t)stx->stx_size);
}

static void add_lock(struct sc_record *record, unsigned arg, int command, const struct flock *lock)
{
    if (command != F_GETLK && command != F_SETLK && command != F_SETLKW && command != F_OFD_GETLK &&
        command != F_OFD_SETLK && command != F_OFD_SETLKW)
        return;
    add_value(record, arg, lock->l_type);
    add_value(record, arg, lock->l_whence);
    add_value(record, arg, lock->l_start);
    add_value(record, arg, lock->l_len);
}

/* Entries of a getdents64 buffer: each says its own length at offset 16. */
static int64_t count_entries(const char *entries, int64_t bytes)
{
    int64_t count = 0;
    for (int64_t at = 0; at + 18 <= bytes; count++) {
        uint16_t length;
        __builtin_memcpy(&length, entries + at + 16, sizeof length);
        if (!length)
            break;
        at += length;
    }
    return count;
}

/*
 * Of a socket's address the family, and for the Internet's two the port and the old one's address. The name of a local
 * socket is a text: see address_names.
 */
static void add_address(struct sc_record *record, unsigned arg, const struct sockaddr *address, uint64_t bytes)
{
    if (bytes < sizeof address->sa_family)
        return;
    add_value(record, arg, address->sa_family);
    if (address->sa_family == AF_INET && bytes >= sizeof(struct sockaddr_in)) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address;
        add_value(record, arg, __builtin_bswap16(in->sin_port));
        add_value(record, arg, __builtin_bswap32(in->sin_addr.s_addr));
    } else if (address->sa_family == AF_INET6 && bytes >= offsetof(struct sockaddr_in6, sin6_addr)) {
        add_value(record, arg, __builtin_bswap16(((const struct sockaddr_in6 *)address)->sin6_port));
    }
}

static void add_poll(struct sc_record *record, unsigned arg, const struct pollfd *fds, unsigned count)
{
    if (!count)
        return;
    add_value(record, arg, fds->fd);
    add_value(record, arg, (uint16_t)fds->events);
}

void sc_extras_values(struct sc_record *record, const uint64_t *args, int64_t result)
{
    const struct sc_call_desc *desc = record->desc;
    for (unsigned mask = desc->looked; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        const void *pointer = (const void *)args[i];
        if (!pointer || (result < 0 && desc->kinds[i] != SC_KIND_SOCKADDR_IN))
            continue;
        switch (desc->kinds[i]) {
        case SC_KIND_STAT: {
            const struct stat *st = pointer;
            add_value(record, i, st->st_mode);
            add_value(record, i, is_device(st->st_mode) ? (int64_t)st->st_rdev : (int64_t)st->st_size);
            break;
        }
        case SC_KIND_STATX: add_statx(record, i, pointer); break;
        case SC_KIND_OFF_PTR:
            if (result > 0 || desc->nr != SC_NR_splice) /* of 0 bytes splice looks at nothing */
                add_value(record, i, *(const int64_t *)pointer);
            break;
        case SC_KIND_FCNTL_ARG: add_lock(record, i, (int)args[1], pointer); break;
        case SC_KIND_DENTS: add_value(record, i, count_entries(pointer, result)); break;
        case SC_KIND_FD_PAIR:
            add_value(record, i, ((const int *)pointer)[0]);
            add_value(record, i, ((const int *)pointer)[1]);
            break;
        case SC_KIND_OPEN_HOW: {
            const struct open_how *how = pointer;
            add_value(record, i, (int64_t)how->flags);
            add_value(record, i, (int64_t)how->mode);
            add_value(record, i, (int64_t)how->resolve);
            break;
        }
        case SC_KIND_WAIT_STATUS:
            if (result > 0)
                add_value(record, i, *(const int *)pointer);
            break;
        case SC_KIND_SOCKADDR_IN:
            if (sc_address_was_read(result))
                add_address(record, i, pointer, (uint32_t)args[i + 1]);
            break;
        case SC_KIND_EPOLL_EVENT:
            if ((int)args[1] != EPOLL_CTL_DEL) /* which looks at no event, wherever it may be */
                add_value(record, i, ((const struct epoll_event *)pointer)->events);
            break;
        case SC_KIND_POLLFDS: add_poll(record, i, pointer, (unsigned)args[i + 1]); break;
        default: break;
        }
    }
}

/* After these the kernel has read every name among the arguments: they come from looking names up, or from later. */
static bool names_were_read(const struct sc_record *record, const uint64_t *args)
{
    switch (record->result) {
    case -EINVAL: /* what readlink says of all that is no link; or of a size of 0, before it looks */
        return (record->nr == SC_NR_readlink && (int)args[2] > 0) ||
               (record->nr == SC_NR_readlinkat && (int)args[3] > 0);
    case -ENODATA: /* extended attributes: none of that name, none there, too little room */
    case -EOPNOTSUPP:
    case -ERANGE:
    case -ENOENT:
    case -EACCES:
    case -EEXIST:
    case -ENOTDIR:
    case -EISDIR:
    case -ELOOP:
    case -EROFS:
    case -ENOTEMPTY:
    case -EXDEV:
    case -ETXTBSY:
    case -ENXIO:
    case -ENOEXEC:
    case -EMFILE: return true;
    default: return record->result >= 0;
    }
}

/*
 * Of a call that failed for its first name the kernel may not have read the others: link("missing", bad) is ENOENT. It
 * is asked to read this one, by a call that can't do anything.
 */
static bool is_readable(const char *text)
{
    return !sc_process.no_syscalls && sc_sys(SYS_symlinkat, text, AT_FDCWD, "") != -EFAULT;
}

/*
 * The string that argument arg points to, and its length, at most SC_TEXT_MAX; one that the call returned is as long as
 * its result says. NULL where there is none.
 */
static const char *find_text(const struct sc_record *record, unsigned arg, const uint64_t *args, uint32_t *ret_length)
{
    const char *text = (const char *)args[arg];
    uint32_t length = 0, limit = SC_TEXT_MAX;
    if (!text)
        return NULL;
    if (record->desc->kinds[arg] == SC_KIND_STR_OUT) {
        int64_t result = record->result - (record->nr == SC_NR_getcwd); /* counts the NUL */
        if (record->result <= 0)
            return NULL;
        *ret_length = result < SC_TEXT_MAX ? (uint32_t)result : SC_TEXT_MAX;
        return text;
    }
    if (record->desc->kinds[arg] == SC_KIND_SOCKADDR_IN) {
        /* ends with its length or a NUL; an abstract one begins with it */
        uint32_t bytes = (uint32_t)args[arg + 1];
        text += offsetof(struct sockaddr_un, sun_path);
        limit = bytes - (uint32_t)offsetof(struct sockaddr_un, sun_path);
        if (!*text)
            length = limit;
    }
    while (length < limit && text[length])
        length++;
    *ret_length = length;
    return text;
}

/* Does this call give the name of a local socket? */
static unsigned address_names(const struct sc_record *record, const uint64_t *args)
{
    unsigned names = 0;
    for (unsigned i = 0; i < record->extra_count; i++) {
        unsigned arg = record->extras[i].arg;
        uint32_t bytes = arg + 1 < SC_MAX_ARGS ? (uint32_t)args[arg + 1] : 0;
        if (record->desc->kinds[arg] == SC_KIND_SOCKADDR_IN && record->extras[i].value == AF_UNIX &&
            bytes > offsetof(struct sockaddr_un, sun_path) && bytes <= sizeof(struct sockaddr_un))
            names |= 1u << arg;
    }
    return names;
}

/* Offset of text's STRING record in the chunk, which is written unless it is there. Room was made before. */
static uint32_t intern(struct sc_lane *lane, const char *text, uint32_t length)
{
    char *chunk = (char *)lane->chunk;
    uint32_t hash = length;
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT32_C(16777619); /* FNV-1a */
    uint32_t *slot = &lane->strings[(hash ^ hash >> 16) % SC_STRING_SLOTS];
    if (*slot) {
        const struct sc_meta_head *head = (const struct sc_meta_head *)(chunk + *slot);
        if (head->bytes == length && memcmp(chunk + *slot + sizeof *head, text, length) == 0)
            return *slot;
    }
    uint32_t at = lane->chunk->used;
    *slot = at;
    sc_lane_meta(lane, SC_META_STRING, text, length, NULL, 0);
    return at;
}

bool sc_extras_texts(struct sc_lane *lane, struct sc_record *record, const uint64_t *args)
{
    /* One that did not return is execve, whose path was checked to be readable. */
    unsigned texts = names_were_read(record, args) ? record->desc->text : 0;
    const char **found = lane->texts; /* of those in the mask texts */
    uint32_t *lengths = lane->lengths;
    size_t needed = 0;
    texts |= address_names(record, args);
    for (unsigned mask = texts; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        found[i] = NULL;
        if (record->result < 0 && mask != texts && !is_readable((const char *)args[i]))
            continue;
        found[i] = find_text(record, i, args, &lengths[i]);
        if (found[i])
            needed += lengths[i] + sizeof(struct sc_meta_head);
    }
    for (unsigned mask = record->desc->text; mask; mask &= mask - 1)
        if (!args[__builtin_ctz(mask)])
            record->nulls |= (uint8_t)(mask & -mask);
    if (!sc_lane_room(lane, needed))
        return false;
    for (unsigned mask = texts; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        if (!found[i])
            continue;
        struct sc_extra *extra = &record->extras[record->extra_count++];
        extra->type = SC_EXTRA_TEXT;
        extra->arg = (uint8_t)i;
        extra->value = intern(lane, found[i], lengths[i]);
    }
    return true;
}
