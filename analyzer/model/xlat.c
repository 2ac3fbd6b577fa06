#include "xlat.h"

#include <errno.h>
#include <linux/mman.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

enum style {
    STYLE_FLAGS = 1,
    STYLE_BASED,
    STYLE_ENUM,
    STYLE_SIGNAL,
    STYLE_IOCTL,
    STYLE_CLONE,
    STYLE_FILE_MODE,
    STYLE_IPC_KEY,
    STYLE_IPC_FLAGS
};

struct value_row {
    const char *name;
    uint32_t len;
    uint32_t number;
};

/* END steps back by one, so that BEGIN and END take no number of their own away from the rows. */
enum {
#define SET(kind, style, base, unknown) BEGIN_##kind, BEFORE_##kind = BEGIN_##kind - 1,
#define VALUE(kind, name, number) ROW_##kind##_##name,
#define END(kind) END_##kind, BACK_##kind = END_##kind - 1,
#include "xlat.def"
    ROW_COUNT
};

static const struct value_row rows[] = {
#define SET(kind, style, base, unknown)
#define VALUE(kind, name, number) {#name, sizeof #name - 1, number},
#define END(kind)
#include "xlat.def"
};
_Static_assert(sizeof rows / sizeof rows[0] == ROW_COUNT, "the ranges below count these rows");

struct value_set {
    uint16_t begin, end;
    uint8_t style; /* 0: no names */
    uint32_t base;
    const char *unknown;
};

static const struct value_set sets[SC_KIND_ALL] = {
#define SET(kind, style, base, unknown) [SC_KIND_##kind] = {BEGIN_##kind, END_##kind, STYLE_##style, base, unknown},
#define VALUE(kind, name, number)
#define END(kind)
#include "xlat.def"
};

unsigned sc_option_kind(int64_t level)
{
    switch (level) {
    case IPPROTO_IP: return SC_KIND_IP_OPTION;
    case SOL_SOCKET: return SC_KIND_SOCK_OPTION;
    case IPPROTO_TCP: return SC_KIND_TCP_OPTION;
    case IPPROTO_IPV6: return SC_KIND_IPV6_OPTION;
    default: return SC_KIND_HEX;
    }
}

static void out_unknown(struct sc_out *out, const struct value_set *set, uint32_t number)
{
    sc_out_hex(out, number);
    sc_out_text(out, " /* ");
    sc_out_text(out, set->unknown);
    sc_out_text(out, " */");
}

/* The row whose number, within mask, is exactly that; or NULL. */
static const struct value_row *find_number(const struct value_set *set, uint32_t number, uint32_t mask)
{
    for (unsigned i = set->begin; i < set->end; i++)
        if (rows[i].number == number && (rows[i].number & ~mask) == 0)
            return &rows[i];
    return NULL;
}

static void out_row(struct sc_out *out, const struct value_row *row)
{
    sc_out_bytes(out, row->name, row->len);
}

/* Names of number's bits, separated by | and from what stands before where joined is set. Returns the bits left. */
static uint32_t out_bits(struct sc_out *out, const struct value_set *set, uint32_t number, bool *joined)
{
    for (unsigned i = set->begin; i < set->end && number; i++) {
        const struct value_row *row = &rows[i];
        if (row->number == 0 || (row->number & set->base) || (number & row->number) != row->number)
            continue;
        if (*joined)
            sc_out_char(out, '|');
        out_row(out, row);
        *joined = true;
        number &= ~row->number;
    }
    return number;
}

static void out_flags(struct sc_out *out, unsigned kind, const struct value_set *set, uint32_t number)
{
    uint32_t base = number & set->base;
    uint32_t huge =
        kind == SC_KIND_MAP_FLAGS || kind == SC_KIND_MEMFD_FLAGS ? number >> MAP_HUGE_SHIFT & MAP_HUGE_MASK : 0;
    uint32_t bits = number & ~set->base & ~(huge << MAP_HUGE_SHIFT);
    bool joined = false;
    if (set->style == STYLE_BASED || base || number == 0) {
        const struct value_row *row = find_number(set, base, set->base);
        if (row)
            out_row(out, row);
        else if (base)
            out_unknown(out, set, base);
        else
            sc_out_char(out, '0');
        joined = true;
    }
    uint32_t left = out_bits(out, set, bits, &joined);
    if (left && !joined && !huge) {
        out_unknown(out, set, left);
    } else if (left) {
        if (joined)
            sc_out_char(out, '|');
        sc_out_hex(out, left);
        joined = true;
    }
    if (huge) {
        if (joined)
            sc_out_char(out, '|');
        sc_out_unsigned(out, huge);
        sc_out_text(out, kind == SC_KIND_MAP_FLAGS ? "<<MAP_HUGE_SHIFT" : "<<MFD_HUGE_SHIFT");
    }
}

static void out_signal(struct sc_out *out, int64_t number)
{
    const char *name = number > 0 && number <= 64 ? sc_signal_name((int)number) : NULL;
    if (name) {
        sc_out_text(out, name);
    } else if (number > 32 && number <= 64) {
        sc_out_text(out, "SIGRT_");
        sc_out_signed(out, number - 32);
    } else {
        sc_out_signed(out, number);
    }
}

static void out_clone(struct sc_out *out, const struct value_set *set, uint64_t value)
{
    bool joined = false;
    uint64_t left = out_bits(out, set, (uint32_t)value & ~(uint32_t)CSIGNAL, &joined);
    left |= value & ~UINT64_C(0xffffffff);
    if (left) {
        if (joined)
            sc_out_char(out, '|');
        sc_out_hex(out, left);
        joined = true;
    }
    if ((value & CSIGNAL) || !joined) {
        if (joined)
            sc_out_char(out, '|');
        out_signal(out, (int64_t)(value & CSIGNAL));
    }
}

