#include "../render.h"

#include "../../../common/elf_probe.h"
#include "json_parts.h"
#include "json_why.h"

static const char schema[] = "syscap-summary/1";

static json_t *children(const struct sc_report_run *run, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->failed_count; i++) {
        json_t *child = json_object();
        sc_json_set(child, "pid", json_integer(run->failed[i].pid), bad);
        sc_json_set(child, "command", sc_json_text(run->failed[i].command), bad);
        sc_json_set(child, "end", sc_json_end(&run->failed[i].end, bad), bad);
        sc_json_append(array, child, bad);
    }
    return array;
}

static json_t *categories(const uint64_t *values, bool is_known, json_t *object, bool *bad)
{
    for (unsigned i = 0; i < SC_CAT_COUNT; i++)
        sc_json_set(object, sc_category_name(i), sc_json_known(is_known, values[i]), bad);
    return object;
}

static json_t *call_counts(const struct sc_counts *counts, bool *bad)
{
    json_t *object = json_object();
    for (size_t i = 0; i < counts->call_count; i++)
        sc_json_set(object, counts->calls[i].name, sc_json_number(counts->calls[i].calls), bad);
    return object;
}

static json_t *call_details(const struct sc_counts *counts, bool times, bool *bad)
{
    json_t *object = json_object();
    for (size_t i = 0; i < counts->call_count; i++) {
        const struct sc_named_count *call = &counts->calls[i];
        json_t *detail = json_object();
        sc_json_set(detail, "errors", sc_json_number(call->errors), bad);
        sc_json_set(detail, "time_ns", sc_json_known(times, call->time_ns), bad);
        sc_json_set(detail, "sizes", sc_json_sizes(&call->sizes, bad), bad);
        sc_json_set(object, call->name, detail, bad);
    }
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
        sc_json_set(object, rows[i].key, sc_json_known(run->calls_known, rows[i].value), bad);
    return object;
}

/* Those with the most sites left alone first. */
static json_t *programs(const struct sc_report_run *run, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->program_count; i++) {
        json_t *program = json_object();
        sc_json_set(program, "program", sc_json_text(run->programs[i].program), bad);
        sc_json_set(program, "sites_found", sc_json_number(run->programs[i].found), bad);
        sc_json_set(program, "sites_left", sc_json_number(run->programs[i].left), bad);
        sc_json_append(array, program, bad);
    }
    return array;
}

static json_t *untraced(const struct sc_report_run *run, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->untraced_count; i++) {
        const struct sc_untraced_group *group = &run->untraced[i];
        json_t *program = json_object();
        sc_json_set(program, "name", sc_json_text(group->name), bad);
        sc_json_set(program, "reason", sc_json_text(sc_untraced_text(group->reason)), bad);
        sc_json_set(program, "count", sc_json_number(group->count), bad);
        sc_json_append(array, program, bad);
    }
    return array;
}

static json_t *coverage(const struct sc_report_run *run, bool *bad)
{
    const struct sc_coverage *seen = &run->coverage;
    bool counters = run->kind == SC_RUN_CAPTURE && seen->counters_known;
    const char *mode = run->kind != SC_RUN_CAPTURE ? "strace" : run->mode == SC_MODE_FULL ? "full" : "interpose";
    json_t *object = json_object();
    sc_json_set(object, "mode", sc_json_text(mode), bad);
    sc_json_set(object, "dropped_records", sc_json_known(run->kind == SC_RUN_CAPTURE, seen->dropped_records), bad);
    sc_json_set(object, "overwritten_calls", sc_json_known(run->kind == SC_RUN_CAPTURE, seen->overwritten_calls), bad);
    sc_json_set(object, "complete", run->complete == SC_NOT_KNOWN ? json_null() : json_boolean(run->complete == SC_YES),
                bad);
    sc_json_set(object, "write_calls_seen", sc_json_known(counters, seen->write_calls_seen), bad);
    sc_json_set(object, "write_calls_kernel", sc_json_known(counters, seen->write_calls_kernel), bad);
    sc_json_set(object, "read_calls_seen", sc_json_known(counters, seen->read_calls_seen), bad);
    sc_json_set(object, "read_calls_kernel", sc_json_known(counters, seen->read_calls_kernel), bad);
    bool sites = counters && seen->sites_found;
    sc_json_set(object, "sites_found", sc_json_known(sites, seen->sites_found), bad);
    sc_json_set(object, "sites_left", sc_json_known(sites, seen->sites_left), bad);
    sc_json_set(object, "sites_left_at", sc_json_strings(&run->sites_left, bad), bad);
    sc_json_set(object, "programs", programs(run, bad), bad);
    bool capture = run->kind == SC_RUN_CAPTURE;
    sc_json_set(object, "write_calls_excess", sc_json_known(counters, seen->write_calls_excess), bad);
    sc_json_set(object, "read_calls_excess", sc_json_known(counters, seen->read_calls_excess), bad);
    sc_json_set(object, "io_urings", sc_json_known(capture, seen->rings), bad);
    sc_json_set(object, "aio_contexts", sc_json_known(capture, seen->aio_contexts), bad);
    sc_json_set(object, "static_programs", sc_json_known(capture, seen->static_programs), bad);
    sc_json_set(object, "aio_requests", sc_json_known(seen->requests_known, seen->requests), bad);
    sc_json_set(object, "aio_requests_told", sc_json_known(seen->requests_known, seen->requests_told), bad);
    sc_json_set(object, "io_uring_requests", sc_json_known(seen->rings_known, seen->ring_requests), bad);
    sc_json_set(object, "io_uring_requests_told", sc_json_known(seen->rings_known, seen->ring_requests_told), bad);
    sc_json_set(object, "file_mappings", sc_json_known(seen->mapped_known, seen->mappings), bad);
    sc_json_set(object, "file_mappings_missed", sc_json_known(seen->mapped_known, seen->mappings_missed), bad);
    sc_json_set(object, "unknown_because", sc_json_strings(&run->uncounted, bad), bad);
    return object;
}

