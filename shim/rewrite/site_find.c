#include "site_find.h"

#include <string.h>

#include "../core/raw_syscall.h"
#include "../unwind/insn.h"
#include "site_stub.h"

enum { NEXT = 4, CANDIDATES = 64, SYSCALL_BYTES = 2 };

/* What the first walk through a function notes of a site for the second. */
struct candidate {
    uint64_t address;
    struct sc_insn previous;
    uint64_t next[NEXT]; /* starts of the instructions after it */
    struct sc_insn following[NEXT];
    unsigned next_count;
    bool branched_to; /* to the syscall */
    bool entered;     /* a branch leads into the middle of one of these instructions: data was decoded as code */
    bool next_branched_to[NEXT];
};

static struct walk {
    const struct sc_elf_module *module;
    struct sc_function function;
    struct candidate candidates[CANDIDATES];
    int count;
    bool indirect;   /* there is a jump through a register, which may lead anywhere in the function */
    bool strays;     /* the stack pointer may point anywhere */
    bool framed;     /* rbp holds the stack pointer of the function's beginning */
    uint32_t copies; /* 1 << register: the stack pointer was the last thing written to it */
} walk;

static void note_following(uint64_t at, const struct sc_insn *insn)
{
    for (int i = walk.count; i-- > 0;) {
        struct candidate *candidate = &walk.candidates[i];
        if (candidate->next_count >= NEXT)
            break; /* those before it are full as well */
        candidate->next[candidate->next_count] = at;
        candidate->following[candidate->next_count++] = *insn;
    }
}

/*
 * Follows the stack pointer. Besides their plain ways to move it, compilers restore it from a register: a function with
 * a frame pointer and a block with variable-length arrays saves it in a callee-saved register and puts it back from
 * there. Anything else may leave it pointing anywhere.
 */
static void note_stack(const struct sc_insn *insn)
{
    static const uint32_t PRESERVED = 1u << 3 | 0xfu << 12; /* rbx, r12 to r15 */
    if (insn->writes == SC_NO_REGISTER || insn->frame)
        return;
    uint32_t written = 1u << insn->writes;
    if (insn->writes == SC_RSP)
        walk.strays |=
            !walk.framed || insn->copies == SC_NO_REGISTER || !(walk.copies & PRESERVED & 1u << insn->copies);
    walk.copies = insn->copies == SC_RSP ? walk.copies | written : walk.copies & ~written;
    walk.framed |= insn->writes == SC_RBP && insn->copies == SC_RSP;
}

static bool collect(uint64_t begin, uint64_t end)
{
    struct sc_insn insn, previous = {.flow = SC_FLOW_RETURN};
    for (uint64_t at = begin; at < end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
            return false;
        note_following(at, &insn);
        note_stack(&insn);
        if (insn.flow == SC_FLOW_INDIRECT)
            walk.indirect = true;
        if (insn.flow == SC_FLOW_SYSCALL) {
            if (walk.count == CANDIDATES)
                return false;
            walk.candidates[walk.count++] = (struct candidate){.address = at, .previous = previous};
        }
        previous = insn;
    }
    return true;
}

static bool is_inside(uint64_t target, uint64_t begin, unsigned length)
{
    return target > begin && target < begin + length;
}

static void mark_target(uint64_t target)
{
    for (int i = 0; i < walk.count; i++) {
        struct candidate *candidate = &walk.candidates[i];
        unsigned before = candidate->previous.length;
        if (candidate->address == target)
            candidate->branched_to = true;
        candidate->entered |= is_inside(target, candidate->address - before, before);
        for (unsigned k = 0; k < candidate->next_count; k++) {
            if (candidate->next[k] == target)
                candidate->next_branched_to[k] = true;
            candidate->entered |= is_inside(target, candidate->next[k], candidate->following[k].length);
        }
    }
}

/*
 * Whether a jump out of this function leads to a function with a jump through a register: compilers move unlikely parts
 * of a function elsewhere, with jump tables that lead from one part into the other.
 */
static bool partner_is_indirect(uint64_t target)
{
    struct sc_function partner;
    struct sc_insn insn;
    if (!sc_eh_frame_find(walk.module, target, &partner))
        return false;
    for (uint64_t at = partner.begin; at < partner.end; at += insn.length)
        if (!sc_insn_decode((const uint8_t *)at, partner.end - at, &insn) || insn.flow == SC_FLOW_INDIRECT)
            return true;
    return false;
}