/* _IOC(_IOC_READ, 0x54, 0x30, 0x4): direction, type, number, size. */
static void out_ioctl(struct sc_out *out, const struct value_set *set, uint32_t number)
{
    static const char *const directions[] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"};
    const struct value_row *row = find_number(set, number, UINT32_MAX);
    if (row) {
        out_row(out, row);
        return;
    }
    sc_out_text(out, "_IOC(");
    sc_out_text(out, directions[number >> 30]);
    sc_out_text(out, ", ");
    sc_out_hex(out, number >> 8 & 0xff);
    sc_out_text(out, ", ");
    sc_out_hex(out, number & 0xff);
    sc_out_text(out, ", ");
    sc_out_hex(out, number >> 16 & 0x3fff);
    sc_out_char(out, ')');
}

static void out_file_mode(struct sc_out *out, const struct value_set *set, uint32_t mode)
{
    const struct value_row *type = find_number(set, mode & set->base, set->base);
    if (!type) {
        sc_out_mode(out, mode);
        return;
    }
    out_row(out, type);
    bool joined = true;
    uint32_t left = out_bits(out, set, mode & ~set->base, &joined);
    sc_out_char(out, '|');
    sc_out_mode(out, left);
}

/* IPC_CREAT|0600 */
static void out_ipc_flags(struct sc_out *out, const struct value_set *set, uint32_t flags)
{
    bool joined = false;
    uint32_t mode = out_bits(out, set, flags, &joined);
    if (joined)
        sc_out_char(out, '|');
    sc_out_mode(out, mode);
}

static void out_ipc_key(struct sc_out *out, const struct value_set *set, uint32_t key)
{
    const struct value_row *row = find_number(set, key, UINT32_MAX);
    if (row)
        out_row(out, row);
    else
        sc_out_hex(out, key);
}

/* Kinds that are numbers without names. */
static void out_number(struct sc_out *out, unsigned kind, int64_t value)
{
    switch (kind) {
    case SC_KIND_DIRFD:
        if (value == -100)
            sc_out_text(out, "AT_FDCWD");
        else
            sc_out_signed(out, value);
        break;
    case SC_KIND_MODE:
    case SC_KIND_OPEN_MODE: sc_out_mode(out, (uint32_t)value); break;
    case SC_KIND_DEV: /* the kernel's own split of dev_t, which glibc's macros follow */
        sc_out_text(out, "makedev(");
        sc_out_hex(out, ((uint64_t)value >> 8 & 0xfff) | ((uint64_t)value >> 32 & 0xfffff000));
        sc_out_text(out, ", ");
        sc_out_hex(out, ((uint64_t)value & 0xff) | ((uint64_t)value >> 12 & 0xffffff00));
        sc_out_char(out, ')');
        break;
    case SC_KIND_SIZE:
    case SC_KIND_UINT:
    case SC_KIND_ULONG: sc_out_unsigned(out, (uint64_t)value); break;
    case SC_KIND_HEX:
    case SC_KIND_OFF_HEX: sc_out_hex(out, (uint64_t)value); break;
    case SC_KIND_ADDR:
    case SC_KIND_PTR: sc_out_text(out, value ? "0xADDR" : "NULL"); break;
    default: sc_out_signed(out, value); break;
    }
}

void sc_out_value(struct sc_out *out, unsigned kind, int64_t value)
{
    const struct value_set *set = &sets[kind < SC_KIND_ALL ? kind : SC_KIND_NONE];
    uint32_t number = (uint32_t)value;
    switch (set->style) {
    case STYLE_FLAGS:
    case STYLE_BASED: out_flags(out, kind, set, number); break;
    case STYLE_ENUM: {
        const struct value_row *row = find_number(set, number, UINT32_MAX);
        if (row)
            out_row(out, row);
        else
            out_unknown(out, set, number);
        break;
    }
    case STYLE_SIGNAL: out_signal(out, value); break;
    case STYLE_IOCTL: out_ioctl(out, set, number); break;
    case STYLE_CLONE: out_clone(out, set, (uint64_t)value); break;
    case STYLE_FILE_MODE: out_file_mode(out, set, number); break;
    case STYLE_IPC_KEY: out_ipc_key(out, set, number); break;
    case STYLE_IPC_FLAGS: out_ipc_flags(out, set, number); break;
    default: out_number(out, kind, value); break;
    }
}

size_t sc_format_value(unsigned kind, int64_t value, char *text, size_t capacity)
{
    struct sc_out out;
    sc_out_begin(&out, text, capacity);
    sc_out_value(&out, kind, value);
    return sc_out_end(&out);
}

const char *sc_signal_name(int signal)
{
    const struct value_row *row = find_number(&sets[SC_KIND_SIGNAL], (uint32_t)signal, UINT32_MAX);
    return row ? row->name : NULL;
}

int sc_xlat_of_name(unsigned kind, const char *name, size_t len, uint32_t *ret_number)
{
    const struct value_set *set = &sets[kind < SC_KIND_ALL ? kind : SC_KIND_NONE];
    unsigned begin = set->begin, end = set->end;
    for (int pass = 0; pass < 2; pass++) {
        for (unsigned i = begin; i < end; i++) {
            if (rows[i].len == len && memcmp(rows[i].name, name, len) == 0) {
                *ret_number = rows[i].number;
                return 0;
            }
        }
        begin = 0;
        end = ROW_COUNT;
    }
    return -EINVAL;
}
