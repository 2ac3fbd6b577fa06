/*
 * call_care.h: what has to be done around a call beside recording it, by what the call means: for wrappers and for
 * sites.
 */
#ifndef SC_CALL_CARE_H
#define SC_CALL_CARE_H

#include <stdint.h>

#include "../../common/calls.h"

/* Before the kernel is asked: what may not be true any more when it is back. */
void sc_care_before(const struct sc_call_desc *desc, const uint64_t *args);

void sc_care_after(const struct sc_call_desc *desc, const uint64_t *args, int64_t result);

#endif
