#include "extras.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

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

void sc_extras_values(struct sc_record *record, const uint64_t *args, int64_t result)
{
    const struct sc_call_desc *desc = record->desc;
    if (result < 0)
        return;
    for (unsigned i = 0; i < desc->nargs; i++) {
        const void *pointer = (const void *)args[i];
        if (!pointer)
            continue;
        switch (desc->kinds[i]) {
        case SC_KIND_STAT: {
            const struct stat *st = pointer;
            add_value(record, i, st->st_mode);
            add_value(record, i, is_device(st->st_mode) ? (int64_t)st->st_rdev : (int64_t)st->st_size);
            break;
        }
        case SC_KIND_STATX: add_statx(record, i, pointer); break;
        case SC_KIND_OFF_PTR: add_value(record, i, *(const int64_t *)pointer); break;
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
    case -EMFILE: return true;
    default: return record->result >= 0;
    }
}

/* Length of the string, at most SC_TEXT_MAX; one that the call returned is as long as its result says. */
static uint32_t text_length(const struct sc_record *record, unsigned arg, const char *text)
{
    if (record->desc->kinds[arg] == SC_KIND_STR_OUT) {
        int64_t result = record->result - (record->nr == SC_NR_getcwd); /* counts the NUL */
        return result <= 0 ? 0 : result < SC_TEXT_MAX ? (uint32_t)result : SC_TEXT_MAX;
    }
    uint32_t length = 0;
    while (length < SC_TEXT_MAX && text[length])
        length++;
    return length;
}

static bool same(const char *a, const char *b, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return false;
    return true;
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
        if (head->bytes == length && same(chunk + *slot + sizeof *head, text, length))
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
    uint32_t lengths[SC_MAX_ARGS] = {0};
    size_t needed = 0;
    for (unsigned mask = texts; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        if (!args[i] || (record->desc->kinds[i] == SC_KIND_STR_OUT && record->result <= 0))
            continue;
        lengths[i] = text_length(record, i, (const char *)args[i]);
        needed += lengths[i] + sizeof(struct sc_meta_head);
    }
    for (unsigned mask = record->desc->text; mask; mask &= mask - 1)
        if (!args[__builtin_ctz(mask)])
            record->nulls |= (uint8_t)(mask & -mask);
    if (!sc_lane_room(lane, needed))
        return false;
    for (unsigned mask = texts; mask; mask &= mask - 1) {
        unsigned i = (unsigned)__builtin_ctz(mask);
        if (!args[i] || (record->desc->kinds[i] == SC_KIND_STR_OUT && record->result <= 0))
            continue;
        struct sc_extra *extra = &record->extras[record->extra_count++];
        extra->type = SC_EXTRA_TEXT;
        extra->arg = (uint8_t)i;
        extra->value = intern(lane, (const char *)args[i], lengths[i]);
    }
    return true;
}
