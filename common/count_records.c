#include "count_records.h"

enum { NORETURNS = sizeof((struct sc_record_count *)0)->noreturns / sizeof(struct sc_call_begun) };

static const struct sc_call_begun none = {0, SC_NR_LIMIT};

static void begin_segment(struct sc_record_count *count)
{
    count->owned = true;
    for (unsigned i = 0; i < NORETURNS; i++) /* whose failure would stand in the same segment */
        count->noreturns[i] = none;
}

void sc_count_begin(struct sc_record_count *count, const struct sc_chunk *chunk, size_t used)
{
    count->calls = count->older = count->latest = 0;
    count->at = (const uint8_t *)(chunk + 1);
    count->end = (const uint8_t *)chunk + used;
    count->base = (struct sc_codec_base){0};
    count->noreturn_at = 0;
    begin_segment(count);
    count->owned = false;
    for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++) {
        const struct sc_inflight *inflight = &chunk->inflight[i];
        bool begun = inflight->nr1 && inflight->nr1 <= SC_NR_LIMIT;
        count->unfinished[i] = begun ? (struct sc_call_begun){inflight->start, (unsigned)inflight->nr1 - 1} : none;
    }
}

static void add(struct sc_record_count *count, uint64_t start)
{
    if (start > count->latest)
        count->latest = start;
    if (start > count->until)
        count->calls++;
    else
        count->older++;
}

static bool is(const struct sc_call_begun *begun, const struct sc_record *record)
{
    return begun->nr == record->nr && begun->start == record->start;
}

static void take_call(struct sc_record_count *count, const struct sc_record *record)
{
    for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++)
        if (is(&count->unfinished[i], record))
            count->unfinished[i] = none;
    if (record->noreturn) {
        count->noreturns[count->noreturn_at++ % NORETURNS] = (struct sc_call_begun){record->start, record->nr};
    } else {
        for (unsigned i = 0; i < NORETURNS; i++)
            if (is(&count->noreturns[i], record))
                return;
    }
    add(count, record->start);
}

static int take_meta(struct sc_record_count *count, struct sc_process *ret_process)
{
    const uint8_t *payload;
    size_t bytes;
    unsigned type;
    struct sc_segment segment;
    if (sc_decode_meta(&count->at, count->end, &type, &payload, &bytes) != 0)
        return -EBADMSG;
    if (type == SC_META_SEGMENT) {
        if (bytes < sizeof segment)
            return -EBADMSG;
        memcpy(&segment, payload, sizeof segment);
        count->base = (struct sc_codec_base){.tick = segment.tick};
        begin_segment(count);
    }
    if (type != SC_META_PROCESS)
        return 0;
    if (bytes < sizeof *ret_process)
        return -EBADMSG;
    memcpy(ret_process, payload, sizeof *ret_process);
    return 1;
}

int sc_count_next(struct sc_record_count *count, struct sc_process *ret_process)
{
    struct sc_record record;
    while (count->at < count->end) {
        uint16_t head;
        if (count->end - count->at < (ptrdiff_t)sizeof head)
            return -EBADMSG;
        memcpy(&head, count->at, sizeof head);
        if ((head & SC_HEAD_NR) >= SC_NR_LIMIT) {
            int result = take_meta(count, ret_process);
            if (result)
                return result;
        } else if (!count->owned ||
                   sc_decode(&count->at, count->end, count->lookup, count->context, &count->base, &record) != 0) {
            return -EBADMSG;
        } else {
            take_call(count, &record);
        }
    }
    for (unsigned i = 0; i < SC_INFLIGHT_SLOTS; i++)
        if (count->owned && count->unfinished[i].nr < SC_NR_LIMIT) {
            count->calls++; /* what a thread was in at its end is told, whenever that began */
            if (count->unfinished[i].start > count->latest)
                count->latest = count->unfinished[i].start;
        }
    return 0;
}
