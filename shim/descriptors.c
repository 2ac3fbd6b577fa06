#include "descriptors.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sys.h"

enum { ANSWERS = 1 << 16, UNKNOWN = 0, READS, IGNORES };

static uint8_t answers[ANSWERS]; /* zero pages until touched */

static uint8_t find_out(int fd)
{
    struct stat st;
    if (sc_process.no_syscalls || sc_sys(SYS_fstat, fd, &st) != 0)
        return UNKNOWN;
    if (!S_ISCHR(st.st_mode))
        return READS;
    switch (major(st.st_rdev)) {
    case 4:   /* /dev/tty0 and on, serial lines */
    case 5:   /* /dev/tty, /dev/console, /dev/ptmx */
    case 136: /* /dev/pts/0 and on, up to 143 */
    case 137: return READS;
    default: return IGNORES;
    }
}

bool sc_descriptor_reads(int fd)
{
    if (fd < 0 || fd >= ANSWERS)
        return fd >= 0 && find_out(fd) == READS;
    uint8_t answer = __atomic_load_n(&answers[fd], __ATOMIC_RELAXED);
    if (SC_UNLIKELY(answer == UNKNOWN)) {
        answer = find_out(fd);
        __atomic_store_n(&answers[fd], answer, __ATOMIC_RELAXED);
    }
    return answer == READS;
}

void sc_descriptor_forget(unsigned first, unsigned last)
{
    for (; first <= last && first < ANSWERS; first++)
        if (__atomic_load_n(&answers[first], __ATOMIC_RELAXED) != UNKNOWN)
            __atomic_store_n(&answers[first], UNKNOWN, __ATOMIC_RELAXED);
}
