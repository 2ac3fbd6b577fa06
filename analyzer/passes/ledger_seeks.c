#include <errno.h>
#include <string.h>

#include "../model/array.h"
#include "ledger_internal.h"

static struct sc_pending_seek *pending_of(struct sc_ledger *ledger, uint32_t open)
{
    if (open >= ledger->pending_capacity &&
        SC_RESERVE_ZERO(ledger->pending, ledger->pending_capacity, (size_t)open + 1))
        return NULL;
    return &ledger->pending[open];
}

/* The lseek that is behind us, once more as an event. */
static void show_seek(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                      const struct sc_pending_seek *seek, const struct sc_access *access, uint32_t row)
{
    if (ledger->rows[row].shown == SC_LEDGER_EVIDENCE)
        return;
    struct sc_event event = {.type = SC_EVENT_CALL,
                             .outcome = SC_DONE,
                             .nargs = 3,
                             .process = seek->process,
                             .desc = seek->desc,
                             .result = seek->result};
    int64_t values[3] = {seek->fd, seek->offset, seek->whence};
    for (unsigned i = 0; i < 3; i++) {
        event.args[i].kind = event.desc->kinds[i];
        event.args[i].state = SC_ARG_VALUE;
        event.args[i].value = values[i];
    }
    event.name = event.desc->name;
    event.name_len = strlen(event.name);
    struct sc_access at = {.file = access->file, .second_file = SC_NO_FILE, .offset = seek->result};
    sc_ledger_show(ledger, run, files, &event, &at, row, seek->order);
}

int sc_ledger_pair_seeks(struct sc_ledger *ledger, const struct sc_run *run, const struct sc_files *files,
                         const struct sc_event *event, const struct sc_access *access, uint32_t row)
{
    bool is_seek = event->desc->category == SC_CAT_SEEK;
    if (!access->open || (!is_seek && !access->after_seek))
        return 0;
    struct sc_pending_seek *pending = pending_of(ledger, access->open);
    if (!pending)
        return -ENOMEM;
    if (is_seek) {
        bool waits = !sc_event_failed(event) && !access->redundant_seek;
        *pending = (struct sc_pending_seek){waits ? row + 1 : 0,
                                            event->process,
                                            event->desc,
                                            sc_event_took(event),
                                            ledger->order,
                                            sc_event_value(event, 0),
                                            sc_event_value(event, 1),
                                            sc_event_value(event, 2),
                                            event->result};
        return 0;
    }
    if (!pending->row || event->desc->category == SC_CAT_OTHER)
        return 0;
    uint32_t to, fact = event->desc->category == SC_CAT_WRITE ? SC_FACT_SEEK_WRITE : SC_FACT_SEEK_READ;
    int error = sc_ledger_move(ledger, pending->row - 1, fact, pending->duration_ns, &to);
    if (!error)
        sc_ledger_touch(&ledger->rows[to], pending->result, pending->result);
    if (!error && !(ledger->rows[to].facts & SC_FACT_HIDDEN))
        show_seek(ledger, run, files, pending, access, to);
    pending->row = 0;
    return error;
}
