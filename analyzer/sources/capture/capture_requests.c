/* capture_requests.c: requests that a call hands over become a part of its event, what became of them events. */
#include "../../model/array.h"
#include "capture.h"

#include <errno.h>
#include <stdlib.h>

static struct sc_cap_announced *announced_by(struct sc_capture *capture, uint32_t thread, uint64_t tick)
{
    for (unsigned i = 0; i < SC_ANNOUNCED; i++)
        if (capture->announced[i].tick == tick && capture->announced[i].thread == thread)
            return &capture->announced[i];
    return NULL;
}

/* A free place, or that of the oldest, whose call never came. */
static struct sc_cap_announced *place_of(struct sc_capture *capture)
{
    struct sc_cap_announced *place = capture->announced;
    for (unsigned i = 1; i < SC_ANNOUNCED; i++)
        if (capture->announced[i].tick < place->tick)
            place = &capture->announced[i];
    place->count = 0;
    return place;
}

/* One that was handed over takes a few bytes in the file: no more of them than it has bytes are ever held. */
void sc_capture_take_requests(struct sc_capture *capture, uint32_t thread, const struct sc_item *item)
{
    struct sc_requests_head head;
    memcpy(&head, item->payload, sizeof head);
    struct sc_cap_announced *announced = announced_by(capture, thread, head.tick);
    if (!announced)
        announced = place_of(capture);
    announced->thread = thread;
    announced->tick = head.tick;
    announced->context = head.context;
    const uint8_t *at = item->payload + sizeof head, *end = item->payload + item->bytes;
    uint64_t key = 0;
    while (at < end) {
        struct sc_request request = {0};
        if (sc_get_request(&at, end, &key, &request.is) != 0)
            return;
        if (SC_RESERVE(announced->list, announced->capacity, announced->count + 1) ||
            sc_requests_keep_texts(&capture->requests, &request.is)) {
            capture->failed = -ENOMEM;
            return;
        }
        announced->list[announced->count++] = request;
    }
}

void sc_capture_add_requests(struct sc_capture *capture, struct sc_event *event, uint64_t start)
{
    struct sc_cap_announced *announced = announced_by(capture, event->thread, start);
    size_t count = announced ? announced->count : 0;
    uint64_t context = announced ? announced->context : (uint64_t)event->args[0].value;
    if (!announced && event->desc->means != SC_MEANS_AIO_SUBMIT)
        return; /* a ring's calls have a record wherever they hand something over */
    struct sc_request *list = sc_capture_block(capture, count * sizeof *list);
    if (!list)
        return;
    if (count)
        memcpy(list, announced->list, count * sizeof *list);
    if (announced)
        announced->tick = announced->count = 0;
    if (sc_requests_submit(&capture->requests, event, context, list, (uint32_t)count) != 0)
        capture->failed = -ENOMEM;
}

bool sc_capture_take_result(struct sc_capture *capture, uint32_t process, const struct sc_item *item,
                            struct sc_event *event)
{
    struct sc_cap_results *results = &capture->results;
    struct sc_result_fields result;
    if (!sc_capture_results_left(capture)) {
        *results =
            (struct sc_cap_results){.at = item->payload + sizeof results->head, .end = item->payload + item->bytes};
        memcpy(&results->head, item->payload, sizeof results->head);
    }
    while (results->at < results->end) {
        if (sc_get_result(&results->at, results->end, results->head.told_by == SC_TOLD_BY_COMPLETION, &results->key,
                          &result) != 0) {
            results->at = results->end;
            return false;
        }
        if (sc_requests_end(&capture->requests, process, results->head.context, &result,
                            capture->times_known ? sc_tick_to_ns(capture, results->head.tick) : 0, event))
            return true;
    }
    return false;
}

void sc_capture_free_requests(struct sc_capture *capture)
{
    for (unsigned i = 0; i < SC_ANNOUNCED; i++)
        free(capture->announced[i].list);
    sc_requests_free(&capture->requests);
}