/* Pages that were touched through memory. No more were written than that, where nothing was missed. */
static json_t *mapped_object(const struct sc_report_run *run, bool *bad)
{
    const struct sc_report_mapped *mapped = &run->mapped;
    if (!run->coverage.mapped_known)
        return json_null();
    json_t *object = json_object();
    sc_json_set(object, "files", sc_json_number(mapped->files), bad);
    sc_json_set(object, "touched_pages", sc_json_number(mapped->pages), bad);
    sc_json_set(object, "touched_zero_pages", sc_json_number(mapped->zero_pages), bad);
    sc_json_set(object, "touched_unseen_pages", sc_json_number(mapped->unseen_pages), bad);
    sc_json_set(object, "read_pages", json_null(), bad);
    sc_json_set(object, "written_pages_at_most", sc_json_known(!run->coverage.mappings_missed, mapped->pages), bad);
    return object;
}

static json_t *file_object(const struct sc_report_file *file, const struct sc_report_run *run, bool *bad)
{
    json_t *object = json_object();
    sc_json_set(object, "path", sc_json_text(file->path), bad);
    sc_json_set(object, "role", sc_json_text(file->role), bad);
    sc_json_set(object, "first_path", file->first_path ? sc_json_text(file->first_path) : json_null(), bad);
    const struct sc_file_counts *counts = &file->counts;
    const struct {
        const char *key;
        uint64_t value;
    } rows[] = {
        {"made", file->made},
        {"opens", counts->opens},
        {"reads", counts->reads},
        {"writes", counts->writes},
        {"zero_writes", counts->zero_writes},
        {"seeks", counts->seeks},
        {"redundant_seeks", counts->redundant_seeks},
        {"bytes_read", counts->bytes_read},
        {"bytes_written", counts->bytes_written},
        {"zero_bytes", counts->zero_bytes},
        {"seek_writes", counts->seek_writes},
        {"seek_reads", counts->seek_reads},
        {"rewrites", counts->rewrites},
        {"rewritten_bytes", counts->rewritten_bytes},
        {"rereads", counts->rereads},
        {"reread_bytes", counts->reread_bytes},
        {"sequential", counts->sequential},
        {"strided", counts->strided},
        {"random", counts->random},
        {"misaligned", counts->misaligned},
        {"small", counts->small},
        {"maps", counts->maps},
        {"errors", counts->errors},
        {"requests", counts->requests},
        {"zero_range_count", file->zero_total},
        {"zeros_overwritten", counts->zeros_overwritten},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        sc_json_set(object, rows[i].key, sc_json_number(rows[i].value), bad);
    sc_json_set(object, "zero_ranges", sc_json_zeros(file), bad);
    sc_json_set(object, "sizes", sc_json_sizes(&file->sizes, bad), bad);
    sc_json_set(object, "time_ns", sc_json_known(run->times_known, file->counts.time_ns), bad);
    sc_json_set(object, "request_time_ns", sc_json_known(run->times_known, file->counts.request_ns), bad);
    bool mapped = run->coverage.mapped_known;
    sc_json_set(object, "touched_pages", sc_json_known(mapped, counts->touched_pages), bad);
    sc_json_set(object, "touched_zero_pages", sc_json_known(mapped, counts->touched_zero_pages), bad);
    sc_json_set(object, "touched_unseen_pages", sc_json_known(mapped, counts->touched_unseen_pages), bad);
    return object;
}

static json_t *files(const struct sc_report_run *run, bool *bad)
{
    if (!run->calls_known)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < run->file_count; i++)
        sc_json_append(array, file_object(&run->files[i], run, bad), bad);
    return array;
}

