/*
 * ledger_facts.h: what is noticed about a call by itself; what depends on the calls before it is in history.h.
 */
#ifndef SC_LEDGER_FACTS_H
#define SC_LEDGER_FACTS_H

#include "ledger.h"

/* enum sc_fact of the call. regular: its file is one in a directory. */
uint32_t sc_call_facts(const struct sc_ledger_sizes *small, const struct sc_event *event,
                       const struct sc_access *access, bool regular);

#endif
