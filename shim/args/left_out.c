#include "left_out.h"

#include <string.h>

#include "../../common/call_set.h"
#include "../../common/name_match.h"
#include "../../common/numbers.h"
#include "../core/peek.h"
#include "../core/raw_syscall.h"

enum wanted { UNKNOWN, WANTED, UNWANTED };
enum { NAME_BYTES = 512 /* on the program's stack; a longer name is taken for wanted */ };

uint8_t sc_left_out_calls[SC_NR_LIMIT];
static const char *patterns; /* with colons between them; NULL: all files */

static bool fits_one(const char *name)
{
    char pattern[NAME_BYTES];
    for (const char *at = patterns; *at; at += *at == ':') {
        size_t bytes = strcspn(at, ":");
        if (bytes >= sizeof pattern)
            return true;
        memcpy(pattern, at, bytes);
        pattern[bytes] = '\0';
        if (bytes && sc_name_fits(pattern, name))
            return true;
        at += bytes;
    }
    return false;
}

/* Where nothing can be asked all files are wanted. */
static __attribute__((noinline)) uint8_t find_out(int fd)
{
    char link[64], name[NAME_BYTES];
    static const char folder[] = "/proc/thread-self/fd/";
    if (sc_process.no_syscalls)
        return WANTED;
    memcpy(link, folder, sizeof folder - 1);
    link[sizeof folder - 1 + sc_put_number(link + sizeof folder - 1, (unsigned)fd, 10)] = '\0';
    long bytes = sc_syscall(SYS_readlink, link, name, sizeof name);
    if (sc_failed(bytes) || bytes == sizeof name)
        return WANTED;
    name[bytes] = '\0';
    return fits_one(name) ? WANTED : UNWANTED;
}

bool sc_left_out_by_fd(int fd)
{
    return fd >= 0 && sc_fd_recall(sc_fds_wanted, fd, find_out) == UNWANTED;
}

static bool has_kind(const struct sc_call_desc *desc, enum sc_kind kind)
{
    return memchr(desc->kinds, kind, desc->nargs) != NULL;
}

/* Which of two files a call is about, and what a path means, the reader knows better. */
static enum sc_left_out by_file(const struct sc_call_desc *desc)
{
    if (has_kind(desc, SC_KIND_PATH) || has_kind(desc, SC_KIND_DIRFD))
        return SC_LEFT_IN;
    if (!desc->nargs || desc->kinds[0] != SC_KIND_FD)
        return has_kind(desc, SC_KIND_FD) ? SC_LEFT_IN : SC_LEFT_OUT;
    for (unsigned i = 1; i < desc->nargs; i++)
        if (desc->kinds[i] == SC_KIND_FD)
            return SC_LEFT_IN;
    return SC_LEFT_OUT_BY_FD;
}

static bool name_fits(sc_addr path)
{
    char name[NAME_BYTES];
    size_t bytes = sc_proved_length(path, sizeof name);
    if (bytes == sizeof name)
        return true;
    sc_proved_copy(name, path, bytes);
    name[bytes] = '\0';
    return fits_one(name);
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
