#include "render.h"

#include <stdlib.h>
#include <string.h>

static const char schema[] = "syscap-summary/1";

/* JSON is UTF-8, the names of files are bytes: those that are no UTF-8 are shown as \xNN. */
static json_t *text(const char *bytes)
{
    json_t *string = json_string(bytes);
    if (string || !bytes)
        return string ? string : json_null();
    char *shown = malloc(4 * strlen(bytes) + 1);
    char *to = shown;
    for (const char *p = bytes; shown && *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80)
            *to++ = *p;
        else
            to += sprintf(to, "\\x%02x", c);
    }
    if (shown)
        *to = '\0';
    string = shown ? json_string(shown) : NULL;
    free(shown);
    return string;
}

static json_t *number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *known(bool is_known, uint64_t value)
{
    return is_known ? number(value) : json_null();
}

/* Sets a key to a new reference. jansson refuses NULL, so that a lack of memory anywhere shows in *bad. */
static void set(json_t *object, const char *key, json_t *value, bool *bad)
{
    if (json_object_set_new(object, key, value))
        *bad = true;
}

static json_t *strings(const struct sc_strings *list, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        if (json_array_append_new(array, text(list->items[i])))
            *bad = true;
    return array;
}

static json_t *end_object(const struct sc_end *end, bool *bad)
{
    static const char *const kinds[] = {
        [SC_ENDED_UNKNOWN] = "unknown", [SC_ENDED_EXITED] = "exited", [SC_ENDED_SIGNALED] = "signaled"};
    char name[32];
    json_t *object = json_object();
    set(object, "kind", text(kinds[end->kind]), bad);
    set(object, "code", end->kind == SC_ENDED_EXITED ? json_integer(end->code) : json_null(), bad);
    set(object, "signal", end->kind == SC_ENDED_SIGNALED ? json_integer(end->signal) : json_null(), bad);
    if (end->kind == SC_ENDED_SIGNALED)
        set(object, "signal_name", text(sc_signal_text(end->signal, name, sizeof name)), bad);
    return object;
}

static json_t *children(const struct sc_report_run *run, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->failed_count; i++) {
        json_t *child = json_object();
        set(child, "pid", json_integer(run->failed[i].pid), bad);
        set(child, "command", text(run->failed[i].command), bad);
        set(child, "end", end_object(&run->failed[i].end, bad), bad);
        if (json_array_append_new(array, child))
            *bad = true;
    }
    return array;
}

static json_t *categories(const uint64_t *values, bool is_known, json_t *object, bool *bad)
{
    for (unsigned i = 0; i < SC_CAT_COUNT; i++)
        set(object, sc_category_name(i), known(is_known, values[i]), bad);
    return object;
}

static json_t *call_counts(const struct sc_counts *counts, bool *bad)
{
    json_t *object = json_object();
    for (size_t i = 0; i < counts->call_count; i++)
        set(object, counts->calls[i].name, number(counts->calls[i].calls), bad);
    return object;
}

static json_t *write_counts(const struct sc_report_run *run, bool *bad)
{
    const struct sc_write_counts *writes = &run->counts.writes;
    const struct {
        const char *key;
        uint64_t value;
    } rows[] = {
        {"zero", writes->zero},
        {"data", writes->data},
        {"unseen", writes->unseen},
        {"empty", writes->empty},
        {"failed", writes->failed},
        {"unfinished", writes->unfinished},
        {"small", writes->small},
        {"large", writes->large},
        {"bytes", writes->bytes},
        {"zero_bytes", writes->zero_bytes},
        {"zero_as_far_as_seen", writes->zero_cut},
    };
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        set(object, rows[i].key, known(run->calls_known, rows[i].value), bad);
    return object;
}

static json_t *coverage(const struct sc_report_run *run, bool *bad)
{
    const struct sc_coverage *seen = &run->coverage;
    bool counters = run->kind == SC_RUN_CAPTURE && seen->counters_known;
    const char *mode = run->kind != SC_RUN_CAPTURE ? "strace" : run->mode == SC_MODE_FULL ? "full" : "interpose";
    json_t *object = json_object();
    set(object, "mode", text(mode), bad);
    set(object, "dropped_records", known(run->kind == SC_RUN_CAPTURE, seen->dropped_records), bad);
    set(object, "complete", run->complete == SC_NOT_KNOWN ? json_null() : json_boolean(run->complete == SC_YES), bad);
    set(object, "write_calls_seen", known(counters, seen->write_calls_seen), bad);
    set(object, "write_calls_kernel", known(counters, seen->write_calls_kernel), bad);
    set(object, "read_calls_seen", known(counters, seen->read_calls_seen), bad);
    set(object, "read_calls_kernel", known(counters, seen->read_calls_kernel), bad);
    bool sites = counters && seen->sites_found;
    set(object, "sites_found", known(sites, seen->sites_found), bad);
    set(object, "sites_left", known(sites, seen->sites_left), bad);
    set(object, "sites_left_at", strings(&run->sites_left, bad), bad);
    return object;
}

