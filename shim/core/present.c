#include "present.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "../../common/capture_format.h"
#include "helper.h"
#include "peek.h"
#include "raw_syscall.h"

/* The kernel's struct pm_scan_arg and PAGEMAP_SCAN, since Linux 6.7; the headers of most systems are older. */
struct scan {
    uint64_t bytes, flags, begin, end, walked_to, ranges, ranges_most, pages_most;
    uint64_t inverted, all_of, any_of, returned; /* sets of categories */
};
enum { SCAN = (int)0xc0606610u, PRESENT = 1 << 3, SWAPPED = 1 << 4 };
_Static_assert(sizeof(struct scan) == 0x60, "the size is a part of the request's number");

/* Without it each page has a word in the file, those that are not there as well. */
#define ENTRY_PRESENT (UINT64_C(3) << 62) /* or in the swap */
static const uint64_t READ_MOST = UINT64_C(4) << 30;

static bool cannot_scan;

/* A filter that is older than the session might kill for a request that no program makes; it allows files to be read.
 */
static bool may_scan(void)
{
    return !cannot_scan && sc_copied_refused() != SC_NOT_ALLOWED;
}

static long scan(long fd, struct sc_present *look)
{
    struct scan arg = {
        .bytes = sizeof arg,
        .begin = look->at,
        .end = look->end,
        .ranges = (uint64_t)look->ranges,
        .ranges_most = sizeof look->ranges / sizeof *look->ranges,
        .any_of = PRESENT | SWAPPED,
        .returned = PRESENT,
    };
    long count = sc_syscall(SYS_ioctl, fd, SCAN, &arg);
    if (sc_failed(count))
        return count;
    look->count = (unsigned)count;
    look->at = arg.walked_to;
    return 0;
}

static void add(struct sc_present *look, uint64_t page)
{
    struct sc_present_range *last = look->count ? &look->ranges[look->count - 1] : NULL;
    if (last && last->end == page)
        last->end += SC_GRANULE;
    else
        look->ranges[look->count++] = (struct sc_present_range){.begin = page, .end = page + SC_GRANULE};
}

static long read_entries(long fd, struct sc_present *look)
{
    const unsigned most = sizeof look->ranges / sizeof *look->ranges;
    if (look->end - look->at > READ_MOST)
        return -EFBIG;
    while (look->at < look->end && look->count < most) {
        uint64_t wanted = (look->end - look->at) / SC_GRANULE, entries = sizeof look->entries / sizeof *look->entries;
        wanted = wanted < entries ? wanted : entries;
        long got = sc_own_read(fd, look->entries, wanted * sizeof *look->entries,
                               (int64_t)(look->at / SC_GRANULE * sizeof *look->entries));
        if (got <= 0)
            return got ? got : -ENODATA;
        for (unsigned i = 0; i < (uint64_t)got / sizeof *look->entries && look->count < most; i++) {
            if (look->entries[i] & ENTRY_PRESENT)
                add(look, look->at);
            look->at += SC_GRANULE;
        }
    }
    return 0;
}

/* Uses nothing but what sc_helper_run allows. */
static void find(void *argument)
{
    struct sc_present *look = argument;
    long fd = sc_syscall(SYS_open, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (sc_failed(fd)) {
        look->error = (int)fd;
        return;
    }
    long result = may_scan() ? scan(fd, look) : -ENOTTY;
    if (result == -ENOTTY || result == -EINVAL) {
        cannot_scan = true;
        result = read_entries(fd, look);
    }
    look->error = (int)result;
    sc_syscall(SYS_close, fd);
}

void sc_present_next(struct sc_present *look)
{
    look->count = 0;
    look->error = 0;
    int error = sc_helper_run(find, look);
    if (error)
        look->error = error;
}
