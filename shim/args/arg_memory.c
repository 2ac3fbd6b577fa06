#include "arg_memory.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../core/peek.h"

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

/* Which file it is, whatever its name: of those that have contents. */
static void add_identity(struct sc_record *record, unsigned arg, unsigned mode, uint64_t device, uint64_t inode)
{
    if (!S_ISREG(mode))
        return;
    add_value(record, arg, (int64_t)device);
    add_value(record, arg, (int64_t)inode);
}

/* The number as makedev() makes it, so that stat and statx agree. */
static uint64_t device_number(uint32_t major, uint32_t minor)
{
    return (major & UINT64_C(0xfff)) << 8 | (minor & UINT64_C(0xff)) | (minor & UINT64_C(0xffffff00)) << 12;
}

static void add_stat(struct sc_record *record, unsigned arg, sc_addr pointer)
{
    struct stat st;
    sc_proved_copy(&st, pointer, sizeof st);
    add_value(record, arg, st.st_mode);
    add_value(record, arg, is_device(st.st_mode) ? (int64_t)st.st_rdev : (int64_t)st.st_size);
    add_identity(record, arg, st.st_mode, st.st_dev, st.st_ino);
}

static void add_statx(struct sc_record *record, unsigned arg, sc_addr pointer)
{
    struct statx stx;
    sc_proved_copy(&stx, pointer, sizeof stx);
    add_value(record, arg, stx.stx_mode);
    uint64_t device = device_number(stx.stx_rdev_major, stx.stx_rdev_minor);
    add_value(record, arg, is_device(stx.stx_mode) ? (int64_t)device : (int64_t)stx.stx_size);
    if (stx.stx_mask & STATX_INO)
        add_identity(record, arg, stx.stx_mode, device_number(stx.stx_dev_major, stx.stx_dev_minor), stx.stx_ino);
}

static void add_lock(struct sc_record *record, unsigned arg, int command, sc_addr pointer)
{
    struct flock lock;
    if (command != F_GETLK && command != F_SETLK && command != F_SETLKW && command != F_OFD_GETLK &&
        command != F_OFD_SETLK && command != F_OFD_SETLKW)
        return;
    sc_proved_copy(&lock, pointer, sizeof lock);
    add_value(record, arg, lock.l_type);
    add_value(record, arg, lock.l_whence);
    add_value(record, arg, lock.l_start);
    add_value(record, arg, lock.l_len);
}

static void add_open_how(struct sc_record *record, unsigned arg, sc_addr pointer)
{
    struct open_how how;
    sc_proved_copy(&how, pointer, sizeof how);
    add_value(record, arg, (int64_t)how.flags);
    add_value(record, arg, (int64_t)how.mode);
    add_value(record, arg, (int64_t)how.resolve);
}

/* Entries of a getdents64 buffer: each says its own length at offset 16. */
static int64_t count_entries(sc_addr entries, int64_t bytes)
{
    enum { LENGTH_AT = 16, SMALLEST = 18 };
    int64_t count = 0;
    for (int64_t at = 0; at + SMALLEST <= bytes; count++) {
        uint16_t length;
        sc_proved_copy(&length, entries + (uint64_t)at + LENGTH_AT, sizeof length);
        if (!length)
            break;
        at += length;
    }
    return count;
}

/*
 * Of a socket address: the family; for IPv4 and IPv6 the port; for IPv4 the address. A local socket's name is a text,
 * see address_names. Asked for, since whoever received the message may have had the address unmapped.
 */
static void add_address(struct sc_record *record, unsigned arg, sc_addr address, uint64_t bytes)
{
    union {
        sa_family_t family;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } known;
    if (bytes < sizeof known.family || !sc_asked_copy(&known, address, bytes < sizeof known ? bytes : sizeof known))
        return;
    add_value(record, arg, known.family);
    if (known.family == AF_INET && bytes >= sizeof known.in) {
        add_value(record, arg, __builtin_bswap16(known.in.sin_port));
        add_value(record, arg, __builtin_bswap32(known.in.sin_addr.s_addr));
    } else if (known.family == AF_INET6 && bytes >= offsetof(struct sockaddr_in6, sin6_addr)) {
        add_value(record, arg, __builtin_bswap16(known.in6.sin6_port));
    }
}

static void add_poll(struct sc_record *record, unsigned arg, sc_addr fds, unsigned count)
{
    struct pollfd first;
    if (!count)
        return;
    sc_proved_copy(&first, fds, sizeof first);
    add_value(record, arg, first.fd);
    add_value(record, arg, (uint16_t)first.events);
}

/* Whoever received what sendfile and splice sent may have had this unmapped. */
static void add_offset(struct sc_record *record, unsigned arg, sc_addr pointer)
{
    int64_t offset;
    if (sc_asked_copy(&offset, pointer, sizeof offset))
        add_value(record, arg, offset);
}

