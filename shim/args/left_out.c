#include "left_out.h"

#include <string.h>

#include "../../common/call_set.h"
#include "../../common/name_match.h"
#include "../core/peek.h"
#include "../core/proc_path.h"
#include "../core/raw_syscall.h"

enum wanted { UNKNOWN, WANTED, UNWANTED };
enum { NAME_BYTES = SC_PATTERN_BYTES /* on the program's stack; a longer name is taken for wanted */ };

uint8_t sc_left_out_calls[SC_NR_LIMIT];
static const char *patterns; /* with colons between them; NULL: all files */

/* Where nothing can be asked all files are wanted. */
static __attribute__((noinline)) uint8_t find_out(int fd)
{
    char link[SC_PROC_FD_BYTES], name[NAME_BYTES];
    if (sc_process.no_syscalls)
        return WANTED;
    sc_proc_own_fd_path(link, fd);
    long bytes = sc_syscall(SYS_readlink, link, name, sizeof name);
    if (sc_failed(bytes) || bytes == sizeof name)
        return WANTED;
    name[bytes] = '\0';
    return sc_name_fits_one(patterns, name) ? WANTED : UNWANTED;
}

bool sc_left_out_by_fd(int fd)
{
    return fd >= 0 && sc_fd_recall(sc_fds_wanted, fd, find_out) == UNWANTED;
}

/* Which of two files a call is about, and what a path means, the reader knows better. */
static enum sc_left_out by_file(const struct sc_call_desc *desc)
{
    unsigned files = 0;
    for (unsigned i = 0; i < desc->nargs; i++) {
        if (desc->kinds[i] == SC_KIND_PATH || desc->kinds[i] == SC_KIND_DIRFD)
            return SC_LEFT_IN;
        files += desc->kinds[i] == SC_KIND_FD;
    }
    if (!files)
        return SC_LEFT_OUT;
    return files == 1 && desc->kinds[0] == SC_KIND_FD ? SC_LEFT_OUT_BY_FD : SC_LEFT_IN;
}

static bool name_fits(sc_addr path)
{
    char name[NAME_BYTES];
    size_t bytes = sc_proved_length(path, sizeof name);
    if (bytes == sizeof name)
        return true;
    sc_proved_copy(name, path, bytes);
    name[bytes] = '\0';
    return sc_name_fits_one(patterns, name);
}

/* Out of another one, or of a name that a pattern may fit and the kernel's not. */
static void made(unsigned nr, const uint64_t *args, int64_t fd)
{
    const struct sc_call_desc *desc = sc_call(nr);
    bool wanted = false;
    if (desc->means == SC_MEANS_OPEN && desc->text)
        wanted = name_fits(args[__builtin_ctz(desc->text)]);
    else if (desc->means == SC_MEANS_DUP || desc->means == SC_MEANS_DUP_TO || desc->means == SC_MEANS_FCNTL)
        wanted = sc_fd_recall(sc_fds_wanted, (int)args[0], find_out) == WANTED;
    if (wanted)
        sc_fd_remember(sc_fds_wanted, (int)fd, WANTED);
}

void sc_left_out_begin(const struct sc_file_only *only)
{
    struct sc_call_set set;
    char bad[SC_CALL_WORD_BYTES];
    bool some = only->trace[0] && sc_call_set_parse(only->trace, &set, bad) == 0;
    patterns = only->paths[0] ? only->paths : NULL;
    sc_fd_made = patterns ? made : NULL;
    for (unsigned nr = 0; (some || patterns) && nr < SC_NR_LIMIT; nr++) {
        if (!sc_call_may_be_left_out(nr))
            continue;
        enum sc_left_out how = patterns ? by_file(sc_call(nr)) : SC_LEFT_IN;
        sc_left_out_calls[nr] = some && !set.has[nr] ? SC_LEFT_OUT : (uint8_t)how;
    }
}
