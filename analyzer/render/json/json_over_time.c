/* json_over_time.c: what a run did in each interval of its time. */
#include "json_parts.h"

static json_t *interval_object(const struct sc_interval *interval, bool *bad)
{
    json_t *object = json_object();
    sc_json_set(object, "calls", sc_json_number(interval->calls), bad);
    sc_json_set(object, "bytes_read", sc_json_number(interval->bytes_read), bad);
    sc_json_set(object, "bytes_written", sc_json_number(interval->bytes_written), bad);
    sc_json_set(object, "waiting_ns", sc_json_number(interval->waiting_ns), bad);
    return object;
}

/* Those powers of two that any call has. */
static json_t *histogram(const uint64_t powers[SC_POWERS], bool *bad)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < SC_POWERS; i++) {
        if (!powers[i])
            continue;
        json_t *object = json_object();
        sc_json_set(object, "from", sc_json_number(i ? UINT64_C(1) << (i - 1) : 0), bad);
        sc_json_set(object, "calls", sc_json_number(powers[i]), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}

json_t *sc_json_over_time(const struct sc_report_over_time *over, bool *bad)
{
    json_t *object = json_object(), *intervals = json_array();
    for (size_t i = 0; i < over->count; i++) {
        json_t *interval = interval_object(&over->intervals[i], bad);
        sc_json_set(interval, "begin_ns", sc_json_number(i * over->interval_ns), bad);
        sc_json_append(intervals, interval, bad);
    }
    sc_json_set(object, "interval_ns", sc_json_known(over->times_known, over->interval_ns), bad);
    sc_json_set(object, "intervals", intervals, bad);
    sc_json_set(object, "untimed", interval_object(&over->untimed, bad), bad);
    sc_json_set(object, "read_sizes", histogram(over->read_sizes, bad), bad);
    sc_json_set(object, "write_sizes", histogram(over->write_sizes, bad), bad);
    sc_json_set(object, "took_ns", histogram(over->took, bad), bad);
    sc_json_set(object, "waited_ns", histogram(over->waited, bad), bad);
    return object;
}
