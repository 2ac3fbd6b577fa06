#include "call_care.h"

#include <sched.h>

#include "../args/fd_class.h"
#include "../session/process.h"
#include "../session/restrict.h"
#include "dlopen.h"

void sc_care_before(const struct sc_call_desc *desc, const uint64_t *args)
{
    sc_fd_before(desc->nr, args);
    if (desc->means == SC_MEANS_MAP)
        sc_dlopen_unmapping(desc->nr, args);
    else if (desc->means == SC_MEANS_RESTRICT)
        sc_restrict_before(desc->nr, args);
}

void sc_care_after(const struct sc_call_desc *desc, const uint64_t *args, int64_t result)
{
    sc_fd_after(desc->nr, args, result);
    switch (desc->means) {
    case SC_MEANS_RESTRICT: sc_restrict_after(desc->nr, args, result); break;
    case SC_MEANS_WAIT_CHILD:
        if (desc->nr == SC_NR_wait4)
            sc_process_waited((int)result, args[1]);
        else if (result == 0)
            sc_process_waited_info(args[2], args[3]);
        break;
    case SC_MEANS_UNSHARE:
        if (result == 0 && args[0] & CLONE_FILES)
            sc_fd_not_shared();
        break;
    case SC_MEANS_IO_URING:
        if (result >= 0)
            sc_put_note(SC_NOTE_IO_URING, (uint64_t)result, 0);
        break;
    case SC_MEANS_AIO:
        if (result >= 0)
            sc_put_note(SC_NOTE_AIO, (uint64_t)result, 0);
        break;
    default: break;
    }
}
