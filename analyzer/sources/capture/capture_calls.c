/* capture_calls.c: the table of calls, by which a capture of another version is understood. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>

static bool is_name(const char name[33])
{
    size_t len = 0;
    for (; len < 33 && name[len]; len++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name[len]))
            return false;
    return len > 0 && len < 33;
}

static bool is_row(const struct sc_file_call *row)
{
    unsigned all = (1u << (row->nargs & 7)) - 1;
    unsigned masks = row->stored | row->skipped | row->text;
    return row->nr < SC_NR_LIMIT && row->nargs <= SC_MAX_ARGS && row->ret <= SC_RET_N && masks == all &&
           !(row->stored & row->skipped) && !((row->stored | row->skipped) & row->text) && is_name(row->name) &&
           (row->expect == SC_EXPECT_NONE || (row->expect < row->nargs && row->stored & 1 << row->expect));
}

/*
 * The kind of argument i. A number is of today's kind where the call is known and the width is the same: a writer
 * before that kind was there had a more general one.
 */
static uint8_t kind_of(const struct sc_file_call *row, const struct sc_call_desc *known, unsigned i)
{
    if (row->kinds[i] >= SC_KIND_COUNT)
        return row->stored & 1 << i ? SC_KIND_HEX : row->text & 1 << i ? SC_KIND_STR : SC_KIND_PTR;
    if (!known || i >= known->nargs)
        return row->kinds[i];
    const struct sc_kind_desc *then = sc_kind(row->kinds[i]), *today = sc_kind(known->kinds[i]);
    bool same = then->stored == SC_STORED_VALUE && today->stored == SC_STORED_VALUE && then->width == today->width;
    return same ? known->kinds[i] : row->kinds[i];
}

/* Layout and name as the writer had them; what they mean, where this program knows the call, as it has it today. */
static void take_row(struct sc_capture *capture, const struct sc_file_call *row)
{
    struct sc_call_desc *desc = &capture->own_descs[row->nr];
    const struct sc_call_desc *known = sc_call(row->nr);
    char *name = capture->names[row->nr];
    memcpy(name, row->name, sizeof row->name);
    bool same = known->name && strcmp(known->name, name) == 0;
    capture->name_lens[row->nr] = (uint8_t)strlen(name);
    *desc = (struct sc_call_desc){
        .name = name,
        .nr = row->nr,
        .nargs = row->nargs,
        .ret = row->ret,
        .expect = row->expect,
        .category = same                           ? known->category
                    : row->category < SC_CAT_COUNT ? row->category
                                                   : SC_CAT_OTHER,
        .seed = same ? known->seed : SC_CAT_OTHER,
        .means = same ? known->means : SC_MEANS__,
        .fd_effect = same ? known->fd_effect : SC_FD_NONE,
        .counted = same ? known->counted : 0,
        .stored = row->stored,
        .skipped = row->skipped,
        .text = row->text,
    };
    for (unsigned i = 0; i < row->nargs; i++)
        desc->kinds[i] = kind_of(row, same ? known : NULL, i);
    capture->descs[row->nr] = desc;
}

/* What a writer stored that had no row for a call: six numbers. */
static void fill_unknown(struct sc_capture *capture)
{
    for (unsigned nr = 0; nr < SC_CALL_ROWS; nr++) {
        struct sc_call_desc *desc = &capture->own_descs[nr];
        *desc = *sc_call(SC_NR_LIMIT);
        desc->nr = (uint16_t)nr;
        int len = snprintf(capture->names[nr], sizeof capture->names[nr], "syscall_%#x", nr);
        capture->name_lens[nr] = (uint8_t)len;
        capture->descs[nr] = desc;
    }
}

/* A damaged row of a version that we know is very likely our own. */
static void take_own_row(struct sc_capture *capture, unsigned nr)
{
    const struct sc_call_desc *known = sc_call(nr);
    if (!known->name)
        return;
    struct sc_file_call row = {.nr = known->nr,
                               .nargs = known->nargs,
                               .ret = known->ret,
                               .expect = known->expect,
                               .category = known->category,
                               .stored = known->stored,
                               .skipped = known->skipped,
                               .text = known->text};
    memcpy(row.kinds, known->kinds, sizeof row.kinds);
    snprintf(row.name, sizeof row.name, "%s", known->name);
    take_row(capture, &row);
}

int sc_capture_load_calls(struct sc_capture *capture, struct sc_error *error)
{
    const struct sc_file_header *header = &capture->header;
    bool damaged = false;
    bool taken[SC_CALL_ROWS] = {false};
    fill_unknown(capture);
    for (uint32_t i = 0; i < header->calls_count; i++) {
        struct sc_file_call row;
        uint64_t offset = header->calls_offset + (uint64_t)i * header->calls_bytes;
        int result = sc_capture_read(capture, &row, sizeof row, offset);
        if (result == -ENODATA)
            return sc_capture_unusable(capture, error, capture->file_bytes,
                                       "the table of calls of this capture is cut");
        if (result != 0)
            return result;
        if (is_row(&row) && !taken[row.nr]) {
            take_row(capture, &row);
            taken[row.nr] = true;
        } else {
            if (!damaged)
                sc_capture_damage(capture, offset, "damaged row of the table of calls");
            damaged = true;
        }
    }
    for (unsigned nr = 0; damaged && header->version <= SC_VERSION && nr < SC_NR_LIMIT; nr++)
        if (!taken[nr])
            take_own_row(capture, nr);
    return 0;
}
