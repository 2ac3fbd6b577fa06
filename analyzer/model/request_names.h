/* request_names.h: what a request that is no call is called, in tables of calls. */
#ifndef SC_REQUEST_NAMES_H
#define SC_REQUEST_NAMES_H

#include "event.h"

/* Of one that does what that call does, and came that way: "AIO pread", "URING openat". */
const char *sc_request_name(enum sc_way way, const struct sc_call_desc *desc);

/* Of a call or a request; "unknown" where a table of calls has no such call. */
const char *sc_event_call_name(const struct sc_event *event);

#endif
