/*
 * site_plan.h: what was decided of a segment's sites, in a form that can be kept (site_cache.h) and taken up by another
 * process, which then decodes no function: that is most of what a start costs.
 *
 * A plan is a list of words: a check of two words, and two for each site and each call of a stub (site_calls.h), in
 * order of their addresses. The check is a hash of the key, the items and all bytes that these rely on, so that a plan
 * which is not of this code, or was damaged, is seen to be none. Each item is held against the code as well: what it
 * moves are whole instructions that can be moved. That nothing leads between them, and that there are no other sites,
 * was found out by whoever made the plan, from code that was as in the module's file (code_file.h): that is all that is
 * believed.
 */
#ifndef SC_SITE_PLAN_H
#define SC_SITE_PLAN_H

#include "site_calls.h"
#include "site_find.h"

enum { SC_PLAN_HEAD = 2, SC_PLAN_ITEM = 2, SC_PLAN_OFFSET_BITS = 27 };

/* The sites and calls of the code [begin, end), which is not changed yet. */
struct sc_planned {
    uint64_t key; /* the code's */
    uint64_t begin, end;
    struct sc_found_site *sites; /* ascending */
    size_t site_count, site_room;
    struct sc_stub_call *calls; /* room for SC_STUB_CALLS */
    unsigned call_count;
};

/* Returns how many words were written; 0: room is too small for them, or the code too large. */
size_t sc_plan_pack(const struct sc_planned *planned, uint32_t *words, size_t room);

/*
 * Where the item that begins at that word changes the code, from its begin, if the plan is to be believed; UINT32_MAX:
 * nowhere.
 */
uint32_t sc_plan_changes(const uint32_t *words);

/* Fills in sites and calls, which have room. words: nobody else changes them meanwhile. False, and nothing in them,
 * where the plan is not one of this code. */
bool sc_plan_unpack(struct sc_planned *planned, const uint32_t *words, size_t count);

#endif
