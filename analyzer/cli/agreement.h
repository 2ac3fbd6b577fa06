/*
 * agreement.h: what only one source of a pair says is no difference between the runs: both are read so that they know
 * the same.
 */
#ifndef SC_AGREEMENT_H
#define SC_AGREEMENT_H

#include "../sources/source.h"
#include "../why/build_report.h"

struct sc_agreement {
    struct sc_terms terms[2];
    char *cwd[2];                   /* found in the run's own calls, or the other run's; what terms points to */
    bool assumed[2];                /* it is the other run's */
    struct sc_source *looked_at[2]; /* open, so that what was unpacked is not unpacked again */
};

/*
 * Looks at the beginning of both. A log beside a run that says where it began begins where its getcwd says, or where
 * that run did. The kernel's names count where both have them. Beside a capture, start-up is what the loader does,
 * unless all before main is left out. 0, or -errno and ret_error filled; to be freed in both cases.
 */
int sc_agree(const char *const paths[2], enum sc_startup startup, struct sc_agreement *ret_agreement,
             struct sc_error *ret_error);
/* Both are open otherwise by now. */
void sc_agreement_loaded(struct sc_agreement *agreement);
/* Says in a pair's report what was taken to be. */
void sc_agreement_note(const struct sc_agreement *agreement, struct sc_report *report);
void sc_agreement_free(struct sc_agreement *agreement);

#endif
