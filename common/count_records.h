/* count_records.h: how many calls a chunk holds, without making anything of them. */
#ifndef SC_COUNT_RECORDS_H
#define SC_COUNT_RECORDS_H

#include "codec.h"

/* A call that was recorded before it was made and its failure behind it are one; one in flight is one. */
struct sc_record_count {
    /* set by the caller: */
    sc_call_lookup *lookup;
    const void *context; /* lookup's */
    uint64_t until;      /* ticks: calls that began no later are counted apart; 0: none are */
    /* set here: */
    uint64_t calls, older;
    uint64_t latest; /* the start of the last to begin; 0 without calls */
    const uint8_t *at, *end;
    struct sc_codec_base base;
    bool owned; /* a SEGMENT was met */
    unsigned noreturn_at;
    struct sc_call_begun {
        uint64_t start;
        unsigned nr; /* SC_NR_LIMIT: none */
    } unfinished[SC_INFLIGHT_SLOTS], noreturns[4];
};

/* Begins with a chunk, of which used bytes are there. */
void sc_count_begin(struct sc_record_count *count, const struct sc_chunk *chunk, size_t used);

/*
 * Counts up to the next PROCESS record: 1, which is filled in. 0: all is counted. -EBADMSG: damage; what stands behind
 * it is not counted.
 */
int sc_count_next(struct sc_record_count *count, struct sc_process *ret_process);

#endif
