/* json_processes.c: the processes of each run, and the calls that failed. */
#include "json_parts.h"

json_t *sc_json_processes(const struct sc_report_run *run, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < run->process_count; i++) {
        const struct sc_report_process *process = &run->process_table[i];
        json_t *object = json_object();
        sc_json_set(object, "number", sc_json_number(process->number), bad);
        sc_json_set(object, "pid", sc_json_known(process->pid != 0, (uint64_t)process->pid), bad);
        sc_json_set(object, "parent", sc_json_known(process->parent != process->number, process->parent), bad);
        sc_json_set(object, "program", sc_json_text(process->program), bad);
        sc_json_set(object, "command", process->command.count ? sc_json_strings(&process->command, bad) : json_null(),
                    bad);
        sc_json_set(object, "copy", json_boolean(process->copy), bad);
        sc_json_set(object, "begin_ns", sc_json_known(process->times_known, process->begin_ns), bad);
        sc_json_set(object, "end_ns", sc_json_known(process->times_known, process->end_ns), bad);
        sc_json_set(object, "end", sc_json_end(&process->end, bad), bad);
        sc_json_set(object, "calls", sc_json_number(process->calls), bad);
        sc_json_set(object, "bytes", sc_json_number(process->bytes), bad);
        sc_json_set(object, "io_ns", sc_json_known(run->times_known, process->io_ns), bad);
        sc_json_set(object, "waiting_ns", sc_json_known(run->times_known, process->waiting_ns), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}

json_t *sc_json_failures(const struct sc_report *report, bool *bad)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->failure_count; i++) {
        const struct sc_report_failure *failure = &report->failures[i];
        json_t *object = json_object(), *calls = json_array(), *times = json_array();
        for (unsigned run = 0; run < report->run_count; run++) {
            sc_json_append(calls, sc_json_number(failure->calls[run]), bad);
            sc_json_append(times, sc_json_known(report->runs[run].times_known, failure->time_ns[run]), bad);
        }
        sc_json_set(object, "call", sc_json_text(failure->call), bad);
        sc_json_set(object, "error", sc_json_text(failure->error), bad);
        sc_json_set(object, "calls", calls, bad);
        sc_json_set(object, "time_ns", times, bad);
        sc_json_set(object, "names", sc_json_strings(&failure->names, bad), bad);
        sc_json_set(object, "name_count", sc_json_number(failure->name_count), bad);
        sc_json_append(array, object, bad);
    }
    return array;
}