static json_t *run_object(const struct sc_report_run *run, bool *bad)
{
    static const char *const kinds[] = {
        [SC_RUN_CAPTURE] = "capture", [SC_RUN_STRACE] = "strace", [SC_RUN_STRACE_SUMMARY] = "strace-summary"};
    const struct sc_counts *counts = &run->counts;
    json_t *object = json_object();
    sc_json_set(object, "label", sc_json_text(run->label), bad);
    sc_json_set(object, "source", sc_json_text(run->source), bad);
    sc_json_set(object, "kind", sc_json_text(kinds[run->kind]), bad);
    sc_json_set(object, "command", run->command_known ? sc_json_strings(&run->command, bad) : json_null(), bad);
    sc_json_set(object, "end", sc_json_end(&run->end, bad), bad);
    sc_json_set(object, "failed_children", run->calls_known ? children(run, bad) : json_null(), bad);
    sc_json_set(object, "processes", sc_json_known(run->calls_known, run->processes), bad);
    sc_json_set(object, "threads", sc_json_known(run->calls_known, run->threads), bad);
    sc_json_set(object, "process_table", run->calls_known ? sc_json_processes(run, bad) : json_null(), bad);
    if (run->over_time)
        sc_json_set(object, "over_time", sc_json_over_time(run->over_time, bad), bad);
    sc_json_set(object, "total", sc_json_number(run->total), bad);
    sc_json_set(object, "startup_calls", sc_json_known(run->startup_known, run->startup_calls), bad);
    sc_json_set(object, "runtime_calls", sc_json_known(run->calls_known, run->runtime_calls), bad);
    sc_json_set(object, "runtime_languages", sc_json_text(run->runtime_languages), bad);
    sc_json_set(object, "total_compared", sc_json_number(counts->total), bad);
    sc_json_set(object, "categories", categories(counts->categories, true, json_object(), bad), bad);
    sc_json_set(object, "calls", call_counts(counts, bad), bad);
    sc_json_set(object, "call_details", call_details(counts, run->times_known, bad), bad);
    sc_json_set(object, "writes", write_counts(run, bad), bad);
    sc_json_set(object, "reads", json_pack("{s:o}", "bytes", sc_json_known(run->calls_known, counts->read_bytes)), bad);
    sc_json_set(object, "mapped", mapped_object(run, bad), bad);
    json_t *times = json_pack("{s:o}", "total", sc_json_known(run->times_known, counts->time_total));
    sc_json_set(object, "time_ns", categories(counts->time_ns, run->times_known, times, bad), bad);
    sc_json_set(object, "wall_ns", sc_json_known(run->wall_known, run->wall_ns), bad);
    sc_json_set(object, "waiting_ns", sc_json_known(run->times_known && run->calls_known, run->waiting_ns), bad);
    sc_json_set(object, "recorded_only", sc_json_text(run->recorded_only), bad);
    sc_json_set(object, "coverage", coverage(run, bad), bad);
    sc_json_set(object, "untraced", untraced(run, bad), bad);
    sc_json_set(object, "files", files(run, bad), bad);
    sc_json_set_sites(object, run, bad);
    sc_json_set(object, "seeks", sc_json_seeks(run), bad);
    sc_json_set(object, "allocation", sc_json_allocation(run), bad);
    sc_json_set(object, "findings", sc_json_findings(run), bad);
    sc_json_set(object, "findings_saving",
                json_pack("{s:o,s:o}", "calls", sc_json_known(run->findings_known, run->saved_calls), "time_ns",
                          sc_json_known(run->findings_known && run->times_known, run->saved_ns)),
                bad);
    sc_json_set(object, "problems", sc_json_strings(&run->problems, bad), bad);
    sc_json_set(object, "mappings", sc_json_strings(&run->mappings, bad), bad);
    sc_json_set(object, "warnings", sc_json_strings(&run->warnings, bad), bad);
    return object;
}