void sc_arg_memory_values(struct sc_record *record, const uint64_t *args, int64_t result)
{
    const struct sc_call_desc *desc = record->desc;
    for (unsigned mask = desc->looked; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        sc_addr pointer = args[i];
        if (!pointer || (result < 0 && desc->kinds[i] != SC_KIND_SOCKADDR_IN))
            continue;
        switch (desc->kinds[i]) {
        case SC_KIND_STAT: add_stat(record, i, pointer); break;
        case SC_KIND_STATX: add_statx(record, i, pointer); break;
        case SC_KIND_OFF_PTR:
            if (result > 0 || desc->means != SC_MEANS_SPLICE) /* of 0 bytes splice looks at nothing */
                add_offset(record, i, pointer);
            break;
        case SC_KIND_FCNTL_ARG: add_lock(record, i, (int)args[1], pointer); break;
        case SC_KIND_DENTS: add_value(record, i, count_entries(pointer, result)); break;
        case SC_KIND_FD_PAIR:
            add_value(record, i, sc_proved_i32(pointer));
            add_value(record, i, sc_proved_i32(pointer + sizeof(int32_t)));
            break;
        case SC_KIND_OPEN_HOW: add_open_how(record, i, pointer); break;
        case SC_KIND_WAIT_STATUS:
            if (result > 0)
                add_value(record, i, sc_proved_i32(pointer));
            break;
        case SC_KIND_SOCKADDR_IN:
            if (sc_address_was_read(result))
                add_address(record, i, pointer, (uint32_t)args[i + 1]);
            break;
        case SC_KIND_EPOLL_EVENT:
            if ((int)args[1] != EPOLL_CTL_DEL) /* which reads no event, so its pointer may be anything */
                add_value(record, i, (uint32_t)sc_proved_i32(pointer));
            break;
        case SC_KIND_POLLFDS: add_poll(record, i, pointer, (unsigned)args[i + 1]); break;
        default: break;
        }
    }
}

/*
 * With these errors the kernel has read every name among the arguments: they come from looking names up, or from later.
 */
static bool names_were_read(const struct sc_record *record, const uint64_t *args)
{
    switch (record->result) {
    case -EINVAL: /* readlink's answer for what is no link, or for a size of 0, before it reads the name */
        return record->desc->means == SC_MEANS_READ_LINK && (int)args[record->desc->nargs - 1] > 0;
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

/* A string of the program, before it is stored. */
struct text {
    sc_addr at;
    uint32_t length;
};

/*
 * The string that argument arg points to, at most SC_TEXT_MAX of it. proved: the kernel has read it; else ask. A string
 * that the call returned is as long as the result; a socket address ends at its length or a NUL, and an abstract one
 * begins with a NUL.
 */
static bool find_text(const struct sc_record *record, unsigned arg, const uint64_t *args, bool proved,
                      struct text *ret_text)
{
    sc_addr at = args[arg];
    size_t length = 0, limit = SC_TEXT_MAX;
    if (!at)
        return false;
    if (record->desc->kinds[arg] == SC_KIND_STR_OUT) {
        int64_t result = record->result - (record->desc->means == SC_MEANS_GET_CWD); /* counts the NUL */
        *ret_text = (struct text){at, result < SC_TEXT_MAX ? (uint32_t)result : SC_TEXT_MAX};
        return record->result > 0;
    }
    if (record->desc->kinds[arg] == SC_KIND_SOCKADDR_IN) {
        at += offsetof(struct sockaddr_un, sun_path);
        limit = (uint32_t)args[arg + 1] - offsetof(struct sockaddr_un, sun_path);
        if (!sc_asked(at, limit))
            return false;
        length = sc_proved_length(at, limit);
        if (!length)
            length = limit;
    } else if (proved) {
        length = sc_proved_length(at, limit);
    } else if (!sc_asked_length(at, limit, &length)) {
        return false;
    }
    *ret_text = (struct text){at, (uint32_t)length};
    return true;
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

/* Offset of text's STRING record in the chunk. Writes it unless it is there already; the caller has made room. */
static uint32_t intern(struct sc_writer *writer, const struct text *text)
{
    uint8_t *chunk = (uint8_t *)writer->chunk;
    uint32_t hash = sc_proved_hash(text->at, text->length);
    uint32_t *slot = &writer->strings[(hash ^ hash >> 16) % SC_STRING_SLOTS];
    struct sc_meta_head head;
    if (*slot) {
        memcpy(&head, chunk + *slot, sizeof head);
        if (head.bytes == text->length && sc_proved_equal(text->at, chunk + *slot + sizeof head, text->length))
            return *slot;
    }
    uint32_t at = writer->chunk->used;
    *slot = at;
    head = (struct sc_meta_head){SC_META_STRING, (uint16_t)text->length};
    memcpy(chunk + at, &head, sizeof head);
    sc_proved_copy(chunk + at + sizeof head, text->at, text->length);
    SC_BARRIER();
    writer->chunk->used = at + (uint32_t)sizeof head + text->length;
    return at;
}

/*
 * Texts of a failed call are asked for unless the error proves that the kernel read them. Of several names it proves
 * only the first: link("missing", bad) is ENOENT. A seccomp filter can return any error without the kernel having read
 * anything.
 */
static bool is_proved(const struct sc_record *record, const uint64_t *args, bool first)
{
    if (record->noreturn)
        return false;
    return record->result >= 0 || (first && !sc_copied_refused() && names_were_read(record, args));
}

bool sc_arg_memory_texts(struct sc_writer *writer, struct sc_record *record, const uint64_t *args, bool forgotten)
{
    struct text found[SC_MAX_ARGS]; /* of those in the mask texts */
    size_t needed = 0;
    unsigned texts = 0, wanted = forgotten ? 0 : record->desc->text | address_names(record, args);
    for (unsigned mask = wanted; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        if (!find_text(record, i, args, is_proved(record, args, mask == wanted), &found[i]))
            continue;
        texts |= 1u << i;
        needed += found[i].length + sizeof(struct sc_meta_head);
    }
    for (unsigned mask = record->desc->text; mask; mask &= mask - 1)
        if (!args[__builtin_ctz(mask)])
            record->nulls |= (uint8_t)(mask & -mask);
    if (!sc_writer_room(writer, needed))
        return false;
    for (unsigned mask = texts; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        struct sc_extra *extra = &record->extras[record->extra_count++];
        extra->type = SC_EXTRA_TEXT;
        extra->arg = (uint8_t)i;
        extra->value = intern(writer, &found[i]);
    }
    return true;
}
