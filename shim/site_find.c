#include "site_find.h"

#include <string.h>

#include "insn.h"

enum { JUMP_BYTES = 5, NEXT = 4, SHORT_REACH = 120 };

/* What the first walk through a function remembers of a site, for the second. */
struct candidate {
    uint64_t address;
    uint64_t before; /* start of the instruction before it */
    struct sc_insn previous;
    uint64_t next[NEXT]; /* starts of the instructions behind it */
    struct sc_insn following[NEXT];
    unsigned next_count;
    bool branched_to; /* to the syscall */
    bool next_branched_to[NEXT];
};

struct walk {
    struct candidate candidates[SC_SITES_PER_FUNCTION];
    int count;
    bool indirect; /* a jump through a register or memory: it may lead anywhere in the function */
};

static void note_following(struct walk *walk, uint64_t at, const struct sc_insn *insn)
{
    for (int i = walk->count; i-- > 0;) {
        struct candidate *candidate = &walk->candidates[i];
        if (candidate->next_count >= NEXT)
            break; /* those before it are full as well */
        candidate->next[candidate->next_count] = at;
        candidate->following[candidate->next_count++] = *insn;
    }
}

static bool collect(struct walk *walk, uint64_t begin, uint64_t end)
{
    struct sc_insn insn, previous = {.flow = SC_FLOW_RETURN};
    uint64_t before = begin;
    for (uint64_t at = begin; at < end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
            return false;
        note_following(walk, at, &insn);
        if (insn.flow == SC_FLOW_INDIRECT)
            walk->indirect = true;
        if (insn.flow == SC_FLOW_SYSCALL) {
            if (walk->count == SC_SITES_PER_FUNCTION)
                return false;
            walk->candidates[walk->count++] = (struct candidate){.address = at, .before = before, .previous = previous};
        }
        previous = insn;
        before = at;
    }
    return true;
}

static void mark_target(struct walk *walk, uint64_t target)
{
    for (int i = 0; i < walk->count; i++) {
        struct candidate *candidate = &walk->candidates[i];
        if (candidate->address == target)
            candidate->branched_to = true;
        for (unsigned k = 0; k < candidate->next_count; k++)
            if (candidate->next[k] == target)
                candidate->next_branched_to[k] = true;
    }
}

static void mark_targets(struct walk *walk, uint64_t begin, uint64_t end)
{
    struct sc_insn insn;
    for (uint64_t at = begin; at < end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
            return;
        if (insn.flow == SC_FLOW_BRANCH || insn.flow == SC_FLOW_JUMP || insn.flow == SC_FLOW_CALL)
            mark_target(walk, at + insn.length + (uint64_t)(int64_t)insn.relative);
    }
}

static bool movable(const struct sc_insn *insn)
{
    return insn->flow == SC_FLOW_ON && !insn->position;
}

static bool loads_sigreturn(const struct candidate *candidate)
{
    const uint8_t *code = (const uint8_t *)candidate->before;
    static const uint8_t wide[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0}; /* mov $15, %rax */
    static const uint8_t narrow[] = {0xb8, 15, 0, 0, 0};           /* mov $15, %eax */
    return (candidate->previous.length == sizeof wide && memcmp(code, wide, sizeof wide) == 0) ||
           (candidate->previous.length == sizeof narrow && memcmp(code, narrow, sizeof narrow) == 0);
}

/*
 * mov %r11, 8(%rsp); syscall; ret, and padding behind: __syscall_cancel_arch, with whose place the C library's handler
 * compares the interrupted address.
 */
static bool is_cancel_point(const struct sc_object *object, const struct candidate *candidate)
{
    static const uint8_t store[] = {0x4c, 0x89, 0x5c, 0x24, 0x08};
    return candidate->previous.length == sizeof store &&
           memcmp((const void *)candidate->before, store, sizeof store) == 0 && candidate->next_count > 0 &&
           *(const uint8_t *)candidate->next[0] == 0xc3 && !candidate->next_branched_to[0] &&
           sc_functions_gap(object, candidate->next[0] + 1, 0, JUMP_BYTES - 1) == candidate->next[0] + 1;
}

/* How many bytes behind the syscall can move, so that syscall and they are room for a jump; 0: not so. */
static unsigned room_after(const struct walk *walk, const struct candidate *candidate)
{
    /* cmp $-4096, %rax: the test for failure that belongs to the call; no jump table leads between the two. */
    static const uint8_t well_known[] = {0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff};
    unsigned bytes = 0;
    for (unsigned k = 0; k < candidate->next_count; k++) {
        const struct sc_insn *insn = &candidate->following[k];
        bool known = k == 0 && insn->length == sizeof well_known &&
                     memcmp((const void *)candidate->next[0], well_known, sizeof well_known) == 0;
        if (candidate->next_branched_to[k] || !movable(insn) || (walk->indirect && !known))
            return 0;
        bytes += insn->length;
        if (2 + bytes >= JUMP_BYTES)
            return bytes;
    }
    return 0;
}

static bool ends_in_loop(const struct candidate *candidate)
{
    return candidate->next_count > 0 && candidate->following[0].flow == SC_FLOW_JUMP &&
           candidate->following[0].length == 2 && !candidate->next_branched_to[0] && !candidate->branched_to &&
           movable(&candidate->previous) && candidate->previous.length + 4 >= JUMP_BYTES;
}

static void choose(const struct sc_object *object, const struct walk *walk, const struct candidate *candidate,
                   struct sc_found_site *site)
{
    *site = (struct sc_found_site){.address = candidate->address, .branched_to = candidate->branched_to};
    if (loads_sigreturn(candidate)) {
        site->way = SC_WAY_SIGRETURN;
    } else if (is_cancel_point(object, candidate)) {
        site->way = SC_WAY_CANCEL;
        site->patch = candidate->before;
        site->moved_before = candidate->previous.length;
    } else if (movable(&candidate->previous) && candidate->previous.length >= JUMP_BYTES && !candidate->branched_to) {
        site->way = SC_WAY_BEFORE;
        site->patch = candidate->before;
        site->moved_before = candidate->previous.length;
    } else if ((site->moved_after = (uint8_t)room_after(walk, candidate)) != 0) {
        site->way = SC_WAY_AFTER;
        site->patch = candidate->address;
    } else if (ends_in_loop(candidate) && !walk->indirect) {
        site->way = SC_WAY_LOOP;
        site->patch = candidate->before;
        site->moved_before = candidate->previous.length;
        site->target = candidate->next[0] + 2 + (uint64_t)(int64_t)candidate->following[0].relative;
    } else if ((site->gap = sc_functions_gap(object, candidate->address, SHORT_REACH, JUMP_BYTES)) != 0) {
        site->way = SC_WAY_GAP;
        site->patch = candidate->address;
    }
}

int sc_find_sites(const struct sc_object *object, uint64_t begin, uint64_t end,
                  struct sc_found_site sites[SC_SITES_PER_FUNCTION])
{
    struct walk walk;
    walk.count = 0;
    walk.indirect = false;
    if (!collect(&walk, begin, end))
        return -1;
    mark_targets(&walk, begin, end);
    for (int i = 0; i < walk.count; i++)
        choose(object, &walk, &walk.candidates[i], &sites[i]);
    return walk.count;
}

int sc_reach_instruction(uint64_t *at, uint64_t place, uint64_t end)
{
    struct sc_insn insn;
    for (; *at < place; *at += insn.length)
        if (!sc_insn_decode((const uint8_t *)*at, end - *at, &insn))
            return -1;
    return *at == place;
}
