#include "calls.h"

#include <string.h>

static const struct sc_kind_desc kind_table[SC_KIND_COUNT] = {
#define SC_KIND(name, width, stored) [SC_KIND_##name] = {#name, SC_W_##width, SC_STORED_##stored},
#include "kinds.def"
};

/* The stored class of each kind as a constant expression, so that the masks below are computed by the compiler. */
enum {
#define SC_KIND(name, width, stored) CLASS_##name = SC_STORED_##stored,
#include "kinds.def"
};

enum {
#define SC_KIND(name, width, stored) WIDTH_##name = SC_W_##width,
#include "kinds.def"
};

/* fcntl's argument is stored by value, and may be a pointer to a struct flock all the same. */
enum {
#define SC_KIND(name, width, stored)                                                                                   \
    LOOKED_##name = SC_STORED_##stored == SC_STORED_LOOK || SC_KIND_##name == SC_KIND_FCNTL_ARG,
#include "kinds.def"
};

enum {
#define SC_MEANS(word, descriptors, counted, care, filter) FD_EFFECT_##word = SC_FD_##descriptors,
#include "means.def"
};

enum {
#define SC_MEANS(word, descriptors, counted, care, filter) COUNTED_##word = SC_COUNTS_##counted,
#include "means.def"
};

enum {
#define SC_MEANS(word, descriptors, counted, care, filter) CARE_##word = SC_CARE_##care,
#include "means.def"
};

enum { EXPECT_NONE_ = SC_EXPECT_NONE, EXPECT_A0 = 0, EXPECT_A1, EXPECT_A2, EXPECT_A3, EXPECT_A4, EXPECT_A5 };

/* Arguments beyond nargs are NONE, whose class is SKIP: masked out by the number of arguments. */
#define MASK(column, value, n, a, b, c, d, e, f, ...)                                                                  \
    ((((int)column##a == (value)) << 0 | ((int)column##b == (value)) << 1 | ((int)column##c == (value)) << 2 |         \
      ((int)column##d == (value)) << 3 | ((int)column##e == (value)) << 4 | ((int)column##f == (value)) << 5) &        \
     ((1 << (n)) - 1))
#define MASK_OF(...) MASK(__VA_ARGS__, NONE, NONE, NONE, NONE, NONE, NONE)
#define KINDS(a, b, c, d, e, f, ...)                                                                                   \
    {                                                                                                                  \
        SC_KIND_##a, SC_KIND_##b, SC_KIND_##c, SC_KIND_##d, SC_KIND_##e, SC_KIND_##f                                   \
    }

/* enum sc_call_form, by the masks of what is stored and of what is narrow. */
#define HAS_FORM(wanted_stored, wanted_i, wanted_expect, expected, n, ...)                                             \
    (MASK_OF(CLASS_, SC_STORED_VALUE, n, __VA_ARGS__) == (wanted_stored) &&                                            \
     MASK_OF(WIDTH_, SC_W_I32, n, __VA_ARGS__) == (wanted_i) && !MASK_OF(WIDTH_, SC_W_U32, n, __VA_ARGS__) &&          \
     (int)EXPECT_##expected == (wanted_expect))
#define IS_MORE(n, ...) (MASK_OF(CLASS_, SC_STORED_TEXT, n, __VA_ARGS__) | MASK_OF(LOOKED_, 1, n, __VA_ARGS__))
#define FORM(...)                                                                                                      \
    (HAS_FORM(5, 1, 2, __VA_ARGS__)    ? SC_FORM_FD_SIZE                                                               \
     : HAS_FORM(13, 1, 2, __VA_ARGS__) ? SC_FORM_FD_SIZE_OFF                                                           \
     : HAS_FORM(7, 5, 1, __VA_ARGS__)  ? SC_FORM_FD_OFF_INT                                                            \
                                       : SC_FORM_NUMBERS)

#define ROW(number, call_name, cat, seed_cat, ret_kind, expected, means_word, n, ...)                                  \
    [number] = {                                                                                                       \
        .name = #call_name,                                                                                            \
        .nr = (number),                                                                                                \
        .nargs = (n),                                                                                                  \
        .ret = SC_RET_##ret_kind,                                                                                      \
        .expect = EXPECT_##expected,                                                                                   \
        .category = SC_CAT_##cat,                                                                                      \
        .seed = SC_CAT_##seed_cat,                                                                                     \
        .means = SC_MEANS_##means_word,                                                                                \
        .fd_effect = FD_EFFECT_##means_word,                                                                           \
        .counted = COUNTED_##means_word,                                                                               \
        .care = CARE_##means_word,                                                                                     \
        .stored = MASK_OF(CLASS_, SC_STORED_VALUE, n, __VA_ARGS__),                                                    \
        .skipped = MASK_OF(CLASS_, SC_STORED_SKIP, n, __VA_ARGS__) | MASK_OF(CLASS_, SC_STORED_LOOK, n, __VA_ARGS__),  \
        .text = MASK_OF(CLASS_, SC_STORED_TEXT, n, __VA_ARGS__),                                                       \
        .narrow_i = MASK_OF(WIDTH_, SC_W_I32, n, __VA_ARGS__),                                                         \
        .narrow_u = MASK_OF(WIDTH_, SC_W_U32, n, __VA_ARGS__),                                                         \
        .looked = MASK_OF(LOOKED_, 1, n, __VA_ARGS__),                                                                 \
        .form = IS_MORE(n, __VA_ARGS__) ? SC_FORM_MORE : FORM(expected, n, __VA_ARGS__),                               \
        .kinds = KINDS(__VA_ARGS__, NONE, NONE, NONE, NONE, NONE, NONE),                                               \
    },

const struct sc_call_desc sc_call_table[SC_NR_LIMIT] = {
#define SC_CALL(...) ROW(__VA_ARGS__)
#define SC_ROW(...) ROW(__VA_ARGS__)
#include "calls.def"
};

const struct sc_call_desc sc_unknown_call = {
    .nr = SC_NR_LIMIT,
    .nargs = 6,
    .ret = SC_RET_L,
    .expect = SC_EXPECT_NONE,
    .category = SC_CAT_OTHER,
    .seed = SC_CAT_OTHER,
    .stored = 0x3f,
    .kinds = KINDS(HEX, HEX, HEX, HEX, HEX, HEX),
};

const struct sc_call_desc *sc_call_by_name(const char *name, size_t len)
{
    for (unsigned nr = 0; nr < SC_NR_LIMIT; nr++) {
        const char *candidate = sc_call_table[nr].name;
        if (candidate && strncmp(candidate, name, len) == 0 && candidate[len] == '\0')
            return &sc_call_table[nr];
    }
    return NULL;
}

bool sc_call_may_be_left_out(unsigned nr)
{
    enum { KEPT, FREE };
    static const bool may[] = {
#define SC_MEANS(word, descriptors, counted, care, filter) [SC_MEANS_##word] = (filter) == FREE,
#include "means.def"
    };
    return sc_call(nr)->name && may[sc_call(nr)->means];
}

const struct sc_kind_desc *sc_kind(unsigned kind)
{
    return &kind_table[kind < SC_KIND_COUNT ? kind : SC_KIND_NONE];
}

const char *sc_category_name(unsigned category)
{
    static const char *const names[SC_CAT_COUNT] = {"file_ops", "memory", "write_ops", "read_ops", "seek_ops", "other"};
    return names[category < SC_CAT_COUNT ? category : SC_CAT_OTHER];
}