/* causes: at most so many of them, the first ones. */
static json_t *comparison(const struct sc_report *report, size_t causes, bool *bad)
{
    if (report->run_count < 2)
        return json_null();
    json_t *object = json_object();
    sc_json_set(object, "total_diff", json_integer(report->total_diff), bad);
    const struct sc_report_run *a = &report->runs[0], *b = &report->runs[1];
    bool calls = a->calls_known && b->calls_known, times = a->times_known && b->times_known;
    uint64_t moved = a->counts.moved_bytes - b->counts.moved_bytes, time = a->counts.time_total - b->counts.time_total;
    sc_json_set(object, "bytes_diff", calls ? json_integer((json_int_t)moved) : json_null(), bad);
    sc_json_set(object, "time_diff", times ? json_integer((json_int_t)time) : json_null(), bad);
    sc_json_set(object, "comparable", json_boolean(report->comparable), bad);
    sc_json_set(object, "why_not", sc_json_text(report->why_not), bad);
    sc_json_set(object, "differ", json_boolean(report->differ), bad);
    sc_json_set(object, "identical", json_boolean(sc_report_is_identical(report)), bad);
    bool told = report->runs[0].command_known && report->runs[1].command_known;
    sc_json_set(object, "identical_operations", told ? json_boolean(report->differences.count == 0) : json_null(), bad);
    sc_json_set(object, "differences", sc_json_strings(&report->differences, bad), bad);
    sc_json_set(object, "other_names", sc_json_strings(&report->other_names, bad), bad);
    sc_json_set(object, "causes", sc_json_causes(report, causes), bad);
    sc_json_set(object, "parting", sc_json_parting(&report->parting), bad);
    sc_json_set(object, "notes", sc_json_strings(&report->notes, bad), bad);
    return object;
}

static json_t *report_object(const struct sc_report *report, bool *bad)
{
    json_t *runs = json_array();
    for (unsigned i = 0; i < report->run_count; i++)
        sc_json_append(runs, run_object(&report->runs[i], bad), bad);
    json_t *object = json_object();
    sc_json_set(object, "schema", sc_json_text(schema), bad);
    sc_json_set(object, "taxonomy", sc_json_text(report->taxonomy == SC_TAXONOMY_SEED ? "seed" : "default"), bad);
    if (report->name)
        sc_json_set(object, "name", sc_json_text(report->name), bad);
    sc_json_set(object, "filter", sc_json_text(report->filter), bad);
    sc_json_set(object, "runs", runs, bad);
    sc_json_set(object, "failures", sc_json_failures(report, bad), bad);
    sc_json_set(object, "comparison", comparison(report, SIZE_MAX, bad), bad);
    sc_json_set(object, "output_files", sc_json_strings(&report->written, bad), bad);
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

/* What stands beside the pairs. NULL, and pairs freed, where memory is short. */
static json_t *batch_object(const struct sc_report_batch *batch, json_t *pairs, bool bad)
{
    json_t *object = json_object();
    sc_json_set(object, "schema", sc_json_text(schema), &bad);
    sc_json_set(object, "pairs", pairs, &bad);
    sc_json_set(object, "unpaired", sc_json_strings(&batch->unpaired, &bad), &bad);
    sc_json_set(object, "unreadable", sc_json_strings(&batch->unreadable, &bad), &bad);
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
        sc_json_append(pairs, report_object(&batch->pairs[i], &bad), &bad);
    return batch_object(batch, pairs, bad);
}

static json_t *row_object(const struct sc_report *report, bool *bad)
{
    json_t *object = json_object(), *runs = json_array();
    for (unsigned i = 0; i < report->run_count; i++) {
        json_t *run = json_object();
        sc_json_set(run, "label", sc_json_text(report->runs[i].label), bad);
        sc_json_set(run, "total_compared", sc_json_number(report->runs[i].counts.total), bad);
        sc_json_append(runs, run, bad);
    }
    sc_json_set(object, "name", sc_json_text(report->name), bad);
    sc_json_set(object, "filter", sc_json_text(report->filter), bad);
    sc_json_set(object, "runs", runs, bad);
    sc_json_set(object, "comparison", comparison(report, 1, bad), bad);
    return object;
}

json_t *sc_render_batch_table_json(const struct sc_report_batch *batch)
{
    bool bad = false;
    json_t *pairs = json_array();
    for (size_t i = 0; i < batch->pair_count; i++)
        sc_json_append(pairs, row_object(&batch->pairs[i], &bad), &bad);
    json_t *object = batch_object(batch, pairs, bad), *labels = json_array();
    for (unsigned i = 0; i < 2; i++)
        sc_json_append(labels, sc_json_text(batch->labels[i]), &bad);
    sc_json_set(object, "labels", labels, &bad);
    if (bad) {
        json_decref(object);
        return NULL;
    }
    return object;
}