static void mark_targets(uint64_t begin, uint64_t end)
{
    struct sc_insn insn;
    for (uint64_t at = begin; at < end; at += insn.length) {
        if (!sc_insn_decode((const uint8_t *)at, end - at, &insn))
            return;
        if (insn.flow != SC_FLOW_BRANCH && insn.flow != SC_FLOW_JUMP && insn.flow != SC_FLOW_CALL)
            continue;
        uint64_t target = at + insn.length + (uint64_t)(int64_t)insn.relative;
        if (target >= begin && target < end)
            mark_target(target);
        else if (insn.flow != SC_FLOW_CALL && !walk.indirect)
            walk.indirect = partner_is_indirect(target);
    }
}

static bool movable(const struct sc_insn *insn)
{
    return insn->flow == SC_FLOW_ON && !insn->position;
}

bool sc_is_sigreturn(uint64_t begin, uint64_t address)
{
    static const uint8_t wide[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0}; /* mov $15, %rax */
    static const uint8_t narrow[] = {0xb8, 15, 0, 0, 0};           /* mov $15, %eax */
    return (address - begin >= sizeof wide && memcmp((const uint8_t *)address - sizeof wide, wide, sizeof wide) == 0) ||
           (address - begin >= sizeof narrow &&
            memcmp((const uint8_t *)address - sizeof narrow, narrow, sizeof narrow) == 0);
}

/*
 * mov %r11, 8(%rsp); syscall; ret: __syscall_cancel_arch, whose address the C library's handler compares with the
 * interrupted one. In glibc padding follows, in musl (__syscall_cp_asm) the place where the handler goes on.
 */
static bool is_cancel_point(const struct candidate *candidate)
{
    static const uint8_t store[] = {0x4c, 0x89, 0x5c, 0x24, 0x08};
    return candidate->previous.length == sizeof store && candidate->next_count >= 1 &&
           memcmp((const uint8_t *)candidate->address - sizeof store, store, sizeof store) == 0 &&
           *(const uint8_t *)candidate->next[0] == 0xc3;
}

/* Room for the second jump: the ret, to which nothing in the function leads, and the padding after it. */
static bool has_cancel_room(const struct candidate *candidate)
{
    uint64_t behind = candidate->next[0] + 1, padding_end;
    return !candidate->next_branched_to[0] && behind == walk.function.end &&
           sc_eh_frame_padding(walk.module, &walk.function, &padding_end) && padding_end - behind >= SC_JUMP_BYTES - 1;
}

/* How many bytes after the syscall can move to make room for a jump over the syscall and them; 0: none. */
static unsigned room_after(const struct candidate *candidate)
{
    /* cmp $-4096, %rax: the call's own test for failure; no exception resumes there. */
    static const uint8_t well_known[] = {0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff};
    unsigned bytes = 0;
    for (unsigned k = 0; k < candidate->next_count; k++) {
        const struct sc_insn *insn = &candidate->following[k];
        bool known = k == 0 && insn->length == sizeof well_known &&
                     memcmp((const void *)candidate->next[0], well_known, sizeof well_known) == 0;
        if (candidate->next_branched_to[k] || !movable(insn) ||
            (!known && sc_eh_frame_has_landings(walk.module, walk.function.index)))
            return 0;
        bytes += insn->length;
        if (SYSCALL_BYTES + bytes >= SC_JUMP_BYTES)
            return bytes;
    }
    return 0;
}

/* The strategies that replace more than one instruction: nothing may lead to the second and those after it. */
static void consider_replacing(const struct candidate *candidate, struct sc_found_site *site)
{
    const struct sc_insn *previous = &candidate->previous;
    if (walk.indirect)
        return;
    site->after = (uint8_t)room_after(candidate);
    if (site->after)
        site->possible |= 1 << SC_PATCH_AFTER;
    if (!movable(previous) || candidate->branched_to)
        return;
    if (previous->length + SYSCALL_BYTES >= SC_JUMP_BYTES)
        site->possible |= 1 << SC_PATCH_BOTH;
    if (candidate->next_count && candidate->following[0].flow == SC_FLOW_JUMP && candidate->following[0].length == 2 &&
        !candidate->next_branched_to[0] && previous->length + SYSCALL_BYTES + 2 >= SC_JUMP_BYTES) {
        site->possible |= 1 << SC_PATCH_LOOP;
        site->loop = (int8_t)candidate->following[0].relative;
    }
}

/*
 * A function that has to be left as it is. They are looked for in musl's library and in statically linked programs,
 * where functions without unwind records are known too.
 */
