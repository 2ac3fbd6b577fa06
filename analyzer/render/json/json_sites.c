/* json_sites.c: where the calls came from. */
#include "json_parts.h"

static json_t *frames(const struct sc_report_site *site, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < site->frame_count; i++) {
        const struct sc_report_frame *frame = &site->frames[i];
        json_t *object = json_object();
        sc_json_set(object, "function", sc_json_text(frame->function), bad);
        sc_json_set(object, "file", sc_json_text(frame->file), bad);
        sc_json_set(object, "line", frame->line > 0 ? json_integer(frame->line) : json_null(), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}

static json_t *call_sites(const struct sc_report_run *run, bool *bad)
{
    const struct sc_report_sites *sites = &run->sites;
    if (!sites->known)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < sites->count; i++) {
        const struct sc_report_site *site = &sites->items[i];
        json_t *object = json_object();
        sc_json_set(object, "name", sc_json_text(site->name), bad);
        sc_json_set(object, "call", sc_json_text(site->call), bad);
        sc_json_set(object, "module", sc_json_text(site->module), bad);
        sc_json_set(object, "offset", sc_json_number(site->offset), bad);
        sc_json_set(object, "frames", frames(site, bad), bad);
        sc_json_set(object, "calls", sc_json_number(site->calls), bad);
        sc_json_set(object, "errors", sc_json_number(site->errors), bad);
        sc_json_set(object, "bytes", sc_json_number(site->bytes), bad);
        sc_json_set(object, "sizes", sc_json_sizes(&site->sizes, bad), bad);
        sc_json_set(object, "time_ns", sc_json_known(run->times_known, site->time_ns), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}

/* A flat list with depths, as the report has it: nested objects as deep as stacks are more than some readers take. */
static json_t *stacks(const struct sc_report_run *run, bool *bad)
{
    const struct sc_report_sites *sites = &run->sites;
    if (!sites->stacks_known)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < sites->branch_count; i++) {
        const struct sc_report_branch *branch = &sites->branches[i];
        json_t *object = json_object();
        sc_json_set(object, "depth", sc_json_number(branch->depth), bad);
        sc_json_set(object, "name", sc_json_text(branch->name), bad);
        sc_json_set(object, "left_out", sc_json_number(branch->left_out), bad);
        sc_json_set(object, "calls", sc_json_number(branch->calls), bad);
        sc_json_set(object, "bytes", sc_json_number(branch->bytes), bad);
        sc_json_set(object, "time_ns", sc_json_known(run->times_known, branch->time_ns), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}

void sc_json_set_sites(json_t *object, const struct sc_report_run *run, bool *bad)
{
    sc_json_set(object, "call_sites", call_sites(run, bad), bad);
    sc_json_set(object, "call_sites_total", sc_json_known(run->sites.known, run->sites.total), bad);
    sc_json_set(object, "call_site_notes", sc_json_strings(&run->sites.notes, bad), bad);
    sc_json_set(object, "stacks", stacks(run, bad), bad);
}
