/*
 * calls.h: what calls.def and kinds.def say, as enums and tables.
 *
 * A call's identity is the kernel's number for it, everywhere: in records, in the tables and in the analyzer.
 */
#ifndef SC_CALLS_H
#define SC_CALLS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SC_NR_LIMIT = 1000, /* call numbers are below; larger heads in a record are meta records, see record.h */
    SC_MAX_ARGS = 6,
};

enum sc_nr {
#define SC_CALL(nr, name, ...) SC_NR_##name = (nr),
#define SC_ROW(nr, name, ...) SC_NR_##name = (nr),
#include "calls.def"
};

enum sc_kind {
#define SC_KIND(name, width, stored) SC_KIND_##name,
#include "kinds.def"
    SC_KIND_COUNT
};

enum sc_means {
#define SC_MEANS(word, descriptors, counted, care, filter) SC_MEANS_##word,
#include "means.def"
};

/* What becomes of descriptors, what the kernel counts, what a site has to do: see means.def. */
enum sc_fd_effect {
    SC_FD_NONE,
    SC_FD_CLOSES,
    SC_FD_CLOSES_RANGE,
    SC_FD_REPLACES,
    SC_FD_GIVES,
    SC_FD_GIVES_BY_COMMAND,
    SC_FD_GIVES_TWO,
    SC_FD_GIVES_TWO_4TH,
    SC_FD_RECEIVES,
};
enum { SC_COUNTS_0 = 0, SC_COUNTS_READS = 1, SC_COUNTS_WRITES = 2, SC_COUNTS_BOTH = 3 };
enum sc_care { SC_CARE_NONE, SC_CARE_LOOK, SC_CARE_MORE };

/* In the order in which reports show them. */
enum sc_category { SC_CAT_FILE, SC_CAT_MEM, SC_CAT_WRITE, SC_CAT_READ, SC_CAT_SEEK, SC_CAT_OTHER, SC_CAT_COUNT };

enum sc_width { SC_W_I32, SC_W_U32, SC_W_I64, SC_W_U64 };
enum sc_stored { SC_STORED_VALUE, SC_STORED_SKIP, SC_STORED_TEXT, SC_STORED_LOOK };
enum sc_ret { SC_RET_I, SC_RET_L, SC_RET_P, SC_RET_N };

enum { SC_EXPECT_NONE = 0xff };

/*
 * What a call's record is made of: MORE than numbers, which all rows without a name are; numbers; or what most calls
 * have, numbers of known widths and a result that usually equals one that has 64 bits.
 */
enum sc_call_form { SC_FORM_MORE, SC_FORM_NUMBERS, SC_FORM_FD_SIZE, SC_FORM_FD_SIZE_OFF, SC_FORM_FD_OFF_INT };

struct sc_kind_desc {
    const char *name;
    uint8_t width;  /* enum sc_width */
    uint8_t stored; /* enum sc_stored */
};

struct sc_call_desc {
    const char *name;
    uint16_t nr;
    uint8_t nargs;
    uint8_t ret;       /* enum sc_ret */
    uint8_t expect;    /* index of the argument that the result usually equals, or SC_EXPECT_NONE: zero */
    uint8_t category;  /* enum sc_category, default taxonomy */
    uint8_t seed;      /* enum sc_category, taxonomy of the published numbers */
    uint8_t stored;    /* bit i: argument i stands in the record by value */
    uint8_t skipped;   /* bit i: argument i is a pointer whose value is left out */
    uint8_t text;      /* bit i: argument i is a string, stored once per chunk */
    uint8_t narrow_i;  /* bit i: of argument i the low 32 bits count, with sign */
    uint8_t narrow_u;  /* bit i: of argument i the low 32 bits count, without sign */
    uint8_t looked;    /* bit i: behind argument i stands what a record may have as extras; for the writer only */
    uint8_t means;     /* enum sc_means; and what follows from it: */
    uint8_t fd_effect; /* enum sc_fd_effect */
    uint8_t counted;   /* SC_COUNTS_READS, SC_COUNTS_WRITES */
    uint8_t care;      /* enum sc_care */
    uint8_t form;      /* enum sc_call_form; for the writer only */
    uint8_t kinds[SC_MAX_ARGS]; /* enum sc_kind */
};

/* By number, and what stands for a number without a row; use sc_call. */
extern const struct sc_call_desc sc_call_table[SC_NR_LIMIT] __attribute__((visibility("hidden")));
extern const struct sc_call_desc sc_unknown_call __attribute__((visibility("hidden")));

/* By number; a number without a row has name NULL, six HEX arguments and category other. Never NULL itself. */
static inline const struct sc_call_desc *sc_call(unsigned nr)
{
    return nr < SC_NR_LIMIT && sc_call_table[nr].name ? &sc_call_table[nr] : &sc_unknown_call;
}

static inline bool sc_call_means(unsigned nr, enum sc_means means)
{
    return sc_call(nr)->means == means;
}

/* By the name that strace prints (not NUL-terminated, len bytes). NULL where there is no such row. */
const struct sc_call_desc *sc_call_by_name(const char *name, size_t len);

/* May a filter at record time leave it out? What calls of others mean does not depend on it then; its care is not MORE.
 */
bool sc_call_may_be_left_out(unsigned nr);

const struct sc_kind_desc *sc_kind(unsigned kind);

/* "file_ops", "memory", ... as the contracts have it. */
const char *sc_category_name(unsigned category);

/*
 * Had the kernel read the address that a call with this result was given? It does so before all that can fail, but for
 * looking at the descriptor.
 */
static inline bool sc_address_was_read(int64_t result)
{
    switch (result) {
    case -EINPROGRESS:
    case -EALREADY:
    case -EISCONN:
    case -ECONNREFUSED:
    case -ENOENT:
    case -EADDRINUSE:
    case -EADDRNOTAVAIL:
    case -ENETUNREACH:
    case -EHOSTUNREACH:
    case -ETIMEDOUT: return true;
    default: return result >= 0;
    }
}

/* A register's value as a kind of that width means it. */
static inline int64_t sc_widen(uint64_t value, unsigned width)
{
    switch (width) {
    case SC_W_I32: return (int32_t)value;
    case SC_W_U32: return (uint32_t)value;
    default: return (int64_t)value;
    }
}

/* The same for argument i of a call, by the masks: the hot path. */
static inline uint64_t sc_widen_arg(const struct sc_call_desc *desc, unsigned i, uint64_t value)
{
    if (desc->narrow_i >> i & 1)
        return (uint64_t)(int32_t)value;
    return desc->narrow_u >> i & 1 ? (uint32_t)value : value;
}

#endif
