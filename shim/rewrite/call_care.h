/* call_care.h: what a call needs besides its record, depending on what it means; for wrappers and for sites. */
#ifndef SC_CALL_CARE_H
#define SC_CALL_CARE_H

#include <stdint.h>

#include "../../common/calls.h"

/* Before the call: drops what may not hold after it. */
void sc_care_before(const struct sc_call_desc *desc, const uint64_t *args);

void sc_care_after(const struct sc_call_desc *desc, const uint64_t *args, int64_t result);

#endif