static json_t *file_object(const struct sc_report_file *file, bool times, bool *bad)
{
    json_t *object = json_object();
    set(object, "path", text(file->path), bad);
    set(object, "role", text(file->role), bad);
    set(object, "opens", number(file->opens), bad);
    set(object, "reads", number(file->reads), bad);
    set(object, "writes", number(file->writes), bad);
    set(object, "zero_writes", number(file->zero_writes), bad);
    set(object, "seeks", number(file->seeks), bad);
    set(object, "redundant_seeks", number(file->redundant_seeks), bad);
    set(object, "bytes_read", number(file->bytes_read), bad);
    set(object, "bytes_written", number(file->bytes_written), bad);
    set(object, "zero_bytes", number(file->zero_bytes), bad);
    set(object, "time_ns", known(times, file->time_ns), bad);
    return object;
}

static json_t *files(const struct sc_report_run *run, bool *bad)
{
    if (!run->calls_known)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < run->file_count; i++)
        if (json_array_append_new(array, file_object(&run->files[i], run->times_known, bad)))
            *bad = true;
    return array;
}

static json_t *run_object(const struct sc_report_run *run, bool *bad)
{
    static const char *const kinds[] = {
        [SC_RUN_CAPTURE] = "capture", [SC_RUN_STRACE] = "strace", [SC_RUN_STRACE_SUMMARY] = "strace-summary"};
    const struct sc_counts *counts = &run->counts;
    json_t *object = json_object();
    set(object, "label", text(run->label), bad);
    set(object, "source", text(run->source), bad);
    set(object, "kind", text(kinds[run->kind]), bad);
    set(object, "command", run->command_known ? strings(&run->command, bad) : json_null(), bad);
    set(object, "end", end_object(&run->end, bad), bad);
    set(object, "failed_children", run->calls_known ? children(run, bad) : json_null(), bad);
    set(object, "processes", known(run->calls_known, run->processes), bad);
    set(object, "threads", known(run->calls_known, run->threads), bad);
    set(object, "total", number(run->total), bad);
    set(object, "startup_calls", known(run->startup_known, run->startup_calls), bad);
    set(object, "total_compared", number(counts->total), bad);
    set(object, "categories", categories(counts->categories, true, json_object(), bad), bad);
    set(object, "calls", call_counts(counts, bad), bad);
    set(object, "writes", write_counts(run, bad), bad);
    set(object, "reads", json_pack("{s:o}", "bytes", known(run->calls_known, counts->read_bytes)), bad);
    json_t *times = json_pack("{s:o}", "total", known(run->times_known, counts->time_total));
    set(object, "time_ns", categories(counts->time_ns, run->times_known, times, bad), bad);
    set(object, "coverage", coverage(run, bad), bad);
    set(object, "files", files(run, bad), bad);
    set(object, "findings", json_null(), bad); /* not computed yet; an empty list would say: none */
    set(object, "problems", strings(&run->problems, bad), bad);
    set(object, "mappings", strings(&run->mappings, bad), bad);
    set(object, "warnings", strings(&run->warnings, bad), bad);
    return object;
}

static json_t *comparison(const struct sc_report *report, bool *bad)
{
    if (report->run_count < 2)
        return json_null();
    json_t *object = json_object();
    set(object, "total_diff", json_integer(report->total_diff), bad);
    set(object, "comparable", json_boolean(report->comparable), bad);
    set(object, "why_not", text(report->why_not), bad);
    set(object, "differ", json_boolean(report->differ), bad);
    bool told = report->runs[0].command_known && report->runs[1].command_known;
    set(object, "identical_operations", told ? json_boolean(report->differences.count == 0) : json_null(), bad);
    set(object, "differences", strings(&report->differences, bad), bad);
    set(object, "notes", strings(&report->notes, bad), bad);
    return object;
}

static json_t *report_object(const struct sc_report *report, bool *bad)
{
    json_t *runs = json_array();
    for (unsigned i = 0; i < report->run_count; i++)
        if (json_array_append_new(runs, run_object(&report->runs[i], bad)))
            *bad = true;
    json_t *object = json_object();
    set(object, "schema", text(schema), bad);
    set(object, "taxonomy", text(report->taxonomy == SC_TAXONOMY_SEED ? "seed" : "default"), bad);
    if (report->name)
        set(object, "name", text(report->name), bad);
    set(object, "runs", runs, bad);
    set(object, "comparison", comparison(report, bad), bad);
    set(object, "output_files", strings(&report->written, bad), bad);
    return object;
}

json_t *sc_render_json(const struct sc_report *report)
{
    bool bad = false;
    json_t *object = report_object(report, &bad);
    if (bad) {
        json_decref(object);
        return NULL;
    }
    return object;
}

json_t *sc_render_batch_json(const struct sc_report_batch *batch)
{
    bool bad = false;
    json_t *pairs = json_array();
    for (size_t i = 0; i < batch->pair_count; i++)
        if (json_array_append_new(pairs, report_object(&batch->pairs[i], &bad)))
            bad = true;
    json_t *object = json_object();
    set(object, "schema", text(schema), &bad);
    set(object, "pairs", pairs, &bad);
    set(object, "unpaired", strings(&batch->unpaired, &bad), &bad);
    set(object, "unreadable", strings(&batch->unreadable, &bad), &bad);
    if (bad) {
        json_decref(object);
        return NULL;
    }
    return object;
}
