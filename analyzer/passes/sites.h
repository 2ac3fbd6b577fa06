/*
 * sites.h: calls counted by where they came from: by the address that they return to, and by call stack.
 */
#ifndef SC_SITES_H
#define SC_SITES_H

#include "../model/event.h"
#include "../model/report_sites.h"
#include "symbols.h"

struct sc_sites;

/* NULL where memory is short. stacks: keep those as well. */
struct sc_sites *sc_sites_new(bool stacks);
void sc_sites_free(struct sc_sites *sites);

/* Counts the calls among the events, whose descriptions have to outlive sites. 0, or -ENOMEM. */
int sc_sites_add(struct sc_sites *sites, const struct sc_event *events, size_t count);

/* What a report shows, to be freed with sc_report_sites_free. 0, or -ENOMEM. */
int sc_sites_report(const struct sc_sites *sites, struct sc_symbols *symbols, bool with_startup,
                    struct sc_report_sites *ret_report);

#endif
