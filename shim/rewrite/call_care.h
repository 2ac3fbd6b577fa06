/*
 * call_care.h: what has to be done around a call beside recording it, by what the call means (its row): for wrappers,
 * of which most know that when they are compiled, and for sites.
 */
#ifndef SC_CALL_CARE_H
#define SC_CALL_CARE_H

#include <sched.h>
#include <sys/mman.h>

#include "../args/aio.h"
#include "../args/fd_class.h"
#include "../args/mapped.h"
#include "../args/uring.h"
#include "../session/process.h"
#include "../session/restrict.h"
#include "dlopen.h"

/* Before the kernel is asked: what may not be true any more when it is back. frame: of the call, which was begun. */
static inline void sc_care_before(const struct sc_frame *frame, unsigned nr, enum sc_means means, const uint64_t *args)
{
    sc_fd_before(nr, args);
    if (sc_rings_any())
        sc_uring_closing(frame, nr, args);
    if (means == SC_MEANS_UNMAP || means == SC_MEANS_REMAP || (means == SC_MEANS_MAP && args[3] & MAP_FIXED)) {
        if (sc_rings_any())
            sc_uring_unmapping(frame, args[0], args[1]);
        sc_dlopen_unmapping(args);
    }
    if (sc_mapped_concerns(means))
        sc_mapped_before(means, args);
    else if (means == SC_MEANS_RESTRICT)
        sc_restrict_before(nr, args);
    else if (SC_UNLIKELY(sc_aio_concerns(means)))
        sc_aio_before(frame, means, args);
    else if (SC_UNLIKELY(sc_uring_concerns(means)))
        sc_uring_before(frame, means, args);
}

static inline void sc_care_after(unsigned nr, enum sc_means means, const uint64_t *args, int64_t result)
{
    sc_fd_after(nr, args, result);
    switch (means) {
    case SC_MEANS_MAP:
        if (sc_rings_any())
            sc_uring_mapped(args, result);
        /* fall through */
    case SC_MEANS_REMAP: sc_mapped_after(means, args, result); break;
    case SC_MEANS_RESTRICT: sc_restrict_after(nr, args, result); break;
    case SC_MEANS_WAIT_CHILD: sc_process_waited((int)result, args[1]); break;
    case SC_MEANS_WAIT_CHILD_INFO:
        if (result == 0)
            sc_process_waited_info(args[2], args[3]);
        break;
    case SC_MEANS_UNSHARE:
        if (result == 0 && args[0] & CLONE_FILES)
            sc_fd_not_shared();
        break;
    case SC_MEANS_IO_URING:
    case SC_MEANS_RING_ENTER:
    case SC_MEANS_RING_REGISTER: sc_uring_after(means, args, result); break;
    case SC_MEANS_DUP_TO:
        if (sc_rings_any())
            sc_uring_replaced(args, result);
        break;
    case SC_MEANS_AIO:
        if (result >= 0)
            sc_put_note(SC_NOTE_AIO, (uint64_t)result, 0);
        sc_aio_after(means, args, result);
        break;
    case SC_MEANS_AIO_SUBMIT:
    case SC_MEANS_AIO_EVENTS:
    case SC_MEANS_AIO_END: sc_aio_after(means, args, result); break;
    default: break;
    }
}

#endif
