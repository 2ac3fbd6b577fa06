#include "json_why.h"

#include "../../model/difference.h"
#include "json_parts.h"

static json_t *range(const struct sc_extent *extent)
{
    return json_pack("[I,I]", (json_int_t)extent->begin, (json_int_t)extent->end);
}

/* The array, or NULL where something of it is missing. */
static json_t *whole(json_t *array, bool bad)
{
    if (!bad)
        return array;
    json_decref(array);
    return NULL;
}

static json_t *ranges(const struct sc_extent *list, uint32_t count)
{
    bool bad = false;
    json_t *array = json_array();
    for (uint32_t i = 0; i < count; i++)
        sc_json_append(array, range(&list[i]), &bad);
    return whole(array, bad);
}

json_t *sc_json_zeros(const struct sc_report_file *file)
{
    return ranges(file->zeros, file->zero_count);
}

static json_t *sites(const struct sc_site_count *list, uint32_t count)
{
    bool bad = false;
    json_t *array = json_array();
    for (uint32_t i = 0; i < count; i++)
        sc_json_append(array,
                       json_pack("{s:o,s:I}", "site", sc_json_text(list[i].name), "calls", (json_int_t)list[i].calls),
                       &bad);
    return whole(array, bad);
}

static json_t *lines(const struct sc_strings *list)
{
    bool bad = false;
    json_t *array = sc_json_strings(list, &bad);
    return whole(array, bad);
}

static json_t *time_of(bool known, uint64_t ns)
{
    return known ? json_integer((json_int_t)ns) : json_null();
}

static json_t *finding_object(const struct sc_finding *finding, bool times)
{
    return json_pack("{s:s,s:o,s:o,s:I,s:I,s:I,s:o,s:o,s:o,s:I,s:o,s:I,s:o,s:{s:I,s:o},s:o,s:o}", "id", finding->id,
                     "file", sc_json_text(finding->file), "role", sc_json_text(*finding->role ? finding->role : NULL),
                     "calls", (json_int_t)finding->calls, "requests", (json_int_t)finding->requests, "bytes",
                     (json_int_t)finding->bytes, "time_ns", time_of(times, finding->time_ns), "range",
                     finding->has_range ? range(&finding->span) : json_null(), "ranges",
                     ranges(finding->ranges, finding->range_count), "range_count", (json_int_t)finding->range_total,
                     "sites", sites(finding->sites, finding->site_count), "site_count", (json_int_t)finding->site_total,
                     "evidence", lines(&finding->evidence), "saving", "calls", (json_int_t)finding->saved_calls,
                     "time_ns", time_of(times, finding->saved_ns), "detail", sc_json_text(finding->detail), "advice",
                     sc_json_text(finding->advice));
}

json_t *sc_json_seeks(const struct sc_report_run *run)
{
    const struct sc_report_seeks *seeks = &run->seeks;
    if (!run->findings_known)
        return json_null();
    return json_pack("{s:I,s:I,s:I,s:I}", "redundant", (json_int_t)seeks->redundant, "before_write",
                     (json_int_t)seeks->before_write, "before_read", (json_int_t)seeks->before_read, "other",
                     (json_int_t)seeks->other);
}

json_t *sc_json_allocation(const struct sc_report_run *run)
{
    if (!run->findings_known)
        return json_null();
    bool bad = false;
    json_t *array = json_array();
    for (size_t i = 0; i < run->way_count; i++)
        sc_json_append(array,
                       json_pack("{s:o,s:s,s:I,s:I}", "role", sc_json_text(run->ways[i].role), "how",
                                 run->ways[i].allocation, "calls", (json_int_t)run->ways[i].calls, "maps",
                                 (json_int_t)run->ways[i].maps),
                       &bad);
    return whole(array, bad);
}

json_t *sc_json_findings(const struct sc_report_run *run)
{
    if (!run->findings_known)
        return json_null(); /* an empty list would say: none */
    bool bad = false;
    json_t *array = json_array();
    for (size_t i = 0; i < run->finding_count; i++)
        sc_json_append(array, finding_object(&run->findings[i], run->times_known), &bad);
    return whole(array, bad);
}

static json_int_t difference(const uint64_t values[2])
{
    return sc_difference(values);
}

static json_t *cause_sites(const struct sc_cause *cause, bool times)
{
    bool bad = false;
    json_t *array = json_array();
    for (uint32_t i = 0; i < cause->site_count; i++) {
        const struct sc_cause_site *site = &cause->sites[i];
        json_t *time = times ? json_integer(difference(site->time_ns)) : json_null();
        sc_json_append(array,
                       json_pack("{s:o,s:I,s:I,s:I,s:o}", "site", sc_json_text(site->name), "calls",
                                 difference(site->calls), "calls_diff", difference(site->calls), "bytes_diff",
                                 difference(site->bytes), "time_diff", time),
                       &bad);
    }
    return whole(array, bad);
}

static json_t *cause_object(const struct sc_cause *cause, bool times)
{
    json_t *time =
        times ? json_pack("[I,I]", (json_int_t)cause->time_ns[0], (json_int_t)cause->time_ns[1]) : json_null();
    return json_pack(
        "{s:o,s:o,s:b,s:I,s:I,s:o,s:[I,I],s:[I,I],s:[I,I],s:[I,I],s:o,s:o,s:o,s:I,s:o,s:o}", "role",
        sc_json_text(*cause->role ? cause->role : NULL), "pattern", sc_json_text(cause->pattern), "runtime",
        cause->runtime != NULL, "calls_diff", difference(cause->calls), "bytes_diff", difference(cause->bytes),
        "time_diff", times ? json_integer(difference(cause->time_ns)) : json_null(), "calls",
        (json_int_t)cause->calls[0], (json_int_t)cause->calls[1], "requests", (json_int_t)cause->requests[0],
        (json_int_t)cause->requests[1], "mapped_pages", (json_int_t)cause->pages[0], (json_int_t)cause->pages[1],
        "bytes", (json_int_t)cause->bytes[0], (json_int_t)cause->bytes[1], "time_ns", time, "range",
        cause->has_range ? range(&cause->span) : json_null(), "sites", cause_sites(cause, times), "file_count",
        (json_int_t)cause->file_count, "files", lines(&cause->files), "processes",
        cause->processes.count[0] + cause->processes.count[1]
            ? json_pack("[I,I]", (json_int_t)cause->processes.count[0], (json_int_t)cause->processes.count[1])
            : json_null());
}

json_t *sc_json_causes(const struct sc_report *report, size_t most)
{
    if (!report->causes_known)
        return json_null();
    bool times = report->runs[0].times_known && report->runs[1].times_known;
    bool bad = false;
    json_t *array = json_array();
    for (size_t i = 0; i < report->cause_count && i < most; i++)
        sc_json_append(array, cause_object(&report->causes[i], times), &bad);
    return whole(array, bad);
}

json_t *sc_json_parting(const struct sc_parting *parting)
{
    if (!parting->parted)
        return json_null();
    return json_pack("{s:I,s:I,s:I,s:[o,o]}", "equal_calls", (json_int_t)parting->equal, "process",
                     (json_int_t)parting->process, "thread", (json_int_t)parting->thread, "next",
                     sc_json_text(parting->next[0]), sc_json_text(parting->next[1]));
}
