/*
 * frame_rule.h: what an unwind table's program (DWARF 4, section 6.4) says of one place in the code: how its frame is
 * left.
 */
#ifndef SC_FRAME_RULE_H
#define SC_FRAME_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "modules.h"

enum { SC_FRAME_LARGEST = 1 << 20 };

/* How to leave a frame. valid false: not by our means. */
struct sc_frame_rule {
    bool valid;
    bool cfa_is_bp;
    bool bp_saved;
    bool walked; /* from no table, but by frame_walk.h: what it leads to has to be a return address */
    int32_t cfa_offset;
    int16_t bp_at; /* from the CFA */
    int16_t ra_at;
    enum sc_owner owner; /* of the code itself; not from the table */
};

/* For pc, by an FDE and its CIE. fde_at: the address that the FDE's pc-relative numbers refer to. */
struct sc_frame_rule sc_frame_rule_of(const uint8_t *fde, uint64_t fde_at, const uint8_t *cie, uint64_t pc);

#endif
