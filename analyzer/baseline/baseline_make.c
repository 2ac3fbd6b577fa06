/* baseline_make.c: a run's counts out of its JSON; several runs' together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../why/name_groups.h"
#include "baseline.h"

const struct sc_baseline_section sc_baseline_sections[SC_BASELINE_SECTIONS] = {
    {"totals", false, true}, {"categories", false, true}, {"writes", false, true}, {"reads", false, true},
    {"calls", false, false}, {"programs", true, false},   {"files", true, false},  {"findings", true, false},
};

bool sc_baseline_range(const json_t *value, int64_t *ret_min, int64_t *ret_max)
{
    const json_t *max = json_is_array(value) ? json_array_get(value, 1) : value;
    *ret_max = json_integer_value(max);
    *ret_min = json_is_array(value) ? json_integer_value(json_array_get(value, 0)) : *ret_max;
    return !json_is_null(value);
}

/* Adds to a count of a name; a name or a count that is not there yet was 0. */
static void add(json_t *section, const char *name, const char *count, json_int_t value, bool *bad)
{
    json_t *counts = json_object_get(section, name);
    if (!counts) {
        counts = json_object();
        *bad |= json_object_set_new(section, name, counts) != 0;
    }
    value += json_integer_value(json_object_get(counts, count));
    *bad |= json_object_set_new(counts, count, json_integer(value)) != 0;
}

static json_t *make_totals(const json_t *run, bool *bad)
{
    static const char *const keys[] = {"total",         "total_compared", "startup_calls",
                                       "runtime_calls", "processes",      "threads"};
    json_t *totals = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        *bad |= json_object_set(totals, keys[i], json_object_get(run, keys[i])) != 0;
    return totals;
}

static json_t *make_programs(const json_t *run, bool *bad)
{
    json_t *programs = json_object();
    size_t i;
    const json_t *process;
    json_array_foreach(json_object_get(run, "process_table"), i, process)
    {
        const char *path = json_string_value(json_object_get(process, "program"));
        const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path ? path : "?";
        add(programs, name, "processes", 1, bad);
        add(programs, name, "calls", json_integer_value(json_object_get(process, "calls")), bad);
        add(programs, name, "bytes", json_integer_value(json_object_get(process, "bytes")), bad);
    }
    return programs;
}

/* What belongs to the machine and not to the work is one name by where it lies: which files these are differs from
 * machine to machine. */
static const char *of_machine(const char *role)
{
    static const char *const names[] = {"/usr/**", "/lib/**",  "/lib64/**", "/bin/**", "/sbin/**",
                                        "/etc/**", "/proc/**", "/sys/**",   "/dev/**", "/run/**"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(role, names[i], strlen(names[i]) - 2) == 0)
            return names[i];
    return NULL;
}

static uint64_t weight_of(const json_t *file)
{
    return (uint64_t)(json_integer_value(json_object_get(file, "reads")) +
                      json_integer_value(json_object_get(file, "writes")) +
                      json_integer_value(json_object_get(file, "opens")));
}

static void add_file(json_t *files, const char *name, const json_t *file, bool *bad)
{
    static const char *const counts[] = {"opens", "reads",      "writes",        "zero_writes",
                                         "seeks", "bytes_read", "bytes_written", "errors"};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        add(files, name, counts[i], json_integer_value(json_object_get(file, counts[i])), bad);
}

/* The names that are to be grouped, each once. The caller's; NULL where memory is short. */
static struct sc_named *name_files(const json_t *list, size_t *ret_count)
{
    json_t *weights = json_object();
    struct sc_named *names = calloc(json_array_size(list) + 1, sizeof *names);
    size_t i, count = 0;
    const json_t *file;
    json_array_foreach(list, i, file)
    {
        const char *role = json_string_value(json_object_get(file, "role"));
        if (!names || of_machine(role) || json_object_get(weights, role))
            continue;
        json_object_set_new(weights, role, json_true());
        names[count++] = (struct sc_named){.name = role, .weight = weight_of(file)};
    }
    json_decref(weights);
    *ret_count = count;
    return names;
}

/* The name by which each role is kept: its group's. */
static json_t *make_groups(const json_t *run, bool *bad)
{
    json_t *groups = json_object();
    struct sc_intern texts = {0};
    size_t count = 0;
    struct sc_named *names = name_files(json_object_get(run, "files"), &count);
    *bad |= !names || sc_name_groups(names, count, &texts);
    for (size_t i = 0; i < count && !*bad; i++)
        *bad |= json_object_set_new(groups, names[i].name, json_string(names[i].group)) != 0;
    free(names);
    sc_intern_free(&texts);
    return groups;
}

/* A role that no file has, as of a folder, stays what it is. */
static const char *kept_name(const json_t *groups, const char *role)
{
    const char *machine = of_machine(role), *group = json_string_value(json_object_get(groups, role));
    return machine ? machine : group ? group : role;
}

static json_t *make_files(const json_t *run, const json_t *groups, bool *bad)
{
    json_t *files = json_object();
    size_t i;
    const json_t *file;
    json_array_foreach(json_object_get(run, "files"), i, file)
    {
        add_file(files, kept_name(groups, json_string_value(json_object_get(file, "role"))), file, bad);
    }
    return files;
}