static bool is_in_stub(uint64_t address)
{
    uint64_t stub;
    bool known = walk.module->by_symbols || walk.module->ends;
    return known && sc_stub_at(walk.function.begin, address, &stub) != SC_STUB_NONE;
}

static void consider(const struct candidate *candidate, struct sc_found_site *site)
{
    *site = (struct sc_found_site){.address = candidate->address, .function = walk.function};
    site->before = candidate->previous.length;
    for (unsigned k = 0; k < candidate->next_count && candidate->next[k] < site->address + 8; k++)
        site->starts_behind |= (uint8_t)(1 << (candidate->next[k] - site->address));
    if (sc_is_sigreturn(walk.function.begin, site->address)) {
        site->possible = 1 << SC_PATCH_SIGRETURN;
        return;
    }
    if (is_in_stub(site->address)) {
        site->possible = 1 << SC_PATCH_CALL;
        return;
    }
    if ((walk.strays && !walk.module->any_stack) || candidate->entered)
        return;
    site->possible = 1 << SC_PATCH_PADDING;
    if (is_cancel_point(candidate)) { /* with any other strategy a cancelled thread would wait for ever */
        site->possible = has_cancel_room(candidate) ? 1 << SC_PATCH_CANCEL : 0;
        return;
    }
    uint64_t previous = site->address - site->before;
    site->takes_address = site->before >= SC_JUMP_BYTES && sc_insn_takes_address(previous, &candidate->previous);
    bool moves = movable(&candidate->previous) || site->takes_address;
    if (moves && site->before >= SC_JUMP_BYTES && !candidate->branched_to)
        site->possible |= 1 << SC_PATCH_BEFORE;
    else
        consider_replacing(candidate, site);
}

int sc_find_sites(const struct sc_elf_module *module, const struct sc_function *function, struct sc_found_site *sites,
                  size_t room)
{
    walk.module = module;
    walk.function = *function;
    walk.count = 0;
    walk.indirect = walk.strays = walk.framed = false;
    walk.copies = 0;
    if (!collect(function->begin, function->end) || (size_t)walk.count > room)
        return -1;
    mark_targets(function->begin, function->end);
    for (int i = 0; i < walk.count; i++)
        consider(&walk.candidates[i], &sites[i]);
    return walk.count;
}

/* The numbers of the calls by which threads are made. */
static bool is_clone(uint32_t number)
{
    return number == SYS_clone || number == SYS_clone3;
}

/* The instruction ends in a number that is one of those: of four bytes, or of one that it puts into a register (musl).
 */
static bool names_clone(const uint8_t *code, const struct sc_insn *insn)
{
    enum { MOVE_BYTE = 0xb0, REGISTERS = 7, PUSH_BYTE = 0x6a };
    uint32_t last = 0;
    uint8_t opcode = insn->length > 1 ? code[insn->length - 2] : 0;
    if (insn->length > sizeof last)
        memcpy(&last, code + insn->length - sizeof last, sizeof last);
    bool byte = (opcode & ~REGISTERS) == MOVE_BYTE || opcode == PUSH_BYTE;
    return is_clone(last) || (byte && insn->length <= 3 && is_clone(code[insn->length - 1]));
}

/* mov $number, %eax or %rax */
static bool sets_number(const uint8_t *code, const struct sc_insn *insn)
{
    return (insn->length == 5 && code[0] == 0xb8) ||
           (insn->length == 7 && code[0] == 0x48 && code[1] == 0xc7 && code[2] == 0xc0);
}

bool sc_makes_no_thread(const struct sc_found_site *site)
{
    const struct sc_function *function = &site->function;
    struct sc_insn insn;
    bool known = false;
    for (uint64_t at = function->begin; at < function->end; at += insn.length) {
        const uint8_t *code = (const uint8_t *)at;
        if (!sc_insn_decode(code, function->end - at, &insn) || names_clone(code, &insn))
            return false;
        if (at < site->address && (insn.writes == 0 || insn.flow == SC_FLOW_CALL || insn.flow == SC_FLOW_SYSCALL))
            known = sets_number(code, &insn);
    }
    return known;
}

int sc_reach_instruction(uint64_t *at, uint64_t place, uint64_t end)
{
    struct sc_insn insn;
    for (; *at < place; *at += insn.length)
        if (!sc_insn_decode((const uint8_t *)*at, end - *at, &insn))
            return -1;
    return *at == place;
}
