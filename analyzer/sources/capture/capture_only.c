/* capture_only.c: what alone was to be recorded, and what follows for the rest. */
#include "../../../common/call_set.h"
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

static char *text_of(const char *text, size_t bytes)
{
    return *text ? strndup(text, bytes) : NULL;
}

/* What moves an offset and is not recorded makes all later ones unknown. */
static bool moves_offsets(enum sc_means means)
{
    switch (means) {
    case SC_MEANS_READ:
    case SC_MEANS_WRITE:
    case SC_MEANS_PWRITE: /* a file's end */
    case SC_MEANS_SENDFILE:
    case SC_MEANS_COPY:
    case SC_MEANS_SPLICE:
    case SC_MEANS_VMSPLICE:
    case SC_MEANS_SEEK: return true;
    default: return false;
    }
}

static void note_left_out(struct sc_run *run)
{
    struct sc_coverage *seen = &run->coverage;
    seen->reads_left_out = seen->writes_left_out = run->only_paths != NULL;
    for (unsigned nr = 0; run->only_set && nr < SC_NR_LIMIT; nr++) {
        if (run->only_set->has[nr] || !sc_call_may_be_left_out(nr))
            continue;
        seen->reads_left_out |= sc_call(nr)->counted & SC_COUNTS_READS;
        seen->writes_left_out |= sc_call(nr)->counted & SC_COUNTS_WRITES;
        run->offsets_lost |= moves_offsets(sc_call(nr)->means);
    }
}

static int parse_set(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    char bad[SC_CALL_WORD_BYTES];
    if (!(run->only_set = malloc(sizeof *run->only_set)))
        return -ENOMEM;
    if (sc_call_set_parse(run->only_calls, run->only_set, bad) == 0)
        return 0;
    sc_capture_damage(capture, sizeof capture->header, "impossible set of calls that were to be recorded");
    free(run->only_calls);
    free(run->only_set);
    run->only_calls = NULL;
    run->only_set = NULL;
    return 0;
}

int sc_capture_load_only(struct sc_capture *capture)
{
    struct sc_run *run = &capture->source.run;
    struct sc_file_only only;
    if (capture->header.version < SC_VERSION_ONLY ||
        capture->header.calls_offset < sizeof capture->header + sizeof only)
        return 0;
    int result = sc_capture_read(capture, &only, sizeof only, sizeof capture->header);
    if (result)
        return result == -ENODATA ? 0 : result;
    run->only_calls = text_of(only.trace, sizeof only.trace);
    run->only_paths = text_of(only.paths, sizeof only.paths);
    if ((*only.trace && !run->only_calls) || (*only.paths && !run->only_paths))
        return -ENOMEM;
    result = run->only_calls ? parse_set(capture) : 0;
    note_left_out(run);
    return result;
}