/* "zero-fill:TABLE.ms/table.f0"; the id alone where it is about no one file. */
static json_t *make_findings(const json_t *run, const json_t *groups, bool *bad)
{
    json_t *findings = json_object();
    size_t i;
    const json_t *finding;
    json_array_foreach(json_object_get(run, "findings"), i, finding)
    {
        const char *id = json_string_value(json_object_get(finding, "id"));
        const char *role = json_string_value(json_object_get(finding, "role"));
        json_t *name = role ? json_sprintf("%s:%s", id, kept_name(groups, role)) : json_string(id);
        if (name)
            add(findings, json_string_value(name), "calls", json_integer_value(json_object_get(finding, "calls")), bad);
        *bad |= !name;
        json_decref(name);
    }
    return findings;
}

json_t *sc_baseline_make(const json_t *report, const char *startup)
{
    const json_t *run = json_array_get(json_object_get(report, "runs"), 0);
    bool bad = false;
    json_t *groups = make_groups(run, &bad);
    json_t *baseline = json_pack("{s:s,s:i,s:{s:O,s:O,s:O,s:s},s:o,s:O,s:O,s:O,s:O,s:o,s:o,s:o}", "schema",
                                 SC_BASELINE_SCHEMA, "runs", 1, "source", "kind", json_object_get(run, "kind"), "mode",
                                 json_object_get(json_object_get(run, "coverage"), "mode"), "taxonomy",
                                 json_object_get(report, "taxonomy"), "startup", startup, "totals",
                                 make_totals(run, &bad), "categories", json_object_get(run, "categories"), "writes",
                                 json_object_get(run, "writes"), "reads", json_object_get(run, "reads"), "calls",
                                 json_object_get(run, "calls"), "programs", make_programs(run, &bad), "files",
                                 make_files(run, groups, &bad), "findings", make_findings(run, groups, &bad));
    json_t *own = baseline && !bad ? json_deep_copy(baseline) : NULL; /* the report stays as it is */
    json_decref(baseline);
    json_decref(groups);
    return own;
}

/* What becomes of a count by another one: a new reference. Each may be NULL: 0. */
typedef json_t *join(const json_t *count, const json_t *another);

static json_t *new_range(int64_t min, int64_t max)
{
    return min == max ? json_integer(max) : json_pack("[I,I]", (json_int_t)min, (json_int_t)max);
}

static json_t *join_ranges(const json_t *count, const json_t *another)
{
    int64_t min[2], max[2];
    bool known = sc_baseline_range(count, &min[0], &max[0]);
    if (!sc_baseline_range(another, &min[1], &max[1]) || !known)
        return json_null();
    return new_range(min[0] < min[1] ? min[0] : min[1], max[0] > max[1] ? max[0] : max[1]);
}

static json_t *join_renewed(const json_t *count, const json_t *another)
{
    int64_t min[2], max[2];
    bool known = sc_baseline_range(count, &min[0], &max[0]), now_known = sc_baseline_range(another, &min[1], &max[1]);
    if (known && now_known && min[1] >= min[0] && max[1] <= max[0])
        return new_range(min[0], max[0]);
    return another ? json_deep_copy(another) : json_integer(0);
}

static bool is_zero(const json_t *count)
{
    return json_is_integer(count) && json_integer_value(count) == 0;
}

/* What the other one has not and comes out as 0 goes. */
static void join_counts(json_t *counts, const json_t *others, join *how, bool *bad)
{
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach((json_t *)others, key, value)
    {
        *bad |= json_object_set_new(counts, key, how(json_object_get(counts, key), value)) != 0;
    }
    json_object_foreach_safe(counts, next, key, value)
    {
        if (json_object_get(others, key))
            continue;
        json_t *joined = how(value, NULL);
        bool gone = is_zero(joined);
        *bad |= json_object_set_new(counts, key, joined) != 0;
        if (gone)
            json_object_del(counts, key);
    }
}

/* The same for the counts of each name. */
static void join_names(json_t *names, const json_t *others, join *how, bool *bad)
{
    const char *name, *key;
    json_t *counts, *value;
    void *next;
    json_object_foreach((json_t *)others, name, counts)
    {
        if (!json_object_get(names, name))
            *bad |= json_object_set_new(names, name, json_object()) != 0;
    }
    json_object_foreach_safe(names, next, name, counts)
    {
        const json_t *other = json_object_get(others, name);
        bool any = other != NULL;
        if (other)
            join_counts(counts, other, how, bad);
        else
            json_object_foreach(counts, key, value)
            {
                json_t *joined = how(value, NULL);
                any |= !is_zero(joined);
                *bad |= json_object_set_new(counts, key, joined) != 0;
            }
        if (!any)
            json_object_del(names, name);
    }
}

static bool join_sections(json_t *baseline, const json_t *another, join *how)
{
    bool bad = false;
    for (size_t i = 0; i < SC_BASELINE_SECTIONS; i++) {
        const struct sc_baseline_section *section = &sc_baseline_sections[i];
        json_t *counts = json_object_get(baseline, section->name);
        const json_t *others = json_object_get(another, section->name);
        if (section->by_name)
            join_names(counts, others, how, &bad);
        else
            join_counts(counts, others, how, &bad);
    }
    return !bad;
}

int sc_baseline_widen(json_t *baseline, const json_t *another, char *why)
{
    int error = sc_baseline_match(baseline, another, why);
    if (error)
        return error;
    json_int_t runs =
        json_integer_value(json_object_get(baseline, "runs")) + json_integer_value(json_object_get(another, "runs"));
    if (!join_sections(baseline, another, join_ranges) || json_object_set_new(baseline, "runs", json_integer(runs)))
        return -ENOMEM;
    return 0;
}

json_t *sc_baseline_renew(const json_t *baseline, const json_t *now)
{
    json_t *renewed = json_deep_copy(baseline);
    if (renewed && join_sections(renewed, now, join_renewed))
        return renewed;
    json_decref(renewed);
    return NULL;
}
